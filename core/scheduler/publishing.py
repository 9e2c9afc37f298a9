"""Publishes and takes off the site what editors have scheduled, whatever goes wrong with one thing of it."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import DraftStateMixin, Revision
from wagtail.signals import page_published, page_unpublished, published, unpublished

logger = logging.getLogger(__name__)

SIGNALS = (published, unpublished, page_published, page_unpublished)


def publish_scheduled_content() -> list[str]:
    """Unpublish what has expired, then publish what was scheduled for a time that has come, earliest first.

    Whatever goes wrong with one thing is logged and does not stop the others, nor the other receivers of its
    signal. Returns a line for each thing that could not be done; it is tried again the next time.
    """
    now = timezone.now()
    work: list[tuple[str, Callable[[], Any]]] = [
        (f"unpublish “{item}”", partial(item.unpublish, set_expired=True, log_action="wagtail.unpublish.scheduled"))
        for expired in _expired(now)
        for item in expired
    ]
    due = Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at")
    work += [
        (f"publish “{item.object_str}”", partial(item.publish, log_action="wagtail.publish.scheduled")) for item in due
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
