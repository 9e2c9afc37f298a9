"""Every way in which a page is not public."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction


def as_draft(page: Page) -> None:
    """Make a page one that was never published."""
    page.live = False
    page.first_published_at = page.last_published_at = None
    page.save()


def unpublished(page: Page) -> None:
    """Unpublish a page, as an editor does."""
    page.unpublish()


def expired(page: Page) -> None:
    """Let a page's time run out."""
    page.expire_at = timezone.now() - timedelta(minutes=1)
    page.save()
    call_command("publish_scheduled")
    page.refresh_from_db()
    assert not page.live


def make_private(page: Page, kind: str = PageViewRestriction.LOGIN, **fields: Any) -> PageViewRestriction:
    """Make a page and all beneath it private; a password is `open-sesame`, a group a new one."""
    fields = {"password": "open-sesame", **fields}
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=kind, **fields)
    if kind == PageViewRestriction.GROUPS:
        restriction.groups.add(Group.objects.create(name=f"Jugglers {page.pk}"))
    return restriction


def make_collection_private(collection: Collection) -> CollectionViewRestriction:
    """Let only those who sign in have the files of a collection and of all beneath it."""
    return CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=CollectionViewRestriction.LOGIN
    )


PRIVATE: dict[str, Callable[[Page], Any]] = {
    "for those who sign in": make_private,
    "with a password": partial(make_private, kind=PageViewRestriction.PASSWORD),
    "for a group": partial(make_private, kind=PageViewRestriction.GROUPS),
}
HIDE: dict[str, Callable[[Page], Any]] = {
    "draft": as_draft,
    "unpublished": unpublished,
    "expired": expired,
    **PRIVATE,
}
