"""What a notice says, made at the moment of sending from what everyone may read then."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone

from centres.models import CentrePage
from core.addresses import base_url
from core.models import BasePage
from whats_on.models import EventPage

from .changes import announcement_of, new_facts
from .facts import plain
from .models import Delivery, Follow, Notice, NoticeKind, Recipient
from .notices import is_hidden, may_be_told
from .topics import public_topics

logger = logging.getLogger(__name__)

# Of more than these a mail says only what each is about.
MOST_IN_FULL = 50
ELSEWHERE = "Other news"
# How much later something is told that could not be written.
BROKEN_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class Item:
    """One thing that is told: a subject line, what is said in full, and the address to read more.

    `topics` names those for whose sake it is told, by key; `centres` are the keys of the centres among them, and
    `event` is the key of the event that it is about, if it is.
    """

    notice: Notice
    subject: str
    lines: list[str]
    url: str
    topics: dict[int, str]
    centres: frozenset[int]
    event: int | None = None


def item_of(notice: Notice) -> Item | None:
    """Return what a notice says now; None if not everyone may read the page, or it no longer says what was new."""
    if notice.kind == NoticeKind.GONE:
        return _gone(notice)
    page = may_be_told(notice)
    if page is None:
        return None
    if notice.kind == NoticeKind.BACK:
        words = f"“{page.heading}”, which you follow, is on this website again."
        return _item(notice, page, notice.title, [words])
    later = page.notices.filter(pk__gt=notice.pk, kind=NoticeKind.PUBLICATION)
    return _published(notice, page, later.values_list("facts", flat=True))


def planned_item(notice: Notice, page: BasePage, topics: Iterable[int]) -> Item | None:
    """Return what a notice that is not saved would say of a draft, for an editor to read."""
    return _published(notice, page, (), topics)


def _published(
    notice: Notice, page: BasePage, later: Iterable[list[str]], topics: Iterable[int] | None = None
) -> Item | None:
    # What has changed again since is told by the later notice.
    keys = set(notice.facts).difference(*later)
    facts = [fact for fact in new_facts(page, notice.before) if fact.key in keys] if keys else []
    if not (facts or notice.is_first or notice.line):
        return None
    lines = [notice.line] if notice.line else []
    if notice.is_first:
        announced = announcement_of(page)
        subject = announced.subject
        lines += announced.lines
    elif facts:
        more = len(facts) - 1
        subject = f"{facts[0].subject} (and {more} more)" if more else facts[0].subject
        for fact in facts:
            lines += [f"{fact.subject}.", *fact.lines] if more else fact.lines
    else:
        subject = f"Changed: {page.heading}"
    return _item(notice, page, subject, lines, topics)


def _item(notice: Notice, page: BasePage, subject: str, lines: list[str], about: Iterable[int] | None = None) -> Item:
    topics = public_topics(notice.topics.all() if about is None else about)
    centres = CentrePage.objects.filter(pk__in=topics).values_list("pk", flat=True)
    event = page.pk if isinstance(page, EventPage) else None
    return Item(notice, plain(subject), lines, page.full_url or base_url(), topics, frozenset(centres), event)


def _gone(notice: Notice) -> Item | None:
    """Return that a followed page is gone: its followers know its name, though nobody else may."""
    if notice.page_id and may_be_told(notice):
        return None
    name = notice.title.partition(": ")[2]
    again = " We tell you if it comes back." if notice.page_id else ""
    lines = [f"“{name}”, which you follow, is no longer on this website.{again}"]
    topics = {notice.page_id: name} if notice.page_id else {}
    return Item(notice, plain(notice.title), lines, base_url(), topics, frozenset())


@dataclass(frozen=True)
class DigestSection:
    """What a mail with several things says about one centre, newest first."""

    heading: str
    items: list[Item]


class Items:
    """What the notices of a batch of deliveries say, each looked at once."""

    def __init__(self, deliveries: Iterable[Delivery]) -> None:
        deliveries = list(deliveries)
        people = {delivery.follower_id for delivery in deliveries}
        self._follows: dict[int | None, set[int]] = {}
        for follower, page in Follow.objects.filter(follower__in=people).values_list("follower", "page"):
            self._follows.setdefault(follower, set()).add(page)
        self._told: dict[int | None, list[int]] = {}
        rows = Recipient.objects.filter(delivery__in=[delivery.pk for delivery in deliveries])
        for delivery, notice in rows.values_list("delivery", "notice"):
            self._told.setdefault(delivery, []).append(notice)
        self._notices = Notice.objects.in_bulk({pk for keys in self._told.values() for pk in keys})
        self._items: dict[int, Item | None] = {}
        self._waiting: dict[int, bool] = {}

    def of(self, delivery: Delivery) -> "DeliveryItems":
        """Return what a delivery tells its follower, newest first, and which of its notices wait.

        Raises whatever went wrong if nothing is left to tell because of it.
        """
        told, later, broken = [], [], []
        for key in self._told.get(delivery.pk, []):
            notice = self._notices[key]
            if self._waits(notice):
                later.append(key)
                continue
            try:
                item = self._item(notice)
            except Exception as error:  # whatever is wrong with one page, the others are still to be told
                logger.exception("Notice %s could not be written", key)
                broken.append(error)
                later.append(key)
                continue
            if item and (notice.kind == NoticeKind.GONE or self.reasons(delivery, item)):
                told.append(item)
        if broken and not told:
            raise broken[0]
        told.sort(key=lambda item: (item.notice.released_at, item.notice.pk), reverse=True)
        return DeliveryItems(told, later, timezone.now() + BROKEN_FOR if broken else None)

    def _waits(self, notice: Notice) -> bool:
        """Whether a notice is not told at the moment: somebody has stopped it, or not everyone can see its page."""
        if notice.pk not in self._waiting:
            self._waiting[notice.pk] = bool(notice.paused_at) or is_hidden(notice)
        return self._waiting[notice.pk]

    def _item(self, notice: Notice) -> Item | None:
        if notice.pk not in self._items:
            self._items[notice.pk] = item_of(notice)
        return self._items[notice.pk]

    def number(self, delivery: Delivery) -> int:
        """Return how many notices a delivery was made for."""
        return len(self._told.get(delivery.pk, []))

    def sections(self, delivery: Delivery, items: list[Item]) -> list[DigestSection]:
        """Return what a delivery tells by centre, all else last."""
        groups: dict[str, list[Item]] = {}
        follows = self._follows.get(delivery.follower_id, set())
        for place, item in enumerate(items):
            names = sorted(item.topics[pk] for pk in item.centres)
            followed = sorted(item.topics[pk] for pk in item.centres & follows)
            heading = (followed or names or [ELSEWHERE])[0]
            groups.setdefault(heading, []).append(item if place < MOST_IN_FULL else replace(item, lines=[]))
        order = sorted(groups, key=lambda heading: (heading == ELSEWHERE, heading))
        return [DigestSection(heading, groups[heading]) for heading in order]

    def reasons(self, delivery: Delivery, item: Item) -> tuple[str, ...]:
        """Return the names of what the follower follows of what an item is about."""
        follows = self._follows.get(delivery.follower_id, set())
        return tuple(name for pk, name in item.topics.items() if pk in follows)


@dataclass(frozen=True)
class DeliveryItems:
    """What a delivery tells now, and the keys of the notices that it does not tell yet, nor before `until`."""

    told: list[Item]
    later: list[int]
    until: datetime | None
