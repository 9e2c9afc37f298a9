"""Reading PDFs: what is found in one, when it is read, and what becomes of a reader that fails."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client, TestCase
from django_tasks_db.models import DBTaskResult
from PIL import Image
from pytest_django import Settings
from wagtail.search.backends import get_search_backend

from core.models import SiteDocument
from home.factories import SmallSite
from leaflets import services
from leaflets.factories import LeafletFileFactory, LeafletPageFactory, NewsletterIssuePageFactory, NewsletterPageFactory
from leaflets.models import DocumentReading, LeafletPage, ReadingState
from leaflets.problems import Problem, language_problems
from leaflets.read_pdf import read_pdf
from leaflets.services import read_document

from .files import document_of
from .pdfs import encrypted, one_page, scan, stream, text_pdf
from .uploading import replace, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("temporary_media")]


def reading_of(content: bytes) -> DocumentReading:
    return DocumentReading.objects.get(document=document_of(content))


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that puts another program in the place of the reader."""

    def put(code: str) -> None:
        path = tmp_path / "program.py"
        path.write_text(code)
        monkeypatch.setattr("leaflets.read_pdf.PROGRAM", path)

    return put


def test_a_good_pdf_is_read_and_nothing_is_wrong_with_it() -> None:
    reading = reading_of(text_pdf())
    assert reading.state == ReadingState.READ
    assert reading.texts == ["Take one ball in each hand.", "Throw the first ball."]
    assert reading.title == "How to juggle"
    assert reading.language == "en-GB"
    assert reading.is_tagged is True
    assert reading.problems == []
    assert reading.read_at is not None
    assert SiteDocument.objects.get().pages == 2


def test_the_cover_is_a_small_picture_of_the_first_page() -> None:
    reading = reading_of(text_pdf())
    with reading.cover.open() as file, Image.open(file) as picture:
        assert picture.format == "WEBP"
        assert picture.size == (reading.cover_width, reading.cover_height) == (400, 567)


@pytest.mark.parametrize(("box", "size"), [("0 0 2000 200", (400, 40)), ("0 0 200 2000", (60, 600))])
def test_the_cover_keeps_the_shape_of_the_page(box: str, size: tuple[int, int]) -> None:
    reading = reading_of(text_pdf("Juggle", box=box))
    assert (reading.cover_width, reading.cover_height) == size


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (scan(), Problem.SCAN),
        (one_page(b""), Problem.NO_WORDS),
        (text_pdf(is_tagged=False), Problem.UNTAGGED),
        (text_pdf(title=""), Problem.NO_TITLE),
        (text_pdf(title="Microsoft Word - letter.docx"), Problem.NO_TITLE),
        (text_pdf(title="letter final.indd"), Problem.NO_TITLE),
        (text_pdf(language=""), Problem.NO_LANGUAGE),
        (text_pdf(language="pl-PL"), Problem.OTHER_LANGUAGE),
        (encrypted("secret"), Problem.LOCKED),
        (encrypted("", may_copy=False), Problem.NO_COPYING),
        (text_pdf()[:500], Problem.BROKEN),
        (text_pdf().replace(b"/Type /Page /Parent", b"/Type /Nope /Parent", 1)[:-300], Problem.BROKEN),
    ],
)
def test_what_is_wrong_is_seen(content: bytes, problem: Problem) -> None:
    assert problem in reading_of(content).problems


def test_one_page_that_is_a_picture_among_others_is_seen() -> None:
    content = text_pdf("Words", "(").replace(b"BT /F1 24 Tf 50 700 Td (() Tj ET", b"0 0 m 99 99 l S                 ")
    assert reading_of(content).problems == [Problem.PART_SCAN]


def test_letters_that_mean_nothing_are_seen_and_not_kept() -> None:
    # A font of our own, whose four signs stand for nothing in Unicode.
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /Own /Encoding /Identity-H %b >>"
    kind = b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Own /CIDSystemInfo << /Registry (A) /Ordering (I) >> >>"
    meaning = b"1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfrange <0001> <0009> <e001> endbfrange"
    content = one_page(
        b"BT /F1 24 Tf 50 700 Td <0001000200030004> Tj ET",
        font % b"/DescendantFonts [6 0 R] /ToUnicode 7 0 R",
        kind,
        stream(meaning),
        resources="/Font << /F1 5 0 R >>",
    )
    reading = reading_of(content)
    assert Problem.NONSENSE in reading.problems
    assert reading.texts == [""]


@pytest.mark.parametrize(
    ("found", "chosen", "problems"),
    [
        ("en-GB", "en", []),
        ("EN_us", "en", []),
        ("", "en", [Problem.NO_LANGUAGE]),
        ("pl", "en", [Problem.OTHER_LANGUAGE]),
        ("kmr", "ku", []),
        ("cmn-Hans", "zh", []),
        ("nonsense", "en", [Problem.OTHER_LANGUAGE]),
    ],
)
def test_a_language_is_the_one_chosen_or_not(found: str, chosen: str, problems: list[Problem]) -> None:
    assert language_problems(found, chosen) == problems


def test_choosing_the_right_language_mends_it_without_reading_again(monkeypatch: pytest.MonkeyPatch) -> None:
    document = document_of(text_pdf(language="pl"))
    assert DocumentReading.objects.get().problems == [Problem.OTHER_LANGUAGE]
    monkeypatch.setattr(services, "read_pdf", None)
    with TestCase.captureOnCommitCallbacks(execute=True):
        document.language = "pl"
        document.save()
    assert DocumentReading.objects.get().problems == []


def test_saving_a_document_does_not_read_it_again() -> None:
    document = document_of(text_pdf())
    before = DocumentReading.objects.get().read_at
    with TestCase.captureOnCommitCallbacks(execute=True):
        document.title = "Renamed"
        document.save()
    assert DocumentReading.objects.get().read_at == before


def test_a_file_in_the_place_of_another_is_read(admin_client: Client) -> None:
    document = upload(admin_client, "old.pdf", text_pdf("Old")).document
    assert document is not None
    replace(admin_client, document, "new.pdf", text_pdf("New", "words", "here"))
    assert DocumentReading.objects.get().texts == ["New", "words", "here"]
    document.refresh_from_db()
    assert document.pages == 3


def test_nothing_of_the_old_file_shows_until_the_new_one_is_read() -> None:
    document = document_of(scan())
    document.file = ContentFile(text_pdf(), name="new.pdf")
    document.save()
    reading = DocumentReading.objects.get()
    document.refresh_from_db()
    assert (reading.state, reading.texts, reading.problems) == (ReadingState.WAITING, [], [])
    assert not reading.cover
    assert document.pages is None


def test_a_file_put_in_place_by_code_is_measured_too() -> None:
    document = document_of(text_pdf())
    first = document.file_hash
    document.file = ContentFile(scan(), name="scan.pdf")
    document.save()
    assert document.file_hash != first
    assert document.file_size == len(scan())


@pytest.mark.database
def test_reading_twice_changes_nothing(temporary_media: Path) -> None:
    document = document_of(text_pdf())
    with TestCase.captureOnCommitCallbacks(execute=True):
        read_document(document.pk)
    assert DocumentReading.objects.get().texts == ["Take one ball in each hand.", "Throw the first ball."]
    assert len(list((temporary_media / "covers").iterdir())) == 1


def test_what_was_found_in_a_file_that_was_replaced_meanwhile_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    document = document_of(text_pdf())

    def replaced(*args: object) -> object:
        SiteDocument.objects.update(file_hash="of another")
        return read_pdf(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(services, "read_pdf", replaced)
    DocumentReading.objects.update(texts=["What the other says"])
    read_document(document.pk)
    assert DocumentReading.objects.get().texts == ["What the other says"]


def test_a_document_that_is_gone_is_no_error() -> None:
    read_document(12345)
    assert not DocumentReading.objects.exists()


def test_a_file_that_is_gone_is_flagged() -> None:
    document = document_of(text_pdf())
    document.file.storage.delete(document.file.name)
    read_document(document.pk)
    reading = DocumentReading.objects.get()
    assert reading.state == ReadingState.FAILED
    assert reading.problems == [Problem.BROKEN]


def test_a_file_that_is_stored_elsewhere_is_read(settings: Settings) -> None:
    elsewhere = {"BACKEND": "leaflets.tests.uploading.StorageElsewhere"}
    settings.STORAGES = {**settings.STORAGES, "default": elsewhere}
    assert reading_of(text_pdf()).texts == ["Take one ball in each hand.", "Throw the first ball."]


def test_a_reader_that_hangs_is_stopped(settings: Settings, program: Callable[[str], None]) -> None:
    settings.READ_FILES_SECONDS = 1
    program("import time; time.sleep(60)")
    reading = reading_of(text_pdf())
    assert reading.state == ReadingState.FAILED
    assert reading.problems == [Problem.SLOW]


@pytest.mark.parametrize(
    "code",
    ["import os; os.abort()", "raise SystemExit(3)", "print('nonsense')", "", "import os; os.kill(os.getpid(), 9)"],
)
def test_a_reader_that_crashes_is_no_error_of_the_server(program: Callable[[str], None], code: str) -> None:
    program(code)
    assert reading_of(text_pdf()).problems == [Problem.BROKEN]


def test_what_a_reader_said_before_it_was_stopped_is_kept(settings: Settings, program: Callable[[str], None]) -> None:
    settings.READ_FILES_SECONDS = 1
    said = json.dumps({"pages": 1, "texts": ["Juggle"], "title": "T", "language": "en", "is_tagged": True})
    program(f"import time; print({said!r}, flush=True); print('{{', flush=True); time.sleep(60)")
    reading = reading_of(text_pdf())
    assert (reading.state, reading.texts, reading.problems) == (ReadingState.READ, ["Juggle"], [])
    assert not reading.cover


def test_the_reader_learns_none_of_our_secrets(program: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "very secret")
    program("import json, os; print(json.dumps({'title': repr(dict(os.environ))}))")
    assert "very secret" not in reading_of(text_pdf()).title


def test_the_reader_limits_itself(tmp_path: Path, program: Callable[[str], None]) -> None:
    reader = (Path(services.__file__).parent / "reader.py").read_text()
    limits = "limit(5); import resource as r; print(json.dumps({'texts': [str(r.getrlimit(each)[0]) for each in "
    program(reader.split("if __name__")[0] + limits + "(r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_FSIZE)]}))")
    memory, seconds, written = map(int, read_pdf(tmp_path / "x.pdf", tmp_path / "x.webp", 5).texts)
    assert memory == 1024**3
    assert seconds == 6
    assert written == 16 * 1024**2


def test_search_finds_a_leaflet_by_what_its_pdf_says(small_site: SmallSite) -> None:
    leaflet = LeafletPageFactory.create(parent=small_site.leaflets)
    newsletter = NewsletterPageFactory.create(parent=small_site.leaflets)
    issue = NewsletterIssuePageFactory.create(parent=newsletter)
    document = document_of(text_pdf("Beware of unicycles."), is_read=False)
    LeafletFileFactory.create(leaflet=leaflet, document=document)
    LeafletFileFactory.create(leaflet=issue, document=document)

    read_document(document.pk)

    found = get_search_backend().search("unicycles", LeafletPage)
    assert {page.pk for page in found} == {leaflet.pk, issue.pk}


def test_a_worker_reads_where_one_runs(settings: Settings) -> None:
    settings.TASKS = settings.TASKS | {"files": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    document = document_of(text_pdf())
    assert DocumentReading.objects.get().state == ReadingState.WAITING

    [task] = DBTaskResult.objects.filter(backend_name="files")
    task.task.call(*task.args_kwargs["args"])

    assert task.args_kwargs["args"] == [document.pk]
    assert DocumentReading.objects.get().state == ReadingState.READ


def read_documents(*arguments: str) -> str:
    out = StringIO()
    call_command("read_documents", *arguments, stdout=out)
    return out.getvalue().strip()


def test_the_command_reads_what_is_still_to_be_read() -> None:
    never = document_of(text_pdf("Never"), is_read=False)
    DocumentReading.objects.filter(document=never).delete()
    document_of(text_pdf("Left by a worker"), is_read=False)
    outdated = document_of(text_pdf("Outdated"))
    DocumentReading.objects.filter(document=outdated).update(file_hash="of an old file", texts=[])
    document_of(text_pdf("Read"))

    assert read_documents() == "Read 3 files."

    assert {reading.texts[0] for reading in DocumentReading.objects.all()} == {
        "Never",
        "Left by a worker",
        "Outdated",
        "Read",
    }
    assert read_documents() == "Read 0 files."
    assert read_documents("--all") == "Read 4 files."
