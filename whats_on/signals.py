"""Receivers of the events; wired in `EventsConfig.ready`."""

from typing import Any

from django.dispatch import receiver
from wagtail.signals import page_published

from .models import EventPage
from .services import note_announced_dates


@receiver(page_published, sender=EventPage)
def event_published(instance: EventPage, **_: Any) -> None:
    """Calendars hear of a date that is taken out later."""
    note_announced_dates(instance)
