"""What is offered while somebody types."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from centres.factories import CentreServicePageFactory
from news.factories import NewsPageFactory
from search import views
from testing.privacy import make_private

from .conftest import Circus

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def offered(client: Client, query: str) -> list[tuple[str, str]]:
    response = client.get("/search/suggestions/", {"query": query})
    assert response.status_code == 200
    return [(each["text"], each["kind"]) for each in response.json()["suggestions"]]


def test_a_service_is_offered_with_its_centres_and_how_sure_each_is(client: Client, circus: Circus) -> None:
    expected = [
        ("Juggling", "Service"),
        ("Juggling at Corringham", "Offered here"),
        ("Juggling at Purfleet", "Planned, not open yet"),
    ]
    for query in ("ju", "jugg", "JUGGLING", "toss", "throw ca"):
        assert offered(client, query)[:3] == expected, query


def test_centres_roles_and_pages_are_offered_by_their_names(client: Client, small_site: Any, circus: Circus) -> None:
    NewsPageFactory(parent=small_site.news, title="Ringing bells")
    assert offered(client, "ring") == [
        ("Ringmaster", "Person you may see"),
        ("Corringham Ring", "Centre"),
        ("Purfleet Ring", "Centre"),
        ("Ringing bells", "News"),
    ]
    assert offered(client, "purfleet ri")[0] == ("Purfleet Ring", "Centre")


@pytest.mark.parametrize("query", ["", " ", "j", "\x00", "qqqq", "*", '"', "🤹", "' OR 1=1", "x" * 10_000])
def test_anything_else_is_answered_with_nothing(client: Client, circus: Circus, query: str) -> None:
    assert offered(client, query) == []


def test_what_is_not_public_is_not_offered(client: Client, circus: Circus) -> None:
    make_private(circus.west)
    circus.ringmaster.unpublish()
    assert offered(client, "ring") == [("Corringham Ring", "Centre")]
    assert offered(client, "jugg") == [("Juggling", "Service"), ("Juggling at Corringham", "Offered here")]


def test_the_browser_may_keep_an_answer_for_a_minute_and_nobody_else(client: Client, circus: Circus) -> None:
    response = client.get("/search/suggestions/?query=jugg")
    assert set(response["Cache-Control"].split(", ")) == {"private", "max-age=60"}


def test_who_asks_too_often_waits(client: Client, circus: Circus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "SUGGESTIONS_LIMIT", replace(views.SUGGESTIONS_LIMIT, most=2))
    assert [client.get("/search/suggestions/?query=ju").status_code for _ in range(3)] == [200, 200, 429]
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert other.get("/search/suggestions/?query=ju").status_code == 200


def test_behind_a_proxy_visitors_are_told_apart_by_the_header_it_sets(
    client: Client, circus: Circus, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.CLIENT_ADDRESS = "HTTP_X_REAL_IP"
    monkeypatch.setattr(views, "SUGGESTIONS_LIMIT", replace(views.SUGGESTIONS_LIMIT, most=1))
    for address, status in (("192.0.2.1", 200), ("192.0.2.2", 200), ("192.0.2.1", 429)):
        assert client.get("/search/suggestions/?query=ju", headers={"x-real-ip": address}).status_code == status


def test_the_queries_do_not_grow(circus: Circus, small_site: Any, count_queries: Callable[[str], int]) -> None:
    few = count_queries("/search/suggestions/?query=jugg")
    for number in range(9):
        NewsPageFactory(parent=small_site.news, title=f"Juggling {number}")
    CentreServicePageFactory(parent=circus.west, service=circus.trapeze)
    assert count_queries("/search/suggestions/?query=jugg") == few <= 12
