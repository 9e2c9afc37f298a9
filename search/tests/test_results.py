"""What a search shows, in which order, and how it is narrowed and sorted; as a page and as data."""

from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client, TestCase
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import Collection, Page

from centres.factories import CentrePageFactory, CentreServicePageFactory
from centres.models import ServiceStatus
from core.factories import SiteDocumentFactory
from leaflets.factories import LeafletFileFactory, LeafletPageFactory
from leaflets.models import DocumentReading, LeafletPage, ReadingState
from news.factories import ForumPageFactory, ForumUpdatePageFactory, NewsPageFactory
from testing.privacy import make_collection_private, make_private
from whats_on.factories import EventPageFactory

from .asking import ask, page, titles
from .conftest import Circus

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def facets(answer: dict[str, Any]) -> dict[str, dict[str, int]]:
    return {name: {each["label"]: each["count"] for each in options} for name, options in answer["facets"].items()}


@pytest.fixture
def talk(small_site: Any, circus: Circus) -> None:
    """News, an update, an event and a leaflet that all say "juggling"."""
    news = NewsPageFactory(parent=small_site.news, title="Juggling week", date=date(2025, 3, 4))
    news.centres.add(circus.west)
    news.save()
    forum = ForumPageFactory(parent=small_site.forums, title="Tossers of Testshire")
    ForumUpdatePageFactory(parent=forum, title="About juggling", date=date(2026, 1, 2))
    EventPageFactory(parent=small_site.events, title="Juggling evening", rough_date=date(2024, 5, 1))
    LeafletPageFactory(parent=small_site.leaflets, title="Juggling at home", date=date(2024, 6, 7))


def test_services_at_centres_come_first_the_surest_first_then_the_service_then_texts(
    client: Client, circus: Circus, talk: None
) -> None:
    found = titles(client, "juggling")
    assert found[:3] == ["Juggling at Corringham", "Juggling at Purfleet", "Juggling"]
    assert set(found[3:]) == {"Juggling week", "About juggling", "Juggling evening", "Juggling at home"}


def test_of_two_that_are_as_sure_the_nearer_comes_first(client: Client, small_site: Any, circus: Circus) -> None:
    for name in ("Tilbury", "Grays"):
        centre = CentrePageFactory(parent=small_site.centres, short_name=name, slug=name.lower())
        CentreServicePageFactory(parent=centre, service=circus.trapeze, status=ServiceStatus.PLANNED)
    assert titles(client, "trapeze RM18 7AB")[:2] == ["Trapeze at Tilbury", "Trapeze at Grays"]
    assert titles(client, "trapeze RM17 6SL")[:2] == ["Trapeze at Grays", "Trapeze at Tilbury"]


def test_a_result_says_what_it_is_from_when_and_how_sure(client: Client, circus: Circus, talk: None) -> None:
    found = {each["title"]: each for each in ask(client, "juggling")["results"]}
    assert found["Juggling at Purfleet"] | {"text": ""} == {
        "type": "service_at_centre",
        "title": "Juggling at Purfleet",
        "url": "http://testserver/centres/west/juggling/",
        "service": "juggling",
        "centre": "west",
        "status": "planned",
        "date": None,
        "text": "",
    }
    assert found["Juggling week"]["type"] == "news"
    assert found["Juggling week"]["date"] == "2025-03-04"
    soup = BeautifulSoup(page(client, "juggling"), "html.parser")
    said = [" ".join(row.get_text(" ").split()) for row in soup.select("ol .bctt-row")]
    assert "Planned, not open yet" in said[1]
    assert any("News, 4 March 2025" in row for row in said)


def test_a_snippet_shows_the_words_around_the_first_and_marks_them(client: Client, small_site: Any) -> None:
    words = " ".join(f"word{number}" for number in range(60))
    NewsPageFactory(
        parent=small_site.news,
        title="Something else",
        body=[("text", f"<p>{words} the <b>sword</b> swallower’s swords &lt;b&gt; {words}</p>")],
    )
    soup = BeautifulSoup(page(client, "sword"), "html.parser")
    [row] = soup.select("ol .bctt-row")
    assert [mark.get_text() for mark in row.select("mark")] == ["sword", "swords"]
    shown = row.get_text()
    assert "word59 the sword" in shown
    assert "word51" not in shown
    assert "word25" not in shown
    assert shown.count("…") == 2


def test_a_block_does_not_run_into_the_next_one(client: Client, small_site: Any) -> None:
    body = [("text", "<p>The trapeze</p>"), ("text", "<p>High up.</p>")]
    NewsPageFactory(parent=small_site.news, title="Something else", body=body)
    assert "trapeze</mark>. High up." in page(client, "trapeze")


def test_words_of_a_file_are_shown_with_their_page(client: Client, small_site: Any) -> None:
    leaflet = LeafletPageFactory(parent=small_site.leaflets, title="Balance")
    members = Collection.get_first_root_node().add_child(name="Members")
    document = SiteDocumentFactory(collection=members)
    LeafletFileFactory(leaflet=leaflet, document=document)
    DocumentReading.objects.update_or_create(
        document=document, defaults={"state": ReadingState.READ, "texts": ["One.", "Two.", "A kazoo is played."]}
    )
    LeafletPage.objects.get().save()
    assert "In the leaflet, page 3:" in page(client, "kazoo")
    with TestCase.captureOnCommitCallbacks(execute=True):
        make_collection_private(members)
    assert titles(client, "kazoo") == []
    assert "played" not in page(client, "balance")


def test_facets_count_what_each_link_leads_to_and_combine(client: Client, circus: Circus, talk: None) -> None:
    everything = ask(client, "juggling")
    assert facets(everything)["kind"]["Service at a centre"] == 2
    assert facets(everything)["status"] == {"Offered here": 1, "Planned, not open yet": 1}
    assert facets(everything)["year"] == {"2026": 1, "2025": 1, "2024": 2}
    assert list(facets(everything)["year"]) == ["2026", "2025", "2024"]
    for options in everything["facets"].values():
        for option in options:
            narrowed = client.get(option["url"]).json()
            assert narrowed["total"] == option["count"] > 0
            for others in narrowed["facets"].values():
                assert all(client.get(each["url"]).json()["total"] == each["count"] > 0 for each in others)


def test_each_filter_can_be_taken_away(client: Client, circus: Circus, talk: None) -> None:
    html = page(client, "juggling", kind="service_at_centre", status="planned")
    assert unescape(html).count("Remove filter:") == 2
    assert 'href="?query=juggling&amp;status=planned"' in html
    assert 'href="?query=juggling&amp;kind=service_at_centre"' in html


def test_a_value_that_nothing_has_narrows_nothing(client: Client, circus: Circus) -> None:
    everything = ask(client, "juggling")["total"]
    assert ask(client, "juggling", kind="nonsense", year="9999", centre="x", status="\x00")["total"] == everything


def test_a_thousand_parameters_are_answered(client: Client, circus: Circus) -> None:
    many = "&".join(f"kind=x{number}&centre=y{number}&year={number}&z{number}=1" for number in range(250))
    assert client.get(f"/search/?query=juggling&{many}").status_code in (200, 400)


def test_the_newest_can_come_first_and_what_has_no_date_last(client: Client, circus: Circus, talk: None) -> None:
    found = titles(client, "juggling", sort="newest")
    assert found[:2] == ["About juggling", "Juggling week"]
    assert set(found[-3:]) == {"Juggling at Corringham", "Juggling at Purfleet", "Juggling"}


def test_the_next_page_is_an_address_that_goes_on(client: Client, small_site: Any) -> None:
    for number in range(12):
        NewsPageFactory(parent=small_site.news, title=f"Stilts {number}")
    first = ask(client, "stilts")
    assert (first["total"], len(first["results"])) == (12, 10)
    second = client.get(first["next"]).json()
    assert (len(second["results"]), second["next"]) == (2, None)


def test_data_without_a_question_is_an_error_in_words(client: Client, small_site: Any) -> None:
    response = client.get("/search/", {"format": "json", "query": " "})
    assert response.status_code == 400
    assert response.json() == {"error": "Enter what you are looking for, such as blood tests."}


def pick(words: str, target: Page | None = None, **values: Any) -> None:
    query = Query.objects.get_or_create(query_string=words)[0]
    SearchPromotion.objects.create(query=query, page=target, **values)


def test_a_pick_comes_above_the_results_however_the_words_are_put(client: Client, circus: Circus) -> None:
    pick("throw flames", circus.ringmaster, description="Ask him.")
    for query in ("throw flames", "Throwing flames!", "flames, throw them", "throwing flame"):
        assert [each["title"] for each in ask(client, query)["picks"]] == ["Ringmaster"], query
    assert ask(client, "throw")["picks"] == []
    html = page(client, "throw flames")
    assert html.index("Ask him.") < html.index('id="results-heading"')


def test_a_pick_may_lead_elsewhere_but_not_to_a_page_that_is_not_public(client: Client, circus: Circus) -> None:
    pick("fire", external_link_url="https://www.example.org/fire", external_link_text="About fire")
    pick("fire", circus.ringmaster)
    make_private(circus.ringmaster)
    assert ask(client, "fire")["picks"] == [{"title": "About fire", "url": "https://www.example.org/fire"}]


def test_the_number_of_queries_does_not_grow_with_what_there_is(
    small_site: Any, circus: Circus, talk: None, count_queries: Callable[[str], int]
) -> None:
    urls = [f"/search/?query={query}" for query in ("juggling", "jugling", "evening", "quagga", "RM19+1SX")]
    few = [count_queries(url) for url in urls]
    for number in range(12):
        centre = CentrePageFactory(parent=small_site.centres)
        CentreServicePageFactory(parent=centre, service=circus.juggling)
        NewsPageFactory(parent=small_site.news, title=f"Juggling evening {number}")
        EventPageFactory(parent=small_site.events, title=f"Evening {number}")
    assert [count_queries(url) <= number for url, number in zip(urls, few, strict=True)] == [True] * 5
    assert max(few) <= 26
