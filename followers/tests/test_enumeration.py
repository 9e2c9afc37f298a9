"""Nobody learns from the forms whether an address is known, nor fills anybody's mailbox with them."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from wagtail.models import Page

from centres.models import CentrePage
from core.models import MailState
from followers import services, views
from followers.factories import FollowerFactory, FollowFactory, FollowRequestFactory
from followers.models import Follower, FollowRequest, RequestKind
from followers.tests.helpers import ADDRESS, Visitor, link_in, new_mails, only
from news.models import ForumPage
from testing.clocks import Clock

pytestmark = pytest.mark.database

KINDS = ("new", "waiting", "mailed", "asked long ago", "refused", "just confirmed", "confirmed", "paused", "left")
PATHS = ("/follow/", "/follow/link/")


def address(kind: str) -> str:
    """Return an address of each kind, all of one length."""
    return f"juggler{KINDS.index(kind)}@example.com"


@pytest.fixture
def known(clock: Clock, centre: CentrePage) -> None:
    """There is an address of each kind but the new one."""
    for purpose in RequestKind:
        FollowRequestFactory.create(kind=purpose, email=address("waiting"), pages=[centre])
        ago = clock.now - timedelta(minutes=10)
        FollowRequestFactory.create(
            kind=purpose, email=address("mailed"), pages=[centre], asked_at=ago, sent_at=ago, state=MailState.SENT
        )
        ago = clock.now - timedelta(days=3)
        FollowRequestFactory.create(
            kind=purpose,
            email=address("asked long ago"),
            pages=[centre],
            asked_at=ago,
            sent_at=ago,
            state=MailState.SENT,
        )
        FollowRequestFactory.create(
            kind=purpose, email=address("refused"), pages=[centre], asked_at=ago, state=MailState.FAILED, problem="No."
        )
    ago = clock.now - timedelta(minutes=10)
    FollowRequestFactory.create(
        email=address("just confirmed"),
        asked_at=ago,
        sent_at=ago,
        confirmed_at=ago,
        state=MailState.SENT,
        pages=[centre],
    )
    for kind in ("just confirmed", "confirmed", "paused"):
        follower = FollowerFactory.create(email=address(kind), paused_at=clock.now if kind == "paused" else None)
        FollowFactory.create(follower=follower, page=centre)
    FollowerFactory.create(email=address("left"), left_at=clock.now)


def kinds_of(queries: CaptureQueriesContext) -> list[str]:
    """Return what each query does to which tables."""
    found = []
    for query in queries.captured_queries:
        sql = query["sql"]
        tables = sorted(set(re.findall(r'"((?:followers|wagtailcore|core)_\w+)"(?!\.)', sql)))
        found.append(f"{sql.split()[0]} {' '.join(tables)}")
    return found


@pytest.mark.parametrize("path", PATHS)
def test_the_answer_is_the_same_for_every_kind_of_address(
    visitor: Visitor, centre: CentrePage, known: None, path: str
) -> None:
    answers = set()
    for kind in KINDS:
        answer = visitor.client.post(path, visitor.answers(centre, email=address(kind)))
        assert answer.status_code == 302
        answers.add((answer.content, tuple(sorted(answer.items())), visitor.client.get(answer["Location"]).content))
    assert len(answers) == 1


@pytest.mark.parametrize("path", PATHS)
def test_a_form_comes_back_the_same_for_every_kind_of_address(
    visitor: Visitor, centre: CentrePage, known: None, path: str
) -> None:
    mistakes = {"frequency": "hourly", "started": "now"}
    bodies = {
        visitor.client.post(path, visitor.answers(email=address(kind), **mistakes))
        .content.decode()
        .replace(address(kind), ADDRESS)
        for kind in KINDS
    }
    assert len(bodies) == 1


@pytest.mark.parametrize("path", PATHS)
def test_being_refused_for_asking_too_often_is_the_same_for_every_kind_of_address(
    visitor: Visitor, centre: CentrePage, known: None, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "NETWORK_LIMIT", replace(views.NETWORK_LIMIT, most=0))
    bodies = {
        visitor.client.post(path, visitor.answers(centre, email=address(kind)))
        .content.decode()
        .replace(address(kind), ADDRESS)
        for kind in KINDS
    }
    assert len(bodies) == 1
    assert views.TOO_OFTEN in bodies.pop()


@pytest.mark.parametrize("path", PATHS)
def test_the_database_does_the_same_for_every_kind_of_address(
    visitor: Visitor, centre: CentrePage, known: None, path: str
) -> None:
    visitor.client.post(path, visitor.answers(centre, email="warm@example.com"))
    done = {}
    for kind in KINDS:
        with CaptureQueriesContext(connection) as queries:
            visitor.client.post(path, visitor.answers(centre, email=address(kind)))
        done[kind] = kinds_of(queries)
    assert any("followers_followrequest" in query for query in done["new"])
    for kind in KINDS:
        assert done[kind] == done["new"], kind
    # What was asked is not looked up among those who follow.
    assert not [query for query in done["confirmed"] if re.search(r"followers_follower\b|followers_follow\b", query)]


def test_the_database_does_the_same_when_an_address_has_had_all_its_mails_of_the_day(
    visitor: Visitor, centre: CentrePage, known: None
) -> None:
    for _ in range(services.MAILS_A_DAY + 1):
        visitor.follow(centre)
        new_mails()
        visitor.clock.advance(hours=1)
    done = []
    for email in (ADDRESS, address("new")):
        with CaptureQueriesContext(connection) as queries:
            visitor.follow(centre, email=email)
        done.append(kinds_of(queries))
    assert done[0] == done[1]


def by_address(number: int) -> dict[str, Any]:
    """Return what the server says of a request that came directly from one of many networks."""
    return {"REMOTE_ADDR": f"198.51.{number}.7"}


def by_proxy(number: int) -> dict[str, Any]:
    """Return what the server says of a request that a proxy passed on from one of many networks."""
    return {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_REAL_IP": f"198.51.{number}.7"}


@pytest.mark.parametrize(
    ("path", "kind", "setting", "origin"),
    [
        ("/follow/", "new", "REMOTE_ADDR", by_address),
        ("/follow/", "confirmed", "HTTP_X_REAL_IP", by_proxy),
        ("/follow/link/", "new", "HTTP_X_REAL_IP", by_proxy),
        ("/follow/link/", "confirmed", "REMOTE_ADDR", by_address),
    ],
    ids=["new", "confirmed", "link, new", "link, confirmed"],
)
def test_a_hundred_forms_from_fifty_networks_make_one_mail_to_an_address(
    centre: CentrePage,
    known: None,
    visitor: Visitor,
    settings: Settings,
    setting: str,
    origin: Callable[[int], dict[str, Any]],
    kind: str,
    path: str,
) -> None:
    settings.CLIENT_ADDRESS = setting
    sent = []
    for number in range(100):
        answers = visitor.answers(centre, email=address(kind), started=visitor.started())
        assert Client().post(path, answers, **origin(number % 50)).status_code == 302
        if number in (0, 50):
            sent += [message.to for message in new_mails()]
    sent += [message.to for message in new_mails()]
    is_to_nobody = path == "/follow/link/" and kind == "new"
    assert sent.count([address(kind)]) == (0 if is_to_nobody else 1)


def test_what_a_proxy_says_does_not_count_where_there_is_none(
    visitor: Visitor, centre: CentrePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert site_settings.CLIENT_ADDRESS == "REMOTE_ADDR"
    monkeypatch.setattr(views, "NETWORK_LIMIT", replace(views.NETWORK_LIMIT, most=1))
    codes = [
        visitor.client.post("/follow/", visitor.answers(centre), **by_proxy(number)).status_code for number in (1, 2)
    ]
    assert codes == [302, 200]


def test_an_address_gets_a_mail_an_hour_at_most(visitor: Visitor, centre: CentrePage) -> None:
    visitor.follow(centre)
    assert len(new_mails()) == 1
    for _ in range(59):
        visitor.clock.advance(minutes=1)
        visitor.follow(centre)
        assert new_mails() == []
    visitor.clock.advance(minutes=1)
    assert new_mails() == []
    visitor.follow(centre)
    assert len(new_mails()) == 1


def test_an_address_gets_no_more_than_four_mails_a_day(visitor: Visitor, centre: CentrePage) -> None:
    hours = []
    for hour in range(30):
        visitor.follow(centre)
        hours += [hour for _ in new_mails()]
        visitor.clock.advance(hours=1)
    assert hours == [0, 1, 2, 3, 24, 25, 26, 27]


def test_a_mail_that_failed_does_not_let_more_go(visitor: Visitor, centre: CentrePage) -> None:
    for _ in range(10):
        visitor.follow(centre)
        FollowRequest.objects.update(state=MailState.FAILED)
    visitor.follow(centre)
    assert FollowRequest.objects.get().state == MailState.FAILED


def test_what_is_asked_within_the_hour_is_in_the_link_that_was_mailed(
    visitor: Visitor, centre: CentrePage, forum: ForumPage
) -> None:
    visitor.follow(centre)
    path = link_in(only(new_mails()), "confirm")
    visitor.clock.advance(minutes=20)
    visitor.follow(forum)
    visitor.press(path)
    assert followed_pages() == {centre.pk, forum.pk}


def test_what_is_asked_while_the_mail_waits_is_in_that_mail(
    visitor: Visitor, centre: CentrePage, forum: ForumPage
) -> None:
    visitor.follow(centre)
    visitor.follow(forum)
    message = only(new_mails())
    assert "* Testville Centre (as it happens)\n* Jugglers’ Forum (as it happens)\n" in str(message.body)


def followed_pages() -> set[int]:
    """Return the keys of what the one follower follows."""
    return set(Page.objects.filter(follows__follower=Follower.objects.get()).values_list("pk", flat=True))
