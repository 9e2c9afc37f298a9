"""The outbox's second half: mails that are owed are taken, sent and ticked off, one by one, whatever happens.

Several processes may do this at once. Each takes some mails for a while (a lease) before it sends them. A process that
is killed leaves its mails behind; when the lease is over they are sent by another. Only the mail whose answer from the
server was lost is sent twice, with the same Message-ID.
"""

import logging
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from core.mail.smtp_errors import DeliveryError, ErrorKind, delivery_error
from core.scheduler.registry import stopping

from .items import Items, item_of
from .letters import Forms, Letter, Sender, request_letter
from .models import Delivery, Follower, FollowRequest, Mailing, Notice, Outgoing, State

logger = logging.getLogger(__name__)

R = TypeVar("R", bound=Outgoing)

# How many mails are taken at a time.
BATCH = 500
# After so many seconds of sending it is looked again at what may be told, to whom, and whether mail is stopped.
LOOK_AGAIN = 1.0
# How long `tick` sends before it ends, in seconds: the next one goes on.
SECONDS = 50.0
# How long to wait after each try that failed; after the last of them the mail counts as failed. Whatever failed: a
# server that takes mails and says so too late must not bring one to somebody for ever.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
REFUSALS = 3
# After so many failures of the server in a row it is left alone, longer each time.
BREAKS = 3
LONGEST_REST = timedelta(minutes=15)

# Writes the mail of a row that was taken; none if there is no longer a reason to send it.
Write = Callable[[R], Letter | None]
Letters = Callable[[list[R]], Write[R]]
UNWRITABLE = DeliveryError(ErrorKind.AGAIN, "The e-mail could not be written. Tell whoever runs the website.")


class ServerFailedError(Exception):
    """The mail server cannot be used now."""


class StoppedError(Exception):
    """Somebody has stopped the notice; its mails wait."""


def send(seconds: float = SECONDS) -> None:
    """Send what is due until nothing is, the time is over, or the server fails or is resting."""
    until = time.monotonic() + seconds
    with _quick_commits():
        while time.monotonic() < until and Mailing.now().is_sending and not stopping.is_set():
            if _room(timezone.now()) <= 0:
                stopping.wait(1)
            elif not (_send_some(FollowRequest, _requests) or _send_some(Delivery, _deliveries)):
                return


@contextmanager
def _quick_commits() -> Iterator[None]:
    """Let PostgreSQL write what is ticked off to its disk within a second, instead of waiting for that at each mail.

    A process that is killed loses nothing by that. If the database's own machine loses its power, the mails of that
    second are sent again, as on SQLite.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")


def _room(now: datetime) -> int:
    """Return how many mails may be taken, so that all machines together send no more than MAILS_A_MINUTE."""
    most = settings.MAILS_A_MINUTE
    if not most:
        return BATCH
    lately = Q(sent_at__gt=now - timedelta(minutes=1)) | Q(state=State.WAITING, lease_until__gt=now)
    used = sum(model._default_manager.filter(lately).count() for model in (FollowRequest, Delivery))
    return min(BATCH, most - used)


def take(model: type[R], number: int = BATCH) -> list[R]:
    """Take up to so many mails that are due, those first that have waited longest, so that nobody else does.

    No more than there is room for: who takes mails at the same time waits until they are counted.
    """
    now = timezone.now()
    waiting: QuerySet[R] = model._default_manager.filter(
        Q(lease_until=None) | Q(lease_until__lt=now), state=State.WAITING, due_at__lte=now
    )
    if model is Delivery:
        waiting = waiting.exclude(notice__in=Notice.objects.exclude(paused_at=None).values("pk"))
    claim = uuid.uuid4()
    with transaction.atomic():
        if settings.MAILS_A_MINUTE:
            Mailing.objects.get_or_create(pk=Mailing.ONLY)
            Mailing.objects.select_for_update().get(pk=Mailing.ONLY)
        number = min(number, max(_room(now), 0))
        first = waiting.order_by("due_at", "pk").select_for_update(skip_locked=True, of=("self",))
        keys = list(first.values_list("pk", flat=True)[:number])
        model._default_manager.filter(pk__in=keys).update(claim=claim, lease_until=now + settings.MAIL_LEASE)
    return list(model._default_manager.filter(pk__in=keys, claim=claim).order_by("due_at", "pk")) if keys else []


def _send_some(model: type[R], letters: Letters[R]) -> bool:
    """Take some mails and send them over one connection; return whether there were any."""
    # The other half of the lease is for the mail that is at the server then, however slowly that answers each command.
    until = time.monotonic() + settings.MAIL_LEASE.total_seconds() / 2
    server = get_connection()
    taken = take(model)
    if not taken:
        return False
    is_working = False
    try:
        write, look_again = letters(taken), time.monotonic() + LOOK_AGAIN
        for row in taken:
            if time.monotonic() > until or stopping.is_set():
                break
            if time.monotonic() > look_again:
                if not Mailing.now().is_sending:
                    break
                write, look_again = letters(taken), time.monotonic() + LOOK_AGAIN
            if _send_one(row, write, server) and not is_working:
                is_working = True
                _note_working()
    except ServerFailedError:
        pass
    finally:
        _close(server)
        # What was not reached is for whoever comes next. All of it was taken with one claim.
        rest = model._default_manager.filter(claim=taken[0].claim, state=State.WAITING)
        rest.update(claim=None, lease_until=None)
    return True


def _close(server: BaseEmailBackend) -> None:
    try:
        server.close()
    except OSError:
        logger.info("The mail server had closed the connection already.")


def _send_one(row: R, write: Write[R], server: BaseEmailBackend) -> bool:
    """Send a mail and tick it off, or note why not; return whether it was sent.

    Raises ServerFailedError if no other mail can be sent now.
    """
    try:
        letter = write(row)
    except StoppedError:
        return False
    except Exception:  # whatever is wrong with one page, the mails about others are still due
        logger.exception("%s could not be written", row)
        _note_failure(row, UNWRITABLE)
        return False
    if letter is None:
        _tick_off(row, state=State.DROPPED)
        return False
    try:
        # Opened once, and left open for the next mail.
        server.open()
        server.send_messages([letter])
    except Exception as error:  # noqa: BLE001 - a backend may raise anything; its words may name the address
        verdict: DeliveryError | None = delivery_error(error)
    else:
        verdict = None
    # Not while the error is at hand, whose words would be logged with whatever goes wrong here.
    if verdict:
        _note_failure(row, verdict)
        return False
    _tick_sent(row)
    if isinstance(row, Delivery) and row.follower and row.follower.refusals:
        Follower.objects.filter(pk=row.follower.pk).update(refusals=0)
    return True


def _tick_off(row: Outgoing, **values: object) -> None:
    """Change a row that is still ours."""
    rows = type(row)._default_manager.filter(pk=row.pk, claim=row.claim)
    rows.update(claim=None, lease_until=None, **values)


def _tick_sent(row: Outgoing) -> None:
    """Tick off a mail that was sent. In plain SQL, because it takes Django longer to write this than to do it."""
    when, claim = row._meta.get_field("sent_at"), row._meta.get_field("claim")
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {row._meta.db_table} SET state = %s, sent_at = %s, tries = %s, problem = '', "  # noqa: S608 (our own table)
            "claim = NULL, lease_until = NULL WHERE id = %s AND claim = %s",
            [
                State.SENT,
                when.get_db_prep_value(timezone.now(), connection),
                row.tries + 1,
                row.pk,
                claim.get_db_prep_value(row.claim, connection),
            ],
        )


def _note_working() -> None:
    """Forget earlier failures of the server. It need not be asked after each mail: a failure ends the connection."""
    Mailing.objects.filter(pk=Mailing.ONLY, breaks__gt=0).update(breaks=0, rests_until=None, problem="")


def _note_failure(row: Outgoing, verdict: DeliveryError) -> None:
    # Without the error itself: what a server says often names the address.
    logger.warning("%s was not sent: %s", row, verdict.reason)
    tries = row.tries + 1
    if verdict.outcome is ErrorKind.REFUSED or tries > len(WAITS):
        _tick_off(row, state=State.FAILED, tries=tries, problem=verdict.reason)
    else:
        _tick_off(row, due_at=timezone.now() + WAITS[tries - 1], tries=tries, problem=verdict.reason)
    if (
        verdict.outcome is ErrorKind.REFUSED
        and verdict.blames_address
        and isinstance(row, Delivery)
        and row.follower_id
    ):
        _note_refusal(row.follower_id)
    if verdict.outcome is ErrorKind.SERVER:
        _note_break(verdict.reason)
        raise ServerFailedError


@transaction.atomic
def _note_refusal(pk: int) -> None:
    """Send nothing more to an address that was refused for good REFUSALS times in a row."""
    follower = Follower.objects.select_for_update().filter(pk=pk).first()
    if follower is None:
        return
    follower.refusals += 1
    if follower.refusals >= REFUSALS and follower.paused_at is None:
        follower.paused_at = timezone.now()
    follower.save(update_fields=["refusals", "paused_at"])


@transaction.atomic
def _note_break(reason: str) -> None:
    """Leave the server alone after BREAKS failures in a row: a minute, then twice as long each time."""
    Mailing.objects.get_or_create(pk=Mailing.ONLY)
    mailing = Mailing.objects.select_for_update().get(pk=Mailing.ONLY)
    mailing.breaks += 1
    mailing.problem = reason
    if mailing.breaks >= BREAKS:
        rest = timedelta(minutes=2 ** min(mailing.breaks - BREAKS, 10))
        mailing.rests_until = timezone.now() + min(rest, LONGEST_REST)
    mailing.save()


def _requests(taken: list[FollowRequest]) -> Write[FollowRequest]:
    """Return the function that writes the mail of each of these; none if there is nothing to send."""
    sender = Sender.now()
    return lambda request: request_letter(request, sender)


def _deliveries(taken: list[Delivery]) -> Write[Delivery]:
    """Return the function that writes the mail of each of these; none if there is no longer a reason to send it."""
    people = Follower.objects.filter(left_at=None, paused_at=None).in_bulk([row.follower_id for row in taken])
    items, forms = Items(taken), Forms()
    stopped = set(Notice.objects.exclude(paused_at=None).values_list("pk", flat=True))

    def write(row: Delivery) -> Letter | None:
        row.follower = people.get(row.follower_id)
        if row.follower is None:
            return None
        if row.notice_id in stopped:
            raise StoppedError
        if row.notice_id:
            item = items.of(row)
            form = forms.of_notice(item, items.reasons(row, item)) if item else None
        else:
            groups = items.digest(row)
            row.digested.set([item.notice.pk for group in groups for item in group.items])
            form = forms.of_digest(groups) if groups else None
        return form.letter(row.follower, row, forms.sender) if form else None

    return write


def set_paused(is_paused: bool) -> None:
    """Stop all mail, or go on; going on also tries a server again that is left alone."""
    Mailing.objects.update_or_create(
        pk=Mailing.ONLY, defaults={"is_paused": is_paused, "breaks": 0, "rests_until": None, "problem": ""}
    )


def letter_to_oneself(notice: Notice, email: str) -> Letter | None:
    """Return a notice as a mail to an editor's own address; None if nobody would be told now.

    Its links to change or stop are those of nobody.
    """
    item = item_of(notice)
    if item is None:
        return None
    forms = Forms()
    # No delivery has a key below 0, and no two tests have the same.
    row = Delivery(pk=-int(time.time() * 1000), notice=notice)
    return forms.of_notice(item, tuple(item.topics.values())).letter(Follower(email=email), row, forms.sender)


def send_to_oneself(notice: Notice, email: str) -> str:
    """Send a notice to an editor's own address at once; return in words what went wrong, or nothing."""
    if not email:
        return "Your account has no e-mail address. Add one in your profile, at the bottom of the menu."
    letter = letter_to_oneself(notice, email)
    if letter is None:
        return "There is nothing to send: not everyone can see the page now, or it no longer says what was new."
    try:
        letter.send()
    except Exception as error:  # noqa: BLE001 - a backend may raise anything; its words may name the address
        return f"The test was not sent. {delivery_error(error).reason}"
    return ""
