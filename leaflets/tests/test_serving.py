"""Sending files: under which address and name, and that nobody gets an old one."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.http import http_date

from core.models import SiteDocument
from home.factories import SmallSite
from leaflets.factories import LeafletFileFactory, LeafletPageFactory
from leaflets.models import DocumentReading, LeafletPage

from .bad_files import word
from .files import cover_url, document_of, get, status
from .pdfs import text_pdf
from .uploading import replace

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("temporary_media")]


@pytest.mark.usefixtures("leaflet")
def test_a_pdf_opens_in_the_browser_under_its_own_name(client: Client, document: SiteDocument) -> None:
    code, headers, content = get(client, document.url, accept_encoding="gzip")
    assert code == 200
    assert content == text_pdf()
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"] == 'inline; filename="leaflet.pdf"'
    assert headers["Content-length"] == str(len(content))
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-cache"
    assert "Content-Encoding" not in headers
    assert "Last-Modified" not in headers


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("letter.docx", word(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("table.csv", b"Name,Balls\n", "text/csv"),
        ("żonglerka.csv", b"Nazwa\n", "text/csv"),
    ],
)
def test_other_files_are_saved_under_their_own_name(
    client: Client, leaflet: LeafletPage, name: str, content: bytes, kind: str
) -> None:
    other = document_of(content, name)
    LeafletFileFactory.create(leaflet=leaflet, document=other)
    code, headers, _ = get(client, other.url)
    assert code == 200
    assert headers["Content-Type"] == kind
    assert headers["Content-Disposition"].startswith("attachment; ")
    if name.isascii():
        assert f'filename="{name}"' in headers["Content-Disposition"]
    else:
        assert "filename*=UTF-8''%C5%BConglerka.csv" in headers["Content-Disposition"]


@pytest.mark.usefixtures("leaflet")
def test_a_file_is_asked_for_again_and_sent_only_if_it_changed(client: Client, document: SiteDocument) -> None:
    _, headers, _ = get(client, document.url)
    code, again, content = get(client, document.url, if_none_match=headers["ETag"])
    assert (code, content) == (304, b"")
    assert again["ETag"] == headers["ETag"]
    assert get(client, document.url, if_none_match='"another"')[0] == 200


@pytest.mark.usefixtures("leaflet")
def test_an_old_address_gives_the_new_file_and_never_the_old_one(
    client: Client, admin_client: Client, document: SiteDocument
) -> None:
    old_url, old_tag = document.url, get(client, document.url)[1]["ETag"]
    replaced = replace(admin_client, document, "timetable 2021.pdf", text_pdf("New")).document
    assert replaced is not None
    assert replaced.url != old_url
    tomorrow = http_date((timezone.now() + timedelta(days=1)).timestamp())

    for url in (old_url, replaced.url, f"/documents/{document.pk}/a/name/nobody/gave.pdf"):
        for headers in ({}, {"if_none_match": old_tag}, {"if_modified_since": tomorrow}):
            code, _, content = get(client, url, **headers)
            assert (code, content) == (200, text_pdf("New")), (url, headers)


@pytest.mark.usefixtures("leaflet")
def test_only_the_headers_are_sent_to_who_asks_for_them(client: Client, document: SiteDocument) -> None:
    for url in (document.url, cover_url(document)):
        response: Any = client.head(url)
        assert response.status_code == 200
        assert int(response["Content-Length"]) > 0
        assert b"".join(response) == b""
        assert client.post(url).status_code == 405


def test_a_document_that_does_not_exist_is_not_found(client: Client) -> None:
    assert status(client, "/documents/12345/x.pdf") == 404
    assert status(client, "/documents/12345/cover.webp") == 404
    assert status(client, "/documents/99999999999999999999/x.pdf") == 404


def test_a_file_that_is_gone_from_storage_is_not_found(
    client: Client, document: SiteDocument, leaflet: LeafletPage
) -> None:
    for kept in (DocumentReading.objects.get().cover, document.file):
        kept.storage.delete(str(kept.name))
    assert status(client, document.url) == 404
    assert status(client, cover_url(document)) == 404


@pytest.mark.usefixtures("leaflet")
def test_a_cover_is_sent_as_a_picture_that_is_asked_for_again(client: Client, document: SiteDocument) -> None:
    code, headers, content = get(client, cover_url(document))
    assert code == 200
    assert content.startswith(b"RIFF")
    assert headers["Content-Type"] == "image/webp"
    assert headers["Cache-Control"] == "private, no-cache"
    assert get(client, cover_url(document), if_none_match=headers["ETag"])[0] == 304


@pytest.mark.usefixtures("leaflet")
def test_a_new_file_has_a_new_cover(client: Client, admin_client: Client, document: SiteDocument) -> None:
    _, headers, _ = get(client, cover_url(document))
    replace(admin_client, document, "new.pdf", text_pdf("Another first page"))
    code, new_headers, _ = get(client, cover_url(document), if_none_match=headers["ETag"])
    assert code == 200
    assert new_headers["ETag"] != headers["ETag"]


def test_a_file_that_has_no_cover_has_no_address_for_one(client: Client, leaflet: LeafletPage) -> None:
    table = document_of(b"Name,Balls\n", "table.csv")
    LeafletFileFactory.create(leaflet=leaflet, document=table)
    assert status(client, cover_url(table)) == 404


@pytest.mark.usefixtures("leaflet", "document")
def test_neither_files_nor_covers_are_sent_past_these_checks(client: Client, temporary_media: Path) -> None:
    stored = [path.relative_to(temporary_media) for path in temporary_media.rglob("*") if path.is_file()]
    assert {path.parent.name for path in stored} == {"covers", "documents"}
    for path in stored:
        assert status(client, f"/media/{path}") == 404


def test_sending_a_file_takes_few_queries_however_many_pages_use_it(
    client: Client, small_site: SmallSite, document: SiteDocument, leaflet: LeafletPage
) -> None:
    def queries(url: str) -> int:
        status(client, url)
        with CaptureQueriesContext(connection) as captured:
            assert status(client, url) == 200
        return len(captured)

    before = [queries(document.url), queries(cover_url(document))]
    for page in LeafletPageFactory.create_batch(5, parent=small_site.leaflets):
        LeafletFileFactory.create(leaflet=page, document=document)
    assert [queries(document.url), queries(cover_url(document))] == before
    assert max(before) <= 7
