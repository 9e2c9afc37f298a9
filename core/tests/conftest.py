"""Fixtures of core's tests."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db.models import Q
from django.utils import timezone

from core.mail import queues
from core.mail.queues import MailQueue
from core.timezone import LONDON
from testing.clocks import Clock
from testing.mail_server import FakeMailServer
from testing.models import Postcard
from testing.pages import SmallSite
from testing.postcards import ADDRESSES, write_postcards


@pytest.fixture
def london_time_is(monkeypatch: pytest.MonkeyPatch) -> Callable[..., datetime]:
    """Return a function that stops the clock at a year, month, day, hour and minute in London."""

    def stop(year: int, month: int, day: int, hour: int = 12, minute: int = 0, second: int = 0) -> datetime:
        now = datetime(year, month, day, hour, minute, second, tzinfo=LONDON)
        monkeypatch.setattr(timezone, "now", lambda: now)
        return now

    return stop


@pytest.fixture
def noted() -> dict[str, list[str]]:
    """Which addresses the queue was told took a mail, and which refused one for good."""
    return {"sent": [], "refused": []}


@pytest.fixture
def mail_queue(monkeypatch: pytest.MonkeyPatch, noted: dict[str, list[str]]) -> MailQueue[Postcard]:
    """The one queue there is."""
    queue = MailQueue(
        Postcard,
        order=10,
        writer=write_postcards,
        held_back=lambda: Q(line="Held back"),
        note_sent=lambda card: noted["sent"].append(card.email),
        note_refused=lambda card: noted["refused"].append(card.email),
        address_of=lambda card: card.email,
    )
    monkeypatch.setattr(queues, "_queues", [queue])
    return queue


@pytest.fixture
def clock(small_site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(datetime(2026, 5, 4, 11, tzinfo=UTC))
    clock.run(monkeypatch)
    return clock


@pytest.fixture
def mail_server(monkeypatch: pytest.MonkeyPatch) -> FakeMailServer:
    server = FakeMailServer()
    server.run(monkeypatch)
    return server


@pytest.fixture
def postcards(clock: Clock, mail_queue: MailQueue[Postcard]) -> list[Postcard]:
    """Three that are owed."""
    return [Postcard.objects.create(email=email, due_at=clock.now) for email in ADDRESSES]
