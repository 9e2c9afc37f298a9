"""Finds the project's own Python files, for tests that read them."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEVELOPMENT_PACKAGES = frozenset({"testing", "benchmarks"})


def packages() -> list[str]:
    """Return the names of the project's packages, as the import contract lists them (a check holds it complete)."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return list(settings["tool"]["importlinter"]["root_packages"])


def python_files() -> list[Path]:
    """Return every Python file of the project's packages, tests and migrations too, in order."""
    return sorted(file for package in packages() for file in (ROOT / package).rglob("*.py"))


def production_files() -> list[Path]:
    """Return those that a public server may run: no tests, no factories, nothing of development."""
    return [file for file in python_files() if _is_production(file.relative_to(ROOT))]


def _is_production(file: Path) -> bool:
    is_for_development = file.parts[0] in DEVELOPMENT_PACKAGES or file.stem in {"benchmarks", "test"}
    return not is_for_development and "tests" not in file.parts and file.stem != "factories"


def module_name(file: Path) -> str:
    """Return what a file of the project is imported as."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
