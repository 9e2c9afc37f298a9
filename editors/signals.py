"""Receivers that keep the groups of editors right; wired in `EditorsConfig.ready`."""

from typing import Any

from django.dispatch import receiver

from home.signals import starter_content_loaded

from .groups import set_up_groups


@receiver(starter_content_loaded)
def give_the_first_content_its_groups(**_: Any) -> None:
    """Make the groups of the centres and forums that came with the first content."""
    set_up_groups()
