"""Checks that something wrong is kept as a draft, and refused beside its field when it is to be seen by residents."""

from datetime import timedelta
from typing import Any

from bs4 import BeautifulSoup
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from core.editorial_rules.drafts import block_error_messages

from .admin_forms import send
from .html import words
from .people import person_who_may, signed_in


def publisher(at: Page) -> Client:
    """Return the browser of somebody who may write and publish at one page and below."""
    return signed_in(person_who_may("add", "change", "publish", at=at))


def beside(response: Any, field: str) -> str:
    """Return what an answer says beside a field, or beside the blocks of a stream or a cell of a row."""
    assert response.status_code == 200, response["Location"]
    soup = BeautifulSoup(response.content, "html.parser")
    said = [words(each) for each in soup.select(f"[id$='{field}-errors']")]
    errors = response.context["form"].errors.as_data().get(field, [])
    return " ".join([*said, *(sentence for error in errors for sentence in block_error_messages(error))])


def assert_not_published(client: Client, url: str, data: QueryDict, field: str, message: str) -> None:
    """Check that `data` at the form of `url` is refused beside `field` unless it is saved, by hand or by itself."""
    in_a_week = timezone.localtime() + timedelta(days=7)
    scheduled = data.copy()
    scheduled["go_live_at"] = in_a_week.strftime("%d/%m/%Y %H:%M")
    answers: list[Any] = [
        send(client, url, data),
        send(client, url, scheduled),
        send(client, url, data, action="submit"),
    ]
    for refused in answers:
        assert message in beside(refused, field), refused.context["form"].errors
    saved = client.post(
        url, data.urlencode(), content_type="application/x-www-form-urlencoded", headers={"Accept": "application/json"}
    ).json()
    assert saved["success"], saved
    if "/edit/" in url:
        by_hand = data.copy()
        by_hand["overwrite_revision_id"] = str(saved["revision_id"])
        assert send(client, url, by_hand, action="").status_code == 302


def assert_published(client: Client, url: str, data: QueryDict) -> None:
    """Check that `data` at the form of `url` is published."""
    response: Any = send(client, url, data)
    assert response.status_code == 302, response.context["form"].errors
