"""Makes documents with real files, and asks for them as a browser does."""

from typing import Any

from django.core.files.base import ContentFile
from django.test import Client, TestCase

from core.models import SiteDocument


def document_of(content: bytes, name: str = "leaflet.pdf", *, is_read: bool = True) -> SiteDocument:
    """Return a document whose file has this content and this name, and has been read."""
    document = SiteDocument(title="Juggling", file=ContentFile(content, name=name))
    with TestCase.captureOnCommitCallbacks(execute=is_read):
        document.save()
    document.refresh_from_db()
    return document


def cover_url(document: SiteDocument) -> str:
    """Return the address of the picture of a file's first page."""
    return f"/documents/{document.pk}/cover.webp"


def get(client: Client, url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return the status, the headers and the content of an answer."""
    response: Any = client.get(url, headers={key.replace("_", "-"): value for key, value in headers.items()})
    # Reading a stream to its end closes the file, too.
    content = b"".join(response) if response.streaming else response.content
    return response.status_code, dict(response.headers), content


def status(client: Client, url: str) -> int:
    """Return the status of an answer."""
    return get(client, url)[0]
