"""What comes back after a mail was sent: bounces and complaints in a mailbox, webhooks, receipts of Notify."""

import imaplib
import json
from types import SimpleNamespace
from typing import Any

import pytest
from anymail.signals import tracking
from django.test import Client

from core.mail import reports
from core.mail.bounce_mailbox import MailboxError, read_mailbox
from core.mail.envelopes import envelope_sender, recipient_named_in
from core.mail.queues import MailQueue
from core.mail.reports import Outcome, Report, read_report
from core.mail.sending import send
from testing.clocks import Clock
from testing.mail_server import FakeMailServer
from testing.models import Postcard
from testing.postcards import ADDRESSES

pytestmark = pytest.mark.database
BOUNCES = "bounces@testshire.example"


@pytest.fixture(autouse=True)
def mailbox_is_set(settings: Any) -> None:
    settings.BOUNCE_ADDRESS = BOUNCES
    settings.BOUNCE_IMAP_URL = "imaps://reader:secret@mail.testshire.example/INBOX"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Report]:
    found: list[Report] = []
    monkeypatch.setattr(reports, "_listeners", [found.append])
    return found


@pytest.fixture
def token(postcards: list[Postcard], mail_queue: MailQueue[Postcard]) -> str:
    """The address to which reports about the first postcard come."""
    return envelope_sender(postcards[0])


DSN = """\
From: MAILER-DAEMON@mail.testshire.example
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="cut"

--cut
Content-Type: text/plain

Your message could not be delivered.
--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.testshire.example
Arrival-Date: Mon, 4 May 2026 12:00:00 +0100

Final-Recipient: rfc822; {person}
Original-Recipient: rfc822;{person}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}
--cut
Content-Type: text/rfc822-headers

From: website@testshire.example
To: {person}
--cut--
"""


def dsn(to: str, *, action: str = "failed", status: str = "5.1.1", said: str = "550 5.1.1 User unknown") -> bytes:
    text = DSN.format(to=to, person=ADDRESSES[0], action=action, status=status, said=said)
    return text.replace("\n", "\r\n").encode()


ARF = """\
From: complaints@provider.example
To: postmaster@testshire.example
Subject: FW: Greetings
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="cut"

--cut
Content-Type: text/plain

This is an abuse report.
--cut
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <{sender}>

--cut
Content-Type: message/rfc822

From: website@testshire.example
To: undisclosed
Subject: Greetings

Hello.
--cut--
"""


def test_the_envelope_names_the_mail_and_the_reader_sees_the_usual_sender(
    postcards: list[Postcard], mail_server: FakeMailServer, settings: Any
) -> None:
    send()
    senders = [message.from_email for message in mail_server.taken]
    assert len(set(senders)) == 3
    assert all(sender.startswith("bounces+postcard-") for sender in senders)
    assert {message.message()["From"] for message in mail_server.taken} == {settings.DEFAULT_FROM_EMAIL}
    assert [recipient_named_in(f"<{sender.upper()}>") for sender in senders] == list(ADDRESSES)


def test_without_a_bounce_mailbox_the_sender_is_the_usual_one(
    postcards: list[Postcard], mail_server: FakeMailServer, settings: Any
) -> None:
    settings.BOUNCE_ADDRESS = ""
    send()
    assert {message.from_email for message in mail_server.taken} == {settings.DEFAULT_FROM_EMAIL}


def test_a_dead_mailbox_is_known_by_its_report(token: str) -> None:
    assert read_report(dsn(token)) == Report(ADDRESSES[0], Outcome.DEAD)


@pytest.mark.parametrize(
    "said",
    [
        {"action": "delayed", "status": "4.4.1", "said": "connect timed out"},
        {"status": "5.7.1", "said": "554 5.7.1 Blocked"},
        {"status": "5.2.2", "said": "552 5.2.2 Mailbox full"},
        {"status": "5.0.0", "said": "554 Refused"},
        {"status": "5.1.1", "said": "550 5.7.1 Relay access denied"},
    ],
)
def test_what_is_not_for_good_or_not_the_addresss_fault_is_no_report(token: str, said: dict[str, str]) -> None:
    assert read_report(dsn(token, **said)) is None


def test_the_words_of_the_server_that_refused_say_more_than_a_relay(token: str) -> None:
    for said in ("550-5.2.1 The account is disabled.", "550 5.2.1 The account is disabled."):
        assert read_report(dsn(token, status="5.0.0", said=said)) == Report(ADDRESSES[0], Outcome.DEAD)


def test_nobody_is_believed_without_a_signed_address(token: str) -> None:
    for forged in (BOUNCES, token.replace("-", "-9", 1), token[:-25] + "0" * 5 + token[-20:]):
        assert read_report(dsn(forged)) is None


@pytest.mark.parametrize("content", [b"", b"Hello", b"\xff\x00", b"Subject: Out of office\r\n\r\nI juggle."])
def test_what_is_no_report_is_left(token: str, content: bytes) -> None:
    assert read_report(content) is None


@pytest.mark.parametrize(("kind", "is_complaint"), [("abuse", True), ("opt-out", True), ("not-spam", False)])
def test_a_complaint_is_known_by_the_envelope_of_what_it_is_about(token: str, kind: str, is_complaint: bool) -> None:
    report = read_report(ARF.format(kind=kind, sender=token).encode())
    assert report == (Report(ADDRESSES[0], Outcome.UNWANTED) if is_complaint else None)


class FakeImap:
    """A mailbox with these messages, by their keys."""

    def __init__(self, messages: dict[str, bytes]) -> None:
        self.messages = messages
        self.flags: dict[str, str] = {}
        self.signed_in: tuple[str, str] | None = None

    def __call__(self, host: str, port: int, timeout: float) -> "FakeImap":
        assert (host, port) == ("mail.testshire.example", 993)
        return self

    def __enter__(self) -> "FakeImap":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def login(self, user: str, password: str) -> None:
        self.signed_in = (user, password)

    def select(self, name: str) -> None:
        assert name == "INBOX"

    def uid(self, command: str, *words: str) -> tuple[str, list[Any]]:
        if command == "SEARCH":
            return "OK", [" ".join(key for key in self.messages if key not in self.flags).encode()]
        key = words[0]
        if command == "FETCH":
            return "OK", [(b"1 (UID", self.messages[key]), b")"]
        self.flags[key] = words[2]
        return "OK", []

    def expunge(self) -> None:
        self.messages = {key: each for key, each in self.messages.items() if "Deleted" not in self.flags.get(key, "")}


def test_the_mailbox_is_read_and_keeps_what_nobody_understood(
    token: str, told: list[Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = FakeImap({"7": dsn(token), "8": b"Subject: Hello\r\n\r\nWhen do you juggle?"})
    monkeypatch.setattr(imaplib, "IMAP4_SSL", mailbox)
    assert read_mailbox() == 2
    assert told == [Report(ADDRESSES[0], Outcome.DEAD)]
    assert list(mailbox.messages) == ["8"]
    assert mailbox.signed_in == ("reader", "secret")
    assert read_mailbox() == 0


def test_a_mailbox_that_cannot_be_read_says_so_without_its_password(
    monkeypatch: pytest.MonkeyPatch, told: list[Report]
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ConnectionRefusedError("secret")

    monkeypatch.setattr(imaplib, "IMAP4_SSL", fail)
    with pytest.raises(MailboxError) as caught:
        read_mailbox()
    assert str(caught.value) == "The bounce mailbox cannot be read (ConnectionRefusedError)."


@pytest.mark.parametrize(
    ("event_type", "reason", "said", "outcome"),
    [
        ("bounced", "bounced", "smtp; 550 5.1.1 unknown", Outcome.DEAD),
        ("bounced", "bounced", "550 5.1.1 unknown", Outcome.DEAD),
        ("bounced", "invalid", "", Outcome.DEAD),
        ("bounced", "bounced", "", None),
        ("bounced", "blocked", "554 5.7.1 blocked", None),
        ("deferred", "other", "451 4.7.1 later", None),
        ("complained", "spam", "", Outcome.UNWANTED),
        ("delivered", None, "", None),
    ],
)
def test_a_provider_reports_by_a_signal(
    told: list[Report], event_type: str, reason: str | None, said: str, outcome: Outcome | None
) -> None:
    event = SimpleNamespace(event_type=event_type, reject_reason=reason, mta_response=said, recipient=ADDRESSES[0])
    tracking.send(sender=object(), event=event, esp_name="Testshire Post")
    assert told == ([Report(ADDRESSES[0], outcome)] if outcome else [])


RECEIPT = {"notification_type": "email", "status": "permanent-failure", "to": ADDRESSES[0]}


CLUBS, BALLS = "bearer-of-clubs", "bearer-of-balls"


def post(data: Any, token: str = CLUBS) -> Any:
    body = data if isinstance(data, str) else json.dumps(data)
    return Client(enforce_csrf_checks=True).post(
        "/mail/notify/", body, content_type="application/json", HTTP_AUTHORIZATION=f"Bearer {token}"
    )


@pytest.mark.parametrize(("status", "number"), [("permanent-failure", 1), ("temporary-failure", 0), ("delivered", 0)])
def test_notify_reports_by_its_callback(
    told: list[Report], settings: Any, clock: Clock, status: str, number: int
) -> None:
    settings.NOTIFY_CALLBACK_TOKEN = CLUBS
    assert post({**RECEIPT, "status": status}).status_code == 204
    assert told == [Report(ADDRESSES[0], Outcome.DEAD)] * number


def test_notify_must_prove_itself(told: list[Report], settings: Any, clock: Clock) -> None:
    assert post(RECEIPT, token="").status_code == 403
    settings.NOTIFY_CALLBACK_TOKEN = CLUBS
    assert post(RECEIPT, token=BALLS).status_code == 403
    assert Client().get("/mail/notify/").status_code == 405
    for odd in ("", "{", "[]", "null", {"notification_type": "sms"}):
        assert post(odd).status_code == 400
    assert told == []
