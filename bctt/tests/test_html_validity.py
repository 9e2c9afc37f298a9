"""Checks the HTML of every page type, in every state, with the Nu HTML checker."""

import gc
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client
from pytest_django import DjangoDbBlocker
from wagtail.models import Page, PageLogEntry

from bctt.tests.example_pages import begin_with_example_pages
from core.starter_content import MADE
from testing.database_copies import DatabaseCopies

# Every reason to accept what the checker calls an error or a warning, as the beginning of its message.
ACCEPTED: dict[str, str] = {}


@pytest.fixture(scope="class")
def examples_in_place(database_copies: DatabaseCopies, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, str]]:
    with (
        django_db_blocker.unblock(),
        database_copies.lasting("example pages", begin_with_example_pages) as paths,
    ):
        yield paths


@pytest.mark.html
# Wagtail leaves the temporary files of pictures to the garbage collector, which must not come in another test.
@pytest.mark.filterwarnings("ignore:[Uu]nclosed file:ResourceWarning")
def test_every_page_is_valid_html(
    examples_in_place: dict[str, str], client: Client, db: None, vnu: list[str], rf: Any, tmp_path: Path
) -> None:
    starter = set(PageLogEntry.objects.filter(action=MADE).values_list("page", flat=True))
    paths = {page.url: page.url for page in Page.objects.filter(pk__in=starter)} | examples_in_place
    assert len(paths) > 100
    pages = {name: client.get(path) for name, path in paths.items()}
    secret = pages["password asked"].context["action_url"]
    html = {name: response.content.decode() for name, response in pages.items()}
    html["password wrong"] = client.post(secret, {"password": "no", "return_url": "/for-friends/"}).content.decode()
    html["follow, with errors"] = client.post("/follow/", {"email": "<no>"}).content.decode()
    html["follow link, with errors"] = client.post("/follow/link/", {}).content.decode()
    html |= _error_pages(rf.get("/"))
    gc.collect()

    files = {}
    for number, (name, text) in enumerate(html.items()):
        file = tmp_path / f"{number}.html"
        file.write_text(text, encoding="utf-8")
        files[str(file)] = name

    command = [*vnu, "--format", "json", "--exit-zero-always", *files]
    checked = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 (our own command)
    found: dict[str, set[str]] = {}
    for message in json.loads(checked.stderr)["messages"]:
        if message["type"] == "error" or message.get("subType") == "warning":
            text = f"{message['message']} {message.get('extract', '').strip()!r}"
            found.setdefault(text, set()).add(files[message["url"].removeprefix("file:")])
    wrong = [f"{text} on {sorted(names)}" for text, names in found.items() if not text.startswith(tuple(ACCEPTED))]
    assert not wrong, "\n".join(wrong)


def _error_pages(request: HttpRequest) -> dict[str, str]:
    """Return the pages that Django shows when something is wrong; 500 and CSRF get no context."""
    return {
        "403": render_to_string("403.html", {}, request),
        "403 for a form": render_to_string("403_csrf.html"),
        "500": render_to_string("500.html"),
    }
