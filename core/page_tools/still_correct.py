"""“Still correct”: recording that somebody confirmed a page, and which pages are due such a check."""

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page

from core.dates import latest_day_before
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


def check_due_q(today: date) -> Q:
    """Return a condition that is true of a page whose last check counts for nothing on `today`.

    `BasePage.is_check_due` says the same of a page at hand.
    """
    due = Q(pk__in=[])
    for months, _ in CHECK_EVERY:
        due |= Q(check_every_months=months, checked_on__lte=latest_day_before(today, months))
    return due
