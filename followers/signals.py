"""The receiver that notes what was published; wired in `FollowersConfig.ready`."""

import logging
from typing import Any

from django.dispatch import receiver
from wagtail.models import Page, Revision
from wagtail.signals import page_published

from .changes import MODELS
from .notices import note_publication

logger = logging.getLogger(__name__)


@receiver(page_published)
def page_was_published(instance: Page, revision: Revision | None = None, **_: Any) -> None:
    """Write down what is new for followers. It sends nothing, and it never stops a page from being published."""
    if revision is None or instance.alias_of_id or not isinstance(instance, MODELS):
        return
    try:
        note_publication(instance, revision)
    except Exception:  # the page is published all the same, and `catch_up` tries again
        logger.exception("Could not note that page %s was published", instance.pk)
