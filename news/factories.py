"""Factories for news and forums, with obviously made-up places."""

from datetime import date

import factory
from django.utils.text import slugify
from factory.django import DjangoModelFactory
from wagtail_factories import PageFactory

from .models import ForumPage, ForumsPage, ForumUpdatePage, NewsIndexPage, NewsPage, Topic


class TopicFactory(DjangoModelFactory[Topic]):
    name = factory.Sequence(lambda n: f"Clubs {n:03}")
    slug = factory.LazyAttribute(lambda topic: slugify(topic.name))

    class Meta:
        model = Topic


class NewsIndexPageFactory(PageFactory):
    title = "News"
    slug = "news"
    summary = "What happens in Testshire."
    show_in_menus = True

    class Meta:
        model = NewsIndexPage


class NewsPageFactory(PageFactory):
    """A made-up piece of news. Give `parent`."""

    title = factory.Sequence(lambda n: f"A new ball {n:03}")
    slug = factory.LazyAttribute(lambda page: slugify(page.title) or "juggling")
    summary = factory.LazyAttribute(lambda page: f"{page.title} was thrown.")
    date = date(2020, 5, 1)

    class Meta:
        model = NewsPage


class ForumsPageFactory(PageFactory):
    title = "Forums"
    slug = "forums"
    summary = "Every forum of Testshire."
    show_in_menus = True

    class Meta:
        model = ForumsPage


class ForumPageFactory(PageFactory):
    """A made-up forum. Give `parent`."""

    title = factory.Sequence(lambda n: f"Testville Forum {n:03}")
    slug = factory.LazyAttribute(lambda page: slugify(page.title) or "juggling")
    summary = factory.LazyAttribute(lambda page: f"What {page.title} talks about.")
    area = "Testville"

    class Meta:
        model = ForumPage


class ForumUpdatePageFactory(PageFactory):
    """A made-up update. Give `parent` (a forum)."""

    title = factory.Sequence(lambda n: f"We met {n:03}")
    slug = factory.LazyAttribute(lambda page: slugify(page.title) or "juggling")
    summary = factory.LazyAttribute(lambda page: f"{page.title} and juggled.")
    date = date(2020, 5, 1)

    class Meta:
        model = ForumUpdatePage
