"""“Still correct”: recording that somebody confirmed a page, and which pages are due such a check."""

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page

from core.dates import describe_day, latest_day_before
from core.models import CHECK_EVERY, BasePage
from core.permissions import may_change
from users.models import User

# In a page's history when somebody confirmed that it is still right.
STILL_CORRECT = "core.still_correct"


def may_confirm(page: Page, user: User) -> bool:
    """Whether somebody may record that a page is still right: residents see it, and it is theirs to change."""
    return isinstance(page, BasePage) and page.live and may_change(page, user)


@transaction.atomic
def mark_checked(*, page: BasePage, user: User) -> None:
    """Record that `user` confirmed today that everything on a live page is right; its history says who.

    Nothing else of the page changes: what is still a draft stays one, but will not bring an older date back.
    """
    today = timezone.localdate()
    type(page)._default_manager.filter(pk=page.pk).update(checked_on=today)
    for revision in page.revisions.filter(pk__in=[page.live_revision_id, page.latest_revision_id]):
        revision.content["checked_on"] = today.isoformat()
        # Not saved as usual, which would unschedule other revisions.
        page.revisions.filter(pk=revision.pk).update(content=revision.content)
    page.checked_on = today
    log(instance=page, action=STILL_CORRECT, user=user)


def unchecked_sentence(page: BasePage) -> str:
    """Return what to tell somebody who published a page and did not say that all of it is right; else ""."""
    if not page.needs_check or page.checked_on == timezone.localdate():
        return ""
    if page.checked_on is None:
        return "Nobody has confirmed that everything on this page is right. Residents read that it was never checked."
    return (
        "You did not tick that everything on this page is right today. Residents still read that it was last checked "
        f"on {describe_day(page.checked_on)}."
    )


def check_due_q(today: date) -> Q:
    """Return a condition that is true of a page whose last check counts for nothing on `today`, or that had none.

    `BasePage.is_check_due` says the same of a page at hand; types that need no check are left to whoever asks.
    """
    due = Q(checked_on=None)
    for months, _ in CHECK_EVERY:
        due |= Q(check_every_months=months, checked_on__lte=latest_day_before(today, months))
    return due
