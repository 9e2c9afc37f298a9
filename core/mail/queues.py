"""Which mails are owed: each app registers its queues of them, and `core.mail.sending` sends what is in all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Q

from core.models import OwedMail

from .rendered_email import RenderedEmail

M = TypeVar("M", bound=OwedMail)

# Renders the e-mail of a leased mail; None if there is no longer a reason to send it. It may raise HeldBackError.
Writer = Callable[[M], RenderedEmail | None]


class HeldBackError(Exception):
    """Raised by a writer: somebody held this mail back after it was leased (`MailQueue.held_back`), and it waits."""


def _nothing(mail: Any) -> None:
    pass


def _no_address(mail: Any) -> str:
    return ""


@dataclass(frozen=True)
class MailQueue(Generic[M]):
    """The mails of one model that are to be sent.

    `order` is its place among the queues: what is due in one goes before all that is due in the next. `writer` gets
    the mails that were just leased and returns what renders each of them; it is asked anew each second of sending, so
    what it looks up may be so old. `held_back` says which mails wait although they are due. `note_sent` and
    `note_refused` are told of a mail when it was sent, and when its address was refused for good. `address_of` returns
    whose a mail was, when a report of it comes back.
    """

    model: type[M]
    order: int
    writer: Callable[[list[M]], Writer[M]]
    held_back: Callable[[], Q] | None = None
    note_sent: Callable[[M], None] = _nothing
    note_refused: Callable[[M], None] = _nothing
    address_of: Callable[[M], str] = _no_address


_queues: list[MailQueue[Any]] = []


def register_queue(queue: MailQueue[Any]) -> None:
    """Have the mails of a queue sent; an app does so when it is ready."""
    _queues.append(queue)


def registered_queues() -> list[MailQueue[Any]]:
    """Return the queues of all apps, in the order in which they are sent."""
    return sorted(_queues, key=lambda queue: queue.order)
