"""Fails when a package of the project is not in the import contract, so that none escapes it."""

import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> str:
    """What is wrong with the lists in pyproject.toml, or ""."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    listed = set(settings["root_packages"])
    layers = settings["contracts"][0]["layers"]
    layered = {package.strip() for layer in layers for package in layer.split("|")}
    found = {marker.parent.name for marker in ROOT.glob("*/__init__.py")}
    problems = [
        f"[tool.importlinter] {name} in pyproject.toml: {what} {', '.join(sorted(packages))}"
        for name, has in (("root_packages", listed), ("layers", layered))
        for what, packages in (("missing", found - has), ("no such package", has - found))
        if packages
    ]
    return "\n".join(problems)


if __name__ == "__main__":
    sys.exit(main() or 0)
