"""Fails on a string by which a file names something of a layer above its own: what import-linter cannot see.

Such a string names an app, model, permission, module, address or template. What the names are, and whose, the project
itself says: its apps, its addresses and its templates. Tests, migrations and docstrings may name what they like; so may
templates, which show what upper apps have through their tags.
"""

import ast
import inspect
import os
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.urls import get_resolver

ROOT = Path(__file__).resolve().parent.parent
# What is called with the label of an app, and what with the name of an address, as its first argument.
TAKES_LABEL = {"get_model", "get_app_config", "get_by_natural_key", "is_installed"}
TAKES_URL_NAME = {"redirect", "resolve_url", "reverse", "reverse_lazy"}
# The start of a name that is put together: "search.%s", "search.{}", and f"search.{name}".
BEGUN = re.compile(r"(\w+)\.(?:%s|\{\w*\}.*)?")
# Where an address begins to vary.
VARIES = re.compile(r"[^\w/.-]")


def _owners() -> "defaultdict[str, set[str]]":
    return defaultdict(set)


@dataclass(frozen=True)
class Names:
    """The names of a project, each with the packages it may belong to ("": of somebody else, or of the whole site)."""

    labels: dict[str, str] = field(default_factory=dict)
    # Models in small letters and permissions, both with the label of their app; permissions without it, too.
    dotted: dict[str, set[str]] = field(default_factory=_owners)
    codenames: dict[str, set[str]] = field(default_factory=_owners)
    url_names: dict[str, set[str]] = field(default_factory=_owners)
    # Addresses up to their first part that varies.
    addresses: dict[str, set[str]] = field(default_factory=_owners)
    # Files and folders; a folder ends with a slash.
    templates: dict[str, set[str]] = field(default_factory=_owners)
    modules: dict[str, set[str]] = field(default_factory=_owners)

    def named_anywhere(self, text: str) -> Iterator[tuple[str, set[str]]]:
        """Return what a string names wherever it stands: the kind of thing, and whose it may be."""
        if begun := BEGUN.fullmatch(text):
            yield "app", self.owner_of_label(begun[1])
        yield "model or permission", self.dotted.get(text, set()) | self.dotted.get(text.lower(), set())
        yield "permission", self.codenames.get(text, set())
        folder = f"{text.rpartition('/')[0]}/" if text.endswith((".html", ".txt")) else text
        yield "template", self.templates.get(text, set()) | self.templates.get(folder, set())
        yield "module", self.modules.get(text, set()) or self.modules.get(text.rpartition(".")[0], set())
        # A name in one word, such as "search", is ordinary English unless it is used as a name.
        if re.search("[_:]", text):
            yield "address", self.url_names.get(text, set())
        if text.startswith("/"):
            yield "address", self._owner_of_address(text)

    def owner_of_label(self, label: str) -> set[str]:
        """Return the package of an app's label."""
        return {self.labels[label]} if label in self.labels else set()

    def _owner_of_address(self, text: str) -> set[str]:
        """Return whose an address is, by the longest beginning that is known."""
        path = text.partition("?")[0]
        known = [start for start in self.addresses if path == start or (start.endswith("/") and path.startswith(start))]
        return self.addresses[max(known, key=len)] if known else set()


@dataclass(frozen=True)
class Problem:
    """A string that names something of a layer above, or beside."""

    line: int
    text: str
    kind: str
    owner: str


def layers(root: Path = ROOT) -> list[set[str]]:
    """Return the packages of each layer of the import contract, the highest first."""
    settings = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["importlinter"]
    return [{name.strip() for name in layer.split("|")} for layer in settings["contracts"][0]["layers"]]


def may_name(package: str, order: list[set[str]]) -> set[str]:
    """Return the packages that one may name: itself, and those of the layers below it."""
    place = next(number for number, layer in enumerate(order) if package in layer)
    return {package}.union(*order[place + 1 :])


def sources(package: Path) -> Iterator[Path]:
    """Return the Python files of a package that are neither tests nor migrations."""
    for file in sorted(package.rglob("*.py")):
        if not {"tests", "migrations"} & set(file.relative_to(package).parts):
            yield file


def problems_in(source: str, names: Names, allowed: set[str]) -> list[Problem]:
    """Return the strings of a Python source that name what belongs to none of the `allowed` packages."""
    tree = ast.parse(source)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = {
        (line, text): Problem(line, text, kind, min(owners))
        for line, text, kind, owners in _uses(tree, names, docstrings)
        if owners and not owners & {"", *allowed}
    }
    return sorted(found.values(), key=lambda problem: problem.line)


def _uses(tree: ast.AST, names: Names, docstrings: set[int]) -> Iterator[tuple[int, str, str, set[str]]]:
    for node in ast.walk(tree):
        for value, kind in _used_as_names(node):
            for text in _texts(value):
                owners = names.owner_of_label(text) if kind == "app" else names.url_names.get(text, set())
                yield value.lineno, text, kind, owners
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            for kind, owners in names.named_anywhere(node.value):
                yield node.lineno, node.value, kind, owners


def _used_as_names(node: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """Return the expressions that a call or an assignment takes as the label of an app or the name of an address."""
    if isinstance(node, ast.Call):
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if node.args and called in TAKES_LABEL:
            yield node.args[0], "app"
        if node.args and called in TAKES_URL_NAME:
            yield node.args[0], "address"
        for keyword in node.keywords:
            yield from _named_so(keyword.arg or "", keyword.value)
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _named_so(getattr(target, "id", getattr(target, "attr", "")), node.value)
    elif isinstance(node, ast.AnnAssign) and node.value:
        yield from _named_so(getattr(node.target, "id", getattr(node.target, "attr", "")), node.value)


def _named_so(name: str, value: ast.expr) -> Iterator[tuple[ast.expr, str]]:
    if name.endswith(("app_label", "app_label__in")):
        yield value, "app"
    if name.endswith(("url_name", "viewname", "view_name")):
        yield value, "address"


def _texts(value: ast.expr) -> Iterator[str]:
    """Return the text of a string, or those of a list of strings."""
    each = value.elts if isinstance(value, ast.List | ast.Tuple | ast.Set) else [value]
    yield from (one.value for one in each if isinstance(one, ast.Constant) and isinstance(one.value, str))


def project_names(packages: set[str], root: Path = ROOT) -> Names:
    """Return the names of this project. Django must be set up."""
    names = Names()
    for config in apps.get_app_configs():
        if config.name in packages:
            names.labels[config.label] = config.name
            for model in config.get_models(include_auto_created=True):
                _add_model(names, model._meta, config.name)
    for name, route, owner in _addresses(get_resolver(), names, packages):
        names.url_names[name].add(owner)
        # As far as it is the same for all: an address that varies begins with whole steps.
        start = VARIES.split(route)[0]
        names.addresses[start if start == route else start[: start.rfind("/") + 1]].add(owner)
    for folder in (root / "templates", *(root / package / "templates" for package in packages)):
        _add_templates(names, folder, packages)
    for package in packages:
        for file in (root / package).rglob("*.py"):
            module = ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
            # The name of a package alone is an ordinary word.
            if "." in module:
                names.modules[module].add(package)
    return names


def _add_model(names: Names, options: Any, package: str) -> None:
    names.dotted[options.label_lower].add(package)
    own = [codename for codename, _ in options.permissions]
    for codename in (*own, *(f"{action}_{options.model_name}" for action in options.default_permissions)):
        names.dotted[f"{options.app_label}.{codename}"].add(package)
        names.codenames[codename].add(package)


def _addresses(
    resolver: Any, names: Names, packages: set[str], route: str = "/", namespace: str = ""
) -> Iterator[tuple[str, str, str]]:
    """Return the name, route and owner of every address: of ours by its view, of the admin's own by its model."""
    for pattern in resolver.url_patterns:
        whole = route + str(pattern.pattern).removeprefix("^")
        if hasattr(pattern, "url_patterns"):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _addresses(pattern, names, packages, whole, inner)
            continue
        view = inspect.unwrap(getattr(pattern.callback, "view_class", pattern.callback))
        package = getattr(view, "__self__", view).__module__.partition(".")[0]
        name = f"{namespace}{pattern.name or ''}"
        if package not in packages:
            models = (model for model in names.dotted if model.replace(".", "_") in name)
            package = next((owner for model in models for owner in names.dotted[model]), "")
        yield name, whole, package


def _add_templates(names: Names, folder: Path, packages: set[str]) -> None:
    """Add the templates in a folder: those of our apps are in folders of theirs; the rest are the whole site's."""
    for file in folder.rglob("*"):
        path = file.relative_to(folder)
        owner = names.labels.get(path.parts[0], path.parts[0])
        if owner in packages:
            names.templates[f"{path.as_posix()}/" if file.is_dir() else path.as_posix()].add(owner)


def main() -> str:
    """Return what is wrong, one line for each string, or ""."""
    order = layers()
    packages = set().union(*order)
    names = project_names(packages)
    return "\n".join(
        f"{file.relative_to(ROOT)}:{problem.line}: “{problem.text}” is a name ({problem.kind}) of {problem.owner}, "
        f"which is not below {package}"
        for package in sorted(packages)
        for file in sources(ROOT / package)
        for problem in problems_in(file.read_text(encoding="utf-8"), names, may_name(package, order))
    )


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bctt.settings.test")
    django.setup()
    sys.exit(main() or 0)
