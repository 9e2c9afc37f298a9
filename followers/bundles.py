"""What one person is told at one moment is one mail: recipients who are due are put into deliveries."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from .models import Delivery, Notice, Recipient
from .notices import BATCH, is_hidden
from .periods import LATEST


def bundle(now: datetime | None = None) -> None:
    """Owe one delivery to each follower for whom something is due, with all that is."""
    now = now or timezone.now()
    due = _due(now)
    notices = Notice.objects.filter(pk__in=due.order_by().values("notice").distinct())
    hidden = [notice.pk for notice in notices if is_hidden(notice)]
    for people in _people(due.exclude(notice__in=hidden)):
        with transaction.atomic():
            rows = due.exclude(notice__in=hidden).filter(follower__in=people).select_for_update(of=("self",))
            keys = list(rows.values_list("pk", flat=True))
            made = Delivery.objects.bulk_create([Delivery(follower_id=key, due_at=now) for key in people])
            own = Delivery.objects.filter(follower=OuterRef("follower"), pk__in=[each.pk for each in made])
            Recipient.objects.filter(pk__in=keys).update(delivery=Subquery(own.values("pk")[:1]))


def _due(now: datetime) -> QuerySet[Recipient]:
    """Return who is to be told now: not of what somebody has stopped, and not whose mail is paused or who has left."""
    return Recipient.objects.filter(
        Q(due_at__lte=now) | Q(due_at__gt=now + LATEST),
        delivery=None,
        notice__paused_at=None,
        notice__prepared_at__isnull=False,
        follower__isnull=False,
        follower__left_at=None,
        follower__paused_at=None,
    )


def _people(due: QuerySet[Recipient]) -> Iterator[list[int]]:
    last = 0
    people = due.order_by("follower").values_list("follower", flat=True).distinct()
    while keys := [key for key in people.filter(follower__gt=last)[:BATCH] if key is not None]:
        yield keys
        last = keys[-1]


def put_off(delivery: Delivery, notices: list[int], *, until: datetime | None = None) -> None:
    """Take notices (keys) out of a delivery again, because somebody has stopped or hidden them: they are told later."""
    rows = Recipient.objects.filter(delivery=delivery.pk, notice__in=notices)
    rows.update(delivery=None, **({"due_at": until} if until else {}))
