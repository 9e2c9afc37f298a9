"""What the links of a narrowed list say they lead to, where several rows of the database stand for one thing."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.db.models import Q
from django.db.models.functions import Lower
from django.http import QueryDict
from wagtail.models import PageViewRestriction

from core.facets import Choice, Facet, Narrowed, address, narrow
from testing.pages import SmallSite, add_page, text_page_model

pytestmark = pytest.mark.django_db

TEAM = Facet("team", "Team", "team", lambda: [Choice("Clubs", "clubs", "The clubs"), Choice("Balls", "b", "The balls")])
MONTHS = Facet("months", "Checked every", "check_every_months")
# A page may have several restrictions, so that joining them repeats it.
KINDS = [
    Choice("login", "login", "Sign in"),
    Choice("password", "password", "Password"),
    Choice("groups", "g", "Group"),
]
ACCESS = Facet("access", "To read it", Lower("view_restrictions__restriction_type"), lambda: KINDS)
SITE_OR_TEAM = Facet(
    "about",
    "About",
    choices=lambda: [Choice("Clubs", "clubs", "Clubs or page 3"), Choice("Rings", "rings", "Rings")],
    condition=lambda key: Q(team=key) | Q(team="Balls", title=f"Page {3 if key == 'Clubs' else 9}"),
)


@pytest.fixture(autouse=True)
def _pages(small_site: SmallSite) -> None:
    """Page 0 is restricted twice in one way, page 1 in two ways, page 2 in one, page 3 not at all."""
    for number, (team, months, kinds) in enumerate(
        [
            ("Clubs", 6, ["login", "login"]),
            ("Clubs", 12, ["login", "password"]),
            ("Balls", 12, ["password"]),
            ("Balls", 24, []),
        ]
    ):
        page = add_page(small_site.home, f"Page {number}", team=team, check_every_months=months)
        for kind in kinds:
            PageViewRestriction.objects.create(page=page, restriction_type=kind)


def pages(facets: Sequence[Facet], query: str = "", **options: Any) -> Narrowed:
    return narrow(text_page_model().objects.all(), facets, QueryDict(query), **options)


def restrictions(facets: Sequence[Facet], query: str = "", **options: Any) -> Narrowed:
    """Return a list of restrictions, of which several stand for one page."""
    return narrow(PageViewRestriction.objects.all(), facets, QueryDict(query), **options)


def offered(found: Narrowed) -> dict[str, list[tuple[str, int]]]:
    return {each.name: [(option.label, option.count) for option in each.options] for each in found.filters}


def titles(found: Narrowed) -> set[str]:
    return {page.title for page in found.rows}


def test_what_an_expression_repeats_counts_once() -> None:
    assert offered(pages([ACCESS])) == {"access": [("Sign in", 2), ("Password", 2)]}
    assert offered(pages([ACCESS, TEAM, MONTHS])) == {
        "access": [("Sign in", 2), ("Password", 2)],
        "team": [("The clubs", 2), ("The balls", 2)],
        "months": [("24", 1), ("12", 2), ("6", 1)],
    }


def test_what_an_expression_in_force_repeats_counts_once_for_the_other_facets() -> None:
    found = pages([ACCESS, TEAM, MONTHS], "access=login")
    assert titles(found) == {"Page 0", "Page 1"}
    assert offered(found) == {
        "access": [("Sign in", 2), ("Password", 2)],
        "team": [("The clubs", 2)],
        "months": [("12", 1), ("6", 1)],
    }
    found = pages([TEAM, ACCESS], "access=password&team=b")
    assert titles(found) == {"Page 2"}
    assert offered(found) == {"team": [("The clubs", 1), ("The balls", 1)], "access": [("Password", 1)]}


def test_where_several_rows_stand_for_one_thing_the_things_are_counted() -> None:
    kind = Facet("kind", "Kind", "restriction_type", lambda: KINDS)
    assert offered(restrictions([kind])) == {"kind": [("Sign in", 3), ("Password", 2)]}
    assert offered(restrictions([kind], counted="page")) == {"kind": [("Sign in", 2), ("Password", 2)]}
    either = Facet("either", "Either", choices=lambda: KINDS, condition=lambda key: Q(restriction_type=key))
    assert offered(restrictions([either])) == {"either": [("Sign in", 3), ("Password", 2)]}
    assert offered(restrictions([either], counted="page")) == {"either": [("Sign in", 2), ("Password", 2)]}


def test_a_condition_in_force_narrows_the_counts_of_the_others_and_not_its_own() -> None:
    assert offered(pages([SITE_OR_TEAM, TEAM, MONTHS], "about=clubs")) == {
        "about": [("Clubs or page 3", 3)],
        "team": [("The clubs", 2), ("The balls", 1)],
        "months": [("24", 1), ("12", 1), ("6", 1)],
    }
    assert offered(pages([TEAM, SITE_OR_TEAM], "team=b"))["about"] == [("Clubs or page 3", 1)]


def test_a_facet_that_offers_nothing_is_left_out() -> None:
    nothing = Facet("nothing", "Nothing", "team", list)
    found = pages([nothing, TEAM])
    assert [(each.name, each.label) for each in found.filters] == [("team", "Team")]
    assert offered(narrow(text_page_model().objects.none(), [TEAM, MONTHS], QueryDict(""))) == {}
    assert pages([]).filters == []


def test_what_has_no_value_is_offered_under_none() -> None:
    checked = Facet("checked", "Checked in", "checked_on__year")
    assert offered(pages([checked, TEAM])) == {"team": [("The clubs", 2), ("The balls", 2)]}


def test_the_choice_in_force_is_marked() -> None:
    found = pages([TEAM, MONTHS], "team=b&months=12")
    active = [(each.name, option.label) for each in found.filters for option in each.options if option.is_active]
    assert active == [("team", "The balls"), ("months", "12")]
    assert not any(option.is_active for each in pages([TEAM, MONTHS]).filters for option in each.options)


def test_links_have_what_is_kept_then_what_is_in_force() -> None:
    found = pages([TEAM, MONTHS], "months=12&team=b", keep={"when": "past"})
    assert {option.label: option.url for each in found.filters for option in each.options} == {
        "The clubs": "?when=past&team=clubs&months=12",
        "The balls": "?when=past&team=b&months=12",
        "24": "?when=past&team=b&months=24",
        "12": "?when=past&team=b&months=12",
    }
    assert [each.remove_url for each in found.active_filters] == ["?when=past&months=12", "?when=past&team=b"]


def test_the_pages_of_a_list_are_asked_for_after_what_is_in_force() -> None:
    assert pages([TEAM]).page_url_prefix == "?"
    assert pages([TEAM], "team=b").page_url_prefix == "?team=b&"
    assert pages([TEAM], "team=b", keep={"when": "past"}).page_url_prefix == "?when=past&team=b&"
    assert pages([TEAM], keep={"when": ""}).page_url_prefix == "?"


def test_an_address_leaves_out_what_is_empty_and_says_what_must_not_be_taken_for_its_own_signs() -> None:
    assert address() == "./"
    assert address(team="", when="") == "./"
    assert address(team="b", when="") == "?team=b"
    assert address(team="you & me", when="past") == "?team=you+%26+me&when=past"


def test_a_list_has_as_many_as_one_facet_counts_where_everything_has_one_value_of_it() -> None:
    for query, total in (("", 4), ("team=b", 2), ("months=12", 2), ("team=b&months=12", 1)):
        found = pages([TEAM, MONTHS], query)
        assert found.rows.count() == total, query
        assert found.total_by("months") == found.total_by("team") == total, query


@pytest.mark.parametrize(("value", "number"), [("6", 1), ("12", 2), ("0012", 4), ("00012", 4), ("", 4), ("1 2", 4)])
def test_a_number_is_written_as_people_write_it_and_no_longer_than_a_year(value: str, number: int) -> None:
    found = pages([MONTHS, TEAM], f"months={value}")
    assert found.rows.count() == number
