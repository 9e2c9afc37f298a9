"""Sending a part of a file: what players and readers on phones ask for."""

from typing import Any

import pytest
from django.test import Client

from core.models import SiteDocument
from leaflets.models import LeafletPage

from .files import get
from .pdfs import text_pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("temporary_media")]
CONTENT = text_pdf()
SIZE = len(CONTENT)


@pytest.mark.usefixtures("leaflet")
@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-1", 0, 1),
        ("bytes=100-", 100, SIZE - 1),
        ("bytes=-50", SIZE - 50, SIZE - 1),
        ("bytes=0-999999999", 0, SIZE - 1),
        ("bytes=-999999999", 0, SIZE - 1),
        (f"bytes={SIZE - 1}-{SIZE - 1}", SIZE - 1, SIZE - 1),
        ("Bytes = 5 - 9 ", 5, 9),
    ],
)
def test_a_part_that_was_asked_for_is_sent(
    client: Client, document: SiteDocument, asked: str, start: int, end: int
) -> None:
    _, whole, _ = get(client, document.url)
    assert whole["Accept-Ranges"] == "bytes"
    code, headers, content = get(client, document.url, range=asked, accept_encoding="gzip, br")
    assert code == 206
    assert content == CONTENT[start : end + 1]
    assert headers["Content-Range"] == f"bytes {start}-{end}/{SIZE}"
    assert headers["Content-Length"] == str(end + 1 - start)
    for name in ("ETag", "Content-Type", "Content-Disposition", "Content-Security-Policy", "Cache-Control"):
        assert headers[name] == whole[name]
    assert "Content-Encoding" not in headers


@pytest.mark.usefixtures("leaflet")
@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=999999999-", "bytes=-0"])
def test_a_part_that_is_not_there_is_refused_with_the_size(client: Client, document: SiteDocument, asked: str) -> None:
    code, headers, content = get(client, document.url, range=asked)
    assert (code, content) == (416, b"")
    assert headers["Content-Range"] == f"bytes */{SIZE}"


@pytest.mark.usefixtures("leaflet")
@pytest.mark.parametrize("asked", ["bytes=0-1,5-9", "bytes=9-5", "bytes=-", "bytes=a-b", "lines=1-2", "", "bytes=²-"])
def test_what_is_no_single_part_gets_the_whole(client: Client, document: SiteDocument, asked: str) -> None:
    assert get(client, document.url, range=asked)[::2] == (200, CONTENT)


@pytest.mark.usefixtures("leaflet")
def test_a_part_of_a_file_that_was_replaced_is_not_sent(client: Client, document: SiteDocument) -> None:
    tag = get(client, document.url)[1]["ETag"]
    assert get(client, document.url, range="bytes=0-1", if_range=tag)[0] == 206
    for other in ('"another"', f"W/{tag}", "Wed, 21 Oct 2015 07:28:00 GMT"):
        assert get(client, document.url, range="bytes=0-1", if_range=other)[::2] == (200, CONTENT)
    assert get(client, document.url, range="bytes=0-1", if_none_match=tag)[0] == 304


@pytest.mark.usefixtures("leaflet")
def test_only_the_headers_of_the_whole_are_sent_to_who_asks_for_them(client: Client, document: SiteDocument) -> None:
    response: Any = client.head(document.url, headers={"range": "bytes=0-1"})
    assert response.status_code == 200
    assert response["Content-Length"] == str(SIZE)
    assert b"".join(response) == b""


def test_no_part_of_a_file_is_sent_to_who_may_not_have_it(
    client: Client, document: SiteDocument, leaflet: LeafletPage
) -> None:
    assert get(client, document.url, range="bytes=0-1")[0] == 206
    leaflet.unpublish()
    assert get(client, document.url, range="bytes=0-1")[0] == 404
