"""Fails when a package of the project is not in the import contract, so that none escapes it, or imports itself."""

import sys
import tomllib
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent


def missing_packages(root: Path = ROOT) -> list[str]:
    """Return what is wrong with the lists in pyproject.toml, in sentences."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    listed = set(settings["root_packages"])
    layers = settings["contracts"][0]["layers"]
    layered = {package.strip() for layer in layers for package in layer.split("|")}
    found = {marker.parent.name for marker in root.glob("*/__init__.py")}
    return [
        f"[tool.importlinter] {name} in pyproject.toml: {what} {', '.join(sorted(packages))}"
        for name, has in (("root_packages", listed), ("layers", layered))
        for what, packages in (("missing", found - has), ("no such package", has - found))
        if packages
    ]


def self_imports(graph: grimp.ImportGraph) -> list[str]:
    """Return where a file imports a package that it is in, and whose own `__init__` needs that file, in sentences.

    The contract of import-linter sees only cycles between what stands beside each other.
    """
    return [
        f"{module} imports {package}, which imports it: import from the file that has it"
        for module in sorted(graph.modules)
        for package in sorted(graph.find_modules_directly_imported_by(module))
        if module.startswith(f"{package}.") and graph.find_shortest_chain(package, module)
    ]


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    problems = missing_packages()
    if not problems:
        problems = self_imports(
            grimp.build_graph(*(file.parent.name for file in ROOT.glob("*/__init__.py")), cache_dir=None)
        )
    sys.exit("\n".join(problems) or 0)
