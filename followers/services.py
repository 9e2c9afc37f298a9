"""Every write about the people who follow: asking, confirming, changing, unsubscribing, and being forgotten."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from cleaning.addresses import email_identity
from core.models import MailState
from core.rate_limits import DATABASE, RateLimit

from .models import (
    Delivery,
    Follow,
    Follower,
    FollowRequest,
    Frequency,
    Notice,
    Recipient,
    RequestedPage,
    RequestKind,
)

# One mail of a kind to an address that nobody has confirmed, and so many a day.
MAIL_EVERY = timedelta(hours=1)
MAILS_A_DAY = 4
MAIL_LIMITS = {
    kind: RateLimit(f"mail {kind}", most=MAILS_A_DAY, period=timedelta(days=1), store=DATABASE) for kind in RequestKind
}
UNCONFIRMED_KEPT = timedelta(days=7)
LEFT_KEPT = timedelta(days=28)
REFUSED_KEPT = timedelta(days=90)
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
        # A clock that was ahead for a while has left times that are still to come.
        is_known = request.sent_at is not None and request.sent_at <= now
        request.due_at = max(now, request.sent_at + MAIL_EVERY) if request.sent_at and is_known else now
    request.asked_at, request.consent = now, consent
    request.save()
    RequestedPage.objects.bulk_create(
        [RequestedPage(request=request, page_id=page, frequency=frequency) for page in pages],
        update_conflicts=True,
        unique_fields=["request", "page"],
        update_fields=["frequency"],
    )


def _is_under_way(request: FollowRequest, now: datetime) -> bool:
    """Whether the mail is still to go, or went so lately that its link can stand for what is asked now."""
    if request.confirmed_at:
        return False
    was_sent = request.sent_at is not None and request.sent_at <= now < request.sent_at + MAIL_EVERY
    return request.state == MailState.WAITING or was_sent


@transaction.atomic
def confirm(request: FollowRequest, *, pages: Mapping[int, str]) -> Follower:
    """Let an address follow what was asked for, as whoever has its mail has confirmed. Again, it changes nothing.

    `pages` is what the person was shown: how often for each key. What somebody else asked for meanwhile is not done,
    and nothing else that the address follows is changed.
    """
    now = timezone.now()
    request = FollowRequest.objects.select_for_update().get(pk=request.pk)
    follower, is_new = Follower.objects.select_for_update().get_or_create(
        email=request.email, defaults={"confirmed_at": now}
    )
    if request.confirmed_at:
        return follower
    if not is_new:
        # Somebody who had left, or could not be written to, is told what is new from now on.
        if follower.left_at or follower.paused_at:
            _forget_what_is_owed(follower)
        follower.left_at = follower.paused_at = follower.refused_since = None
        follower.refusals = 0
        follower.save()
    for pk in request.pages.filter(pk__in=list(pages)).values_list("pk", flat=True):
        chosen = {"consent": request.consent, "asked_at": request.asked_at, "frequency": pages[pk]}
        follow, is_new = Follow.objects.get_or_create(
            follower=follower, page_id=pk, defaults={**chosen, "confirmed_at": now}
        )
        if not is_new and follow.frequency != pages[pk]:
            follow.frequency = pages[pk]
            follow.save(update_fields=["frequency"])
    # What is asked next is confirmed by another link, and without this.
    request.pages.clear()
    request.confirmed_at = now
    request.save(update_fields=["confirmed_at"])
    return follower


def _forget_what_is_owed(follower: Follower) -> None:
    Recipient.objects.filter(follower=follower, delivery=None).delete()


@transaction.atomic
def change(follower: Follower, *, drop: Iterable[int], frequencies: Mapping[int, str]) -> None:
    """Let a follower no longer follow the pages of `drop` (keys), and have mail about others this often.

    What is owed already comes when it was to come, or before.
    """
    now = timezone.now()
    found = Follower.objects.select_for_update().filter(pk=follower.pk).first()
    if found is None:  # erased a moment ago
        return
    found.follows.filter(page__in=list(drop)).delete()
    for frequency in Frequency.values:
        pages = [page for page, chosen in frequencies.items() if chosen == frequency]
        changed = found.follows.filter(page__in=pages).exclude(frequency=frequency)
        if frequency == Frequency.NOW:
            # What a digest owes about these comes at once, as a last one.
            owed = Recipient.objects.filter(follower=found, delivery=None, due_at__gt=now)
            owed.filter(notice__topics__in=list(changed.values_list("page", flat=True))).update(due_at=now)
        changed.update(frequency=frequency)
    _save(found, now)


@transaction.atomic
def unsubscribe(follower: Follower) -> None:
    """Let a follower follow nothing any more. Again, it changes nothing: it is forgotten after the first time."""
    now = timezone.now()
    found = Follower.objects.select_for_update().filter(pk=follower.pk).first()
    if found is None:  # erased a moment ago
        return
    found.follows.all().delete()
    _forget_what_is_owed(found)
    _save(found, now)


def _save(follower: Follower, now: datetime) -> None:
    """Save a follower, noting when nothing was followed any more for the first time."""
    if follower.left_at is None and not follower.follows.exists():
        follower.left_at = now
    follower.save()


@transaction.atomic
def resume(follower: Follower) -> None:
    """Send mail again to an address that had refused it: what is new from now on."""
    _forget_what_is_owed(follower)
    Follower.objects.filter(pk=follower.pk).update(paused_at=None, refusals=0, refused_since=None)


def paused_since(moment: datetime) -> QuerySet[Follower]:
    """Return those who follow something and whose mail was paused then (aware) or later."""
    return Follower.objects.filter(left_at=None, paused_at__gte=moment)


def resume_all(moment: datetime) -> int:
    """Send mail again to all that were paused since then, because that was no fault of theirs; return how many.

    They are told what they have missed.
    """
    return paused_since(moment).update(paused_at=None, refusals=0, refused_since=None)


def failed_recipients(notice: Notice) -> QuerySet[Recipient]:
    """Return those who were not told of a notice because their mail failed, and can be."""
    failed = Recipient.objects.filter(notice=notice, delivery__state=MailState.FAILED)
    return failed.filter(follower__isnull=False, follower__left_at=None, follower__paused_at=None)


def send_again(notice: Notice) -> int:
    """Tell those whose mail about a notice failed once more; return how many they are."""
    keys = list(failed_recipients(notice).values_list("pk", flat=True))
    return Recipient.objects.filter(pk__in=keys).update(delivery=None, due_at=timezone.now())


def follower_at(email: str) -> Follower | None:
    """Return whose address this is, however it is spelled."""
    return Follower.objects.filter(email=normalised(email)).first()


def note_dead_address(email: str) -> None:
    """Send nothing more to an address of which a mail server has reported that there is no such mailbox."""
    Follower.objects.filter(email=normalised(email), paused_at=None).update(paused_at=timezone.now())


def note_complaint(email: str) -> None:
    """Let an address follow nothing any more whose owner has called our mail unwanted, and ask it nothing."""
    FollowRequest.objects.filter(email=normalised(email)).delete()
    if follower := follower_at(email):
        unsubscribe(follower)


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
    # The mail could not be delivered for so long: the address is of no use to anybody.
    Follower.objects.filter(left_at=None, paused_at__lt=now - REFUSED_KEPT).delete()
    # Whoever follows only pages that are gone has left without knowing it, once that is told.
    owed = Recipient.objects.filter(Q(delivery=None) | Q(delivery__state=MailState.WAITING), follower=OuterRef("pk"))
    Follower.objects.filter(~Exists(owed), left_at=None, follows=None).update(left_at=now)
    _reduce_to_counts(now - DELIVERIES_KEPT)


def _reduce_to_counts(before: datetime) -> None:
    """Keep of old recipients how many there were of each notice, and no old deliveries."""
    old = Recipient.objects.filter(
        Q(delivery__sent_at__lt=before) | Q(Q(delivery=None) | Q(delivery__sent_at=None), due_at__lt=before)
    )
    while batch := list(old.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            rows = Recipient.objects.filter(pk__in=batch)
            counts = rows.values("notice").annotate(
                sent=Count("pk", filter=Q(delivery__state=MailState.SENT)),
                failed=Count("pk", filter=Q(delivery__state=MailState.FAILED)),
            )
            counted = {row["notice"]: row for row in counts.order_by()}
            for notice in Notice.objects.select_for_update().filter(pk__in=counted):
                notice.told_before += counted[notice.pk]["sent"]
                notice.failed_before += counted[notice.pk]["failed"]
                notice.save(update_fields=["told_before", "failed_before"])
            rows.delete()
    gone = Delivery.objects.filter(Q(sent_at__lt=before) | Q(sent_at=None, due_at__lt=before), recipients=None)
    while batch := list(gone.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        Delivery.objects.filter(pk__in=batch).delete()
