"""Uploading a document: what is let in, what is refused and why, and what editors are told about their PDFs."""

import zipfile
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.test import Client, TestCase
from django.urls import reverse
from pytest_django import Settings
from wagtail.models import Collection

from core.models import SiteDocument
from leaflets.file_types import check_file
from leaflets.models import DocumentReading, ReadingState
from leaflets.problems import Problem
from testing.html import read, words
from testing.people import person_who_may, signed_in

from .bad_files import HTML, archive, open_document, related, word
from .pdfs import scan, text_pdf
from .uploading import Answer, choose, replace, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("temporary_media")]

SCAN = "This PDF is a scan: people who use a screen reader cannot read it."
FRAME = b"\xff\xfb\x90\x00" + bytes(413)
GOOD_FILES = {
    "table.csv": "Name,Balls\nZoë,3\n".encode(),
    "old table.csv": b"Name,Balls\r\nZo\xeb,3\r\n",
    "letter.docx": word(),
    # What Word itself may write before the document, by which filetype knows it.
    "letter with data.docx": archive(
        {
            "[Content_Types].xml": b"wordprocessingml.document.main+xml",
            "_rels/.rels": b"<r/>",
            "customXml/_rels/item1.xml.rels": b"<r/>",
            "customXml/item1.xml": b"<i/>",
            "customXml/itemProps1.xml": b"<i/>",
            "word/document.xml": b"<w/>",
        }
    ),
    "letter.odt": open_document(),
    "letter with links.docx": related("hyperlink", "https://example.org/"),
    # Word notes where its writer keeps the template; nobody else gets there.
    "letter of a template.docx": related("attachedTemplate", "file:///C:\\Users\\ada\\Letter.dotx"),
    "letter with a chart.docx": word(more={"word/embeddings/Microsoft_Excel_Sheet1.xlsx": b"PK"}),
    "about dde.docx": word(more={"word/header1.xml": b"<w:t>Ask the DDE office.</w:t>"}),
    "slides.pptx": archive({"[Content_Types].xml": b"presentationml.presentation.main+xml"}),
    "table.xlsx": archive({"[Content_Types].xml": b"spreadsheetml.sheet.main+xml"}, zipfile.ZIP_STORED),
    "sound.mp3": FRAME,
    "speech of few bits.mp3": b"\xff\xe3\x18\xc4" + bytes(413),
    "sound with checksums.mp3": b"\xff\xfa\x90\x00" + bytes(413),
    "tagged.mp3": b"ID3\x04\x00\x00\x00\x00\x01\x00" + bytes(128) + FRAME,
    "LEAFLET v1.2.PDF": text_pdf(),
    "after a blank line.pdf": b"\r\n" + text_pdf(),
    "after a byte order mark.pdf": b"\xef\xbb\xbf\r\n" + text_pdf(),
}
Upload = Callable[[Client, str, bytes], Answer]
UPLOADS = [upload, choose]


def editor_of(name: str, *permissions: str) -> Client:
    """Return the browser of somebody who works with the documents of one collection, which is made."""
    collection = Collection.get_first_root_node().add_child(name=name)
    return signed_in(person_who_may(*(permissions or ("add_document", "choose_document")), at=collection))


@pytest.mark.parametrize("name", GOOD_FILES)
@pytest.mark.parametrize("how", UPLOADS)
def test_a_file_that_is_what_its_name_says_is_kept(admin_client: Client, how: Upload, name: str) -> None:
    answer = how(admin_client, name, GOOD_FILES[name])
    assert answer.document is not None, answer.refusal
    with answer.document.file.open() as kept:
        assert kept.read() == GOOD_FILES[name]
    assert answer.document.file_size == len(GOOD_FILES[name])


@pytest.mark.parametrize("how", UPLOADS)
@pytest.mark.parametrize("extension", ["docx", "mp3", "odt", "pdf", "pptx", "xlsx"])
def test_a_disguised_file_is_refused_with_what_to_do(admin_client: Client, how: Upload, extension: str) -> None:
    refusal = how(admin_client, f"page.{extension}", HTML).refusal
    assert f"called .{extension} but it is not one inside" in refusal
    assert f"save it as {extension.upper()} again" in refusal


@pytest.mark.parametrize("how", UPLOADS)
def test_a_file_that_is_too_large_is_refused_with_the_limit(
    admin_client: Client, settings: Settings, how: Upload
) -> None:
    settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 1024
    refusal = how(admin_client, "long.pdf", text_pdf() + bytes(1024)).refusal
    assert "too big" in refusal
    assert "1.0\xa0KB" in refusal


def test_an_archive_that_is_damaged_anywhere_is_refused_or_read() -> None:
    content = word(more={"word/media/x": bytes(5000)})
    for place in range(len(content)):
        damaged = bytearray(content)
        damaged[place] ^= 0xFF
        # Any other error would fail the test.
        with suppress(ValidationError):
            check_file("letter.docx", BytesIO(damaged))


@pytest.mark.parametrize("how", UPLOADS)
def test_the_same_file_twice_is_refused_and_the_editor_is_told_where_it_is(admin_client: Client, how: Upload) -> None:
    collection = Collection.get_first_root_node().add_child(name="Posters")
    document = upload(admin_client, "first.pdf", text_pdf(), collection=collection.pk, title="Juggling").document
    assert document is not None

    refusal = how(admin_client, "second.pdf", text_pdf()).refusal

    assert refusal == "This file is here already, as “Juggling” in the collection “Posters”. Use that one."


def test_an_editor_is_not_told_of_files_in_collections_of_others(admin_client: Client) -> None:
    other = Collection.get_first_root_node().add_child(name="Secret")
    upload(admin_client, "secret.pdf", text_pdf(), collection=other.pk, title="Secret")
    editor = editor_of("Posters")

    assert upload(editor, "mine.pdf", text_pdf()).document is not None
    assert "already" in upload(editor, "again.pdf", text_pdf()).refusal


def test_a_document_can_be_saved_again_without_a_new_file(admin_client: Client) -> None:
    document = upload(admin_client, "leaflet.pdf", text_pdf()).document
    assert document is not None
    url = reverse("wagtaildocs:edit", args=[document.pk])
    response = admin_client.post(url, {"title": "Renamed", "language": "pl", "tags": ""})
    assert response.status_code == 302
    document.refresh_from_db()
    assert (document.title, document.language) == ("Renamed", "pl")


def test_a_file_is_replaced_by_another_of_its_type_only(admin_client: Client) -> None:
    document = upload(admin_client, "leaflet.pdf", text_pdf()).document
    assert document is not None

    refusal = replace(admin_client, document, "letter.docx", word()).refusal
    assert "This document is a .pdf file" in refusal
    assert replace(admin_client, document, "new.PDF", text_pdf("New")).document is not None


def test_the_file_that_was_replaced_is_gone_from_storage(admin_client: Client, temporary_media: Path) -> None:
    document = upload(admin_client, "leaflet.pdf", text_pdf()).document
    assert document is not None

    replace(admin_client, document, "new.pdf", text_pdf("New"))

    assert [path.name for path in (temporary_media / "documents").iterdir()] == ["new.pdf"]
    assert len(list((temporary_media / "covers").iterdir())) == 1


def test_a_document_that_is_deleted_takes_its_file_and_its_cover_along(
    admin_client: Client, temporary_media: Path
) -> None:
    document = upload(admin_client, "leaflet.pdf", text_pdf()).document
    assert document is not None
    with TestCase.captureOnCommitCallbacks(execute=True):
        admin_client.post(reverse("wagtaildocs:delete", args=[document.pk]))
    assert not SiteDocument.objects.exists()
    assert [path for path in temporary_media.rglob("*") if path.is_file()] == []


def test_the_language_is_english_until_an_editor_says_otherwise(admin_client: Client) -> None:
    answer = upload(admin_client, "leaflet.pdf", text_pdf())
    assert answer.document is not None
    assert answer.document.language == "en"
    chosen = choose(admin_client, "other.pdf", text_pdf("Inna"), language="pl").document
    assert chosen is not None
    assert chosen.language == "pl"


def test_what_is_wrong_with_a_pdf_is_said_as_soon_as_it_is_uploaded(admin_client: Client) -> None:
    answer = upload(admin_client, "scan.pdf", scan())
    assert answer.document is not None
    assert SCAN in answer.shown


def test_what_is_wrong_with_a_pdf_is_said_beside_its_file(admin_client: Client) -> None:
    document = upload(admin_client, "scan.pdf", scan()).document
    assert document is not None
    soup = read(admin_client, reverse("wagtaildocs:edit", args=[document.pk]))
    [said] = soup.select("#id_file-helptext")
    assert SCAN in words(said)
    assert "Make it from the original document instead." in words(said)


def test_a_pdf_with_nothing_wrong_is_praised(admin_client: Client) -> None:
    assert "found nothing wrong" in upload(admin_client, "leaflet.pdf", text_pdf()).shown


def test_an_editor_is_told_that_a_pdf_is_still_to_be_read(admin_client: Client) -> None:
    document = upload(admin_client, "leaflet.pdf", text_pdf()).document
    assert document is not None
    DocumentReading.objects.update(state=ReadingState.WAITING)
    soup = read(admin_client, reverse("wagtaildocs:edit", args=[document.pk]))
    assert "has not been read yet" in words(soup.select_one("#id_file-helptext"))


def test_nothing_is_said_of_files_that_are_not_read(admin_client: Client) -> None:
    answer = upload(admin_client, "table.csv", b"Name,Balls\n")
    assert answer.document is not None
    assert "PDF" not in answer.shown
    assert DocumentReading.objects.get().problems == []


def test_every_problem_says_what_is_wrong_and_what_to_do() -> None:
    reading = DocumentReading(problems=[*Problem.values, "of an older version"])
    assert len(reading.problem_texts) == len(Problem)
    for text in reading.problem_texts:
        assert text.count(". ") >= 1
        assert text.endswith(".")


def test_a_title_that_is_code_is_shown_as_text(admin_client: Client) -> None:
    upload(admin_client, "first.pdf", text_pdf(), title="<script>alert(1)</script>")
    answer = choose(admin_client, "second.pdf", text_pdf())
    assert "<script>alert(1)</script>" not in answer.shown
    assert "<script>alert(1)</script>" in answer.refusal
    assert SiteDocument.objects.count() == 1
