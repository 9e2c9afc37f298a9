"""What is remembered of searches: enough to learn from, nothing about the person."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from search import log, views
from search.models import LoggedSearch

from .conftest import Circus

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def test_a_search_is_kept_with_its_day_words_and_number_of_results(client: Client, circus: Circus) -> None:
    client.get("/search/?query=JUGGLING!")
    kept = LoggedSearch.objects.values("day", "query", "results", "clicked").get()
    assert kept == {"day": timezone.localdate(), "query": "juggling", "results": 3, "clicked": ""}


@pytest.mark.parametrize(
    "again", ["page=2", "kind=news", "centre=x", "status=planned", "year=2026", "sort=newest", "exact=1", "format=json"]
)
def test_turning_narrowing_and_sorting_are_no_new_search(client: Client, circus: Circus, again: str) -> None:
    client.get(f"/search/?query=juggling&{again}")
    assert not LoggedSearch.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        "someone@example.org",
        "mail someone @ example.org",
        "07700 900123",
        "01632-960-000",
        "nhs number 943 476 5919",
        "my number is 9434765919",
        "x" * 61,
        "a " * 40,
        "???",
    ],
)
def test_what_may_say_who_somebody_is_is_not_kept(client: Client, circus: Circus, query: str) -> None:
    client.get("/search/", {"query": query})
    assert not LoggedSearch.objects.exists()


def test_a_postcode_of_a_search_is_kept_as_words(client: Client, circus: Circus) -> None:
    client.get("/search/?query=juggling+RM19")
    assert LoggedSearch.objects.get().query == "juggling rm19"


def test_the_kind_of_result_that_was_opened_is_kept(client: Client, circus: Circus) -> None:
    html = client.get("/search/?query=juggling").content.decode()
    assert 'ping="http://testserver/search/opened/?kind=service_at_centre&amp;query=juggling"' in html
    LoggedSearch.objects.all().delete()
    response = Client(enforce_csrf_checks=True).post("/search/opened/?kind=service_at_centre&query=juggling")
    assert response.status_code == 204
    assert not response.cookies
    kept = LoggedSearch.objects.get()
    assert (kept.query, kept.clicked) == ("juggling", "service_at_centre")


@pytest.mark.parametrize(
    "address", ["?kind=nonsense&query=juggling", "?query=juggling", "", "?kind=news&query=a@b.org", "?kind=news"]
)
def test_a_made_up_opening_is_not_kept(client: Client, address: str) -> None:
    assert client.post(f"/search/opened/{address}").status_code == 204
    assert not LoggedSearch.objects.exists()


def test_openings_are_only_posted_and_not_too_many(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/search/opened/?kind=news&query=juggling").status_code == 405
    monkeypatch.setattr(views, "OPENED_LIMIT", replace(views.OPENED_LIMIT, most=2))
    for _ in range(4):
        client.post("/search/opened/?kind=news&query=juggling")
    assert LoggedSearch.objects.count() == 2


def test_a_search_is_answered_when_it_cannot_be_kept(
    client: Client, circus: Circus, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise DatabaseError("full")

    monkeypatch.setattr(LoggedSearch.objects, "create", fail)
    assert client.get("/search/?query=juggling").status_code == 200


def test_searches_are_kept_for_thirteen_months() -> None:
    today = date(2026, 6, 15)
    for days in (0, 400, 403, 404, 1000):
        LoggedSearch.objects.create(day=today - timedelta(days=days), query=f"q{days}")
    assert log.forget(today) == 2
    assert set(LoggedSearch.objects.values_list("query", flat=True)) == {"q0", "q400", "q403"}


def test_only_what_three_have_asked_is_shown() -> None:
    for query, times, results in (("rare", 2, 0), ("known", 4, 7), ("missing", 3, 0)):
        for _ in range(times):
            log.remember(query, results=results)
    log.remember("known", clicked="news")
    log.remember("rare", clicked="news")
    shown = [(row["query"], row["searches"], row["clicks"], row["most"]) for row in log.popular()]
    assert shown == [("known", 4, 1, 7), ("missing", 3, 0, 0)]


def test_the_tick_forgets_what_is_old() -> None:
    LoggedSearch.objects.create(day=timezone.localdate() - timedelta(days=500), query="old")
    LoggedSearch.objects.create(day=timezone.localdate(), query="new")
    call_command("tick")
    assert LoggedSearch.objects.get().query == "new"
