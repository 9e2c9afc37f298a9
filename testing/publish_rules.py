"""Checks that something wrong is kept as a draft, and refused beside its field when it is to be seen by residents."""

from datetime import timedelta
from typing import Any

from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from core.editorial_rules.drafts import block_error_messages

from .admin_forms import send
from .html import words
from .people import let_choose_files, person_who_may, signed_in


def publisher(at: Page) -> Client:
    """Return the browser of somebody who may write and publish at one page and below, and choose any file."""
    return signed_in(let_choose_files(person_who_may("add", "change", "publish", at=at)))


def beside(response: Any, field: str) -> str:
    """Return what an answer says beside a field, or beside the blocks of a stream or a cell of a row."""
    return _beside(response, BeautifulSoup(response.content, "html.parser"), field)


def _beside(response: Any, soup: BeautifulSoup, field: str) -> str:
    assert response.status_code == 200, response["Location"]
    said = [words(each) for each in soup.select(f"[id$='{field}-errors']")]
    return " ".join(
        [*said, *(sentence for error in _errors(response, field) for sentence in block_error_messages(error))]
    )


def beside_blocks(response: Any, field: str) -> dict[int, str]:
    """Return what an answer says beside each block of a stream, by the number of the block from 0."""
    assert response.status_code == 200, response["Location"]
    [error] = _errors(response, field)
    return {
        number: " ".join(block_error_messages(inner)) for number, inner in getattr(error, "block_errors", {}).items()
    }


def _errors(response: Any, field: str) -> list[ValidationError]:
    found: list[ValidationError] = response.context["form"].errors.as_data().get(field, [])
    return found


def refusals(client: Client, url: str, data: QueryDict) -> list[Any]:
    """Return the answers of the form of `url` to `data` that is published, scheduled, and sent to be looked at."""
    in_a_week = timezone.localtime() + timedelta(days=7)
    scheduled = data.copy()
    scheduled["go_live_at"] = in_a_week.strftime("%d/%m/%Y %H:%M")
    return [send(client, url, data), send(client, url, scheduled), send(client, url, data, action="submit")]


def assert_saved(client: Client, url: str, data: QueryDict) -> None:
    """Check that `data` at the form of `url` can be saved as a draft: by itself, and by hand."""
    saved = client.post(
        url, data.urlencode(), content_type="application/x-www-form-urlencoded", headers={"Accept": "application/json"}
    ).json()
    assert saved["success"], saved
    if "/edit/" in url:
        by_hand = data.copy()
        by_hand["overwrite_revision_id"] = str(saved["revision_id"])
        assert send(client, url, by_hand, action="").status_code == 302


def assert_not_published(client: Client, url: str, data: QueryDict, field: str, message: str) -> None:
    """Check that `data` at the form of `url` is refused beside `field` unless it is saved, by hand or by itself."""
    assert_none_published(client, url, data, {field: message})


def assert_none_published(client: Client, url: str, data: QueryDict, messages: dict[str, str]) -> None:
    """Check the same of `data` that is wrong in several ways: each field has its message beside it."""
    for refused in refusals(client, url, data):
        soup = BeautifulSoup(refused.content, "html.parser")
        for field, message in messages.items():
            assert message in _beside(refused, soup, field), refused.context["form"].errors
    assert_saved(client, url, data)


def assert_published(client: Client, url: str, data: QueryDict) -> None:
    """Check that `data` at the form of `url` is published."""
    response: Any = send(client, url, data)
    assert response.status_code == 302, response.context["form"].errors
