"""Receivers that keep the services at centres in step with their service; wired in `CentresConfig.ready`."""

from typing import Any

from django.dispatch import receiver
from wagtail.signals import page_published, page_unpublished

from .models import ServicePage
from .services import rename_at_centres, unpublish_at_centres


@receiver(page_published, sender=ServicePage)
def service_published(instance: ServicePage, **_: Any) -> None:
    """A service that was renamed is renamed at every centre."""
    rename_at_centres(instance)


@receiver(page_unpublished, sender=ServicePage)
def service_unpublished(instance: ServicePage, **_: Any) -> None:
    """A service that is no longer public is no longer public at any centre."""
    unpublish_at_centres(instance)
