"""Prints how many mutants of each module died in the last run of mutmut; fails when too few of a module did."""

import json
import sys
from collections import Counter
from pathlib import Path

from mutmut.stats import status_by_exit_code

MUTANTS = Path("mutants")
# In per cent.
LEAST = 90


def main() -> str:
    """What is wrong, or ""."""
    modules = {
        str(file.relative_to(MUTANTS).with_suffix("")): _counts(file) for file in sorted(MUTANTS.rglob("*.py.meta"))
    }
    checked = {module: counts for module, counts in modules.items() if counts.total()}
    if not checked:
        return "No mutant was tried."
    print(f"\n{'Module':42}{'Mutants':>9}{'Killed':>8}{'Score':>8}")
    for module, counts in [*checked.items(), ("All", sum(checked.values(), Counter()))]:
        print(f"{module:42}{counts.total():9}{_killed(counts):8}{_score(counts):7.1f}%")
    poor = [module for module, counts in checked.items() if _score(counts) < LEAST]
    print("\nWhat survived: .venv/bin/mutmut results, and for one of them: .venv/bin/mutmut show NAME")
    return f"Fewer than {LEAST} % died in {', '.join(poor)}" if poor else ""


def _counts(file: Path) -> "Counter[str]":
    """Return how many mutants that were tried ended in which way."""
    found = Counter(status_by_exit_code[code] for code in json.loads(file.read_text())["exit_code_by_key"].values())
    del found["not checked"]
    return found


def _killed(counts: "Counter[str]") -> int:
    return counts["killed"] + counts["timeout"]


def _score(counts: "Counter[str]") -> float:
    return 100 * _killed(counts) / counts.total()


if __name__ == "__main__":
    sys.exit(main() or 0)
