"""Receivers that keep the services at centres in step with their service and centre; wired in `CentresConfig.ready`."""

from typing import Any

from django.dispatch import receiver
from wagtail.signals import page_published, post_page_move

from .models import CentreServicePage, ServicePage
from .services import note_the_move, rename_at_centres


@receiver(page_published, sender=ServicePage)
def service_published(instance: ServicePage, **_: Any) -> None:
    """A service that was renamed is renamed at every centre."""
    rename_at_centres(instance)


@receiver(post_page_move, sender=CentreServicePage)
def centre_service_moved(instance: CentreServicePage, **_: Any) -> None:
    """A service that was moved to another centre belongs to that centre."""
    note_the_move(instance)
