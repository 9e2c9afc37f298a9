"""The outbox: each mail goes once, whatever the mail server does and whoever is killed."""

import smtplib
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.mail import EmailMessage

from core.mail import sending
from core.mail.queues import MailQueue, register_queue, registered_queues
from core.mail.sending import MANY, REFUSES_ALL, WAITS, send
from core.mail.server import set_paused
from core.models import Mailing, MailState
from core.scheduler.registry import run_due_jobs
from testing.clocks import Clock
from testing.mail_server import FakeMailServer
from testing.models import Postcard
from testing.postcards import ADDRESSES, states, write_postcards

pytestmark = pytest.mark.database


def addresses(messages: Iterable[EmailMessage]) -> list[str]:
    return [message.to[0] for message in messages]


def test_each_mail_goes_once_however_often_it_ticks(postcards: list[Postcard], mail_server: FakeMailServer) -> None:
    for _ in range(3):
        assert run_due_jobs() == []
    assert addresses(mail_server.taken) == list(ADDRESSES)
    assert states() == [MailState.SENT] * 3


def test_the_queue_is_told_what_was_sent_and_what_was_refused_for_good(
    postcards: list[Postcard], mail_server: FakeMailServer, noted: dict[str, list[str]]
) -> None:
    mail_server.refuse(ADDRESSES[0], 550, "5.1.1")
    mail_server.refuse(ADDRESSES[1], 451)
    send()
    assert noted == {"sent": [ADDRESSES[2]], "refused": [ADDRESSES[0]]}


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
    postcards: list[Postcard], mail_server: FakeMailServer, line: str, state: MailState
) -> None:
    Postcard.objects.filter(email=ADDRESSES[0]).update(line=line)
    send(seconds=0.2)
    assert addresses(mail_server.taken) == list(ADDRESSES[1:])
    card = Postcard.objects.get(email=ADDRESSES[0])
    assert (card.state, card.lease_until) == (state, None)
    # Only what could not be written counts as tried, and is tried later.
    assert card.tries == (line == "Broken")


def test_queues_are_sent_in_their_order(mail_queue: MailQueue[Postcard]) -> None:
    first, last = (MailQueue(Postcard, order=order, writer=write_postcards) for order in (5, 20))
    register_queue(last)
    register_queue(first)
    assert registered_queues() == [first, mail_queue, last]


# Failures


def test_a_refusal_for_now_is_tried_again_with_growing_waits_until_it_fails(
    postcards: list[Postcard], clock: Clock, mail_server: FakeMailServer, noted: dict[str, list[str]]
) -> None:
    mail_server.refuse(ADDRESSES[0], 451)
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


def test_a_refusal_that_ends_is_forgotten(postcards: list[Postcard], clock: Clock, mail_server: FakeMailServer) -> None:
    mail_server.refuse(ADDRESSES[0], 451)
    send()
    mail_server.refuses.clear()
    clock.advance(minutes=1)
    send()
    assert states() == [MailState.SENT] * 3
    assert len(mail_server.taken) == 3
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
        smtplib.SMTPRecipientsRefused({"x": (554, b"5.7.1 Relay access denied")}),
        smtplib.SMTPDataError(554, b"spam"),
        smtplib.SMTPDataError(552, b"5.3.4 too big"),
    ],
)
def test_a_server_that_is_down_is_left_alone_longer_and_longer_and_nothing_is_lost(
    postcards: list[Postcard], clock: Clock, mail_server: FakeMailServer, error: Exception, noted: dict[str, list[str]]
) -> None:
    mail_server.refuses["*"] = error
    for _ in range(3):
        send()
    # One mail is tried at a time, and after three failures none.
    assert len(mail_server.asked) == 3
    send()
    assert len(mail_server.asked) == 3
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
    mail_server.refuses.clear()
    clock.advance(hours=25)
    send()
    assert states() == [MailState.SENT] * 3
    assert (Mailing.now().breaks, Mailing.now().problem) == (0, "")
    assert noted["refused"] == []


@pytest.mark.parametrize("missing", ["STARTTLS", "SMTP AUTH"])
def test_a_server_that_offers_no_encryption_or_signing_in_for_a_while_loses_nothing(
    postcards: list[Postcard], clock: Clock, mail_server: FakeMailServer, missing: str, noted: dict[str, list[str]]
) -> None:
    mail_server.fails_to_open = smtplib.SMTPNotSupportedError(f"{missing} extension not supported by server.")
    for _ in range(12):
        send()
        clock.advance(minutes=20)
    assert states() == [MailState.WAITING] * 3
    assert Mailing.now().is_broken
    assert Mailing.now().problem == "The mail server offers no encryption, or no signing in, at the moment."
    mail_server.fails_to_open = None
    clock.advance(hours=1)
    send()
    assert states() == [MailState.SENT] * 3
    assert not Mailing.now().is_broken
    assert noted["refused"] == []


def test_a_server_that_refuses_everybody_is_left_alone_and_blames_nobody(
    mail_queue: MailQueue[Postcard], clock: Clock, mail_server: FakeMailServer, noted: dict[str, list[str]]
) -> None:
    for each in range(2 * MANY):
        address = f"person{each}@example.com"
        Postcard.objects.create(email=address, due_at=clock.now)
        mail_server.refuse(address, 550, "5.1.1")
    for _ in range(4):
        send()
        clock.advance(minutes=16)
    assert Mailing.now().problem == REFUSES_ALL
    assert set(states()) == {MailState.WAITING}
    assert noted["refused"] == []
    mail_server.refuses.clear()
    clock.advance(days=1)
    send()
    assert set(states()) == {MailState.SENT}


def test_addresses_that_are_really_gone_are_noted_once_the_server_takes_other_mail(
    mail_queue: MailQueue[Postcard], clock: Clock, mail_server: FakeMailServer, noted: dict[str, list[str]]
) -> None:
    for each in range(MANY):
        address = f"person{each}@example.com"
        Postcard.objects.create(email=address, due_at=clock.now)
        mail_server.refuse(address, 550, "5.1.1")
    send()
    assert noted["refused"] == []
    Postcard.objects.create(email="ann@example.com", due_at=clock.now)
    for _ in range(3):
        clock.advance(minutes=16)
        send()
    assert noted == {"sent": ["ann@example.com"], "refused": [f"person{each}@example.com" for each in range(MANY)]}


def test_a_bare_refusal_counts_against_an_address_only_after_two_days_of_trying(
    postcards: list[Postcard], clock: Clock, mail_server: FakeMailServer, noted: dict[str, list[str]]
) -> None:
    mail_server.refuse(ADDRESSES[0], 550)
    send()
    assert noted["refused"] == []
    for _ in range(len(WAITS)):
        clock.advance(days=1)
        send()
    assert states() == [MailState.FAILED, MailState.SENT, MailState.SENT]
    assert noted["refused"] == [ADDRESSES[0]]


def test_a_mail_that_nobody_takes_although_the_server_works_is_given_up(
    postcards: list[Postcard], clock: Clock, mail_server: FakeMailServer, noted: dict[str, list[str]]
) -> None:
    mail_server.refuse(ADDRESSES[0], 554, "5.7.1")
    for each in range(2 * len(WAITS)):
        send()
        Postcard.objects.create(email=f"person{each}@example.com", due_at=clock.now)
        clock.advance(minutes=61)
        send()
    assert Postcard.objects.get(email=ADDRESSES[0]).state == MailState.FAILED
    assert Postcard.objects.filter(state=MailState.WAITING).count() == 0
    assert noted["refused"] == []


def test_a_clock_that_was_ahead_for_a_while_stops_nothing(
    postcards: list[Postcard], clock: Clock, mail_server: FakeMailServer, settings: Any
) -> None:
    settings.MAILS_A_MINUTE = 2
    right = clock.now
    clock.advance(days=400)
    mail_server.refuses["*"] = TimeoutError()
    for _ in range(3):
        send(seconds=0.2)
    mail_server.refuses.clear()
    Postcard.objects.filter(email=ADDRESSES[1]).update(due_at=clock.now)
    Postcard.objects.create(email="sent@example.com", state=MailState.SENT, sent_at=clock.now)
    Postcard.objects.filter(email=ADDRESSES[2]).update(lease_until=clock.now, leased_by=uuid4())
    clock.now = right
    for _ in range(3):
        send(seconds=0.2)
        clock.advance(minutes=2)
    assert Postcard.objects.filter(state=MailState.SENT).count() == 4
    assert sorted(addresses(mail_server.taken)) == sorted(ADDRESSES)


def test_a_mail_that_another_process_leased_meanwhile_is_not_sent(
    postcards: list[Postcard], clock: Clock, mail_server: FakeMailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = mail_server.take

    def act(message: EmailMessage) -> None:
        take(message)
        # As a process whose clock is ahead would do.
        Postcard.objects.filter(state=MailState.WAITING).update(
            leased_by=uuid4(), lease_until=clock.now + timedelta(minutes=5)
        )

    monkeypatch.setattr(mail_server, "take", act)
    send(seconds=0.2)
    assert addresses(mail_server.taken) == [ADDRESSES[0]]


def test_a_strange_error_stops_no_other_mail_and_is_written_without_its_words(
    postcards: list[Postcard], mail_server: FakeMailServer, caplog: pytest.LogCaptureFixture
) -> None:
    mail_server.refuses[ADDRESSES[0]] = RuntimeError(f"{ADDRESSES[0]} broke it")
    send()
    assert len(mail_server.taken) == 2
    assert Postcard.objects.get(state=MailState.WAITING).problem == "Something unexpected went wrong (RuntimeError)."
    assert ADDRESSES[0] not in caplog.text


# Stopping, and how much a minute


def test_the_cap_of_a_minute_holds_for_all_together(
    postcards: list[Postcard], clock: Clock, mail_server: FakeMailServer, settings: Any
) -> None:
    settings.MAILS_A_MINUTE = 2
    send(seconds=0.2)
    assert len(mail_server.taken) == 2
    clock.advance(seconds=61)
    send(seconds=0.2)
    assert len(mail_server.taken) == 3


def test_all_mail_can_be_stopped_and_goes_on(postcards: list[Postcard], mail_server: FakeMailServer) -> None:
    set_paused(True)
    assert run_due_jobs() == []
    assert mail_server.taken == []
    set_paused(False)
    assert run_due_jobs() == []
    assert len(mail_server.taken) == 3


@pytest.mark.parametrize(
    ("change", "state"),
    [
        (lambda: set_paused(True), MailState.WAITING),
        (lambda: Mailing.objects.update(is_paused=False), MailState.SENT),
    ],
    ids=["stopped", "not stopped"],
)
def test_it_is_seen_while_mails_go_that_mail_was_stopped(
    postcards: list[Postcard],
    mail_server: FakeMailServer,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[], object],
    state: MailState,
) -> None:
    monkeypatch.setattr(sending, "LOOK_AGAIN", -1)
    take = mail_server.take

    def act(message: EmailMessage) -> None:
        take(message)
        change()

    monkeypatch.setattr(mail_server, "take", act)
    send(seconds=1)
    assert states() == [MailState.SENT, state, state]
