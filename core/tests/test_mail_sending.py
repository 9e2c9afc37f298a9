"""The outbox: each mail goes once, whatever the mail server does and whoever is killed."""

import smtplib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from core.mail import queues, sending
from core.mail.leases import lease, tick_off
from core.mail.queues import HeldBackError, MailQueue, Writer, register_queue, registered_queues
from core.mail.rendered_email import RenderedEmail, Sender, email_headers
from core.mail.sending import WAITS, send
from core.mail.server import set_paused
from core.models import Mailing, MailState
from core.scheduler.registry import run_due_jobs, stopping
from testing.clocks import Clock
from testing.mail_server import FakeMailServer
from testing.models import Postcard
from testing.pages import SmallSite

ADDRESSES = ("ann@example.com", "bob@example.com", "zoe@example.com")


def write(leased: list[Postcard]) -> Writer[Postcard]:
    sender = Sender.now()

    def write_one(card: Postcard) -> RenderedEmail | None:
        if card.line == "Not yet":
            raise HeldBackError
        if card.line == "Broken":
            raise RuntimeError
        headers = email_headers(sender.message_id(card))
        return RenderedEmail("Greetings", card.line, to=[card.email], headers=headers) if card.line else None

    return write_one


@pytest.fixture
def noted() -> dict[str, list[str]]:
    """Which addresses the queue was told took a mail, and which refused one for good."""
    return {"sent": [], "refused": []}


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch, noted: dict[str, list[str]]) -> MailQueue[Postcard]:
    """The one queue there is."""
    queue = MailQueue(
        Postcard,
        order=10,
        writer=write,
        held_back=lambda: Q(line="Held back"),
        note_sent=lambda card: noted["sent"].append(card.email),
        note_refused=lambda card: noted["refused"].append(card.email),
    )
    monkeypatch.setattr(queues, "_queues", [queue])
    return queue


@pytest.fixture
def clock(small_site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(datetime(2026, 5, 4, 11, tzinfo=UTC))
    clock.run(monkeypatch)
    return clock


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> FakeMailServer:
    server = FakeMailServer()
    server.run(monkeypatch)
    return server


@pytest.fixture
def cards(clock: Clock, queue: MailQueue[Postcard]) -> list[Postcard]:
    """Three that are owed."""
    return [Postcard.objects.create(email=email, due_at=clock.now) for email in ADDRESSES]


def states() -> list[str]:
    return [str(each) for each in Postcard.objects.order_by("pk").values_list("state", flat=True)]


def addresses(messages: Iterable[EmailMessage]) -> list[str]:
    return [message.to[0] for message in messages]


def test_each_mail_goes_once_however_often_it_ticks(cards: list[Postcard], server: FakeMailServer) -> None:
    for _ in range(3):
        assert run_due_jobs() == []
    assert addresses(server.taken) == list(ADDRESSES)
    assert states() == [MailState.SENT] * 3


def test_the_queue_is_told_what_was_sent_and_what_was_refused_for_good(
    cards: list[Postcard], server: FakeMailServer, noted: dict[str, list[str]]
) -> None:
    server.refuse(ADDRESSES[0], 550)
    server.refuse(ADDRESSES[1], 451)
    send()
    assert noted == {"sent": [ADDRESSES[2]], "refused": [ADDRESSES[0]]}


def test_a_message_that_is_refused_blames_no_address(
    cards: list[Postcard], server: FakeMailServer, noted: dict[str, list[str]]
) -> None:
    server.refuses["*"] = smtplib.SMTPDataError(554, b"spam")
    send()
    assert states() == [MailState.FAILED] * 3
    assert noted["refused"] == []


@pytest.mark.parametrize(
    ("line", "state"),
    [
        ("", MailState.DROPPED),
        ("Not yet", MailState.WAITING),
        ("Held back", MailState.WAITING),
        ("Broken", MailState.WAITING),
    ],
)
def test_a_mail_that_is_not_written_keeps_no_other_back(
    cards: list[Postcard], server: FakeMailServer, line: str, state: MailState
) -> None:
    Postcard.objects.filter(email=ADDRESSES[0]).update(line=line)
    send(seconds=0.2)
    assert addresses(server.taken) == list(ADDRESSES[1:])
    card = Postcard.objects.get(email=ADDRESSES[0])
    assert (card.state, card.lease_until) == (state, None)
    # Only what could not be written counts as tried, and is tried later.
    assert card.tries == (line == "Broken")


def test_queues_are_sent_in_their_order(queue: MailQueue[Postcard]) -> None:
    first, last = MailQueue(Postcard, order=5, writer=write), MailQueue(Postcard, order=20, writer=write)
    register_queue(last)
    register_queue(first)
    assert registered_queues() == [first, queue, last]


# Leases


def test_a_lease_keeps_others_away_until_it_is_over(
    cards: list[Postcard], queue: MailQueue[Postcard], clock: Clock, settings: Any
) -> None:
    assert len(lease(queue, 2)) == 2
    assert len(lease(queue, 10)) == 1
    assert lease(queue, 10) == []
    # Who had them was killed.
    clock.advance(seconds=settings.MAIL_LEASE.total_seconds() + 1)
    assert len(lease(queue, 10)) == 3


def test_who_lost_a_lease_ticks_nothing_off(
    cards: list[Postcard], queue: MailQueue[Postcard], clock: Clock, settings: Any
) -> None:
    (slow,) = lease(queue, 1)
    clock.advance(seconds=settings.MAIL_LEASE.total_seconds() + 1)
    (quick,) = lease(queue, 1)
    assert quick.pk == slow.pk
    tick_off(slow, state=MailState.FAILED)
    assert Postcard.objects.get(pk=quick.pk).state == MailState.WAITING


def test_who_is_asked_to_end_gives_back_what_it_has_leased(
    cards: list[Postcard], server: FakeMailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = server.take

    def end(message: EmailMessage) -> None:
        take(message)
        stopping.set()

    monkeypatch.setattr(server, "take", end)
    try:
        send()
    finally:
        stopping.clear()
    assert states() == [MailState.SENT, MailState.WAITING, MailState.WAITING]
    assert not Postcard.objects.exclude(lease_until=None).exists()


def test_a_mail_that_is_tried_again_has_the_same_message_id(cards: list[Postcard], server: FakeMailServer) -> None:
    send()
    first = {message.to[0]: message.extra_headers["Message-ID"] for message in server.taken}
    server.taken.clear()
    # As if the answers of the server had been lost.
    Postcard.objects.update(state=MailState.WAITING)
    send()
    assert {message.to[0]: message.extra_headers["Message-ID"] for message in server.taken} == first
    assert len(set(first.values())) == 3


def test_many_mails_go_over_one_connection_that_is_closed(cards: list[Postcard], server: FakeMailServer) -> None:
    send()
    assert len(server.taken) == 3
    assert len(set(server.opened)) == 1
    assert set(server.opened) <= set(server.closed)


def test_each_mail_more_takes_one_query_which_ticks_it_off(
    queue: MailQueue[Postcard], clock: Clock, server: FakeMailServer
) -> None:
    def queries(number: int) -> int:
        for each in range(number):
            Postcard.objects.create(email=f"person{each}@example.com", due_at=clock.now)
        with CaptureQueriesContext(connection) as captured:
            send()
        return len(captured)

    queries(1)  # what a process looks up once
    assert queries(12) - queries(2) == 10


# Failures


def test_a_refusal_for_now_is_tried_again_with_growing_waits_until_it_fails(
    cards: list[Postcard], clock: Clock, server: FakeMailServer, noted: dict[str, list[str]]
) -> None:
    server.refuse(ADDRESSES[0], 451)
    send()
    assert states() == [MailState.WAITING, MailState.SENT, MailState.SENT]
    late = Postcard.objects.get(state=MailState.WAITING)
    waited = []
    for _ in WAITS:
        late.refresh_from_db()
        waited.append(late.due_at - clock.now)
        clock.now = late.due_at - timedelta(seconds=1)
        send()
        clock.advance(seconds=1)
        send()
    assert waited == list(WAITS)
    late.refresh_from_db()
    assert late.state == MailState.FAILED
    assert late.tries == len(WAITS) + 1
    assert late.problem == "The mail server refused the address for now (code 451)."
    assert noted["refused"] == []


def test_a_refusal_that_ends_is_forgotten(cards: list[Postcard], clock: Clock, server: FakeMailServer) -> None:
    server.refuse(ADDRESSES[0], 451)
    send()
    server.refuses.clear()
    clock.advance(minutes=1)
    send()
    assert states() == [MailState.SENT] * 3
    assert len(server.taken) == 3
    assert not Postcard.objects.exclude(problem="").exists()


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError("connect to mail.example.com"),
        TimeoutError(),
        smtplib.SMTPServerDisconnected("gone"),
        smtplib.SMTPAuthenticationError(535, b"who are you"),
        smtplib.SMTPConnectError(421, b"later"),
        smtplib.SMTPSenderRefused(550, b"not you", "website@example.com"),
    ],
)
def test_a_server_that_is_down_is_left_alone_longer_and_longer_and_nothing_is_lost(
    cards: list[Postcard], clock: Clock, server: FakeMailServer, error: Exception, noted: dict[str, list[str]]
) -> None:
    server.refuses["*"] = error
    for _ in range(3):
        send()
    # One mail is tried at a time, and after three failures none.
    assert len(server.asked) == 3
    send()
    assert len(server.asked) == 3
    rests = []
    for _ in range(6):
        mailing = Mailing.now()
        assert mailing.rests_until is not None
        rests.append((mailing.rests_until - clock.now).total_seconds() / 60)
        clock.now = mailing.rests_until
        Postcard.objects.update(due_at=clock.now)
        send()
    assert rests == [1, 2, 4, 8, 15, 15]
    assert states() == [MailState.WAITING] * 3
    server.refuses.clear()
    clock.advance(hours=25)
    send()
    assert states() == [MailState.SENT] * 3
    assert (Mailing.now().breaks, Mailing.now().problem) == (0, "")
    assert noted["refused"] == []


def test_a_strange_error_stops_no_other_mail_and_is_written_without_its_words(
    cards: list[Postcard], server: FakeMailServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.refuses[ADDRESSES[0]] = RuntimeError(f"{ADDRESSES[0]} broke it")
    send()
    assert len(server.taken) == 2
    assert Postcard.objects.get(state=MailState.WAITING).problem == "Something unexpected went wrong (RuntimeError)."
    assert ADDRESSES[0] not in caplog.text


# Stopping, and how much a minute


def test_the_cap_of_a_minute_holds_for_all_together(
    cards: list[Postcard], clock: Clock, server: FakeMailServer, settings: Any
) -> None:
    settings.MAILS_A_MINUTE = 2
    send(seconds=0.2)
    assert len(server.taken) == 2
    clock.advance(seconds=61)
    send(seconds=0.2)
    assert len(server.taken) == 3


def test_all_mail_can_be_stopped_and_goes_on(cards: list[Postcard], server: FakeMailServer) -> None:
    set_paused(True)
    assert run_due_jobs() == []
    assert server.taken == []
    set_paused(False)
    assert run_due_jobs() == []
    assert len(server.taken) == 3


@pytest.mark.parametrize(
    ("change", "state"),
    [
        (lambda: set_paused(True), MailState.WAITING),
        (lambda: Mailing.objects.update(is_paused=False), MailState.SENT),
    ],
    ids=["stopped", "not stopped"],
)
def test_it_is_seen_while_mails_go_that_mail_was_stopped(
    cards: list[Postcard],
    server: FakeMailServer,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[], object],
    state: MailState,
) -> None:
    monkeypatch.setattr(sending, "LOOK_AGAIN", -1)
    take = server.take

    def act(message: EmailMessage) -> None:
        take(message)
        change()

    monkeypatch.setattr(server, "take", act)
    send(seconds=1)
    assert states() == [MailState.SENT, state, state]
