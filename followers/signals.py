"""The receivers that note what was published or deleted; wired in `FollowersConfig.ready`."""

import logging
from typing import Any

from django.db import transaction
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from wagtail.models import Page, Revision
from wagtail.signals import page_published

from .changes import MODELS
from .followed_pages import note_deletion
from .notices import note_publication

logger = logging.getLogger(__name__)


@receiver(page_published)
def page_was_published(instance: Page, revision: Revision | None = None, **_: Any) -> None:
    """Write down what is new for followers. It sends nothing, and it never stops a page from being published.

    Wagtail says the same of a page that is only scheduled: that one is not live yet.
    """
    if revision is None or instance.alias_of_id or not isinstance(instance, MODELS) or not instance.live:
        return
    try:
        note_publication(instance, revision)
    except Exception:  # the page is published all the same, and `catch_up` tries again
        logger.exception("Could not note that page %s was published", instance.pk)


@receiver(pre_delete, sender=Page)
def page_is_deleted(instance: Page, **_: Any) -> None:
    """Tell who follows a page that it goes. It never stops a page from being deleted."""
    try:
        with transaction.atomic():
            note_deletion(instance)
    except Exception:  # the page is deleted all the same
        logger.exception("Could not note that page %s was deleted", instance.pk)
