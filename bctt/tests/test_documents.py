"""The files and names that the documents mention exist, and so do the pages they link."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT: Path = settings.BASE_DIR
DOCUMENTS = sorted(
    file
    for file in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "home" / "starter" / "README.md")
    # It tells of what was.
    if file.name != "CHANGELOG.md"
)
PATH = re.compile(r"`((?:[a-z_.]+/)+[\w.-]*)`")
NAME = re.compile(r"`([a-z_]+(?:\.\w+)+)")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")
PACKAGES = {folder.parent.name for folder in ROOT.glob("*/__init__.py")}
# Made by the machine, or by Django for itself.
NOT_KEPT = ("var/", "static/", "mutants/", ".venv/")
# Ids of system checks, and files, look like names of modules.
NO_MODULE = re.compile(r"\.([EW]\d{3}|yaml)$")


def broken_paths(document: Path) -> Iterator[str]:
    """Yield the paths that a document mentions and that are neither in the project, beside it, nor in an app."""
    places = [ROOT, document.parent, ROOT / "templates", *(ROOT / package for package in PACKAGES)]
    for path in PATH.findall(document.read_text(encoding="utf-8")):
        if not path.startswith(NOT_KEPT) and not any((place / path).exists() for place in places):
            yield path


def broken_names(document: Path) -> Iterator[str]:
    """Yield the dotted names that a document mentions and that no module of the project has."""
    for name in NAME.findall(document.read_text(encoding="utf-8")):
        package, *rest = name.split(".")
        if package in PACKAGES and not NO_MODULE.search(name) and not exists(ROOT / package, rest):
            yield name


def exists(folder: Path, rest: list[str]) -> bool:
    """Whether the modules beneath a folder lead to a name: `rest` are the parts that come after the folder's."""
    while rest and (folder / rest[0]).is_dir():
        folder, *rest = folder / rest[0], *rest[1:]
    if not rest:
        return True
    module = folder / f"{rest[0]}.py"
    if module.exists():
        files, rest = [module], rest[1:]
    else:
        files = list(folder.rglob("*.py"))
    if not rest:
        return True
    defined = re.compile(rf"^ *(?:def|class) {rest[0]}\b|^ *{rest[0]}\b[^=\n]*[:=]", re.MULTILINE)
    return any(defined.search(file.read_text(encoding="utf-8")) for file in files)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document.relative_to(ROOT)))
def test_what_a_document_mentions_exists(document: Path) -> None:
    links = LINK.findall(document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []
    assert list(broken_paths(document)) == []
    assert list(broken_names(document)) == []


def test_what_does_not_exist_is_noticed(tmp_path: Path) -> None:
    document = tmp_path / "made-up.md"
    document.write_text(
        "`core/nowhere.py`, `core.dates`, `core.dates.nothing`, `core.links.nowhere.x`", encoding="utf-8"
    )
    assert list(broken_paths(document)) == ["core/nowhere.py"]
    assert list(broken_names(document)) == ["core.dates.nothing", "core.links.nowhere.x"]
