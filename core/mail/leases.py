"""Leases: several processes share the owed mails, and no mail is at two of them at once.

Each leases some mails for a while before it sends them. A process that is killed leaves its mails behind; when the
lease is over they are sent by another. Only the mail whose answer from the server was lost is sent twice, with the
same Message-ID.
"""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from core.models import Mailing, MailState, OwedMail

from .queues import M, MailQueue, registered_queues

# How many mails are leased at a time.
BATCH = 500
# No mail is due later than this. What says so was written while the clock was wrong, and is due now.
LATEST = timedelta(days=2)


def _longest_lease() -> timedelta:
    """Return the longest that a lease can last: that of a mail at a server which takes its time."""
    return settings.MAIL_LEASE + timedelta(seconds=settings.EMAIL_DATA_TIMEOUT)


def remaining_budget(now: datetime) -> int:
    """Return how many mails may be leased, so that all machines together send no more than MAILS_A_MINUTE."""
    most = settings.MAILS_A_MINUTE
    if not most:
        return BATCH
    # A clock that was ahead for a while has left times that are still to come: they say nothing of this minute.
    lately = Q(sent_at__gt=now - timedelta(minutes=1), sent_at__lte=now)
    lately |= Q(state=MailState.WAITING, lease_until__gt=now, lease_until__lte=now + _longest_lease())
    used = sum(queue.model._default_manager.filter(lately).count() for queue in registered_queues())
    return min(BATCH, most - used)


def lease(queue: MailQueue[M], number: int = BATCH) -> list[M]:
    """Lease up to so many mails that are due, those first that have waited longest, so that nobody else has them.

    No more than the budget allows: who leases mails at the same time waits until they are counted.
    """
    model, now, key = queue.model, timezone.now(), uuid.uuid4()
    waiting: QuerySet[M] = model._default_manager.filter(
        Q(lease_until=None) | Q(lease_until__lt=now) | Q(lease_until__gt=now + _longest_lease()),
        Q(due_at__lte=now) | Q(due_at__gt=now + LATEST),
        state=MailState.WAITING,
    )
    if queue.held_back:
        waiting = waiting.exclude(queue.held_back())
    with transaction.atomic():
        if settings.MAILS_A_MINUTE:
            Mailing.objects.get_or_create(pk=Mailing.ONLY)
            Mailing.objects.select_for_update().get(pk=Mailing.ONLY)
        number = min(number, max(remaining_budget(now), 0))
        first = waiting.order_by("due_at", "pk").select_for_update(skip_locked=True, of=("self",))
        keys = list(first.values_list("pk", flat=True)[:number])
        model._default_manager.filter(pk__in=keys).update(leased_by=key, lease_until=now + settings.MAIL_LEASE)
    leased = model._default_manager.filter(pk__in=keys, leased_by=key)
    return list(leased.order_by("due_at", "pk")) if keys else []


def release(leased: list[M]) -> None:
    """Give back those of some mails, all of one lease, that were neither sent nor tried."""
    rest = type(leased[0])._default_manager.filter(leased_by=leased[0].leased_by, state=MailState.WAITING)
    rest.update(leased_by=None, lease_until=None)


def hold(mail: OwedMail) -> bool:
    """Keep a mail for as long as the server may take; return whether it is still ours.

    It is not if our lease was over, or the clock jumped and another process thought so.
    """
    key = mail._meta.get_field("leased_by")
    until = timezone.now() + _longest_lease()
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {mail._meta.db_table} SET lease_until = %s WHERE id = %s AND {key.column} = %s",  # noqa: S608 (our own table)
            [
                mail._meta.get_field("lease_until").get_db_prep_value(until, connection),
                mail.pk,
                key.get_db_prep_value(mail.leased_by, connection),
            ],
        )
        return bool(cursor.rowcount)


def tick_off(mail: OwedMail, **values: object) -> None:
    """Change a mail and end its lease, if the lease is still ours."""
    ours = type(mail)._default_manager.filter(pk=mail.pk, leased_by=mail.leased_by)
    ours.update(leased_by=None, lease_until=None, **values)


def tick_sent(mail: OwedMail) -> None:
    """Tick off a mail that was sent. In plain SQL, because it takes Django longer to write this than to do it."""
    when, key = mail._meta.get_field("sent_at"), mail._meta.get_field("leased_by")
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {mail._meta.db_table} SET state = %s, sent_at = %s, tries = %s, problem = '', "  # noqa: S608 (our own table)
            f"{key.column} = NULL, lease_until = NULL WHERE id = %s AND {key.column} = %s",
            [
                MailState.SENT,
                when.get_db_prep_value(timezone.now(), connection),
                mail.tries + 1,
                mail.pk,
                key.get_db_prep_value(mail.leased_by, connection),
            ],
        )
