"""Factories for people who follow and what they are told, with obviously made-up people."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory
from wagtail.models import Page

from .models import Delivery, Follow, Follower, FollowRequest, Notice, Recipient, RequestedPage, RequestKind


def _now() -> datetime:
    """Return the present, by the clock that a test may have stopped."""
    return timezone.now()


class FollowerFactory(DjangoModelFactory[Follower]):
    """A made-up person who has confirmed an address, and follows nothing yet."""

    email = factory.Sequence(lambda n: f"juggler{n}@example.com")
    confirmed_at = factory.LazyFunction(_now)

    class Meta:
        model = Follower


class FollowFactory(DjangoModelFactory[Follow]):
    """That a made-up person follows a page, as long as the person is known. Give `page`."""

    follower = factory.SubFactory(FollowerFactory)
    consent = "Testshire Jugglers may write to me."
    asked_at = factory.SelfAttribute("follower.confirmed_at")
    confirmed_at = factory.SelfAttribute("follower.confirmed_at")

    class Meta:
        model = Follow


class FollowRequestFactory(DjangoModelFactory[FollowRequest]):
    """A mail that is to go to an address which somebody typed. Give `pages` to confirm."""

    kind = RequestKind.FOLLOW
    email = factory.Sequence(lambda n: f"acrobat{n}@example.com")
    consent = "Testshire Jugglers may write to me."
    asked_at = factory.LazyFunction(_now)
    due_at = factory.SelfAttribute("asked_at")

    class Meta:
        model = FollowRequest
        skip_postgeneration_save = True

    @factory.post_generation
    def pages(self, create: bool, extracted: Iterable[Page] | None, **_: Any) -> None:
        """Ask for these, as it happens."""
        for page in extracted or ():
            request: Any = self
            RequestedPage.objects.create(request=request, page=page)


class NoticeFactory(DjangoModelFactory[Notice]):
    """That a page was published for the first time, prepared already. Give `page`; `topics` are what it is about."""

    revision_id = factory.Sequence(lambda n: 1_000_000 + n)
    title = factory.Sequence(lambda n: f"A new ball {n:03}")
    is_first = True
    made_at = factory.LazyFunction(_now)
    released_at = factory.SelfAttribute("made_at")
    prepared_at = factory.SelfAttribute("made_at")

    class Meta:
        model = Notice
        skip_postgeneration_save = True

    @factory.post_generation
    def topics(self, create: bool, extracted: Iterable[Page] | None, **_: Any) -> None:
        """Tell those who follow these."""
        if extracted:
            self.topics.set(extracted)


class DeliveryFactory(DjangoModelFactory[Delivery]):
    """A mail owed to a made-up person now. Give the `notice`, or several `notices`, that it tells."""

    follower = factory.SubFactory(FollowerFactory)
    due_at = factory.LazyFunction(_now)

    class Meta:
        model = Delivery
        skip_postgeneration_save = True

    @factory.post_generation
    def notice(self, create: bool, extracted: Notice | None, **_: Any) -> None:
        """Tell this."""
        if extracted:
            add_to(self, extracted)

    @factory.post_generation
    def notices(self, create: bool, extracted: Iterable[Notice] | None, **_: Any) -> None:
        """Tell these."""
        for each in extracted or ():
            add_to(self, each)


def add_to(delivery: Any, notice: Notice) -> None:
    """Let a delivery tell a notice too."""
    Recipient.objects.create(delivery=delivery, notice=notice, follower=delivery.follower, due_at=delivery.due_at)
