"""Receivers that keep the groups of editors right; wired in `EditorsConfig.ready`."""

from typing import Any

from django.db.models.signals import pre_delete
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published

from home.signals import starter_content_loaded

from .groups import SET_UP, remove_groups_of, set_up_groups, set_up_groups_of


@receiver(starter_content_loaded)
def give_the_first_content_its_groups(**_: Any) -> None:
    """Make the groups of the centres and forums that came with the first content."""
    set_up_groups()


@receiver(page_published)
def follow_a_new_name(instance: Page, **_: Any) -> None:
    """Let the groups of a centre or forum follow its name, whoever or whatever publishes it."""
    set_up_groups_of(instance)


def let_groups_go(instance: Page, **_: Any) -> None:
    """Remove the groups of a centre or forum that is deleted, also with the page above it."""
    remove_groups_of(instance)


for model in SET_UP:
    pre_delete.connect(let_groups_go, sender=model)
