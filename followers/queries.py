"""What is read of followers by the pages on which they look after what they follow, and by the admin."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q
from wagtail.models import Page

from core.models import MailState

from .models import Delivery, Follower, FollowRequest, Frequency, Notice
from .notices import followers_of
from .services import normalised
from .topics import KINDS, FollowTopic, TopicGroup, TopicKind, public_topics, topic_groups

# What is followed but cannot be seen now, such as a page that is being rewritten.
HIDDEN = TopicKind(KINDS[0].model, "Not on this site at the moment", "You are told when it is back and has news.")


def followed_groups(follower: Follower) -> list[TopicGroup]:
    """Return what somebody follows, by kind; what not everyone may see is there without its name."""
    keys = list(follower.follows.values_list("page", flat=True))
    groups = topic_groups(keys)
    seen = {topic.pk for group in groups for topic in group.topics}
    hidden = [FollowTopic(pk, "A page that is not on this site at the moment") for pk in keys if pk not in seen]
    return [*groups, TopicGroup(HIDDEN, hidden)] if hidden else groups


def follower_count(topics: set[int]) -> int:
    """Return how many people would be told of something about these pages (keys)."""
    return followers_of(public_topics(topics)).count() if topics else 0


def follower_count_text(number: int) -> str:
    """Return in words, for editors, how many people would be told."""
    if not number:
        return "Nobody follows what this is about yet, so nobody is told."
    return f"{number:,} {'person follows' if number == 1 else 'people follow'} what this is about."


@dataclass(frozen=True)
class NoticeProgress:
    """How far a notice has got, in people: `later` are those who read it in their next digest."""

    sent: int
    waiting: int
    later: int
    failed: int


def progress_of(notices: Iterable[Notice]) -> dict[int, NoticeProgress]:
    """Return how far each of these notices has got, by key, in three queries."""
    kept = {notice.pk: notice for notice in notices}
    counts: dict[int, Counter[str]] = {pk: Counter() for pk in kept}
    single = Delivery.objects.filter(notice__in=kept).order_by().values_list("notice", "state")
    for pk, state, number in single.annotate(number=Count("pk")):
        counts[pk][state] += number
    in_digests = Delivery.digested.through.objects.filter(notice__in=kept).values_list("notice", "delivery__state")
    for pk, state, number in in_digests.annotate(number=Count("pk")):
        counts[pk][state] += number
    later = _waiting_for_digest(kept)
    return {
        pk: NoticeProgress(
            sent=notice.told_before + counts[pk][MailState.SENT],
            waiting=counts[pk][MailState.WAITING],
            later=later.get(pk, 0),
            failed=notice.failed_before + counts[pk][MailState.FAILED],
        )
        for pk, notice in kept.items()
    }


def _waiting_for_digest(notices: Iterable[int]) -> dict[int, int]:
    """Return how many people are to read each of these notices (keys) in a digest that is not due yet."""
    follower = "page__follows__follower"
    waiting = Notice.topics.through.objects.filter(
        **{
            "notice__in": notices,
            "notice__paused_at": None,
            f"{follower}__frequency__in": (Frequency.DAILY, Frequency.WEEKLY),
            f"{follower}__digested_until__lt": F("notice__released_at"),
            f"{follower}__left_at": None,
            f"{follower}__paused_at": None,
            "page__follows__confirmed_at__lte": F("notice__released_at"),
        }
    )
    return dict(waiting.values_list("notice").annotate(number=Count(follower, distinct=True)))


def problems_of(notice: Notice) -> list[tuple[str, int]]:
    """Return why mails of a notice were not sent, in words, with how many there were of each, most first."""
    failed = Delivery.objects.filter(Q(notice=notice) | Q(digested=notice)).exclude(problem="")
    counted = failed.order_by().values_list("problem").annotate(number=Count("pk", distinct=True))
    return list(counted.order_by("-number", "problem"))


def follows_of_topics() -> list[tuple[str, int]]:
    """Return the title of each page that somebody follows, with how many do, most first."""
    followed = Page.objects.filter(follows__follower__left_at=None).values_list("title")
    return list(followed.annotate(number=Count("follows")).filter(number__gt=0).order_by("-number", "title"))


@dataclass(frozen=True)
class Numbers:
    """How many people there are: those who get mail, those whose address refuses it, and those who have left."""

    active: int
    paused: int
    left: int


def numbers() -> Numbers:
    """Return how many followers there are of each kind, in one query."""
    found = Follower.objects.aggregate(
        active=Count("pk", filter=Q(left_at=None, paused_at=None)),
        paused=Count("pk", filter=Q(left_at=None, paused_at__isnull=False)),
        left=Count("pk", filter=Q(left_at__isnull=False)),
    )
    return Numbers(**found)


def everything_about(email: str) -> dict[str, Any]:
    """Return all there is about an address, as the person whose it is may have it; empty if there is nothing."""
    email = normalised(email)
    requests = FollowRequest.objects.filter(email=email).order_by("pk").prefetch_related("pages")
    follower = Follower.objects.filter(email=email).first()
    found: dict[str, Any] = {}
    if follower:
        found["follower"] = {
            "email": follower.email,
            "how_often": follower.get_frequency_display(),
            "confirmed_at": follower.confirmed_at,
            "left_at": follower.left_at,
            "refusals_in_a_row": follower.refusals,
            "paused_at": follower.paused_at,
        }
        found["follows"] = [
            {
                "page": follow.page.title,
                "agreed_to": follow.consent,
                "asked_at": follow.asked_at,
                "confirmed_at": follow.confirmed_at,
            }
            for follow in follower.follows.select_related("page").order_by("page__title")
        ]
        found["mails"] = [
            {
                "about": delivery.notice.title if delivery.notice else "Several updates together",
                "updates": [notice.title for notice in delivery.digested.all()],
                "state": delivery.get_state_display(),
                "due_at": delivery.due_at,
                "sent_at": delivery.sent_at,
            }
            for delivery in follower.deliveries.select_related("notice").prefetch_related("digested").order_by("pk")
        ]
    if requests:
        found["asked_for"] = [
            {
                "for": request.get_kind_display(),
                "pages": [page.title for page in request.pages.all()],
                "agreed_to": request.consent,
                "how_often": request.get_frequency_display(),
                "state": request.get_state_display(),
                "asked_at": request.asked_at,
                "mailed_at": request.sent_at,
                "confirmed_at": request.confirmed_at,
            }
            for request in requests
        ]
    return found
