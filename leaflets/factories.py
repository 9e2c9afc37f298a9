"""Factories for leaflets and newsletters, with obviously made-up content."""

from datetime import date

import factory
from factory.django import DjangoModelFactory
from wagtail.rich_text import RichText
from wagtail_factories import PageFactory

from .models import LeafletFile, LeafletPage, LeafletsPage, NewsletterIssuePage, NewsletterPage


class LeafletsPageFactory(PageFactory):
    title = "Leaflets"
    slug = "leaflets"
    summary = "Everything to read in Testshire."
    show_in_menus = True

    class Meta:
        model = LeafletsPage


class LeafletPageFactory(PageFactory):
    """A made-up leaflet without files. Give `parent`."""

    title = factory.Sequence(lambda n: f"Juggling for all {n:03}")
    slug = factory.LazyAttribute(lambda page: page.title.lower().replace(" ", "-"))
    summary = factory.LazyAttribute(lambda page: f"How to begin: {page.title}.")
    date = date(2020, 5, 1)
    body = factory.LazyFunction(lambda: [("text", RichText("<p>Throw the ball, then catch it.</p>"))])

    class Meta:
        model = LeafletPage


class LeafletFileFactory(DjangoModelFactory[LeafletFile]):
    """A file of a leaflet, still to be added. Give `leaflet`."""

    class Meta:
        model = LeafletFile


class NewsletterPageFactory(PageFactory):
    """A made-up newsletter. Give `parent`."""

    title = factory.Sequence(lambda n: f"The Juggler {n:03}")
    slug = factory.LazyAttribute(lambda page: page.title.lower().replace(" ", "-"))
    summary = "What goes up."

    class Meta:
        model = NewsletterPage


class NewsletterIssuePageFactory(PageFactory):
    """An issue of a made-up newsletter. Give `parent`."""

    number = factory.Sequence(lambda n: n + 1)
    title = factory.LazyAttribute(lambda page: f"The Juggler, issue {page.number}")
    slug = factory.LazyAttribute(lambda page: f"issue-{page.number}")
    summary = "What came down."
    date = date(2020, 5, 1)
    body = factory.LazyFunction(lambda: [("text", RichText("<p>Throw the ball, then catch it.</p>"))])

    class Meta:
        model = NewsletterIssuePage
