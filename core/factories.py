"""Factories for what every app builds on."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory
from wagtail.models import Collection, Page
from wagtail_factories import DocumentFactory, ImageFactory

from .models import Alert, AlertPlace, SiteDocument, SiteImage


class SiteImageFactory(ImageFactory):
    """A picture in the collection that is there from the start."""

    collection = factory.LazyFunction(Collection.get_first_root_node)

    class Meta:
        model = SiteImage


class SiteDocumentFactory(DocumentFactory):
    """A document in the collection that is there from the start."""

    collection = factory.LazyFunction(Collection.get_first_root_node)

    class Meta:
        model = SiteDocument


class AlertFactory(DjangoModelFactory[Alert]):
    """An alert that shows now and for another hour; `pages` are those it is limited to."""

    class Meta:
        model = Alert
        skip_postgeneration_save = True

    title = "Testville centre is closed today"
    text = "Please come back tomorrow."
    starts_at = factory.LazyFunction(lambda: timezone.now() - timedelta(minutes=1))
    ends_at = factory.LazyFunction(lambda: timezone.now() + timedelta(hours=1))

    @factory.post_generation
    def pages(self, create: bool, extracted: list[Page] | None) -> None:
        """Limit the alert to these pages."""
        for page in extracted or []:
            AlertPlace.objects.create(alert=self, page=page)
