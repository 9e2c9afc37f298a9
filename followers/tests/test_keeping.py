"""What is kept of people who follow, for how long, and where their addresses never come."""

import json
import logging
import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.mail.backends.locmem import EmailBackend
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from centres.models import CentrePage
from core.mail.sending import send
from core.models import Mailing, MailState, Tally
from core.scheduler.registry import registered_jobs
from followers import services
from followers.factories import (
    DeliveryFactory,
    FollowerFactory,
    FollowFactory,
    FollowRequestFactory,
    NoticeFactory,
)
from followers.mail_queues import REFUSALS
from followers.models import Delivery, Follow, Follower, FollowRequest, Notice, Recipient, RequestKind
from followers.queries import everything_about
from followers.services import erase, purge, unsubscribe
from followers.tests.helpers import ADDRESS, Visitor, kept, new_mails
from followers.tokens import manage_path
from home.factories import SmallSite
from news.factories import NewsPageFactory
from news.models import ForumPage
from testing.clocks import Clock

pytestmark = pytest.mark.database

SECOND = timedelta(seconds=1)


@pytest.fixture
def notice(small_site: SmallSite, centre: CentrePage) -> Notice:
    """News about the centre."""
    page = NewsPageFactory(parent=small_site.news, title="A new ball")
    return NoticeFactory.create(page=page, topics=[centre])


# What goes by itself


@pytest.mark.parametrize("kind", RequestKind)
@pytest.mark.parametrize("state", MailState)
def test_what_was_asked_goes_after_seven_days(clock: Clock, centre: CentrePage, kind: str, state: str) -> None:
    FollowRequestFactory.create(kind=kind, state=state, pages=[centre])
    clock.advance(days=7)
    purge()
    assert FollowRequest.objects.exists()
    clock.advance(seconds=1)
    purge()
    assert not FollowRequest.objects.exists()


def test_asking_again_begins_the_seven_days_again(visitor: Visitor, centre: CentrePage) -> None:
    visitor.follow(centre)
    visitor.clock.advance(days=6)
    visitor.follow(centre)
    visitor.clock.advance(days=7)
    purge()
    assert FollowRequest.objects.exists()


def test_a_follower_stays_when_what_was_asked_goes(visitor: Visitor, centre: CentrePage) -> None:
    visitor.confirm(centre)
    visitor.clock.advance(days=400)
    purge()
    assert not FollowRequest.objects.exists()
    assert Follow.objects.get().consent


def test_an_address_goes_28_days_after_it_has_left(clock: Clock, centre: CentrePage) -> None:
    follower = FollowFactory.create(page=centre).follower
    unsubscribe(follower)
    clock.advance(days=28)
    purge()
    assert Follower.objects.exists()
    clock.advance(seconds=1)
    purge()
    assert not Follower.objects.exists()


def test_the_28_days_begin_when_the_last_is_no_longer_followed(
    visitor: Visitor, centre: CentrePage, forum: ForumPage
) -> None:
    follower = visitor.confirm(centre, forum)
    path = manage_path(follower.key)
    offered = [centre.pk, forum.pk]
    visitor.client.post(path, {"pages": [forum.pk], "offered": offered})
    visitor.clock.advance(days=40)
    purge()
    visitor.client.post(path, {"offered": offered})
    visitor.clock.advance(days=28)
    purge()
    assert Follower.objects.exists()
    visitor.clock.advance(seconds=1)
    purge()
    assert not Follower.objects.exists()


def test_who_comes_back_within_the_28_days_stays(visitor: Visitor, centre: CentrePage) -> None:
    unsubscribe(visitor.confirm(centre))
    visitor.clock.advance(days=20)
    visitor.confirm(centre)
    visitor.clock.advance(days=20)
    purge()
    assert Follow.objects.exists()


def test_who_follows_only_pages_that_were_deleted_has_left(clock: Clock, centre: CentrePage, forum: ForumPage) -> None:
    follower = FollowFactory.create(page=centre).follower
    FollowFactory.create(follower=follower, page=forum)
    centre.delete()
    purge()
    follower.refresh_from_db()
    assert follower.left_at is None
    forum.delete()
    purge()
    follower.refresh_from_db()
    assert follower.left_at == clock.now
    clock.advance(days=28, seconds=1)
    purge()
    assert not Follower.objects.exists()


def test_who_follows_a_page_that_is_hidden_stays(clock: Clock, centre: CentrePage) -> None:
    FollowFactory.create(page=centre)
    centre.unpublish()
    purge()
    assert Follower.objects.get().left_at is None


def test_purging_again_changes_nothing(visitor: Visitor, centre: CentrePage, notice: Notice) -> None:
    unsubscribe(visitor.confirm(centre))
    DeliveryFactory.create(notice=notice, state=MailState.SENT, sent_at=visitor.clock.now)
    visitor.clock.advance(days=366)
    purge()
    before = kept()
    purge()
    assert kept() == before


# Old deliveries are reduced to counts


def test_a_delivery_is_kept_for_a_year(clock: Clock, notice: Notice) -> None:
    DeliveryFactory.create(notice=notice, state=MailState.SENT, sent_at=clock.now)
    clock.advance(days=365)
    purge()
    assert Delivery.objects.exists()
    clock.advance(seconds=1)
    purge()
    assert not Delivery.objects.exists()
    notice.refresh_from_db()
    assert (notice.told_before, notice.failed_before) == (1, 0)


def test_what_was_sent_counts_from_when_it_was_sent(clock: Clock, notice: Notice) -> None:
    DeliveryFactory.create(notice=notice, state=MailState.SENT, sent_at=clock.now + timedelta(days=2))
    clock.advance(days=366)
    purge()
    assert Delivery.objects.exists()


def test_deliveries_are_reduced_to_how_many_were_told_and_how_many_failed(
    clock: Clock, notice: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "BATCH", 2)
    other = NoticeFactory.create(page=notice.page)
    for state, number in ((MailState.SENT, 3), (MailState.FAILED, 2), (MailState.DROPPED, 1), (MailState.WAITING, 1)):
        sent_at = clock.now if state == MailState.SENT else None
        DeliveryFactory.create_batch(number, notice=notice, state=state, sent_at=sent_at)
    DeliveryFactory.create(notice=other, state=MailState.SENT, sent_at=clock.now)
    clock.advance(days=366)
    new = DeliveryFactory.create(notice=notice, state=MailState.SENT, sent_at=clock.now)

    purge()

    for each in (notice, other):
        each.refresh_from_db()
    assert (notice.told_before, notice.failed_before) == (3, 2)
    assert (other.told_before, other.failed_before) == (1, 0)
    assert list(Delivery.objects.all()) == [new]


def test_a_digest_counts_for_each_notice_that_it_told(clock: Clock, notice: Notice) -> None:
    other = NoticeFactory.create(page=notice.page)
    for state, told in (
        (MailState.SENT, [notice, other]),
        (MailState.SENT, [notice]),
        (MailState.FAILED, [other]),
        (MailState.DROPPED, []),
    ):
        sent_at = clock.now if state == MailState.SENT else None
        DeliveryFactory.create(state=state, sent_at=sent_at, notices=told)
    DeliveryFactory.create(notice=notice, state=MailState.SENT, sent_at=clock.now)
    clock.advance(days=366)

    purge()

    for each in (notice, other):
        each.refresh_from_db()
    assert (notice.told_before, notice.failed_before) == (3, 0)
    assert (other.told_before, other.failed_before) == (1, 1)
    assert not Delivery.objects.exists()


def test_what_is_reduced_is_added_to_what_was_reduced_before(clock: Clock, notice: Notice) -> None:
    for _ in range(2):
        DeliveryFactory.create(notice=notice, state=MailState.SENT, sent_at=clock.now)
        clock.advance(days=366)
        purge()
    notice.refresh_from_db()
    assert notice.told_before == 2


# What somebody may ask for


def test_an_address_is_erased_at_once_and_what_was_sent_stays_as_a_number(
    visitor: Visitor, centre: CentrePage, notice: Notice
) -> None:
    follower = visitor.confirm(centre)
    other = visitor.confirm(centre, email="acrobat@example.com")
    visitor.ask_for_link()
    sent = DeliveryFactory.create(notice=notice, follower=follower, state=MailState.SENT, sent_at=visitor.clock.now)

    assert erase(" Juggler@Example.com ") is True

    assert Follower.objects.get() == other
    assert {each.email for each in FollowRequest.objects.all()} == {"acrobat@example.com"}
    assert {each.follower for each in Follow.objects.all()} == {other}
    sent.refresh_from_db()
    assert sent.follower is None
    assert ADDRESS not in str(kept())
    visitor.clock.advance(days=366)
    purge()
    notice.refresh_from_db()
    assert notice.told_before == 1


def test_erasing_an_address_that_is_not_known_says_so(centre: CentrePage) -> None:
    FollowFactory.create(page=centre)
    assert erase(ADDRESS) is False
    assert Follow.objects.exists()


def test_a_mail_that_waits_is_not_sent_once_its_address_is_erased(visitor: Visitor, notice: Notice) -> None:
    FollowFactory.create(follower=FollowerFactory.create(email=ADDRESS), page=notice.topics.get())
    DeliveryFactory.create(notice=notice, follower=Follower.objects.get())
    visitor.follow(CentrePage.objects.get())
    erase(ADDRESS)
    assert new_mails() == []
    assert Delivery.objects.get().state == MailState.DROPPED


def test_all_there_is_about_an_address_can_be_handed_over(visitor: Visitor, centre: CentrePage, notice: Notice) -> None:
    follower = visitor.confirm(centre)
    DeliveryFactory.create(notice=notice, follower=follower)
    later = NoticeFactory.create(page=notice.page)
    Recipient.objects.create(follower=follower, notice=later, due_at=visitor.clock.now)
    visitor.ask_for_link()

    found = everything_about(" Juggler@Example.com ")

    assert found["follower"]["email"] == ADDRESS
    (follow,) = found["follows"]
    assert follow["page"] == "Testville Centre"
    assert "may send me the updates that I ticked" in follow["agreed_to"]
    assert (follow["asked_at"], follow["confirmed_at"]) == (visitor.clock.now, visitor.clock.now)
    assert [each["updates"] for each in found["mails"]] == [[notice.title]]
    assert [each["update"] for each in found["to_be_told"]] == [later.title]
    assert [each["for"] for each in found["asked_for"]] == [RequestKind.FOLLOW.label, RequestKind.LINK.label]
    assert ADDRESS in json.dumps(found, cls=DjangoJSONEncoder)


def test_nothing_is_handed_over_about_others(visitor: Visitor, centre: CentrePage) -> None:
    visitor.confirm(centre)
    assert everything_about("acrobat@example.com") == {}


# Where addresses never come


def test_nothing_is_named_by_an_address(visitor: Visitor, centre: CentrePage, notice: Notice) -> None:
    follower = visitor.confirm(centre)
    DeliveryFactory.create(notice=notice, follower=follower)
    Mailing.objects.get_or_create(pk=Mailing.ONLY)
    named = []
    models: list[type[Model]] = [
        *apps.get_app_config("followers").get_models(include_auto_created=True),
        Tally,
        Mailing,
    ]
    for model in models:
        named += [f"{model.__name__}: {each!s} {each!r}" for each in model._default_manager.all()]
    for model in (Follower, Follow, FollowRequest, Delivery, Notice, Tally, Mailing):
        assert any(name.startswith(f"{model.__name__}:") for name in named), model
    assert not [name for name in named if "juggler@" in name or "example.com" in name]


ERRORS: list[Exception] = [
    smtplib.SMTPRecipientsRefused({ADDRESS: (550, f"5.1.1 <{ADDRESS}> unknown".encode())}),
    smtplib.SMTPRecipientsRefused({ADDRESS: (450, f"4.2.2 <{ADDRESS}> full".encode())}),
    smtplib.SMTPDataError(554, f"No mail to {ADDRESS}".encode()),
    smtplib.SMTPDataError(421, f"No time for {ADDRESS}".encode()),
    smtplib.SMTPSenderRefused(553, b"Who?", ADDRESS),
    smtplib.SMTPServerDisconnected(f"Gone at {ADDRESS}"),
    smtplib.SMTPNotSupportedError(ADDRESS),
    smtplib.SMTPException(ADDRESS),
    ConnectionResetError(104, ADDRESS),
    UnicodeEncodeError("ascii", ADDRESS, 0, 1, ADDRESS),
    ValueError(ADDRESS),
    RuntimeError(f"Something about {ADDRESS}"),
]


@pytest.mark.parametrize(
    "error", ERRORS, ids=[f"{type(error).__name__}-{number}" for number, error in enumerate(ERRORS)]
)
def test_no_log_and_no_row_says_to_whom_a_mail_could_not_be_sent(
    visitor: Visitor,
    centre: CentrePage,
    notice: Notice,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    caplog.set_level(logging.DEBUG)
    DeliveryFactory.create(notice=notice, follower=visitor.confirm(centre))
    visitor.clock.advance(days=1)

    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    visitor.follow(centre)
    visitor.ask_for_link()
    for _ in range(10):
        for job in registered_jobs():
            if job.name.endswith(("followers", "e-mails")):
                job.run()
        visitor.clock.advance(hours=1)

    assert "was not sent" in caplog.text
    for record in caplog.records:
        assert not record.exc_info or not record.name.startswith(("followers", "core.mail")), record
    assert "juggler@" not in caplog.text
    problems = [each.problem for model in (Delivery, FollowRequest, Mailing) for each in model._default_manager.all()]
    assert any(problems)
    assert "example.com" not in " ".join(problems)


def test_an_address_that_refuses_mail_for_good_has_none_after_the_third_time(
    clock: Clock, small_site: SmallSite, centre: CentrePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = FollowFactory.create(page=centre).follower

    def fail(*_: Any) -> None:
        raise smtplib.SMTPRecipientsRefused({follower.email: (550, b"5.1.1 unknown")})

    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    for number in range(1, REFUSALS + 2):
        page = NewsPageFactory(parent=small_site.news)
        owed = DeliveryFactory.create(follower=follower, notice=NoticeFactory.create(page=page, topics=[centre]))
        send()
        follower.refresh_from_db()
        owed.refresh_from_db()
        assert (follower.paused_at is not None) is (number >= REFUSALS)
        clock.advance(days=1)
        assert owed.state == (MailState.FAILED if number <= REFUSALS else MailState.DROPPED)
