"""Several processes share the owed mails: no mail is at two at once, and none is lost with a process."""

from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.mail.leases import lease, tick_off
from core.mail.queues import MailQueue
from core.mail.sending import send
from core.models import MailState
from core.scheduler.registry import stopping
from testing.clocks import Clock
from testing.mail_server import FakeMailServer
from testing.models import Postcard
from testing.postcards import states

pytestmark = pytest.mark.database


def test_a_lease_keeps_others_away_until_it_is_over(
    postcards: list[Postcard], mail_queue: MailQueue[Postcard], clock: Clock, settings: Any
) -> None:
    assert len(lease(mail_queue, 2)) == 2
    assert len(lease(mail_queue, 10)) == 1
    assert lease(mail_queue, 10) == []
    # Who had them was killed.
    clock.advance(seconds=settings.MAIL_LEASE.total_seconds() + 1)
    assert len(lease(mail_queue, 10)) == 3


def test_who_lost_a_lease_ticks_nothing_off(
    postcards: list[Postcard], mail_queue: MailQueue[Postcard], clock: Clock, settings: Any
) -> None:
    (slow,) = lease(mail_queue, 1)
    clock.advance(seconds=settings.MAIL_LEASE.total_seconds() + 1)
    (quick,) = lease(mail_queue, 1)
    assert quick.pk == slow.pk
    tick_off(slow, state=MailState.FAILED)
    assert Postcard.objects.get(pk=quick.pk).state == MailState.WAITING


def test_who_is_asked_to_end_gives_back_what_it_has_leased(
    postcards: list[Postcard], mail_server: FakeMailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = mail_server.take

    def end(message: EmailMessage) -> None:
        take(message)
        stopping.set()

    monkeypatch.setattr(mail_server, "take", end)
    try:
        send()
    finally:
        stopping.clear()
    assert states() == [MailState.SENT, MailState.WAITING, MailState.WAITING]
    assert not Postcard.objects.exclude(lease_until=None).exists()


def test_a_mail_that_is_tried_again_has_the_same_message_id(
    postcards: list[Postcard], mail_server: FakeMailServer
) -> None:
    send()
    first = {message.to[0]: message.extra_headers["Message-ID"] for message in mail_server.taken}
    mail_server.taken.clear()
    # As if the answers of the server had been lost.
    Postcard.objects.update(state=MailState.WAITING)
    send()
    assert {message.to[0]: message.extra_headers["Message-ID"] for message in mail_server.taken} == first
    assert len(set(first.values())) == 3


def test_many_mails_go_over_one_connection_that_is_closed(
    postcards: list[Postcard], mail_server: FakeMailServer
) -> None:
    send()
    assert len(mail_server.taken) == 3
    assert len(set(mail_server.opened)) == 1
    assert set(mail_server.opened) <= set(mail_server.closed)


def test_each_mail_more_takes_two_queries_one_to_hold_it_and_one_to_tick_it_off(
    mail_queue: MailQueue[Postcard], clock: Clock, mail_server: FakeMailServer
) -> None:
    def queries(number: int) -> int:
        for each in range(number):
            Postcard.objects.create(email=f"person{each}@example.com", due_at=clock.now)
        with CaptureQueriesContext(connection) as captured:
            send()
        return len(captured)

    queries(1)  # what a process looks up once
    assert queries(12) - queries(2) == 20
