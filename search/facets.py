"""Narrowing what was found by kind, centre, status and year, with plain links and their counts."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.facets import ActiveFilter, Filter, FilterOption, address

from .hits import Hit

Value = tuple[str, str]


@dataclass(frozen=True)
class Facet:
    """One way to narrow what was found: `values_of` returns the values (in the address, and in words) of a hit."""

    name: str
    label: str
    values_of: Callable[[Hit], Iterable[Value]]


FACETS = (
    Facet("kind", "What it is", lambda hit: [(hit.kind.value, hit.kind.label)]),
    Facet("centre", "Centre", lambda hit: [(centre.slug, centre.short_name) for centre in hit.centres]),
    Facet("status", "Status", lambda hit: [(hit.status.value, hit.status.info.label)] if hit.status else []),
    Facet("year", "Year", lambda hit: [(str(hit.day.year), str(hit.day.year))] if hit.day else []),
)


@dataclass(frozen=True)
class Narrowed:
    """What is left of the hits, and the links: the same as `core.facets.Narrowed` for a list in memory."""

    hits: list[Hit]
    filters: list[Filter]
    active_filters: list[ActiveFilter]
    chosen: dict[str, str]


def narrow(hits: Sequence[Hit], parameters: Mapping[str, str], *, keep: Mapping[str, str]) -> Narrowed:
    """Narrow hits by the facets that `parameters` (of the address) name; `keep` is what every link repeats.

    The counts of one facet take the others into account, so that no link leads to nothing. A value that no hit has
    narrows nothing.
    """
    values = [{facet.name: list(facet.values_of(hit)) for facet in FACETS} for hit in hits]
    labels: dict[str, dict[str, str]] = {facet.name: {} for facet in FACETS}
    for each in values:
        for name, pairs in each.items():
            labels[name].update(pairs)
    chosen = {
        facet.name: parameters[facet.name] for facet in FACETS if parameters.get(facet.name, "") in labels[facet.name]
    }

    def has_chosen(each: dict[str, list[Value]], *, without: str = "") -> bool:
        return all(
            any(value == wanted for value, _ in each[name]) for name, wanted in chosen.items() if name != without
        )

    filters = []
    for facet in FACETS:
        counts = Counter(
            value for each in values if has_chosen(each, without=facet.name) for value, _ in each[facet.name]
        )
        by_value = sorted(counts, reverse=True) if facet.name == "year" else counts
        options = [
            FilterOption(
                label=labels[facet.name][value],
                count=counts[value],
                url=address(**{**keep, **chosen, facet.name: value}),
                is_active=chosen.get(facet.name) == value,
            )
            for value in by_value
        ]
        # A facet that says the same of everything narrows nothing.
        if len(options) > 1 or facet.name in chosen:
            filters.append(Filter(facet.name, facet.label, options))
    return Narrowed(
        hits=[hit for hit, each in zip(hits, values, strict=True) if has_chosen(each)],
        filters=filters,
        active_filters=[
            ActiveFilter(labels[name][value], address(**{**keep, **chosen, name: ""})) for name, value in chosen.items()
        ],
        chosen=chosen,
    )
