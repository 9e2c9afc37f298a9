"""What is read of followers by the pages on which they look after what they follow, and by the admin."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from .models import Follower, FollowRequest, Notice, State
from .notices import followers_of
from .services import normalised
from .topics import KINDS, Topic, TopicGroup, TopicKind, public_topics, topic_groups

# What is followed but cannot be seen now, such as a page that is being rewritten.
HIDDEN = TopicKind(KINDS[0].model, "Not on this site at the moment", "You are told when it is back and has news.")


def followed_groups(follower: Follower) -> list[TopicGroup]:
    """Return what somebody follows, by kind; what not everyone may see is there without its name."""
    keys = list(follower.follows.values_list("page", flat=True))
    groups = topic_groups(keys)
    seen = {topic.pk for group in groups for topic in group.topics}
    hidden = [Topic(pk, "A page that is not on this site at the moment") for pk in keys if pk not in seen]
    return [*groups, TopicGroup(HIDDEN, hidden)] if hidden else groups


def count_of(topics: set[int]) -> int:
    """Return how many people would be told of something about these pages (keys)."""
    return followers_of(public_topics(topics)).count() if topics else 0


def counted_notices() -> "QuerySet[Notice]":
    """Return the notices with how many were told, wait and failed: `told`, `waiting`, `failed`, `in_digests`."""

    def number(state: State) -> Count:
        return Count("deliveries", filter=Q(deliveries__state=state), distinct=True)

    digests = Count("digests", filter=Q(digests__state=State.SENT), distinct=True)
    return Notice.objects.annotate(
        sent=number(State.SENT), waiting=number(State.WAITING), failures=number(State.FAILED), in_digests=digests
    )


def everything_about(email: str) -> dict[str, Any]:
    """Return all there is about an address, in words and ISO dates, for the person whose it is; empty if nothing."""
    email = normalised(email)
    requests = FollowRequest.objects.filter(email=email).order_by("pk").prefetch_related("pages")
    follower = Follower.objects.filter(email=email).first()
    found: dict[str, Any] = {}
    if follower:
        found["follower"] = {
            "e-mail address": follower.email,
            "how often": follower.get_frequency_display(),
            "confirmed at": follower.confirmed_at,
            "left at": follower.left_at,
            "no mail since, because the address refused it": follower.paused_at,
        }
        found["follows"] = [
            {
                "page": follow.page.title,
                "agreed to": follow.consent,
                "asked at": follow.asked_at,
                "confirmed at": follow.confirmed_at,
            }
            for follow in follower.follows.select_related("page").order_by("page__title")
        ]
        found["mails"] = [
            {
                "about": delivery.notice.title if delivery.notice else "Several updates together",
                "state": delivery.get_state_display(),
                "due at": delivery.due_at,
                "sent at": delivery.sent_at,
            }
            for delivery in follower.deliveries.select_related("notice").order_by("pk")
        ]
    if requests:
        found["asked for"] = [
            {
                "for": request.get_kind_display(),
                "pages": [page.title for page in request.pages.all()],
                "agreed to": request.consent,
                "asked at": request.asked_at,
                "mailed at": request.sent_at,
                "confirmed at": request.confirmed_at,
            }
            for request in requests
        ]
    return found
