"""Sends what is owed: mails are leased, rendered, sent and ticked off, one by one, whatever happens.

Several processes may do this at once; `core.mail.leases` says how they share the mails.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Generic

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.utils import timezone

from core.models import Mailing, MailState, OwedMail
from core.scheduler.registry import stopping

from .envelopes import put_into_envelope
from .leases import hold, lease, release, remaining_budget, tick_off, tick_sent
from .queues import HeldBackError, M, MailQueue, Writer, registered_queues
from .server import is_working, note_break, note_working
from .smtp_errors import DeliveryError, ErrorKind, delivery_error, opening_error

logger = logging.getLogger(__name__)

# After so many seconds of sending it is looked again at what may be sent, to whom, and whether mail is stopped.
LOOK_AGAIN = 1.0
# How long `tick` sends before it ends, in seconds: the next one goes on.
SECONDS = 50.0
# So many mails in a row that are refused are the server's fault, whatever it says: none counts, and it is left alone.
MANY = 20
# How long to wait after each try that failed; after the last of them the mail counts as failed. Whatever failed: a
# server that takes mails and says so too late must not bring one to somebody for ever.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
# A mail that was the server's fault waits no longer than this for its next try.
SERVER_WAIT = timedelta(hours=1)
REFUSES_ALL = "The mail server refused very many mails in a row."
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
    # The other half of the lease is for what is not sent any more then.
    until = time.monotonic() + settings.MAIL_LEASE.total_seconds() / 2
    server = get_connection()
    leased = lease(queue)
    if not leased:
        return False
    row = _Row(queue)
    try:
        write, look_again = queue.writer(leased), time.monotonic() + LOOK_AGAIN
        for mail in leased:
            if time.monotonic() > until or stopping.is_set():
                break
            if time.monotonic() > look_again:
                if not Mailing.now().is_sending:
                    break
                write, look_again = queue.writer(leased), time.monotonic() + LOOK_AGAIN
            _send_one(row, mail, write, server)
        row.settle(is_in_doubt=not is_working())
    except ServerFailedError:
        row.settle(is_in_doubt=True)
    finally:
        close(server)
        release(leased)
    return True


@dataclass
class _Row(Generic[M]):
    """The mails that were refused since the server last took one.

    What is noted against their addresses waits until it takes one again: if it refuses MANY in a row, or fails, the
    fault is its own.
    """

    queue: MailQueue[M]
    has_taken: bool = False
    refused: list[tuple[M, DeliveryError]] = field(default_factory=list)

    def note_taken(self) -> None:
        """Note that the server took a mail: what it refused before was refused for a reason."""
        if not self.has_taken:
            self.has_taken = True
            note_working()
        self.settle(is_in_doubt=False)

    def note_refused(self, mail: M, problem: DeliveryError) -> None:
        """Note that it refused one. Raises ServerFailedError if that is one too many.

        Those that are tried again come one after another, because they waited together: they count only while the
        server is in doubt anyway.
        """
        self.refused.append((mail, problem))
        if len(self.refused) >= MANY and (mail.tries == 0 or not is_working()):
            note_break(REFUSES_ALL, is_certain=True)
            raise ServerFailedError

    def settle(self, *, is_in_doubt: bool) -> None:
        """Note what was refused; if the server itself is in doubt, none of it is for good."""
        for mail, problem in self.refused:
            _note_failure(self.queue, mail, problem, is_in_doubt=is_in_doubt)
        self.refused = []


def deliver(message: EmailMessage, server: BaseEmailBackend) -> DeliveryError | None:
    """Hand an e-mail to the server, over a connection that stays open for the next.

    Return a DeliveryError, or None once the server has taken it.

    Whoever calls closes the connection (`close`).
    """
    try:
        server.open()
    except Exception as error:  # noqa: BLE001 - a backend may raise anything; its words may name the address
        return opening_error(error)
    try:
        server.send_messages([message])
    except Exception as error:  # noqa: BLE001
        return delivery_error(error)
    return None


def close(server: BaseEmailBackend) -> None:
    """Close the connection, if the server has not done so."""
    try:
        server.close()
    except OSError:
        logger.info("The mail server had closed the connection already.")


def _send_one(row: _Row[M], mail: M, write: Writer[M], server: BaseEmailBackend) -> None:
    """Send a mail and tick it off, or note why not.

    Raises ServerFailedError if no other mail can be sent now.
    """
    try:
        message = write(mail)
    except HeldBackError:
        return
    except Exception:  # whatever is wrong with one page, the mails about others are still due
        logger.exception("%s could not be written", mail)
        _note_failure(row.queue, mail, UNWRITABLE)
        return
    if message is None:
        tick_off(mail, state=MailState.DROPPED)
        return
    if not hold(mail):
        return  # somebody else has it, or it is gone
    put_into_envelope(message, mail)
    # Noted when the error is no longer at hand, whose words would be logged with whatever goes wrong there.
    problem = deliver(message, server)
    if problem is None:
        tick_sent(mail)
        row.note_taken()
        row.queue.note_sent(mail)
    elif problem.is_of_server:
        _note_server_failure(mail, problem)
        raise ServerFailedError
    else:
        row.note_refused(mail, problem)


def _note_failure(queue: MailQueue[M], mail: M, problem: DeliveryError, *, is_in_doubt: bool = False) -> None:
    # Without the error itself: what a server says often names the address.
    logger.warning("%s was not sent: %s", mail, problem.reason)
    tries = mail.tries + 1
    is_last = tries > len(WAITS) or (problem.kind is ErrorKind.REFUSED and not is_in_doubt)
    if is_last:
        tick_off(mail, state=MailState.FAILED, tries=tries, problem=problem.reason)
    else:
        tick_off(mail, due_at=timezone.now() + WAITS[tries - 1], tries=tries, problem=problem.reason)
    if is_last and not is_in_doubt and problem.kind in (ErrorKind.REFUSED, ErrorKind.UNCLEAR):
        queue.note_refused(mail)


def _note_server_failure(mail: OwedMail, problem: DeliveryError) -> None:
    """Let a mail wait because the server failed.

    That counts as a try of the mail only if the server has taken others until then, and it may be the mail after all;
    or if the mail may have arrived.
    """
    logger.warning("%s was not sent: %s", mail, problem.reason)
    tries = mail.tries + (problem.kind is ErrorKind.UNCERTAIN or is_working())
    note_break(problem.reason)
    if tries > len(WAITS):
        tick_off(mail, state=MailState.FAILED, tries=tries, problem=problem.reason)
        return
    wait = WAITS[max(tries - 1, 0)]
    if problem.kind is ErrorKind.SERVER:
        wait = min(wait, SERVER_WAIT)
    tick_off(mail, due_at=timezone.now() + wait, tries=tries, problem=problem.reason)
