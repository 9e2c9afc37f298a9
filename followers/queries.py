"""What is read of followers by the pages on which they look after what they follow, and by the admin."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from wagtail.models import Page

from core.models import MailState

from .models import Follower, FollowRequest, Frequency, Notice, Recipient
from .notices import followers_of
from .services import normalised
from .topics import KINDS, FollowTopic, TopicGroup, TopicKind, public_topics, topic_groups

# What is followed but cannot be seen now, such as a page that is being rewritten.
HIDDEN = TopicKind(KINDS[0].model, "Not on this site at the moment", "You are told when it is back and has news.")


def followed_groups(follower: Follower) -> list[TopicGroup]:
    """Return what somebody follows and how often, by kind; what not everyone may see is there without its name."""
    often = dict(follower.follows.values_list("page", "frequency"))
    groups = [
        TopicGroup(group.kind, [replace(topic, frequency=often[topic.pk]) for topic in group.topics])
        for group in topic_groups(often)
    ]
    seen = {topic.pk for group in groups for topic in group.topics}
    name = "A page that is not on this site at the moment"
    hidden = [FollowTopic(pk, name, often[pk]) for pk in often if pk not in seen]
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
    """Return how far each of these notices has got, by key, in one query."""
    kept = {notice.pk: notice for notice in notices}
    is_owed = Q(delivery=None, follower__left_at=None, follower__paused_at=None, follower__isnull=False)
    is_later = Q(frequency__in=(Frequency.DAILY, Frequency.WEEKLY), due_at__gt=timezone.now())
    rows = Recipient.objects.filter(notice__in=kept).order_by().values("notice")
    counted = rows.annotate(
        sent=Count("pk", filter=Q(delivery__state=MailState.SENT)),
        failed=Count("pk", filter=Q(delivery__state=MailState.FAILED)),
        waiting=Count("pk", filter=Q(delivery__state=MailState.WAITING) | (is_owed & ~is_later)),
        later=Count("pk", filter=is_owed & is_later),
    )
    counts = {row["notice"]: row for row in counted}
    none = {"sent": 0, "failed": 0, "waiting": 0, "later": 0}
    return {
        pk: NoticeProgress(
            sent=notice.told_before + counts.get(pk, none)["sent"],
            waiting=counts.get(pk, none)["waiting"],
            later=counts.get(pk, none)["later"],
            failed=notice.failed_before + counts.get(pk, none)["failed"],
        )
        for pk, notice in kept.items()
    }


def problems_of(notice: Notice) -> list[tuple[str, int]]:
    """Return why mails of a notice were not sent, in words, with how many there were of each, most first."""
    failed = Recipient.objects.filter(notice=notice).exclude(delivery=None).exclude(delivery__problem="")
    counted = failed.order_by().values_list("delivery__problem").annotate(number=Count("pk"))
    return list(counted.order_by("-number", "delivery__problem"))


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
    requests = FollowRequest.objects.filter(email=email).order_by("pk").prefetch_related("requested__page")
    follower = Follower.objects.filter(email=email).first()
    found: dict[str, Any] = {}
    if follower:
        found["follower"] = {
            "email": follower.email,
            "confirmed_at": follower.confirmed_at,
            "left_at": follower.left_at,
            "refusals_in_a_row": follower.refusals,
            "paused_at": follower.paused_at,
        }
        found["follows"] = [
            {
                "page": follow.page.title,
                "how_often": follow.get_frequency_display(),
                "agreed_to": follow.consent,
                "asked_at": follow.asked_at,
                "confirmed_at": follow.confirmed_at,
            }
            for follow in follower.follows.select_related("page").order_by("page__title")
        ]
        found["mails"] = [
            {
                "updates": [row.notice.title for row in delivery.recipients.all()],
                "state": delivery.get_state_display(),
                "due_at": delivery.due_at,
                "sent_at": delivery.sent_at,
            }
            for delivery in follower.deliveries.prefetch_related("recipients__notice").order_by("pk")
        ]
        found["to_be_told"] = [
            {"update": row.notice.title, "due_at": row.due_at}
            for row in follower.told.filter(delivery=None).select_related("notice").order_by("pk")
        ]
    if requests:
        found["asked_for"] = [
            {
                "for": request.get_kind_display(),
                "pages": [
                    f"{row.page.title} ({row.get_frequency_display().lower()})" for row in request.requested.all()
                ],
                "agreed_to": request.consent,
                "state": request.get_state_display(),
                "asked_at": request.asked_at,
                "mailed_at": request.sent_at,
                "confirmed_at": request.confirmed_at,
            }
            for request in requests
        ]
    return found
