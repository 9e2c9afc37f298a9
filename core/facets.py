"""Lists that people narrow with plain links: the choices with their counts, and the links that take them away."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import CharField, Count, Expression, F, Q, QuerySet, Value
from django.db.models.functions import Cast

T = TypeVar("T")

# Such as a year; no calendar has a year 0, nor one of five digits.
NUMBER = re.compile(r"[1-9][0-9]{0,3}")


@dataclass(frozen=True)
class Choice:
    """A value by which a list can be narrowed: as the database has it, as the address has it, and in words."""

    key: Any
    value: str
    label: str


@dataclass(frozen=True)
class Facet:
    """One way to narrow a list.

    `name` is the parameter in the address, `lookup` the field of the list's queryset, or an expression, whose joins
    only the lists that need it then pay for. `choices` returns what may be offered, in order, asking the database at
    most once; None stands for numbers such as years, and offers those that the list has, highest first. Where no one
    field says what matches (an event is about a centre, or its forum is), `condition` returns for a choice's key what
    it asks of the list, joining nothing. A list in memory (`narrow_list`) has neither: `values` returns the choices
    that one of its items is of.
    """

    name: str
    label: str
    lookup: str | Expression = ""
    choices: Callable[[], Iterable[Choice]] | None = None
    condition: Callable[[Any], Q] | None = None
    values: Callable[[Any], Iterable[Choice]] | None = None

    def matches(self, key: Any) -> Q:
        """Return what rows must meet to have this value; those of an expression are named `_<name>` before."""
        if self.condition:
            return self.condition(key)
        return Q(**{self.lookup if isinstance(self.lookup, str) else f"_{self.name}": key})

    def narrows(self, rows: "QuerySet[Any]", key: Any) -> "QuerySet[Any]":
        """Return those rows of a list that have this value."""
        if not isinstance(self.lookup, str):
            rows = rows.alias(**{f"_{self.name}": self.lookup})
        return rows.filter(self.matches(key))


@dataclass(frozen=True)
class FilterOption:
    """One link of a filter: what it narrows the list to, and how much that leaves."""

    label: str
    count: int
    url: str
    is_active: bool


@dataclass(frozen=True)
class Filter:
    """One way to narrow the list, as links."""

    name: str
    label: str
    options: list[FilterOption]


@dataclass(frozen=True)
class ActiveFilter:
    """A filter in force, and the link that takes it away."""

    label: str
    remove_url: str


@dataclass(frozen=True)
class Narrowed:
    """A list as the address narrows it: `rows` is a queryset, or a list as `narrow_list` was given one.

    `chosen` has the database's value for each facet in force, `values` that in the address. `page_url_prefix` goes
    before "page=2".
    """

    rows: Any
    filters: list[Filter]
    active_filters: list[ActiveFilter]
    chosen: dict[str, Any]
    values: dict[str, str]
    page_url_prefix: str

    def total_by(self, name: str) -> int:
        """Return how much the list has, from the counts of a facet of which everything has exactly one value."""
        options = [option for each in self.filters if each.name == name for option in each.options]
        return sum(option.count for option in options if option.is_active or name not in self.chosen)


def address(**chosen: str) -> str:
    """Return the relative address of a list narrowed to these values; an empty value is left out."""
    query = urlencode({name: value for name, value in chosen.items() if value})
    return f"?{query}" if query else "./"


def narrow(
    pages: "QuerySet[Any]",
    facets: Iterable[Facet],
    parameters: Mapping[str, str],
    *,
    counted: str = "",
    keep: Mapping[str, str] | None = None,
) -> Narrowed:
    """Narrow `pages` by the facets that `parameters` (of the address) name, and count what each link leads to.

    The counts of one facet take the others into account, so that no link leads to an empty list. A value that is
    not among the choices narrows nothing. `counted` is the field whose different values are counted, where several
    rows stand for one thing; without it every row counts. `keep` are parameters that every link repeats. It takes
    one query for all counts and one for each facet with a condition, beside those of the facets' choices.
    """
    facets = list(facets)
    kept = dict(keep or {})
    offered = {facet.name: list(facet.choices()) if facet.choices else None for facet in facets}
    chosen = _known(facets, offered, parameters)
    numbers = _counts(pages, facets, offered, chosen, counted)
    choices = {facet.name: _with_numbers(offered[facet.name], numbers[facet.name]) for facet in facets}
    return _narrowed(_filtered(pages, facets, chosen), facets, choices, chosen, kept)


def narrow_list(
    items: Sequence[T],
    facets: Iterable[Facet],
    parameters: Mapping[str, str],
    *,
    keep: Mapping[str, str] | None = None,
) -> Narrowed:
    """Narrow a list in memory as `narrow` does a queryset; what is offered are the values that its items have.

    Numbers are offered highest first, other values as they come. A facet that says the same of everything narrows
    nothing and is left out.
    """
    facets = list(facets)
    values = [{facet.name: list(facet.values(item)) if facet.values else [] for facet in facets} for item in items]
    offered: dict[str, list[Choice] | None] = {
        facet.name: list({choice.value: choice for each in values for choice in each[facet.name]}.values())
        for facet in facets
    }
    chosen = _known(facets, offered, parameters)
    choices = {}
    for facet in facets:
        counts = Counter(
            choice for each in values if _has_all(each, chosen, without=facet.name) for choice in each[facet.name]
        )
        numbers_first = sorted(counts, key=lambda choice: -choice.key if isinstance(choice.key, int) else 0)
        choices[facet.name] = [(choice, counts[choice]) for choice in numbers_first]
    shown = [facet for facet in facets if len(choices[facet.name]) > 1 or facet.name in chosen]
    rows = [item for item, each in zip(items, values, strict=True) if _has_all(each, chosen)]
    return _narrowed(rows, shown, choices, chosen, dict(keep or {}))


def _has_all(values: Mapping[str, list[Choice]], chosen: Mapping[str, Choice], *, without: str = "") -> bool:
    """Whether an item of a list, which has these values, is left by the choices of all facets but one."""
    return all(choice in values[name] for name, choice in chosen.items() if name != without)


def _narrowed(
    rows: Any,
    facets: list[Facet],
    choices: Mapping[str, list[tuple[Choice, int]]],
    chosen: Mapping[str, Choice],
    kept: Mapping[str, str],
) -> Narrowed:
    """Return what is left of a list, and its links: `choices` of each facet, with how much each leaves."""
    values = {name: choice.value for name, choice in chosen.items()}
    filters = [
        Filter(
            facet.name,
            facet.label,
            [
                FilterOption(
                    choice.label,
                    number,
                    address(**{**kept, **values, facet.name: choice.value}),
                    values.get(facet.name) == choice.value,
                )
                for choice, number in choices[facet.name]
            ],
        )
        for facet in facets
    ]
    here = address(**kept, **values)
    return Narrowed(
        rows=rows,
        filters=[each for each in filters if each.options],
        active_filters=[
            ActiveFilter(choice.label, address(**{**kept, **values, name: ""})) for name, choice in chosen.items()
        ],
        chosen={name: choice.key for name, choice in chosen.items()},
        values=values,
        page_url_prefix=f"{here}&" if here.startswith("?") else "?",
    )


def _known(
    facets: list[Facet], offered: dict[str, list[Choice] | None], parameters: Mapping[str, str]
) -> dict[str, Choice]:
    """Return the choices that the address names."""
    chosen = {}
    for facet in facets:
        value = str(parameters.get(facet.name, ""))
        choices = offered[facet.name]
        if choices is None:
            choices = [Choice(int(value), value, value)] if NUMBER.fullmatch(value) else []
        found = next((choice for choice in choices if choice.value == value), None)
        if found:
            chosen[facet.name] = found
    return chosen


def _filtered(
    pages: "QuerySet[Any]", facets: list[Facet], chosen: dict[str, Choice], without: str = ""
) -> "QuerySet[Any]":
    for facet in facets:
        if facet.name in chosen and facet.name != without:
            pages = facet.narrows(pages, chosen[facet.name].key)
    return pages


def _counts(
    pages: "QuerySet[Any]",
    facets: list[Facet],
    offered: dict[str, list[Choice] | None],
    chosen: dict[str, Choice],
    counted: str,
) -> dict[str, dict[str, int]]:
    """Return how much each value of each facet leaves; keys are the database's values as text."""
    counts: dict[str, dict[str, int]] = {}
    arms = []
    for facet in facets:
        rest = _filtered(pages, facets, chosen, without=facet.name).order_by()
        if facet.condition:
            counts[facet.name] = _counts_of_conditions(rest, facet, offered[facet.name] or [], counted)
        else:
            counts[facet.name] = {}
            # The joins of an expression may repeat a row; each still counts once.
            in_force = [each for each in facets if each is facet or each.name in chosen]
            repeats = any(not isinstance(each.lookup, str) for each in in_force)
            arms.append(_arm(rest, facet, counted or ("pk" if repeats else "")))
    for name, key, found in arms[0].union(*arms[1:], all=True) if len(arms) > 1 else chain(*arms):
        if key is not None:
            counts[name][key] = found
    return counts


def _number(counted: str, condition: Q | None = None) -> Count:
    return Count(counted or "pk", distinct=bool(counted), filter=condition)


def _counts_of_conditions(pages: "QuerySet[Any]", facet: Facet, choices: list[Choice], counted: str) -> dict[str, int]:
    """Return how much each choice leaves that the list has, in one query."""
    numbers = pages.aggregate(**{f"_{choice.key}": _number(counted, facet.matches(choice.key)) for choice in choices})
    return {key.removeprefix("_"): number for key, number in numbers.items() if number}


def _arm(pages: "QuerySet[Any]", facet: Facet, counted: str) -> "QuerySet[Any]":
    """Return the part of the query of all counts that counts by one facet."""
    key = F(facet.lookup) if isinstance(facet.lookup, str) else facet.lookup
    named = pages.annotate(_facet=Value(facet.name, CharField()), _key=Cast(key, CharField()))
    return named.values_list("_facet", "_key").annotate(_number=_number(counted))


def _with_numbers(choices: list[Choice] | None, numbers: dict[str, int]) -> list[tuple[Choice, int]]:
    """Return the choices that leave something, each with how much."""
    if choices is None:
        return [(Choice(key, key, key), numbers[key]) for key in sorted(numbers, key=int, reverse=True)]
    return [(choice, numbers[str(choice.key)]) for choice in choices if str(choice.key) in numbers]
