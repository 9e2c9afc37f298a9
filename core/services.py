"""Every write of the site as a whole that is more than a save: what is due by the clock, and what was checked."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import log
from wagtail.models import DraftStateMixin, Page, Revision
from wagtail.signals import page_published, page_unpublished, published, unpublished

from users.models import User

from .models import BasePage

logger = logging.getLogger(__name__)

SIGNALS = (published, unpublished, page_published, page_unpublished)
# In a page's history when somebody confirmed that it is still right.
STILL_CORRECT = "core.still_correct"


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


def publish_due() -> list[str]:
    """Unpublish what has expired, then publish what was scheduled for a time that has come, earliest first.

    Whatever goes wrong with one thing is logged and does not stop the others, nor the other receivers of its
    signal. Returns a line for each thing that could not be done; it is tried again the next time.
    """
    now = timezone.now()
    work: list[tuple[str, Callable[[], Any]]] = [
        (f"unpublish “{each}”", partial(each.unpublish, set_expired=True, log_action="wagtail.unpublish.scheduled"))
        for expired in _expired(now)
        for each in expired
    ]
    due = Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at")
    work += [
        (f"publish “{each.object_str}”", partial(each.publish, log_action="wagtail.publish.scheduled")) for each in due
    ]
    failed = []
    with _receivers_on_their_own():
        for words, do in work:
            try:
                do()
            except Exception:  # whatever it is, the rest is still due
                logger.exception("Could not %s", words)
                failed.append(f"Could not {words}.")
    return failed


def _expired(now: Any) -> "Iterator[QuerySet[Any]]":
    """Yield the live things whose end has come, of every type that can have one; pages as their own type."""
    for model in apps.get_models():
        if issubclass(model, DraftStateMixin) and not model._meta.parents:
            found = model._default_manager.filter(live=True, expire_at__lt=now).order_by("expire_at")
            yield getattr(found, "specific", lambda found=found: found)()


def lead_on(*, page: Page, target: Page, is_for_good: bool) -> None:
    """Lead whoever follows the address of `page`, once it is gone, to `target`: `is_for_good`, or until it is back."""
    path = Redirect.normalise_path(urlsplit(page.full_url or "").path)
    defaults = {"redirect_page": target, "redirect_link": "", "is_permanent": is_for_good}
    Redirect.objects.update_or_create(old_path=path, site=page.get_site(), defaults=defaults)


@contextmanager
def _receivers_on_their_own() -> Iterator[None]:
    """While this lasts, a receiver that fails is logged and the other receivers still hear of it.

    Wagtail sends these signals with `Signal.send`, which stops at the first failure.
    """
    usual = [signal.send for signal in SIGNALS]
    for signal in SIGNALS:
        signal.send = signal.send_robust
    try:
        yield
    finally:
        for signal, send in zip(SIGNALS, usual, strict=True):
            signal.send = send
