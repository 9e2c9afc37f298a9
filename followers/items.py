"""What a notice says, made at the moment of sending from what everyone may read then."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from centres.models import CentrePage
from core.addresses import base_url
from core.models import MailState

from .changes import announcement_of, new_facts
from .models import Delivery, Follow, Notice
from .notices import may_be_told
from .periods import OVERLAP
from .topics import public_topics

logger = logging.getLogger(__name__)

# A digest with more would not be read.
MOST_IN_DIGEST = 50
ELSEWHERE = "Other news"


@dataclass(frozen=True)
class Item:
    """One thing that is told: a subject line, what is said in full, and the address to read more.

    `topics` names those for whose sake it is told, by key; `centres` are the keys of the centres among them.
    """

    notice: Notice
    subject: str
    lines: list[str]
    url: str
    topics: dict[int, str]
    centres: frozenset[int]


def item_of(notice: Notice) -> Item | None:
    """Return what a notice says now; None if not everyone may read the page, or it no longer says what was new."""
    page = may_be_told(notice)
    if page is None:
        return None
    # What has changed again since is told by the later notice.
    later = page.notices.filter(pk__gt=notice.pk).values_list("facts", flat=True)
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
    topics = public_topics(notice.topics.all())
    centres = CentrePage.objects.filter(pk__in=topics).values_list("pk", flat=True)
    url = page.full_url or base_url()
    return Item(notice, " ".join(subject.split()), lines, url, topics, frozenset(centres))


def _item_unless_broken(notice: Notice) -> Item | None:
    """Return what a notice says; None, which is logged, if that cannot be written, so that digests go without it."""
    try:
        return item_of(notice)
    except Exception:  # whatever is wrong with one page, the others are still to be told
        logger.exception("Notice %s could not be written", notice.pk)
        return None


@dataclass(frozen=True)
class DigestSection:
    """What a digest says about one centre, newest first."""

    heading: str
    items: list[Item]


class Items:
    """What the notices of a batch of deliveries say, each looked at once."""

    def __init__(self, deliveries: Iterable[Delivery]) -> None:
        deliveries = list(deliveries)
        self.people = {delivery.follower_id for delivery in deliveries}
        follows = Follow.objects.filter(follower__in=self.people)
        self._follows: dict[int | None, dict[int, datetime]] = {}
        for follower, page, since in follows.values_list("follower", "page", "confirmed_at"):
            self._follows.setdefault(follower, {})[page] = since
        self._notices = Notice.objects.in_bulk({delivery.notice_id for delivery in deliveries if delivery.notice_id})
        self._single: dict[int | None, Item | None] = {}
        self._digested: list[Item] = []
        digests = [delivery for delivery in deliveries if delivery.until]
        if digests:
            self._look_up_digests(digests)

    def _look_up_digests(self, digests: list[Delivery]) -> None:
        first = min(delivery.since for delivery in digests if delivery.since) - OVERLAP
        last = max(delivery.until for delivery in digests if delivery.until)
        notices = Notice.objects.filter(released_at__gt=first, released_at__lte=last, paused_at=None)
        found = [_item_unless_broken(notice) for notice in notices.order_by("-released_at", "-pk")]
        self._digested = [item for item in found if item]
        told = Delivery.objects.filter(follower__in=self.people, notice__in=[each.notice.pk for each in self._digested])
        self._told: set[tuple[int | None, int]] = set(told.values_list("follower", "notice"))
        earlier = Delivery.digested.through.objects.filter(delivery__follower__in=self.people)
        own = Q(delivery__in=[delivery.pk for delivery in digests], delivery__state=MailState.WAITING)
        earlier = earlier.exclude(own)
        self._told |= set(earlier.values_list("delivery__follower", "notice"))

    def of(self, delivery: Delivery) -> Item | None:
        """Return the one thing that a delivery of a notice tells; None if there is no longer a reason to."""
        key = delivery.notice_id
        if key not in self._single:
            notice = self._notices.get(key)
            self._single[key] = item_of(notice) if notice else None
        item = self._single[key]
        return item if item and self.reasons(delivery, item) else None

    def digest(self, delivery: Delivery) -> list[DigestSection]:
        """Return what a digest tells its follower, by centre; nothing if nothing is left to tell."""
        groups: dict[str, list[Item]] = {}
        items = self._digest_items(delivery)[:MOST_IN_DIGEST]
        # Two digests of one person may look back on the same.
        self._told |= {(delivery.follower_id, item.notice.pk) for item in items}
        for item in items:
            names = sorted(item.topics[pk] for pk in item.centres)
            followed = sorted(
                item.topics[pk] for pk in item.centres & self._follows.get(delivery.follower_id, {}).keys()
            )
            heading = (followed or names or [ELSEWHERE])[0]
            groups.setdefault(heading, []).append(item)
        order = sorted(groups, key=lambda heading: (heading == ELSEWHERE, heading))
        return [DigestSection(heading, groups[heading]) for heading in order]

    def _digest_items(self, delivery: Delivery) -> list[Item]:
        since, until = delivery.since, delivery.until
        return [
            item
            for item in self._digested
            if since is not None
            and until is not None
            and since - OVERLAP < item.notice.released_at <= until
            and (delivery.follower_id, item.notice.pk) not in self._told
            and self.reasons(delivery, item)
        ]

    def reasons(self, delivery: Delivery, item: Item) -> tuple[str, ...]:
        """Return the names of what the follower followed when the item was new, and still follows."""
        follows = self._follows.get(delivery.follower_id, {})
        return tuple(
            name for pk, name in item.topics.items() if pk in follows and follows[pk] <= item.notice.released_at
        )
