"""The outbox: each mail goes once, whatever the mail server does and whoever is killed."""

import smtplib
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from centres.models import CentrePage
from core.scheduler.locks import exclusive_lock
from core.scheduler.registry import run_due_jobs
from followers import notices, sending
from followers.changes import announcement_of
from followers.factories import DeliveryFactory, FollowFactory, FollowRequestFactory, NoticeFactory
from followers.models import Delivery, Follow, Follower, FollowRequest, Mailing, Notice, State
from followers.sending import WAITS
from followers.tests.helpers import Clock, new_mails, only
from home.factories import SmallSite
from news.factories import NewsPageFactory
from news.models import NewsPage

Fail = Callable[..., None]


@pytest.fixture
def followers(centre: CentrePage, clock: Clock) -> list[Follower]:
    """Three who follow the centre."""
    return [FollowFactory.create(page=centre).follower for _ in range(3)]


@pytest.fixture
def notice(small_site: SmallSite, centre: CentrePage, clock: Clock, followers: list[Follower]) -> Notice:
    """News about the centre, not prepared yet."""
    clock.advance(seconds=1)
    page = NewsPageFactory(parent=small_site.news, title="Clubs came", summary="Six of them.")
    return NoticeFactory.create(page=page, title=page.title, topics=[centre], prepared_at=None)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> "Server":
    """A mail server that can be told what to answer, by address."""
    server = Server()

    def send(self: EmailBackend, messages: list[EmailMessage]) -> int:
        for message in messages:
            server.take(message)
        return len(messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send)
    monkeypatch.setattr(EmailBackend, "open", lambda self: server.opened.append(id(self)))
    monkeypatch.setattr(EmailBackend, "close", lambda self: server.closed.append(id(self)))
    return server


class Server:
    """What it took, was asked, and is to refuse."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.asked: list[str] = []
        self.refuses: dict[str, Exception] = {}
        self.opened: list[int] = []
        self.closed: list[int] = []

    def take(self, message: EmailMessage) -> None:
        (address,) = message.to
        self.asked.append(address)
        if error := self.refuses.get(address) or self.refuses.get("*"):
            raise error
        self.taken.append(message)

    def refuse(self, address: str, code: int) -> None:
        self.refuses[address] = smtplib.SMTPRecipientsRefused({address: (code, f"<{address}> is odd".encode())})


def states() -> list[str]:
    return [str(each) for each in Delivery.objects.order_by("pk").values_list("state", flat=True)]


def test_each_follower_has_one_mail_however_often_it_ticks(notice: Notice, followers: list[Follower]) -> None:
    for _ in range(3):
        assert run_due_jobs() == []
    assert sorted(message.to[0] for message in mail.outbox) == sorted(each.email for each in followers)
    assert states() == [State.SENT] * 3


def test_preparing_that_was_killed_goes_on_without_telling_anybody_twice(
    notice: Notice, followers: list[Follower]
) -> None:
    DeliveryFactory.create(notice=notice, follower=followers[0])
    notices.prepare()
    assert Delivery.objects.filter(notice=notice).count() == 3


def test_the_database_keeps_a_delivery_from_being_owed_twice(notice: Notice, followers: list[Follower]) -> None:
    DeliveryFactory.create(notice=notice, follower=followers[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        DeliveryFactory.create(notice=notice, follower=followers[0])


def test_who_follows_after_it_was_published_is_not_told(notice: Notice, centre: CentrePage, clock: Clock) -> None:
    clock.advance(seconds=1)
    late = FollowFactory.create(page=centre).follower
    notices.prepare()
    assert len(states()) == 3
    assert not late.deliveries.exists()


def test_a_lease_keeps_others_away_until_it_is_over(
    notice: Notice, followers: list[Follower], clock: Clock, settings: Any
) -> None:
    notices.prepare()
    taken = sending.take(Delivery, 2)
    assert len(taken) == 2
    assert len(sending.take(Delivery, 10)) == 1
    assert sending.take(Delivery, 10) == []
    # Who took them was killed.
    clock.advance(seconds=settings.MAIL_LEASE.total_seconds() + 1)
    assert len(sending.take(Delivery, 10)) == 3


def test_who_lost_a_lease_ticks_nothing_off(
    notice: Notice, followers: list[Follower], clock: Clock, settings: Any
) -> None:
    notices.prepare()
    (slow,) = sending.take(Delivery, 1)
    clock.advance(seconds=settings.MAIL_LEASE.total_seconds() + 1)
    (quick,) = sending.take(Delivery, 1)
    assert quick.pk == slow.pk
    sending._tick_off(slow, state=State.FAILED)
    assert Delivery.objects.get(pk=quick.pk).state == State.WAITING


def test_a_mail_that_is_tried_again_has_the_same_message_id(
    notice: Notice, followers: list[Follower], clock: Clock, server: Server
) -> None:
    notices.prepare()
    sending.send()
    first = {message.to[0]: message.extra_headers["Message-ID"] for message in server.taken}
    server.taken.clear()
    # As if the answers of the server had been lost.
    Delivery.objects.update(state=State.WAITING)
    sending.send()
    assert {message.to[0]: message.extra_headers["Message-ID"] for message in server.taken} == first
    assert len(set(first.values())) == 3


def test_many_mails_go_over_one_connection_that_is_closed(
    notice: Notice, followers: list[Follower], server: Server
) -> None:
    notices.prepare()
    sending.send()
    assert len(server.taken) == 3
    assert len(set(server.opened)) == 1
    assert set(server.opened) <= set(server.closed)


def test_a_refusal_for_now_is_tried_again_with_growing_waits_until_it_fails(
    notice: Notice, followers: list[Follower], clock: Clock, server: Server
) -> None:
    server.refuse(followers[0].email, 451)
    notices.prepare()
    sending.send()
    assert sorted(states()) == [State.SENT, State.SENT, State.WAITING]
    late = Delivery.objects.get(state=State.WAITING)
    waited = []
    for _ in WAITS:
        late.refresh_from_db()
        waited.append(late.due_at - clock.now)
        clock.now = late.due_at - timedelta(seconds=1)
        sending.send()
        clock.advance(seconds=1)
        sending.send()
    assert waited == list(WAITS)
    late.refresh_from_db()
    assert late.state == State.FAILED
    assert late.tries == len(WAITS) + 1
    assert late.problem == "The mail server refused the address for now (code 451)."
    assert not Follower.objects.exclude(paused_at=None).exists()


def test_a_refusal_that_ends_is_forgotten(
    notice: Notice, followers: list[Follower], clock: Clock, server: Server
) -> None:
    server.refuse(followers[0].email, 451)
    notices.prepare()
    sending.send()
    server.refuses.clear()
    clock.advance(minutes=1)
    sending.send()
    assert states() == [State.SENT] * 3
    assert len(server.taken) == 3
    assert not Delivery.objects.exclude(problem="").exists()


def refused(follower: Follower, notice: Notice, server: Server) -> None:
    page = NewsPageFactory(parent=NewsPage.objects.first().get_parent())  # type: ignore[union-attr]
    again = NoticeFactory.create(page=page, topics=notice.topics.all())
    DeliveryFactory.create(notice=again, follower=follower)
    sending.send()


def test_an_address_that_is_refused_for_good_three_times_gets_no_more(
    notice: Notice, followers: list[Follower], server: Server, clock: Clock
) -> None:
    follower = followers[0]
    server.refuse(follower.email, 550)
    for times in (1, 2, 3):
        refused(follower, notice, server)
        follower.refresh_from_db()
        assert (follower.refusals, follower.paused_at is not None) == (times, times == 3)
    asked = server.asked.count(follower.email)
    refused(follower, notice, server)
    assert server.asked.count(follower.email) == asked == 3
    assert Delivery.objects.filter(state=State.FAILED).count() == 3
    assert Delivery.objects.filter(state=State.DROPPED).count() == 1


def test_a_mail_that_is_taken_forgives_refusals(
    notice: Notice, followers: list[Follower], server: Server, clock: Clock
) -> None:
    follower = followers[0]
    server.refuse(follower.email, 550)
    refused(follower, notice, server)
    server.refuses.clear()
    refused(follower, notice, server)
    follower.refresh_from_db()
    assert follower.refusals == 0


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
    notice: Notice, followers: list[Follower], clock: Clock, server: Server, error: Exception
) -> None:
    server.refuses["*"] = error
    notices.prepare()
    for _ in range(3):
        sending.send()
    # One mail is tried at a time, and after three failures none.
    assert len(server.asked) == 3
    sending.send()
    assert len(server.asked) == 3
    rests = []
    for _ in range(6):
        mailing = Mailing.now()
        assert mailing.rests_until is not None
        rests.append((mailing.rests_until - clock.now).total_seconds() / 60)
        clock.now = mailing.rests_until
        Delivery.objects.update(due_at=clock.now)
        sending.send()
    assert rests == [1, 2, 4, 8, 15, 15]
    assert states() == [State.WAITING] * 3
    server.refuses.clear()
    clock.advance(hours=25)
    sending.send()
    assert states() == [State.SENT] * 3
    assert (Mailing.now().breaks, Mailing.now().problem) == (0, "")
    assert not Follower.objects.filter(refusals__gt=0).exists()


def test_a_strange_error_stops_no_other_mail_and_is_written_without_its_words(
    notice: Notice, followers: list[Follower], server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    address = followers[0].email
    server.refuses[address] = RuntimeError(f"{address} broke it")
    notices.prepare()
    sending.send()
    assert len(server.taken) == 2
    assert Delivery.objects.get(state=State.WAITING).problem == "Something unexpected went wrong (RuntimeError)."
    assert address not in caplog.text


def test_the_cap_of_a_minute_holds_for_all_together(
    notice: Notice, followers: list[Follower], clock: Clock, server: Server, settings: Any, monkeypatch: Any
) -> None:
    settings.MAILS_A_MINUTE = 2
    monkeypatch.setattr("followers.sending.time.sleep", lambda seconds: None)
    notices.prepare()
    sending.send(seconds=0.2)
    assert len(server.taken) == 2
    clock.advance(seconds=61)
    sending.send(seconds=0.2)
    assert len(server.taken) == 3


def test_what_was_asked_for_goes_before_news(
    notice: Notice, followers: list[Follower], centre: CentrePage, server: Server
) -> None:
    notices.prepare()
    request = FollowRequestFactory.create(pages=[centre])
    sending.send()
    assert server.asked[0] == request.email


def test_a_stopped_notice_waits_and_goes_on(notice: Notice, followers: list[Follower], server: Server) -> None:
    notices.prepare()
    notices.pause(notice)
    assert run_due_jobs() == []
    assert server.taken == []
    notices.resume(notice)
    assert run_due_jobs() == []
    assert len(server.taken) == 3


def test_all_mail_can_be_stopped_and_goes_on(notice: Notice, followers: list[Follower], server: Server) -> None:
    sending.set_paused(True)
    assert run_due_jobs() == []
    assert server.taken == []
    sending.set_paused(False)
    assert run_due_jobs() == []
    assert len(server.taken) == 3


@pytest.mark.parametrize("change", ["unpublished", "left", "unfollowed", "erased"])
def test_what_changed_since_it_was_prepared_is_seen_when_it_is_sent(
    notice: Notice, followers: list[Follower], server: Server, clock: Clock, change: str
) -> None:
    notices.prepare()
    if change == "unpublished":
        NewsPage.objects.get().unpublish()
    elif change == "left":
        Follower.objects.update(left_at=clock.now)
    elif change == "unfollowed":
        followers[0].follows.model._default_manager.all().delete()
    else:
        Follower.objects.all().delete()
    sending.send()
    assert server.taken == []
    assert states() == [State.DROPPED] * 3


def test_no_mail_is_sent_while_publishing(small_site: SmallSite, centre: CentrePage, followers: list[Follower]) -> None:
    NewsPageFactory(parent=small_site.news, centres=[centre]).save_revision().publish()
    assert mail.outbox == []
    assert Notice.objects.count() == 1
    assert not Delivery.objects.exists()


def test_a_request_is_mailed_once_and_a_link_to_nobody_is_dropped(centre: CentrePage) -> None:
    FollowRequestFactory.create(pages=[centre])
    FollowRequestFactory.create(kind="link")
    assert only(new_mails()).subject.startswith("Please confirm")
    assert new_mails() == []
    assert set(FollowRequest.objects.values_list("kind", "state")) == {("follow", "sent"), ("link", "dropped")}


def test_a_batch_takes_the_same_queries_for_what_is_told_however_many_there_are(
    notice: Notice, centre: CentrePage, clock: Clock, server: Server
) -> None:
    def queries(number: int) -> int:
        Delivery.objects.all().delete()
        for _ in range(number):
            DeliveryFactory.create(notice=notice, follower=FollowFactory.create(page=centre).follower)
        Follower.objects.update(confirmed_at=notice.released_at)
        with CaptureQueriesContext(connection) as captured:
            sending.send()
        assert not Delivery.objects.exclude(state=State.SENT).exists()
        return len(captured)

    queries(1)  # what a process looks up once
    few, many = queries(2), queries(12)
    # One for each mail, which ticks it off.
    assert many - few == 10


def test_one_tick_at_a_time_does_what_cannot_be_shared(
    notice: Notice, followers: list[Follower], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor == "postgresql":
        monkeypatch.setattr("core.scheduler.registry.only_one", _nobody)
        run_due_jobs()
    else:
        with exclusive_lock("tick") as is_mine:
            assert is_mine
            run_due_jobs()
    assert not Delivery.objects.exists()


def _nobody(name: str) -> Any:
    return nullcontext(False)


def test_a_page_that_cannot_be_written_about_keeps_no_other_mail_back(
    notice: Notice, small_site: SmallSite, centre: CentrePage, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = NewsPageFactory(parent=small_site.news, title="Balls came")
    NoticeFactory.create(page=good, topics=[centre], prepared_at=None)

    def fail(page: NewsPage) -> Any:
        if page.title == "Clubs came":
            raise RuntimeError
        return announcement_of(page)

    with monkeypatch.context() as broken:
        broken.setattr("followers.items.announcement_of", fail)
        assert run_due_jobs() == []
    assert [message.subject for message in mail.outbox] == ["Balls came"] * 3
    assert set(Delivery.objects.filter(notice=notice).values_list("state", "tries")) == {(State.WAITING, 1)}
    clock.advance(minutes=2)
    sending.send()
    assert len(mail.outbox) == 6


def test_a_page_that_cannot_be_written_about_keeps_no_digest_back(
    notice: Notice, followers: list[Follower], small_site: SmallSite, centre: CentrePage, clock: Clock, monkeypatch: Any
) -> None:
    Follower.objects.update(frequency="daily")
    NoticeFactory.create(page=NewsPageFactory(parent=small_site.news, title="Balls came"), topics=[centre])
    monkeypatch.setattr(
        "followers.items.announcement_of", lambda page: announcement_of(page if "Balls" in page.title else None)
    )
    clock.advance(days=1)
    assert run_due_jobs() == []
    assert [message.subject for message in mail.outbox] == ["Balls came"] * 3


def test_a_notice_that_cannot_be_prepared_keeps_no_other_back(
    notice: Notice, small_site: SmallSite, centre: CentrePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    NoticeFactory.create(page=NewsPageFactory(parent=small_site.news), topics=[centre], prepared_at=None)
    may = notices.may_be_told

    def fail(each: Notice) -> Any:
        if each.pk == notice.pk:
            raise RuntimeError
        return may(each)

    monkeypatch.setattr("followers.notices.may_be_told", fail)
    notices.prepare()
    assert Delivery.objects.count() == 3
    assert Notice.objects.get(prepared_at=None) == notice


@pytest.mark.parametrize("change", ["the notice is stopped", "all mail is stopped", "unpublished", "unfollowed"])
def test_what_happens_while_mails_go_is_seen_by_the_next(
    notice: Notice, followers: list[Follower], server: Server, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    monkeypatch.setattr(sending, "LOOK_AGAIN", -1)
    take = server.take

    def act(message: EmailMessage) -> None:
        take(message)
        if change == "the notice is stopped":
            notices.pause(notice)
        elif change == "all mail is stopped":
            sending.set_paused(True)
        elif change == "unpublished":
            NewsPage.objects.get().unpublish()
        else:
            Follow.objects.all().delete()

    monkeypatch.setattr(server, "take", act)
    notices.prepare()
    sending.send(seconds=1)
    assert len(server.taken) == 1
    waits = State.WAITING if "stopped" in change else State.DROPPED
    assert sorted(states()) == sorted([State.SENT, waits, waits])


def test_a_message_that_is_refused_blames_no_address(
    notice: Notice, followers: list[Follower], server: Server, clock: Clock
) -> None:
    server.refuses["*"] = smtplib.SMTPDataError(554, b"spam")
    notices.prepare()
    sending.send()
    assert states() == [State.FAILED] * 3
    assert not Follower.objects.filter(refusals__gt=0).exists()


def test_somebody_erased_while_the_server_refuses_is_neither_missed_nor_logged(
    notice: Notice, followers: list[Follower], server: Server, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    address = followers[0].email
    server.refuse(address, 550)
    take = server.take

    def erase(message: EmailMessage) -> None:
        if message.to == [address]:
            Follower.objects.filter(email=address).delete()
        take(message)

    monkeypatch.setattr(server, "take", erase)
    notices.prepare()
    assert run_due_jobs() == []
    assert len(server.taken) == 2
    assert address not in caplog.text


def test_a_notice_whose_page_is_hidden_waits_for_it_a_while(
    notice: Notice, followers: list[Follower], clock: Clock, small_site: SmallSite
) -> None:
    small_site.news.unpublish()
    NewsPage.objects.update(live=False)
    notices.prepare()
    assert not Delivery.objects.exists()
    NewsPage.objects.update(live=True)
    clock.advance(hours=1)
    notices.prepare()
    assert len(states()) == 3


def test_a_notice_whose_page_stays_hidden_is_given_up(notice: Notice, clock: Clock) -> None:
    NewsPage.objects.update(live=False)
    clock.advance(days=3)
    notices.prepare()
    assert Notice.objects.get().prepared_at == clock.now
    NewsPage.objects.update(live=True)
    notices.prepare()
    assert states() == []
