"""What a query means: misspelt, in other words, at a place, in an emergency."""

import pytest
from django.test import Client

from centres.models import ServicePage
from search.models import SynonymGroup, UrgentPhrase
from search.texts import Texts
from testing.privacy import make_private

from .asking import ask, page, titles
from .conftest import Circus

pytestmark = [pytest.mark.database, pytest.mark.django_db]

WEST, EAST = "Juggling at Purfleet", "Juggling at Corringham"


@pytest.mark.parametrize(
    "query", ["juggling", "JUGGLING!", "juggle", "where can i go juggling", "tossing", "throw catch"]
)
def test_a_service_is_found_by_its_name_and_by_what_it_is_also_known_as(
    client: Client, circus: Circus, query: str
) -> None:
    assert titles(client, query)[0] == EAST


@pytest.mark.parametrize("query", ["lobbing", "hurling entries", "entries hurling"])
def test_a_service_is_found_by_words_that_mean_the_same(client: Client, circus: Circus, query: str) -> None:
    assert titles(client, query)[0] == EAST


def test_words_that_editors_take_away_are_forgotten_at_once(client: Client, circus: Circus) -> None:
    assert titles(client, "lobbing")[0] == EAST
    SynonymGroup.objects.all().delete()
    assert EAST not in titles(client, "lobbing")


def test_a_service_that_was_renamed_is_found_by_its_new_name_at_once(client: Client, circus: Circus) -> None:
    assert titles(client, "kazoo") == []
    circus.juggling.also_known_as = "kazoo"
    circus.juggling.save_revision().publish()
    assert titles(client, "kazoo")[0] == EAST


@pytest.mark.parametrize(
    ("query", "meant"), [("jugling", "juggling"), ("trapees", "trapeze"), ("ringmasster", "ringmaster")]
)
def test_a_misspelt_word_is_mended_and_said(client: Client, circus: Circus, query: str, meant: str) -> None:
    answer = ask(client, query)
    assert answer["corrected_to"] == meant
    assert answer["results"][0]["service"] == meant
    html = page(client, query)
    assert f"Showing results for <strong>{meant}</strong>" in html
    assert f"Search instead for {query}" in html


def test_one_can_search_for_the_word_as_it_was_typed(client: Client, circus: Circus) -> None:
    answer = ask(client, "jugling", exact="1")
    assert (answer["corrected_to"], answer["results"]) == (None, [])
    assert 'Did you mean <a href="?query=jugling">juggling</a>?' in page(client, "jugling", exact="1")
    assert "Did you mean" not in page(client, "juggling", exact="1")


@pytest.mark.parametrize(
    "query", ["weather", "Purfleet", "RM19 1SX", "rm19", "tossing", "ringmaster", "12345678", "corringham"]
)
def test_a_word_of_the_language_a_name_and_a_postcode_are_not_mended(
    client: Client, circus: Circus, query: str
) -> None:
    assert ask(client, query)["corrected_to"] is None


def test_a_word_that_stands_in_a_text_is_not_mended(client: Client, circus: Circus) -> None:
    circus.trapeze.summary = "Also for jugglinos."
    circus.trapeze.save_revision().publish()
    answer = ask(client, "jugglinos")
    assert answer["corrected_to"] is None
    assert answer["results"][0]["title"] == "Trapeze"


def test_a_word_of_a_title_is_mended_to_only_while_the_page_is_public(client: Client, circus: Circus) -> None:
    circus.west.title = "Purfleet Zymurgology"
    circus.west.save_revision().publish()
    assert ask(client, "zymurgolgy")["corrected_to"] == "zymurgology"
    # Nothing tells the words of titles, which are remembered, that it is private from now on.
    make_private(circus.west)
    assert ask(client, "zymurgolgy")["corrected_to"] is None


@pytest.mark.parametrize(
    "query",
    [
        "juggling purfleet",
        "juggling in purfleat",
        "purfleet ring juggling",
        "juggling RM19 1SX",
        "juggling rm191sx",
        "juggling aveley",
    ],
)
def test_a_place_puts_its_centre_first_though_another_is_surer(client: Client, circus: Circus, query: str) -> None:
    assert titles(client, query)[:2] == [WEST, EAST]


def test_a_postcode_sorts_centres_by_distance_and_names_the_owner_of_the_data(client: Client, circus: Circus) -> None:
    assert titles(client, "RM19 1SX")[0] == "Purfleet Ring"
    assert titles(client, "SS17 7AA")[0] == "Corringham Ring"
    html = page(client, "juggling RM19 1SX")
    assert "within 1.5 miles of RM19 1SX" in html
    assert "Contains Ordnance Survey data © Crown copyright" in html
    assert "Ordnance Survey" not in page(client, "juggling")


def test_a_place_alone_shows_its_centre_then_what_is_there(client: Client, circus: Circus) -> None:
    for query in ("purfleet", "purfleet medical centre", "purflet health centre"):
        assert titles(client, query)[:2] == ["Purfleet Ring", WEST], query


def test_an_english_word_that_sounds_like_a_town_is_taken_for_it(client: Client, circus: Circus) -> None:
    assert ask(client, "greys")["corrected_to"] == "grays"


def test_a_postcode_outside_thurrock_is_told_so(client: Client, circus: Circus) -> None:
    for query in ("juggling SW1A 1AA", "juggling CM1"):
        html = page(client, query)
        assert "is not a postcode in Thurrock that we know of" in html
        assert titles(client, query)[0] == EAST


def test_a_vitamin_is_not_a_postcode(client: Client, circus: Circus) -> None:
    assert "postcode" not in page(client, "b12")


def test_near_me_is_explained(client: Client, circus: Circus) -> None:
    assert "We do not know where you are" in page(client, "juggling near me")
    assert "We do not know where you are" not in page(client, "juggling near me purfleet")


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("fell off trapeze", "999"),
        ("I FELL off my trapeze!!", "999"),
        ("trapeze fell", None),
        ("off the trapeze she fell", "999"),
        ("i felll off the trapeeze", "999"),
        ("cannot laugh", "111"),
        ("can not laugh any more", "111"),
        ("laughing", None),
        ("everything is up in flames", "111"),
        ("juggling", None),
    ],
)
def test_urgent_words_put_the_card_above_everything(
    client: Client, circus: Circus, query: str, number: str | None
) -> None:
    urgent = ask(client, query)["urgent"]
    html = page(client, query)
    if number is None:
        assert urgent is None
        assert "If you need help now" not in html
    else:
        assert urgent.startswith(number)
        assert html.index("If you need help now") < html.index('id="results-heading"')
        assert html.count('class="bctt-urgent__title"') == 3


def test_the_card_says_first_what_is_likely_needed(client: Client, circus: Circus) -> None:
    assert ask(client, "can't laugh")["urgent"].startswith("111, Mental health crisis")
    assert ask(client, "up in flames")["urgent"].startswith("111, Urgent")


def test_urgent_words_are_understood_without_any_result(client: Client, circus: Circus) -> None:
    UrgentPhrase.objects.create(phrase="quagga bite")
    answer = ask(client, "quaga bite")
    assert (answer["total"], bool(answer["urgent"])) == (0, True)


def test_a_draft_service_teaches_the_search_nothing(client: Client, circus: Circus) -> None:
    ServicePage.objects.get(pk=circus.trapeze.pk).unpublish()
    assert ask(client, "trapeezy")["corrected_to"] is None


def test_a_word_that_is_only_remembered_is_not_mended_to(
    client: Client, circus: Circus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Texts, "title_words", lambda self: frozenset({"zymurgology"}))
    assert ask(client, "zymurgolgy")["corrected_to"] is None
