"""What was found is narrowed by plain links, each with what it leads to."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import parse_qsl

from centres.models import ServiceStatus
from core.facets import Narrowed, narrow_list
from search.catalogue import Centre
from search.facets import FACETS
from search.retrieval import Result, ResultKind

WEST = Centre(1, "West Ring", "West", "west", "/centres/west/", ("west",), None)
EAST = Centre(2, "East Ring", "East", "east", "/centres/east/", ("east",), None)


def result(
    number: int, kind: ResultKind, *centres: Centre, day: date | None = None, status: ServiceStatus | None = None
) -> Result:
    return Result(kind, number, f"Page {number}", f"/page-{number}/", centres=centres, day=day, status=status)


RESULTS = [
    result(1, ResultKind.SERVICE_AT_CENTRE, EAST, status=ServiceStatus.AVAILABLE),
    result(2, ResultKind.SERVICE_AT_CENTRE, WEST, status=ServiceStatus.PLANNED),
    result(3, ResultKind.NEWS, WEST, day=date(2025, 3, 4)),
    result(4, ResultKind.NEWS, EAST, WEST, day=date(2026, 1, 2)),
    result(5, ResultKind.NEWS, day=date(2024, 12, 31)),
    result(6, ResultKind.EVENT, WEST, day=date(2026, 5, 4)),
]


def narrowed(address: str = "", results: Sequence[Result] = RESULTS, **keep: str) -> Narrowed:
    return narrow_list(results, FACETS, dict(parse_qsl(address)), keep=keep)


def left(address: str) -> list[int]:
    return [each.pk for each in narrowed(address).rows]


def offered(found: Narrowed, name: str) -> list[tuple[str, int]]:
    """Return what a facet offers, in order, each with how much it says that leaves; nothing if it is not shown."""
    return [(option.label, option.count) for each in found.filters if each.name == name for option in each.options]


def test_each_facet_offers_what_was_found_as_it_came_and_years_latest_first() -> None:
    found = narrowed()
    assert [(each.name, each.label) for each in found.filters] == [
        ("kind", "What it is"),
        ("centre", "Centre"),
        ("status", "Status"),
        ("year", "Year"),
    ]
    assert offered(found, "kind") == [("Service at a centre", 2), ("News", 3), ("Event", 1)]
    assert offered(found, "centre") == [("East", 2), ("West", 4)]
    assert offered(found, "status") == [("Offered here", 1), ("Planned, not open yet", 1)]
    assert offered(found, "year") == [("2026", 2), ("2025", 1), ("2024", 1)]


def test_what_is_narrowed_keeps_its_order() -> None:
    assert left("") == [1, 2, 3, 4, 5, 6]
    assert left("kind=news") == [3, 4, 5]
    assert left("centre=west") == [2, 3, 4, 6]
    assert left("status=available") == [1]
    assert left("year=2026") == [4, 6]


def test_facets_combine() -> None:
    assert left("kind=news&centre=west") == [3, 4]
    assert left("kind=news&centre=west&year=2025") == [3]


def test_a_facet_in_force_still_offers_its_other_values_with_what_they_would_lead_to() -> None:
    found = narrowed("kind=news")
    assert offered(found, "kind") == [("Service at a centre", 2), ("News", 3), ("Event", 1)]
    found = narrowed("kind=news&centre=east")
    assert offered(found, "kind") == [("Service at a centre", 1), ("News", 1)]
    assert offered(found, "centre") == [("West", 2), ("East", 1)]


def test_the_counts_of_a_facet_take_the_others_into_account() -> None:
    found = narrowed("kind=news")
    assert offered(found, "centre") == [("West", 2), ("East", 1)]
    assert offered(found, "year") == [("2026", 1), ("2025", 1), ("2024", 1)]


def test_every_link_leads_to_as_many_as_it_says() -> None:
    for address in ("", "kind=news", "kind=news&centre=west", "year=2026", "centre=west&status=planned"):
        for each in narrowed(address).filters:
            for option in each.options:
                assert len(left(option.url.removeprefix("?"))) == option.count > 0


def test_a_facet_that_says_the_same_of_everything_is_left_out_unless_it_is_in_force() -> None:
    news = RESULTS[2:5]
    assert [each.name for each in narrowed(results=news).filters] == ["centre", "year"]
    found = narrowed("kind=news", results=news)
    assert [each.name for each in found.filters] == ["kind", "centre", "year"]
    assert offered(found, "kind") == [("News", 3)]
    assert narrowed(results=[]).filters == []


def test_a_value_that_nothing_has_narrows_nothing() -> None:
    found = narrowed("kind=leaflet&centre=nowhere&year=&status=AVAILABLE&page=2")
    assert [each.pk for each in found.rows] == [1, 2, 3, 4, 5, 6]
    assert (found.chosen, found.active_filters) == ({}, [])
    assert not any(option.is_active for each in found.filters for option in each.options)


def test_the_value_in_force_is_marked_and_what_takes_it_away_keeps_the_rest() -> None:
    found = narrowed("kind=news&centre=west", query="juggling", sort="newest")
    assert found.chosen == {"kind": "news", "centre": "west"}
    active = [(each.name, option.label) for each in found.filters for option in each.options if option.is_active]
    assert active == [("kind", "News"), ("centre", "West")]
    assert [(each.label, each.remove_url) for each in found.active_filters] == [
        ("News", "?query=juggling&sort=newest&centre=west"),
        ("West", "?query=juggling&sort=newest&kind=news"),
    ]


def test_every_link_repeats_what_is_kept() -> None:
    [kind, *_] = narrowed("centre=west", query="juggling").filters
    assert [option.url for option in kind.options] == [
        "?query=juggling&centre=west&kind=service_at_centre",
        "?query=juggling&centre=west&kind=news",
        "?query=juggling&centre=west&kind=event",
    ]
