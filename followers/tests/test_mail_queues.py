"""What is owed to followers goes once, to those who still want it, and what is wrong with one mail stops no other."""

from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from centres.models import CentrePage
from core.mail import sending
from core.mail.reports import Outcome, Report, tell
from core.mail.sending import send
from core.mail.server import set_paused
from core.models import MailState
from core.scheduler.locks import exclusive_lock
from core.scheduler.registry import run_due_jobs
from followers import notices
from followers.changes import announcement_of
from followers.factories import DeliveryFactory, FollowFactory, FollowRequestFactory, NoticeFactory
from followers.jobs import prepare
from followers.models import Delivery, Follow, Follower, FollowRequest, Notice, Recipient
from followers.services import purge, resume_all, send_again
from followers.tests.helpers import new_mails, only
from home.factories import SmallSite
from news.factories import NewsPageFactory
from news.models import NewsPage
from testing.clocks import Clock
from testing.mail_server import FakeMailServer

pytestmark = pytest.mark.database


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
def server(monkeypatch: pytest.MonkeyPatch) -> FakeMailServer:
    server = FakeMailServer()
    server.run(monkeypatch)
    return server


def states() -> list[str]:
    return [str(each) for each in Delivery.objects.order_by("pk").values_list("state", flat=True)]


def test_each_follower_has_one_mail_however_often_it_ticks(notice: Notice, followers: list[Follower]) -> None:
    for _ in range(3):
        assert run_due_jobs() == []
    assert sorted(message.to[0] for message in mail.outbox) == sorted(each.email for each in followers)
    assert states() == [MailState.SENT] * 3


def test_preparing_that_was_killed_goes_on_without_telling_anybody_twice(
    notice: Notice, followers: list[Follower]
) -> None:
    DeliveryFactory.create(notice=notice, follower=followers[0])
    prepare()
    assert Delivery.objects.filter(recipients__notice=notice).count() == 3


def test_the_database_keeps_a_delivery_from_being_owed_twice(notice: Notice, followers: list[Follower]) -> None:
    DeliveryFactory.create(notice=notice, follower=followers[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        DeliveryFactory.create(notice=notice, follower=followers[0])


def test_who_follows_after_it_was_published_is_not_told(notice: Notice, centre: CentrePage, clock: Clock) -> None:
    clock.advance(seconds=1)
    late = FollowFactory.create(page=centre).follower
    prepare()
    assert len(states()) == 3
    assert not late.deliveries.exists()


def refused(follower: Follower, notice: Notice, server: FakeMailServer) -> None:
    page = NewsPageFactory(parent=NewsPage.objects.first().get_parent())  # type: ignore[union-attr]
    again = NoticeFactory.create(page=page, topics=notice.topics.all())
    DeliveryFactory.create(notice=again, follower=follower)
    send()


def test_an_address_that_is_refused_for_good_three_times_gets_no_more(
    notice: Notice, followers: list[Follower], server: FakeMailServer, clock: Clock
) -> None:
    follower = followers[0]
    server.refuse(follower.email, 550, "5.1.1")
    # Three times in a row, but a server may be wrong for a day.
    for times in (1, 2, 3):
        refused(follower, notice, server)
        follower.refresh_from_db()
        assert (follower.refusals, follower.paused_at) == (times, None)
    clock.advance(days=2)
    refused(follower, notice, server)
    follower.refresh_from_db()
    assert follower.paused_at == clock.now
    asked = server.asked.count(follower.email)
    refused(follower, notice, server)
    assert server.asked.count(follower.email) == asked == 4
    assert Delivery.objects.filter(state=MailState.FAILED).count() == 4
    assert Delivery.objects.filter(state=MailState.DROPPED).count() == 1


def test_a_mail_that_is_taken_forgives_refusals(
    notice: Notice, followers: list[Follower], server: FakeMailServer, clock: Clock
) -> None:
    follower = followers[0]
    server.refuse(follower.email, 550, "5.1.1")
    refused(follower, notice, server)
    server.refuses.clear()
    refused(follower, notice, server)
    follower.refresh_from_db()
    assert follower.refusals == 0


def test_what_was_asked_for_goes_before_news(
    notice: Notice, followers: list[Follower], centre: CentrePage, server: FakeMailServer
) -> None:
    prepare()
    request = FollowRequestFactory.create(pages=[centre])
    send()
    assert server.asked[0] == request.email


def test_a_stopped_notice_waits_and_goes_on(notice: Notice, followers: list[Follower], server: FakeMailServer) -> None:
    prepare()
    notices.pause(notice)
    assert run_due_jobs() == []
    assert server.taken == []
    notices.resume(notice)
    assert run_due_jobs() == []
    assert len(server.taken) == 3


def test_all_mail_can_be_stopped_and_goes_on(notice: Notice, followers: list[Follower], server: FakeMailServer) -> None:
    set_paused(True)
    assert run_due_jobs() == []
    assert server.taken == []
    set_paused(False)
    assert run_due_jobs() == []
    assert len(server.taken) == 3


@pytest.mark.parametrize("change", ["unpublished", "left", "unfollowed", "erased"])
def test_what_changed_since_it_was_prepared_is_seen_when_it_is_sent(
    notice: Notice, followers: list[Follower], server: FakeMailServer, clock: Clock, change: str
) -> None:
    prepare()
    if change == "unpublished":
        NewsPage.objects.get().unpublish()
    elif change == "left":
        Follower.objects.update(left_at=clock.now)
    elif change == "unfollowed":
        followers[0].follows.model._default_manager.all().delete()
    else:
        Follower.objects.all().delete()
    send()
    assert server.taken == []
    assert states() == [MailState.DROPPED] * 3


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
    notice: Notice, centre: CentrePage, clock: Clock, server: FakeMailServer
) -> None:
    def queries(number: int) -> int:
        Delivery.objects.all().delete()
        for _ in range(number):
            DeliveryFactory.create(notice=notice, follower=FollowFactory.create(page=centre).follower)
        Follower.objects.update(confirmed_at=notice.released_at)
        with CaptureQueriesContext(connection) as captured:
            send()
        assert not Delivery.objects.exclude(state=MailState.SENT).exists()
        return len(captured)

    queries(1)  # what a process looks up once
    few, many = queries(2), queries(12)
    # Two for each mail: one holds it, one ticks it off.
    assert many - few == 20


def test_one_tick_at_a_time_does_what_cannot_be_shared(
    notice: Notice, followers: list[Follower], server: FakeMailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor == "postgresql":
        monkeypatch.setattr("core.scheduler.registry.exclusive_lock", _nobody)
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
    assert Recipient.objects.filter(notice=notice, delivery=None).count() == 3
    clock.advance(minutes=61)
    assert run_due_jobs() == []
    assert [message.subject for message in mail.outbox[3:]] == ["Clubs came"] * 3


def test_a_mail_about_nothing_but_what_cannot_be_written_is_tried_again(
    notice: Notice, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("followers.items.announcement_of", None)
        assert run_due_jobs() == []
    assert set(Delivery.objects.values_list("state", "tries")) == {(MailState.WAITING, 1)}
    clock.advance(minutes=2)
    send()
    assert len(mail.outbox) == 3


def test_a_page_that_cannot_be_written_about_keeps_no_digest_back(
    notice: Notice, followers: list[Follower], small_site: SmallSite, centre: CentrePage, clock: Clock, monkeypatch: Any
) -> None:
    Follow.objects.update(frequency="daily")
    page = NewsPageFactory(parent=small_site.news, title="Balls came")
    NoticeFactory.create(page=page, topics=[centre], prepared_at=None)
    assert run_due_jobs() == []
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
    prepare()
    assert Delivery.objects.count() == 3
    assert Notice.objects.get(prepared_at=None) == notice


@pytest.mark.parametrize("change", ["the notice is stopped", "all mail is stopped", "unpublished", "unfollowed"])
def test_what_happens_while_mails_go_is_seen_by_the_next(
    notice: Notice, followers: list[Follower], server: FakeMailServer, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    monkeypatch.setattr(sending, "LOOK_AGAIN", -1)
    take = server.take

    def act(message: EmailMessage) -> None:
        take(message)
        if change == "the notice is stopped":
            notices.pause(notice)
        elif change == "all mail is stopped":
            set_paused(True)
        elif change == "unpublished":
            NewsPage.objects.get().unpublish()
        else:
            Follow.objects.all().delete()

    monkeypatch.setattr(server, "take", act)
    prepare()
    send(seconds=1)
    assert len(server.taken) == 1
    waits = MailState.WAITING if change == "all mail is stopped" else MailState.DROPPED
    assert sorted(states()) == sorted([MailState.SENT, waits, waits])
    # What is only held back, or hidden for now, is told when it goes on.
    later = 2 if change in ("the notice is stopped", "unpublished") else 0
    assert Recipient.objects.filter(delivery=None).count() == later


def test_somebody_erased_while_the_server_refuses_is_neither_missed_nor_logged(
    notice: Notice, followers: list[Follower], server: FakeMailServer, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    address = followers[0].email
    server.refuse(address, 550, "5.1.1")
    take = server.take

    def erase(message: EmailMessage) -> None:
        if message.to == [address]:
            Follower.objects.filter(email=address).delete()
        take(message)

    monkeypatch.setattr(server, "take", erase)
    prepare()
    assert run_due_jobs() == []
    assert len(server.taken) == 2
    assert address not in caplog.text


def test_a_notice_whose_page_is_hidden_waits_for_it_a_while(
    notice: Notice, followers: list[Follower], clock: Clock, small_site: SmallSite
) -> None:
    small_site.news.unpublish()
    NewsPage.objects.update(live=False)
    prepare()
    assert not Delivery.objects.exists()
    NewsPage.objects.update(live=True)
    clock.advance(hours=1)
    prepare()
    assert len(states()) == 3


def test_a_notice_whose_page_stays_hidden_waits_for_as_long_as_that(
    notice: Notice, clock: Clock, centre: CentrePage
) -> None:
    NewsPage.objects.update(live=False)
    clock.advance(days=3)
    prepare()
    assert states() == []
    # Whoever follows by the time that it can be read is told.
    FollowFactory.create(page=centre)
    clock.advance(days=30)
    prepare()
    NewsPage.objects.update(live=True)
    clock.advance(minutes=1)
    prepare()
    assert len(states()) == 4


def test_a_report_that_an_address_is_dead_pauses_it_however_it_is_spelled(followers: list[Follower]) -> None:
    tell(Report(f" {followers[0].email.upper()} ", Outcome.DEAD))
    followers[0].refresh_from_db()
    assert followers[0].paused_at is not None
    assert Follower.objects.filter(paused_at=None).count() == 2


def test_a_complaint_ends_everything(followers: list[Follower], centre: CentrePage) -> None:
    FollowRequestFactory.create(email=followers[0].email, pages=[centre])
    tell(Report(followers[0].email, Outcome.UNWANTED))
    followers[0].refresh_from_db()
    assert followers[0].left_at is not None
    assert not followers[0].follows.exists()
    assert not FollowRequest.objects.exists()


def test_what_was_told_while_an_address_was_paused_is_told_when_all_are_resumed(
    notice: Notice, followers: list[Follower], clock: Clock, server: FakeMailServer
) -> None:
    Follower.objects.filter(pk=followers[0].pk).update(paused_at=clock.now)
    prepare()
    send()
    assert len(server.taken) == 2
    assert resume_all(clock.now + timedelta(seconds=1)) == 0
    assert resume_all(clock.now) == 1
    prepare()
    send()
    assert [message.to[0] for message in server.taken[2:]] == [followers[0].email]


def test_who_failed_can_be_told_again(
    notice: Notice, followers: list[Follower], clock: Clock, server: FakeMailServer
) -> None:
    server.refuse(followers[0].email, 550, "5.1.1")
    prepare()
    send()
    assert sorted(states()) == [MailState.FAILED, MailState.SENT, MailState.SENT]
    server.refuses.clear()
    assert send_again(notice) == 1
    prepare()
    send()
    assert sorted(message.to[0] for message in server.taken) == sorted(each.email for each in followers)


def test_an_address_that_was_refused_for_90_days_is_erased(followers: list[Follower], clock: Clock) -> None:
    Follower.objects.filter(pk=followers[0].pk).update(paused_at=clock.now)
    clock.advance(days=90)
    purge()
    assert Follower.objects.count() == 3
    clock.advance(seconds=1)
    purge()
    assert Follower.objects.count() == 2
