"""Uploads files as Wagtail's three screens do: several at once, in a chooser, and on the screen of one document."""

from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from bs4 import BeautifulSoup
from django.core.files import File
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection

from core.models import SiteDocument


@dataclass(frozen=True)
class Answer:
    """What an upload led to: a document, or why there is none; `shown` is what the editor sees next."""

    document: SiteDocument | None
    refusal: str
    shown: str


class StorageElsewhere(FileSystemStorage):
    """Stands for storage that has no files on this machine, such as S3: it does not say where they are."""

    def open(self, name: str, mode: str = "rb") -> File[Any]:
        """Return a file as any storage does."""
        return FileSystemStorage().open(name, mode)

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        """Keep a file as any storage does."""
        return FileSystemStorage().save(name, content, max_length)

    def path(self, name: str) -> str:
        """Refuse, as such storage does."""
        raise NotImplementedError


def _post(client: Client, url: str, data: dict[str, Any]) -> HttpResponseBase:
    """Post a form. What waits until the change is certain, such as reading the file, happens at once.

    So it does on the site, where these screens keep no transaction open; the tests do.
    """
    with patch("django.db.transaction.on_commit", lambda do, **_: do()):
        return client.post(url, data)


def upload(client: Client, name: str, content: bytes, **values: Any) -> Answer:
    """Upload a file on the screen that takes several at once."""
    data = {"files[]": SimpleUploadedFile(name, content), "title": "Leaflet", **values}
    response: Any = _post(client, reverse("wagtaildocs:add_multiple"), data)
    assert response.status_code == 200, response.status_code
    answer = response.json()
    document = SiteDocument.objects.get(pk=answer["doc_id"]) if answer["success"] else None
    return Answer(document, answer.get("error_message", ""), answer.get("form", ""))


def choose(client: Client, name: str, content: bytes, **values: Any) -> Answer:
    """Upload a file in the chooser that opens from a page."""
    prefix = "document-chooser-upload-"
    root = Collection.get_first_root_node().pk
    data = {"title": "Leaflet", "language": "en", "tags": "", "collection": root, **values}
    data["file"] = SimpleUploadedFile(name, content)
    url = reverse("wagtaildocs_chooser:create")
    response: Any = _post(client, url, {prefix + field: value for field, value in data.items()})
    assert response.status_code == 200, response.status_code
    answer = response.json()
    if answer["step"] == "chosen":
        return Answer(SiteDocument.objects.get(pk=answer["result"]["id"]), "", "")
    return Answer(None, "\n".join(_errors(answer["htmlFragment"])), answer["htmlFragment"])


def _errors(html: str) -> list[str]:
    return [each.get_text(" ", strip=True) for each in BeautifulSoup(html, "html.parser").select(".error-message")]


def replace(client: Client, document: SiteDocument, name: str, content: bytes, **values: Any) -> Answer:
    """Put another file in the place of a document's own, on its screen."""
    url = reverse("wagtaildocs:edit", args=[document.pk])
    data = {"title": document.title, "language": document.language, "tags": "", **values}
    response: Any = _post(client, url, data | {"file": SimpleUploadedFile(name, content)})
    if response.status_code == 302:
        return Answer(SiteDocument.objects.get(pk=document.pk), "", "")
    assert response.status_code == 200, response.status_code
    return Answer(None, "\n".join(_errors(response.content.decode())), response.content.decode())
