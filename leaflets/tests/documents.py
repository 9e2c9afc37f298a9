"""Makes the documents and rows of files that the tests of pages need."""

from typing import Any

from core.factories import SiteDocumentFactory
from core.models import SiteDocument
from leaflets.factories import LeafletFileFactory
from leaflets.models import DocumentReading, LeafletFile, LeafletPage


def make_document(
    title: str = "Juggling", *, ending: str = "pdf", pages: int | None = 8, **values: Any
) -> SiteDocument:
    """Return a document of 1.4 MB in English, whose content nobody looks at."""
    document: SiteDocument = SiteDocumentFactory.create(title=title, file__filename=f"juggling.{ending}", **values)
    SiteDocument.objects.filter(pk=document.pk).update(file_size=1_468_006, pages=pages)
    document.refresh_from_db()
    return document


def add_file(leaflet: LeafletPage, document: SiteDocument | None = None, **values: Any) -> LeafletFile:
    """Add a row of files to a leaflet; without a document or an address it is still to be added."""
    file: LeafletFile = LeafletFileFactory.create(leaflet=leaflet, document=document, **values)
    return file


def read(document: SiteDocument, **values: Any) -> DocumentReading:
    """Note what was read in a document, such as `texts` or `problems`."""
    reading, _ = DocumentReading.objects.update_or_create(document=document, defaults={"state": "read", **values})
    return reading
