"""schema.org's own vocabulary, as the npm package schema-dts carries it: which properties a type has."""

import re
from functools import cache
from pathlib import Path
from typing import Any

_INTERFACE = re.compile(r"^(?:export )?interface (\w+)(?: extends ([^{]+?))? \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_PROPERTY = re.compile(r'^    "(@?\w+)"\?: SchemaValue<(.+), "\w+">;', re.MULTILINE)
_TYPE = re.compile(r'^    "@type": "(\w+)";', re.MULTILINE)
_ALIAS = re.compile(r"^export type (\w+) = (.+);$", re.MULTILINE)
_NAME = re.compile(r"\b[A-Z]\w*")


class Vocabulary:
    """What may be said of each type; `definitions` is the text of the package's TypeScript types."""

    def __init__(self, definitions: str) -> None:
        self._properties: dict[str, dict[str, str]] = {}
        self._above: dict[str, list[str]] = {}
        self._leaves: dict[str, str] = {}
        for name, above, body in _INTERFACE.findall(definitions):
            self._properties[name] = dict(_PROPERTY.findall(body))
            self._above[name] = [each.strip() for each in above.split(",") if each]
            for kind in _TYPE.findall(body):
                self._leaves[kind] = name
        self._aliases = {name: set(_NAME.findall(union)) for name, union in _ALIAS.findall(definitions)}
        self.subtypes = cache(self._subtypes)

    def _of(self, interface: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for above in self._above.get(interface, []):
            found |= self._of(above)
        return found | self._properties.get(interface, {})

    def _subtypes(self, name: str) -> frozenset[str]:
        """Return the types that are one of these, itself included."""
        found, waiting = set(), {name}
        while waiting:
            each = waiting.pop()
            if each not in found:
                found.add(each)
                waiting |= self._aliases.get(each, set())
        return frozenset(each.removesuffix("Leaf") for each in found)

    def faults(self, thing: dict[str, Any], where: str = "") -> list[str]:
        """Return what schema.org does not know of what JSON-LD says, in words."""
        kind = str(thing.get("@type"))
        if kind not in self._leaves:
            return [f"{where}: no type {kind}"]
        known = self._of(self._leaves[kind])
        found = []
        for name, value in thing.items():
            # What an action asks for is named so: https://schema.org/docs/actions.html
            if name in ("@type", "@context") or (name.endswith(("-input", "-output")) and kind.endswith("Action")):
                continue
            place = f"{where}/{kind}.{name}"
            if name not in known:
                found.append(f"{place}: {kind} has no such property")
                continue
            allowed = {kind for each in _NAME.findall(known[name]) for kind in self.subtypes(each)}
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, dict):
                    found += self.faults(each, place)
                    if each.get("@type") not in allowed:
                        found.append(f"{place}: may not be {each.get('@type')}")
                elif isinstance(each, str) and not each.strip():
                    found.append(f"{place}: says nothing")
        return found


def read_vocabulary(package: Path) -> Vocabulary:
    """Return the vocabulary from where npm put schema-dts."""
    return Vocabulary((package / "dist" / "schema.d.ts").read_text(encoding="utf-8"))
