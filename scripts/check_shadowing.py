"""Fails when a module of ours has the name of one that Python or a pinned package has, or that such a package imports.

Python looks in this folder first: ours would be found in its stead.
"""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PINNED = re.compile(r"^([\w.-]+)(?:\[[^]]*\])?==", re.MULTILINE)
CODE = {".py", ".so", ".pyd"}
# What a command copies into a new project, under the names of that project, and nothing imports.
NOT_IMPORTED = {"project_template"}


def own_names(root: Path = ROOT) -> set[str]:
    """Return the modules that are found in the project's folder before any other."""
    packages = {marker.parent.name for marker in root.glob("*/__init__.py")}
    return packages | {file.stem for file in root.glob("*.py")}


def pinned_packages(requirements: str) -> list[str]:
    """Return the names of the packages in the text of a requirements file."""
    return PINNED.findall(requirements)


def installed_files(package: str) -> list[Path]:
    """Return the files of a package, beneath the folder it is installed in; none of what this machine does without."""
    try:
        return [Path(file) for file in distribution(package).files or ()]
    except PackageNotFoundError:
        return []


def collisions(files: list[Path], folder: Path, ours: set[str]) -> Iterator[tuple[str, Path]]:
    """Return the names of `ours` that files beneath `folder` have, or import as something else, each with the file."""
    names = "|".join(map(re.escape, sorted(ours)))
    # Few files have such a line at all, so that few need be parsed.
    line = re.compile(rf"^[ \t]*(?:(?:from|import)[ \t]+|import .*,[ \t]*)(?:{names})\b".encode(), re.MULTILINE)
    for file in files:
        if file.suffix not in CODE or NOT_IMPORTED & set(file.parts):
            continue
        if (name := file.parts[0].partition(".")[0]) in ours:
            yield name, file
        elif file.suffix == ".py" and line.search(source := (folder / file).read_bytes()):
            yield from ((name, file) for name in sorted(imported_names(source) & ours))


def imported_names(source: bytes) -> set[str]:
    """Return the top-level modules that a source imports; none when it is written for another Python than this."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return set()
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            names.add(node.module.partition(".")[0])
    return names


def main() -> str:
    """Return what is wrong, one line for each name and package, or ""."""
    ours = own_names()
    found = {(name, "Python"): f"{name}.py" for name in ours & sys.stdlib_module_names}
    for package in pinned_packages((ROOT / "requirements-dev.txt").read_text(encoding="utf-8")):
        files = installed_files(package)
        folder = Path(str(distribution(package).locate_file(""))) if files else ROOT
        for name, file in collisions(files, folder, ours):
            found.setdefault((name, package), file.as_posix())
    return "\n".join(
        f"“{name}” is ours, and {package} has or imports another (see its {file}): it would find ours. Rename ours."
        for (name, package), file in sorted(found.items())
    )


if __name__ == "__main__":
    sys.exit(main() or 0)
