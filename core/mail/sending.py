"""Sends what is owed: mails are leased, rendered, sent and ticked off, one by one, whatever happens.

Several processes may do this at once; `core.mail.leases` says how they share the mails.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.utils import timezone

from core.models import Mailing, MailState
from core.scheduler.registry import stopping

from .leases import lease, release, remaining_budget, tick_off, tick_sent
from .queues import HeldBackError, M, MailQueue, Writer, registered_queues
from .server import note_break, note_working
from .smtp_errors import DeliveryError, ErrorKind, delivery_error

logger = logging.getLogger(__name__)

# After so many seconds of sending it is looked again at what may be sent, to whom, and whether mail is stopped.
LOOK_AGAIN = 1.0
# How long `tick` sends before it ends, in seconds: the next one goes on.
SECONDS = 50.0
# How long to wait after each try that failed; after the last of them the mail counts as failed. Whatever failed: a
# server that takes mails and says so too late must not bring one to somebody for ever.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
UNWRITABLE = DeliveryError(ErrorKind.AGAIN, "The e-mail could not be written. Tell whoever runs the website.")


class ServerFailedError(Exception):
    """The mail server cannot be used now."""


def send(seconds: float = SECONDS) -> None:
    """Send what is due until nothing is, the time is over, or the server fails or is resting."""
    until = time.monotonic() + seconds
    with _quick_commits():
        while time.monotonic() < until and Mailing.now().is_sending and not stopping.is_set():
            if remaining_budget(timezone.now()) <= 0:
                stopping.wait(1)
            elif not any(_send_some(queue) for queue in registered_queues()):
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


def _send_some(queue: MailQueue[M]) -> bool:
    """Lease some mails and send them over one connection; return whether there were any."""
    # The other half of the lease is for the mail that is at the server then, however slowly that answers each command.
    until = time.monotonic() + settings.MAIL_LEASE.total_seconds() / 2
    server = get_connection()
    leased = lease(queue)
    if not leased:
        return False
    is_working = False
    try:
        write, look_again = queue.writer(leased), time.monotonic() + LOOK_AGAIN
        for mail in leased:
            if time.monotonic() > until or stopping.is_set():
                break
            if time.monotonic() > look_again:
                if not Mailing.now().is_sending:
                    break
                write, look_again = queue.writer(leased), time.monotonic() + LOOK_AGAIN
            if _send_one(queue, mail, write, server) and not is_working:
                is_working = True
                note_working()
    except ServerFailedError:
        pass
    finally:
        close(server)
        release(leased)
    return True


def deliver(message: EmailMessage, server: BaseEmailBackend) -> DeliveryError | None:
    """Hand an e-mail to the server, over a connection that stays open for the next.

    Return a DeliveryError, or None once the server has taken it.

    Whoever calls closes the connection (`close`).
    """
    try:
        server.open()
        server.send_messages([message])
    except Exception as error:  # noqa: BLE001 - a backend may raise anything; its words may name the address
        return delivery_error(error)
    return None


def close(server: BaseEmailBackend) -> None:
    """Close the connection, if the server has not done so."""
    try:
        server.close()
    except OSError:
        logger.info("The mail server had closed the connection already.")


def _send_one(queue: MailQueue[M], mail: M, write: Writer[M], server: BaseEmailBackend) -> bool:
    """Send a mail and tick it off, or note why not; return whether it was sent.

    Raises ServerFailedError if no other mail can be sent now.
    """
    try:
        message = write(mail)
    except HeldBackError:
        return False
    except Exception:  # whatever is wrong with one page, the mails about others are still due
        logger.exception("%s could not be written", mail)
        _note_failure(queue, mail, UNWRITABLE)
        return False
    if message is None:
        tick_off(mail, state=MailState.DROPPED)
        return False
    # Noted when the error is no longer at hand, whose words would be logged with whatever goes wrong there.
    problem = deliver(message, server)
    if problem:
        _note_failure(queue, mail, problem)
        return False
    tick_sent(mail)
    queue.note_sent(mail)
    return True


def _note_failure(queue: MailQueue[M], mail: M, problem: DeliveryError) -> None:
    # Without the error itself: what a server says often names the address.
    logger.warning("%s was not sent: %s", mail, problem.reason)
    tries = mail.tries + 1
    is_refused = problem.kind is ErrorKind.REFUSED
    if is_refused or tries > len(WAITS):
        tick_off(mail, state=MailState.FAILED, tries=tries, problem=problem.reason)
    else:
        tick_off(mail, due_at=timezone.now() + WAITS[tries - 1], tries=tries, problem=problem.reason)
    if is_refused and problem.blames_address:
        queue.note_refused(mail)
    if problem.kind is ErrorKind.SERVER:
        note_break(problem.reason)
        raise ServerFailedError
