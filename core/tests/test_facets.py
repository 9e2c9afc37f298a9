"""Lists narrowed by links, shown on plain pages: by team (fixed choices) and by months between checks (numbers)."""

from urllib.parse import parse_qs

import pytest
from django.db.models import Q
from django.http import QueryDict

from core.facets import Choice, Facet, Narrowed, narrow
from testing.pages import SmallSite, add_page, text_page_model

pytestmark = [pytest.mark.database, pytest.mark.django_db]

TEAMS = [
    Choice("Clubs", "clubs", "The clubs"),
    Choice("Balls", "balls", "The balls"),
    Choice("Rings", "rings", "Rings"),
]
TEAM = Facet("team", "Team", "team", lambda: TEAMS)
MONTHS = Facet("months", "Checked every", "check_every_months")


@pytest.fixture(autouse=True)
def _pages(small_site: SmallSite) -> None:
    for number, (team, months) in enumerate([("Clubs", 6), ("Clubs", 12), ("Balls", 12), ("", 24)]):
        add_page(small_site.home, f"Page {number}", team=team, check_every_months=months)


def narrowed(query: str = "", **options: str) -> Narrowed:
    return narrow(text_page_model().objects.all(), [TEAM, MONTHS], QueryDict(query), keep=options)


def offered(query: str = "") -> dict[str, list[tuple[str, int]]]:
    return {each.name: [(option.label, option.count) for option in each.options] for each in narrowed(query).filters}


def test_choices_stand_in_their_order_and_numbers_highest_first_each_with_what_it_leaves() -> None:
    assert offered() == {"team": [("The clubs", 2), ("The balls", 1)], "months": [("24", 1), ("12", 2), ("6", 1)]}


def test_the_counts_of_one_facet_take_the_others_into_account() -> None:
    assert offered("team=clubs") == {
        "team": [("The clubs", 2), ("The balls", 1)],
        "months": [("12", 1), ("6", 1)],
    }


@pytest.mark.parametrize(
    ("query", "number"), [("", 4), ("team=clubs", 2), ("months=12", 2), ("team=clubs&months=12", 1), ("team=rings", 0)]
)
def test_facets_narrow_and_combine(query: str, number: int) -> None:
    assert narrowed(query).rows.count() == number


@pytest.mark.parametrize(
    "query",
    ["team=nobody", "months=many", "months=1e3", "months=٣", "months=99999", "months=-6", "team=%00", "month=6"],
)
def test_what_nobody_offers_narrows_nothing(query: str) -> None:
    found = narrowed(query)
    assert found.rows.count() == 4
    assert found.active_filters == []


def test_every_link_leads_to_as_many_as_it_says() -> None:
    for query in ("", "team=clubs", "months=12"):
        for each in narrowed(query).filters:
            for option in each.options:
                assert narrowed(option.url.removeprefix("?")).rows.count() == option.count > 0


def test_a_filter_in_force_is_named_and_can_be_taken_away() -> None:
    found = narrowed("team=clubs&months=12")
    assert [(each.label, each.remove_url) for each in found.active_filters] == [
        ("The clubs", "?months=12"),
        ("12", "?team=clubs"),
    ]
    assert narrowed("team=clubs").active_filters[0].remove_url == "./"
    assert found.chosen == {"team": "Clubs", "months": 12}


def test_a_condition_says_what_no_one_field_does() -> None:
    words = [Choice("Clubs", "clubs", "Clubs or page 2"), Choice("Rings", "rings", "Rings or page 2")]
    facet = Facet("about", "About", choices=lambda: words, condition=lambda key: Q(team=key) | Q(title="Page 2"))
    for query, number in (("", 4), ("about=clubs", 3), ("about=rings", 1), ("about=clubs&months=12", 2)):
        found = narrow(text_page_model().objects.all(), [facet, MONTHS], QueryDict(query))
        assert found.rows.count() == number
        [about] = [each for each in found.filters if each.name == "about"]
        expected = [("Clubs or page 2", 2 if "months" in query else 3), ("Rings or page 2", 1)]
        assert [(option.label, option.count) for option in about.options] == expected


def test_what_is_kept_is_in_every_link() -> None:
    found = narrowed("team=clubs", when="past")
    links = [option.url for each in found.filters for option in each.options]
    links += [each.remove_url for each in found.active_filters] + [found.page_url_prefix]
    assert all(parse_qs(link.strip("?&"))["when"] == ["past"] for link in links)


def test_a_narrowed_list_costs_one_query_for_all_counts(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        narrowed("team=clubs&months=12")
