"""Everything that is written about what is in files: which are to be read, what was found, and their covers."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.search.index import insert_or_update_object

from core.models import SiteDocument
from core.uploads.file_names import ending_of

from .models import DocumentReading, LeafletPage, ReadingState
from .problems import LANGUAGE_PROBLEMS, language_problems, problems_of
from .read_pdf import Found, read_pdf

# What is kept of a language that a PDF names; real ones are shorter (BCP 47, 4.4.1).
MAX_LANGUAGE = 35


def expect_reading(document: SiteDocument) -> bool:
    """Note that a document's file is to be read, if it is new; return whether it is.

    What was known of the file it replaces is forgotten at once, so that nobody sees it beside the new one.
    """
    known = DocumentReading.objects.filter(document=document.pk).first()
    if known and known.file_hash == document.file_hash:
        _note_language(known, document.language)
        return False
    _keep(document, DocumentReading(file_hash=document.file_hash), pages=None)
    return True


def read_document(document_id: int) -> None:
    """Read a document's file and keep what was found; search finds its words from then on.

    It may be done again at any time. A document that is gone, or whose file was replaced meanwhile, is left alone.
    """
    document = SiteDocument.objects.filter(pk=document_id).first()
    if document is None:
        return
    found = _found_in(document)
    with transaction.atomic():
        current = SiteDocument.objects.select_for_update().filter(pk=document_id).first()
        if current is None or current.file_hash != document.file_hash:
            return
        _keep(current, _reading(current, found), pages=found.pages)
    index_leaflets_with(SiteDocument.objects.filter(pk=document_id))


def index_leaflets_with(documents: "QuerySet[SiteDocument]") -> None:
    """Have search learn again what the leaflets with these files say, because a file or who may have it changed."""
    for page in LeafletPage.objects.filter(files__document__in=documents.values("pk")).distinct():
        insert_or_update_object(page)


def _found_in(document: SiteDocument) -> Found:
    """Return what is in a document's file; of one that is not a PDF, or is not there, nothing."""
    if ending_of(document.filename) != "pdf":
        return Found()
    with TemporaryDirectory() as folder:
        try:
            with _local_path(document, Path(folder)) as path:
                return read_pdf(path, Path(folder) / "cover.webp", settings.READ_FILES_SECONDS)
        except FileNotFoundError:
            return Found(error="broken")


@contextmanager
def _local_path(document: SiteDocument, folder: Path) -> Iterator[Path]:
    """Give the path of a document's file, or of a copy where files are stored elsewhere."""
    if document.is_stored_locally():
        yield Path(document.file.path)
        return
    copy = folder / "copy.pdf"
    with document.open_file() as stored, copy.open("wb") as local:
        copyfileobj(stored, local)
    yield copy


def _reading(document: SiteDocument, found: Found) -> DocumentReading:
    is_pdf = ending_of(document.filename) == "pdf"
    reading = DocumentReading(
        state=ReadingState.FAILED if found.error else ReadingState.READ,
        file_hash=document.file_hash,
        read_at=timezone.now(),
        title=found.title,
        language=found.language[:MAX_LANGUAGE],
        is_tagged=found.is_tagged,
        texts=found.texts,
        problems=problems_of(found, document.language) if is_pdf else [],
    )
    if found.cover:
        reading.cover = ContentFile(found.cover, name=f"{document.pk}.webp")
        reading.cover_width, reading.cover_height = found.cover_width, found.cover_height
    return reading


def _keep(document: SiteDocument, reading: DocumentReading, *, pages: int | None) -> None:
    """Keep a reading in the place of the one there was, and take away its cover."""
    with transaction.atomic():
        old = DocumentReading.objects.filter(document=document.pk).first()
        reading.document_id = document.pk
        reading.pk = old.pk if old else None
        reading.save(force_insert=old is None, force_update=old is not None)
        # Not saved as a document: its file has not changed, and the editor who has it open sees no conflict.
        SiteDocument.objects.filter(pk=document.pk).update(pages=pages)
        if old:
            delete_cover(old)


def _note_language(reading: DocumentReading, chosen: str) -> None:
    """Say again whether a file's language is the one chosen, which may have changed."""
    if reading.state != ReadingState.READ or not reading.texts:
        return
    others = [problem for problem in reading.problems if problem not in LANGUAGE_PROBLEMS]
    problems = [*others, *language_problems(reading.language, chosen)]
    if problems != reading.problems:
        reading.problems = problems
        reading.save(update_fields=["problems"])


def delete_cover(reading: DocumentReading) -> None:
    """Delete the picture of a file's first page from storage once the change that made it useless is certain."""
    if name := reading.cover.name:
        storage: Storage = reading.cover.storage
        transaction.on_commit(lambda: storage.delete(name), robust=True)
