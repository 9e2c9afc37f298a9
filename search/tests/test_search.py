"""Search: what it finds, what it must never find, and what it makes of anything a person may type."""

from collections.abc import Callable
from html import escape
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from wagtail.models import Page

from centres.factories import (
    CentrePageFactory,
    CentreServicePageFactory,
    RolePageFactory,
    ServicePageFactory,
)
from centres.models import CentrePage, CentreServicePage, ServicePage, Stage
from search.normalisation import MAX_LENGTH, clean_query
from search.results import PER_PAGE
from testing.privacy import PRIVATE, make_private

pytestmark = [pytest.mark.database, pytest.mark.django_db]

CANARY = "zebrafinch"


def text_page(parent: Page, title: str = "About Testshire", **fields: Any) -> Page:
    """Put a plain page beneath `parent`. Its type belongs to an app beside this one, so it goes by name."""
    model = apps.get_model("home", "ContentPage")
    page: Page = parent.add_child(instance=model(title=title, **{"summary": "In a sentence.", **fields}))
    return page


def found(client: Client, query: str, **parameters: Any) -> list[str]:
    response = client.get("/search/", {"query": query, **parameters})
    assert response.status_code == 200
    return [result.title for result in response.context["found"].results]


@pytest.fixture
def centre(small_site: Any) -> CentrePage:
    page: CentrePage = CentrePageFactory(parent=small_site.centres, short_name="Testville")
    return page


@pytest.fixture
def service(small_site: Any) -> ServicePage:
    page: ServicePage = ServicePageFactory(
        parent=small_site.services, title="Juggling lessons", also_known_as="club throwing\ntoss and catch"
    )
    return page


@pytest.fixture
def lesson(centre: CentrePage, service: ServicePage) -> CentreServicePage:
    page: CentreServicePage = CentreServicePageFactory(parent=centre, service=service, note="Bring soft shoes.")
    return page


def test_a_page_is_found_by_its_title_its_summary_and_its_text(client: Client, small_site: Any) -> None:
    text_page(
        small_site.home,
        title="Unicycles for everyone",
        summary="Wheels without brakes.",
        body=[
            {"type": "text", "value": "<h2>Saddles</h2><p>Made of <b>leather</b>.</p>"},
            {"type": "key_figures", "value": {"figures": [{"figure": "49 spokes", "label": "in a wheel"}]}},
            {"type": "details", "value": {"title": "Punctures", "body": [{"type": "text", "value": "<p>Glue.</p>"}]}},
        ],
    )
    for query in ("unicycles", "UNICYCLES", "Unicycles everyone", "brakes", "saddles", "leather", "spokes", "glue"):
        assert found(client, query) == ["Unicycles for everyone"], query


def test_a_service_is_found_by_other_words_for_it(client: Client, service: ServicePage) -> None:
    for query in ("juggling", "club throwing", "toss", "lessons juggling"):
        assert found(client, query) == ["Juggling lessons"], query


def test_a_service_at_a_centre_is_found_by_the_service_its_other_words_and_its_note(
    client: Client, lesson: CentreServicePage
) -> None:
    for query in ("juggling", "club throwing", "shoes"):
        assert "Juggling lessons at Testville" in found(client, query), query


def test_centres_and_roles_are_found(client: Client, small_site: Any, centre: CentrePage) -> None:
    RolePageFactory(parent=small_site.roles, title="Ringmaster", also_known_as="compère")
    assert found(client, "Testville") == ["Testville Centre"]
    assert found(client, "ringmaster") == ["Ringmaster"]
    assert found(client, "compère") == ["Ringmaster"]


def test_every_word_must_match(client: Client, small_site: Any) -> None:
    text_page(small_site.home, title="Red clubs")
    text_page(small_site.home, title="Blue clubs")
    assert found(client, "red clubs") == ["Red clubs"]
    assert found(client, "red blue") == []


def test_a_title_counts_for_more_than_a_mention(client: Client, small_site: Any) -> None:
    body = [{"type": "text", "value": "<p>Stilts are mentioned here once.</p>"}]
    text_page(small_site.home, title="Everything else", body=body)
    text_page(small_site.home, title="Stilts")
    assert found(client, "stilts") == ["Stilts", "Everything else"]


def test_what_cannot_be_used_does_not_look_available(client: Client, lesson: CentreServicePage) -> None:
    centre = lesson.centre
    assert "Offered here" in client.get("/search/?query=juggling").content.decode()
    centre.stage = Stage.PLANNED
    centre.save_revision().publish()
    html = client.get("/search/?query=juggling").content.decode()
    assert "Offered here" not in html
    assert "not open yet" in html


def hide_draft(page: Page) -> None:
    page.live = False
    page.save()


HIDE: dict[str, Callable[[Page], Any]] = {
    "draft": hide_draft,
    "unpublished": lambda page: page.unpublish(),
    **PRIVATE,
    "beneath a private page": lambda page: make_private(page.get_parent()),
    "on a private site": lambda page: make_private(page.get_parent().get_parent()),
}


@pytest.mark.parametrize("hide", HIDE.values(), ids=HIDE)
def test_what_not_everybody_may_see_is_not_found(client: Client, small_site: Any, hide: Callable[[Page], Any]) -> None:
    page = text_page(text_page(small_site.home), title=f"The {CANARY} sings")
    assert found(client, CANARY) == [page.title]
    hide(page)
    assert found(client, CANARY) == []
    assert "The zebrafinch sings" not in client.get("/search/", {"query": CANARY}).content.decode()


def test_changes_that_are_not_published_are_not_found(client: Client, small_site: Any) -> None:
    page = text_page(small_site.home, title="Unicycles")
    page.summary = f"The {CANARY} sings."
    page.save_revision()
    assert found(client, CANARY) == []
    assert found(client, "unicycles") == ["Unicycles"]


def test_a_page_outside_the_site_is_not_found(client: Client, small_site: Any) -> None:
    text_page(Page.get_first_root_node(), title=f"The {CANARY} sings")
    assert found(client, CANARY) == []


def test_a_service_at_a_centre_that_is_not_public_is_not_found(client: Client, lesson: CentreServicePage) -> None:
    lesson.centre.unpublish()
    assert found(client, "shoes") == []


def test_a_service_at_a_centre_whose_service_is_not_public_is_not_found(
    client: Client, lesson: CentreServicePage
) -> None:
    ServicePage.objects.filter(pk=lesson.service_id).update(live=False)
    assert found(client, "shoes") == []


STRANGE = {
    "one letter": "a",
    "quote": '"',
    "quotes": '"juggling"',
    "half a quote": '"juggling',
    "apostrophe": "'",
    "wildcard": "*",
    "prefix": "jugg*",
    "near": "NEAR(juggling lessons, 5)",
    "near with nothing": "NEAR(",
    "boolean": "juggling AND NOT OR",
    "boolean alone": "NOT",
    "minus": "-juggling",
    "plus": "+",
    "column": "title:juggling",
    "brackets": "((((",
    "caret": "^juggling",
    "tsquery": "juggling & !lessons | <-> :*",
    "backslash": "\\",
    "percent": "%",
    "braces": "{juggling}",
    "sql": "'; DROP TABLE wagtailcore_page; --",
    "html": "<script>alert(1)</script>",
    "template": "{{ request }} {% now 'Y' %}",
    "nul": "\x00",
    "nul in a word": "jugg\x00ling",
    "control characters": "\x01\x02\x1b[31m\x7f",
    "line ends": "a\r\nb\u2028c",
    "half a surrogate": "\ud83e",
    "emoji": "🤹🏽‍♀️",
    "right to left": "دروس الرمي",
    "right-to-left override": "\u202egnilgguj",
    "combining": "e\u0301" * 50,
    "accents": "café",
    "long word": "a" * 10_000,
    "many words": "juggling " * 2_000,
    "megabyte": "x" * 100_000,
    "digits": "01632 960000",
    "stop words": "the of and",
}


@pytest.mark.parametrize("query", STRANGE.values(), ids=STRANGE)
def test_anything_a_person_types_is_answered_and_shown_as_typed(
    client: Client, lesson: CentreServicePage, query: str
) -> None:
    response = client.get("/search/", {"query": query.encode("utf-8", "surrogatepass")})
    assert response.status_code == 200
    html = response.content.decode()
    assert "<script>alert" not in html
    assert "<h1>Search</h1>" in html
    cleaned = clean_query(query)
    assert len(cleaned) <= MAX_LENGTH
    if cleaned and "\ud83e" not in query:
        assert f'value="{escape(cleaned)}"'.replace("&#x27;", "&#39;") in html.replace("&#x27;", "&#39;")


def test_quotes_and_signs_around_a_word_do_not_hide_what_it_means(client: Client, service: ServicePage) -> None:
    for query in (
        '"juggling"',
        "juggling?",
        "juggling!",
        "(juggling)",
        "  juggling  ",
        "juggling\x00",
        "juggling,lessons",
    ):
        assert found(client, query) == ["Juggling lessons"], query


def test_without_a_question_there_is_only_the_form(client: Client, small_site: Any) -> None:
    response = client.get("/search/")
    html = response.content.decode()
    assert "nhsuk-error-message" not in html
    assert "result" not in html.replace("results-heading", "")
    assert response.context["found"] is None


@pytest.mark.parametrize("query", ["", " ", "\t\n", "\x00", "\u200b\u00a0"])
def test_an_empty_question_is_told_what_to_enter(client: Client, small_site: Any, query: str) -> None:
    html = client.get("/search/", {"query": query}).content.decode()
    assert "Enter what you are looking for" in html


def test_a_question_that_is_too_long_is_told_so_and_answered(client: Client, service: ServicePage) -> None:
    response = client.get("/search/", {"query": "juggling " + " " * 300})
    assert "longer than 200 characters" in response.content.decode()
    assert [result.title for result in response.context["found"].results] == ["Juggling lessons"]


def test_when_nothing_is_found_there_is_a_way_on(client: Client, small_site: Any) -> None:
    response = client.get("/search/?query=quagga")
    html = response.content.decode()
    assert "Nothing found for “quagga”" in html
    assert 'href="/centres/"' in html[html.index("Nothing found") :]
    assert 'href="/services/"' in html[html.index("Nothing found") :]


def test_the_title_of_the_page_carries_the_question(client: Client, small_site: Any) -> None:
    html = client.get("/search/", {"query": "a & b"}).content.decode()
    assert "<title>a &amp; b – search – " in html
    assert 'content="noindex"' in html


@pytest.fixture
def many(small_site: Any) -> int:
    """Twenty-five pages that match "clown"."""
    number = 2 * PER_PAGE + 5
    for each in range(number):
        text_page(small_site.home, title=f"Clown {each:02}")
    return number


def test_results_come_in_pages_that_each_show_once_what_was_found(client: Client, many: int) -> None:
    pages = [found(client, "clown", page=number) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [10, 10, 5]
    assert len({title for page in pages for title in page}) == many
    html = client.get("/search/?query=clown").content.decode()
    assert "25 results for “clown”" in html
    assert 'href="?query=clown&amp;page=2"' in html


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("0", 3),
        ("-1", 3),
        ("4", 3),
        ("999999999999999999999", 3),
        ("two", 1),
        ("", 1),
        ("1.5", 1),
        ("\x00", 1),
        ("٢", 2),
    ],
)
def test_a_page_of_results_that_does_not_exist_shows_the_nearest(
    client: Client, many: int, number: str, shown: int
) -> None:
    response = client.get("/search/", {"query": "clown", "page": number})
    assert response.status_code == 200
    assert response.context["paginator_page"].number == shown


def test_the_question_is_kept_when_one_turns_the_page(client: Client, many: int) -> None:
    response = client.get("/search/", {"query": "clown", "page": "2", "other": "x"})
    html = response.content.decode()
    assert 'href="?query=clown&amp;page=1"' in html
    assert 'href="?query=clown&amp;page=3"' in html


def test_a_search_takes_as_many_queries_for_three_results_as_for_thirty(
    small_site: Any, count_queries: Callable[[str], int]
) -> None:
    centres = [CentrePageFactory(parent=small_site.centres) for _ in range(10)]
    services = [ServicePageFactory(parent=small_site.services, title=f"Acrobat {each}") for each in range(3)]

    def add(kind: str, first: int, last: int) -> None:
        for number in range(first, last):
            if kind == "service at a centre":
                CentreServicePageFactory(parent=centres[number % 10], service=services[number // 10])
            else:
                text_page(small_site.home, title=f"Tumbler {number}")

    for kind, query in (("text", "tumbler"), ("service at a centre", "acrobat")):
        add(kind, 0, 3)
        few = count_queries(f"/search/?query={query}")
        add(kind, 3, 30)
        assert count_queries(f"/search/?query={query}") <= few, kind
