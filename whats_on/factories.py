"""Factories for events, with obviously made-up places."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory
from wagtail_factories import PageFactory

from .models import EventDate, EventPage, EventsPage


class EventsPageFactory(PageFactory):
    title = "Events"
    slug = "events"
    summary = "Everything that goes on in Testshire."
    show_in_menus = True

    class Meta:
        model = EventsPage


class EventPageFactory(PageFactory):
    """A made-up event without dates. Give `parent`; add dates with `EventDateFactory`."""

    title = factory.Sequence(lambda n: f"Juggling evening {n:03}")
    slug = factory.LazyAttribute(lambda page: page.title.lower().replace(" ", "-"))
    summary = factory.LazyAttribute(lambda page: f"Come to {page.title}.")
    place = "Testville Hall"

    class Meta:
        model = EventPage


class EventDateFactory(DjangoModelFactory[EventDate]):
    """A date of two hours, a week from now. Give `event`."""

    starts_at = factory.LazyFunction(lambda: timezone.now().replace(second=0, microsecond=0) + timedelta(days=7))
    ends_at = factory.LazyAttribute(lambda date: date.starts_at + timedelta(hours=2))

    class Meta:
        model = EventDate
