"""Receivers that keep updates in step with their forum; wired in `NewsConfig.ready`."""

from typing import Any

from django.dispatch import receiver
from wagtail.signals import post_page_move

from .models import ForumUpdatePage
from .services import update_parent


@receiver(post_page_move, sender=ForumUpdatePage)
def update_moved(instance: ForumUpdatePage, **_: Any) -> None:
    """An update that was moved to another forum belongs to that forum."""
    update_parent(instance)
