"""Bad uploads through the admin's own screens: refused in plain words or flagged, never an error of the server."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from core.models import SiteDocument
from leaflets.models import DocumentReading
from testing.uploads import forget_peak, peak

from .bad_files import FLAGGED, KEPT, REFUSED, BadFile, bad_files
from .pdfs import text_pdf
from .uploading import Answer, choose, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("temporary_media")]

STRANGE_NAMES = [
    "../../../etc/letter.pdf",
    "..\\..\\letter.pdf",
    "<script>alert(1)</script>.pdf",
    "gpj.\u202efdp.pdf",
    "le\x00tter.pdf",
    "x" * 300 + ".pdf",
    "\U0001f389\U0001f389.pdf",
]
MEGABYTE = 1024 * 1024


def wait_for(file: BadFile, settings: Settings) -> None:
    """Read a file for as long as it needs; one that is flagged for whatever comes of it needs no patience."""
    settings.READ_FILES_SECONDS = 1 if file.outcome == FLAGGED else 4


def assert_dealt_with(file: BadFile, answer: Answer) -> None:
    if file.outcome == REFUSED:
        assert answer.document is None, file.name
        assert answer.refusal.endswith((".", ").")), answer.refusal
        assert not SiteDocument.objects.exists(), file.name
        return
    assert answer.document is not None, f"{file.name}: {answer.refusal}"
    reading = DocumentReading.objects.get(document=answer.document)
    if file.outcome == KEPT:
        assert reading.texts == ["Take one ball in each hand.", "Throw the first ball."], file.name
        assert reading.problems == [], file.name
    elif file.outcome == FLAGGED:
        assert reading.problems, file.name
    else:
        assert file.outcome in reading.problems, file.name


@pytest.mark.parametrize("file", [pytest.param(file, id=str(number)) for number, file in enumerate(bad_files())])
def test_a_bad_upload_in_the_chooser_is_refused_or_flagged(
    admin_client: Client, settings: Settings, file: BadFile
) -> None:
    wait_for(file, settings)
    assert_dealt_with(file, choose(admin_client, file.name, file.content()))


def test_there_are_enough_bad_files() -> None:
    assert len({file.name for file in bad_files()}) >= 30


@pytest.mark.parametrize("name", STRANGE_NAMES)
def test_a_strange_name_becomes_a_plain_one(admin_client: Client, temporary_media: Path, name: str) -> None:
    document = upload(admin_client, name, text_pdf()).document
    assert document is not None
    assert document.filename.isascii()
    assert document.filename.endswith(".pdf")
    assert Path(document.file.path).parent == temporary_media / "documents"


def test_bad_uploads_among_several_are_refused_or_flagged_and_do_not_fill_the_memory_of_the_web_process(
    admin_client: Client, settings: Settings
) -> None:
    files = [(file, file.content()) for file in bad_files()]
    upload(admin_client, "letter.pdf", text_pdf())
    before = forget_peak()
    for file, content in files:
        SiteDocument.objects.all().delete()
        wait_for(file, settings)
        assert_dealt_with(file, upload(admin_client, file.name, content))
    assert peak() - before < 200 * MEGABYTE
