"""Every way in which a page is not public."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction


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


def private(kind: str) -> Callable[[Page], None]:
    """Return a way to make a page private: for those who sign in, with a password, or for a group."""

    def hide(page: Page) -> None:
        restriction = PageViewRestriction.objects.create(page=page, restriction_type=kind, password="open-sesame")
        if kind == PageViewRestriction.GROUPS:
            restriction.groups.add(Group.objects.create(name=f"Friends of {page.pk}"))

    return hide


PRIVATE = {
    "for those who sign in": private(PageViewRestriction.LOGIN),
    "with a password": private(PageViewRestriction.PASSWORD),
    "for a group": private(PageViewRestriction.GROUPS),
}
HIDE: dict[str, Callable[[Page], None]] = {
    "draft": as_draft,
    "unpublished": unpublished,
    "expired": expired,
    **PRIVATE,
}
