"""Every write about the people who follow: asking, confirming, changing, unsubscribing, and being forgotten."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone

from cleaning.addresses import email_identity
from core.models import MailState
from core.rate_limits import DATABASE, RateLimit

from .models import Delivery, Follow, Follower, FollowRequest, Frequency, Notice, RequestKind

# One mail of a kind to an address that nobody has confirmed, and so many a day.
MAIL_EVERY = timedelta(hours=1)
MAILS_A_DAY = 4
MAIL_LIMITS = {
    kind: RateLimit(f"mail {kind}", most=MAILS_A_DAY, period=timedelta(days=1), store=DATABASE) for kind in RequestKind
}
UNCONFIRMED_KEPT = timedelta(days=7)
LEFT_KEPT = timedelta(days=28)
DELIVERIES_KEPT = timedelta(days=365)
# How many rows are changed in one transaction.
BATCH = 1000


def normalised(email: str) -> str:
    """Return an address as it is kept: in one spelling, because people type theirs now so, now otherwise."""
    return email_identity(email)


@transaction.atomic
def ask(
    *,
    kind: RequestKind,
    email: str,
    pages: Iterable[int] = (),
    frequency: str = Frequency.NOW,
    consent: str = "",
) -> None:
    """Note that somebody typed this address, so that a mail goes to it: to confirm `pages` (keys), or with the link.

    It does the same, query for query, whether or not the address is known or was typed before, and returns nothing,
    so that nobody learns that. What is asked while a mail is on its way, or its link is fresh, is added to what that
    link confirms. An address gets no more than one mail of a kind in MAIL_EVERY and MAILS_A_DAY in a day.
    """
    now = timezone.now()
    email = normalised(email)
    new = FollowRequest(email=email, kind=kind, asked_at=now)
    FollowRequest.objects.bulk_create([new], ignore_conflicts=True)
    request = FollowRequest.objects.select_for_update().get(email=email, kind=kind)
    limit = MAIL_LIMITS[kind]
    is_allowed = not limit.is_used_up(email)
    is_mailed = request.key == new.key or (is_allowed and not _is_under_way(request, now))
    limit.count(email, times=int(is_mailed))
    if request.confirmed_at:
        request.key, request.confirmed_at = uuid.uuid4(), None
    if is_mailed:
        request.state, request.tries, request.problem, request.leased_by = MailState.WAITING, 0, "", None
        request.due_at = max(now, request.sent_at + MAIL_EVERY) if request.sent_at else now
    request.asked_at, request.frequency, request.consent = now, frequency, consent
    request.save()
    request.pages.add(*pages)


def _is_under_way(request: FollowRequest, now: datetime) -> bool:
    """Whether the mail is still to go, or went so lately that its link can stand for what is asked now."""
    if request.confirmed_at:
        return False
    return request.state == MailState.WAITING or (request.sent_at is not None and now < request.sent_at + MAIL_EVERY)


@transaction.atomic
def confirm(request: FollowRequest, *, pages: Iterable[int], frequency: str) -> Follower:
    """Let an address follow what was asked for, as whoever has its mail has confirmed. Again, it changes nothing.

    `pages` (keys) and `frequency` are what the person was shown: what somebody else asked for meanwhile is not done.
    """
    now = timezone.now()
    request = FollowRequest.objects.select_for_update().get(pk=request.pk)
    follower, is_new = Follower.objects.select_for_update().get_or_create(
        email=request.email, defaults={"confirmed_at": now, "frequency": frequency, "digested_until": now}
    )
    if request.confirmed_at:
        return follower
    if not is_new:
        # Somebody who had left, or could not be written to, is new to every digest.
        if follower.left_at or follower.paused_at:
            follower.digested_until = now
        follower.left_at = follower.paused_at = None
        follower.refusals = 0
        _set_frequency(follower, frequency, now)
        follower.save()
    for pk in request.pages.filter(pk__in=list(pages)).values_list("pk", flat=True):
        Follow.objects.get_or_create(
            follower=follower,
            page_id=pk,
            defaults={"consent": request.consent, "asked_at": request.asked_at, "confirmed_at": now},
        )
    # What is asked next is confirmed by another link, and without this.
    request.pages.clear()
    request.confirmed_at = now
    request.save(update_fields=["confirmed_at"])
    return follower


@transaction.atomic
def change(follower: Follower, *, drop: Iterable[int], frequency: str) -> None:
    """Let a follower no longer follow the pages of `drop` (keys), and have mail this often."""
    now = timezone.now()
    found = Follower.objects.select_for_update().filter(pk=follower.pk).first()
    if found is None:  # erased a moment ago
        return
    found.follows.filter(page__in=list(drop)).delete()
    _set_frequency(found, frequency, now)
    _save(found, now)


@transaction.atomic
def unsubscribe(follower: Follower) -> None:
    """Let a follower follow nothing any more. Again, it changes nothing: it is forgotten after the first time."""
    now = timezone.now()
    found = Follower.objects.select_for_update().filter(pk=follower.pk).first()
    if found is None:  # erased a moment ago
        return
    found.follows.all().delete()
    _save(found, now)


def _save(follower: Follower, now: datetime) -> None:
    """Save a follower, noting when nothing was followed any more for the first time."""
    if follower.left_at is None and not follower.follows.exists():
        follower.left_at = now
    follower.save()


def _set_frequency(follower: Follower, frequency: str, now: datetime) -> None:
    """Change how often, so that nothing is told twice and nothing is left out in between."""
    if follower.frequency == frequency:
        return
    if follower.frequency == Frequency.NOW:
        # What has no delivery yet is for the first digest, unless an earlier one owes it already.
        unprepared = Notice.objects.filter(prepared_at=None, released_at__lte=now)
        oldest = unprepared.aggregate(first=Min("released_at"))["first"]
        since = oldest - timedelta(microseconds=1) if oldest else now
        follower.digested_until = max(since, follower.digested_until or since)
    elif follower.digested_until is not None and follower.digested_until < now:
        # What the digests owe until now comes as a last one; from now on it is as it happens, or in the others.
        owed = {"since": follower.digested_until, "due_at": now}
        Delivery.objects.get_or_create(follower=follower, until=now, defaults=owed)
        follower.digested_until = now
    follower.frequency = frequency


@transaction.atomic
def resume(follower: Follower) -> None:
    """Send mail again to an address that had refused it: what is new from now on."""
    Follower.objects.filter(pk=follower.pk).update(paused_at=None, refusals=0, digested_until=timezone.now())


@transaction.atomic
def erase(email: str) -> bool:
    """Delete all there is about an address; return whether there was anything. What was sent stays as a number."""
    email = normalised(email)
    found = [
        FollowRequest.objects.filter(email=email).delete()[0],
        Follower.objects.filter(email=email).delete()[0],
    ]
    return any(found)


def purge(now: datetime | None = None) -> None:
    """Delete what the privacy page says is not kept any longer."""
    now = now or timezone.now()
    FollowRequest.objects.filter(asked_at__lt=now - UNCONFIRMED_KEPT).delete()
    Follower.objects.filter(left_at__lt=now - LEFT_KEPT).delete()
    # Whoever follows only pages that are gone has left without knowing it.
    Follower.objects.filter(left_at=None, follows=None).update(left_at=now)
    _reduce_to_counts(now - DELIVERIES_KEPT)


def _reduce_to_counts(before: datetime) -> None:
    """Keep of old deliveries how many there were of each notice."""
    old = Delivery.objects.filter(Q(sent_at__lt=before) | Q(sent_at=None, due_at__lt=before))
    while batch := list(old.order_by("pk")[:BATCH].prefetch_related("digested")):
        with transaction.atomic():
            counts: dict[int, list[int]] = {}
            for delivery in batch:
                notices = [delivery.notice_id] if delivery.notice_id else [each.pk for each in delivery.digested.all()]
                for pk in notices:
                    column = {MailState.SENT: 0, MailState.FAILED: 1}.get(MailState(delivery.state))
                    if column is not None:
                        counts.setdefault(pk, [0, 0])[column] += 1
            for notice in Notice.objects.select_for_update().filter(pk__in=counts):
                notice.told_before += counts[notice.pk][0]
                notice.failed_before += counts[notice.pk][1]
                notice.save(update_fields=["told_before", "failed_before"])
            Delivery.objects.filter(pk__in=[delivery.pk for delivery in batch]).delete()
