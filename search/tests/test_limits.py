"""How often the search answers one address, what is said then, and that it needs no cache."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from redis.exceptions import ConnectionError as RedisConnectionError

from search import views
from search.log import worth_keeping
from search.models import MAX_LOGGED, LoggedSearch
from search.normalisation import MAX_LENGTH, clean_query

from .conftest import Circus

pytestmark = [pytest.mark.database, pytest.mark.django_db]

# One sign that stands for 18 letters.
GROWING = "\ufdfa"


@pytest.fixture
def twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "SEARCH_LIMIT", replace(views.SEARCH_LIMIT, most=2))


def test_who_searches_too_often_is_asked_to_wait_and_sees_where_to_get_help(
    client: Client, circus: Circus, twice: None
) -> None:
    assert [client.get("/search/?query=juggling").status_code for _ in range(2)] == [200, 200]
    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/search/?query=juggling")
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    html = answer.content.decode()
    assert "Please wait a minute" in html
    assert "999" in html
    assert "111" in html
    assert 'value="juggling"' in html
    assert not [query for query in queries if not query["sql"].startswith("SELECT")]
    answer = client.get("/search/?format=json&query=juggling")
    assert (answer.status_code, "wait a minute" in answer.json()["error"]) == (429, True)
    # The form costs nothing, and others search on.
    assert client.get("/search/").status_code == 200
    assert Client(REMOTE_ADDR="192.0.2.7").get("/search/?query=juggling").status_code == 200


def test_machines_of_one_connection_share_a_limit(circus: Circus, twice: None) -> None:
    codes = [
        Client(REMOTE_ADDR=f"2001:db8:1:2::{number}").get("/search/?query=juggling").status_code for number in range(3)
    ]
    assert codes == [200, 200, 429]


@pytest.mark.parametrize("error", [RedisConnectionError("away"), OSError("full"), EOFError()])
def test_without_its_cache_the_search_still_answers(
    client: Client, circus: Circus, twice: None, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    client.get("/search/")

    def fail(*args: Any, **kwargs: Any) -> None:
        raise error

    monkeypatch.setattr("core.rate_limits.cache", type("Away", (), dict.fromkeys(("add", "incr", "get"), fail))())
    assert [client.get("/search/?query=juggling").status_code for _ in range(4)] == [200] * 4
    assert client.get("/search/suggestions/?query=ju").status_code == 200


@pytest.mark.parametrize("text", [GROWING * 200, GROWING * 5000, "\u0390" * 300, "ß" * 300, "각" * 300, "b c " * 100])
def test_a_text_that_grows_is_measured_as_it_is_searched_for(client: Client, circus: Circus, text: str) -> None:
    assert len(clean_query(text)) <= MAX_LENGTH
    for address in ("/search/", "/search/suggestions/"):
        assert client.get(address, {"query": text}).status_code == 200
    assert client.post(f"/search/opened/?kind=service&query={text[:60]}").status_code == 204
    assert "longer than 200 characters" in client.get("/search/", {"query": text}).content.decode()


def test_what_is_longer_in_plain_letters_than_a_row_holds_is_not_kept(client: Client, circus: Circus) -> None:
    assert worth_keeping(GROWING * 10) == ""
    assert client.get("/search/", {"query": GROWING * 10}).status_code == 200
    assert not LoggedSearch.objects.exists()
    assert len(worth_keeping("ß" * 30)) <= MAX_LOGGED
