"""Receivers that keep the services at centres in step with their service and centre; wired in `CentresConfig.ready`."""

from typing import Any

from django.dispatch import receiver
from wagtail.signals import page_published, post_page_move

from .models import CentrePage, CentreServicePage, ServicePage
from .services import index_again, rename_at_centres, update_parent


@receiver(page_published, sender=ServicePage)
def service_published(instance: ServicePage, **_: Any) -> None:
    """A service that was renamed is renamed at every centre, and found there by its new words."""
    rename_at_centres(instance)
    index_again(CentreServicePage.objects.filter(service=instance.pk))


@receiver(page_published, sender=CentrePage)
def centre_published(instance: CentrePage, **_: Any) -> None:
    """What is at a centre is found by the centre's new name."""
    index_again(CentreServicePage.objects.filter(centre=instance.pk))


@receiver(post_page_move, sender=CentreServicePage)
def centre_service_moved(instance: CentreServicePage, **_: Any) -> None:
    """A service that was moved to another centre belongs to that centre."""
    update_parent(instance)
