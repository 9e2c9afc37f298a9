"""The signed links by which people look after and leave what they follow, without an account."""

import itertools
from datetime import timedelta
from email import message_from_bytes
from typing import Any, NamedTuple

import pytest
from django.core import mail
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from wagtail.models import Page

from centres.factories import CentrePageFactory
from centres.models import CentrePage
from core.models import MailState
from followers import notices
from followers.factories import DeliveryFactory, FollowerFactory, FollowFactory, NoticeFactory
from followers.forms import GONE
from followers.jobs import prepare
from followers.models import Delivery, Follow, Follower, Frequency, Notice
from followers.tests.helpers import (
    ADDRESS,
    STRANGE,
    Visitor,
    html_of,
    kept,
    link_in,
    new_mails,
    only,
    tampered_with,
    ticks,
)
from followers.tokens import confirm_path, manage_path, started, unsubscribe_path
from home.factories import SmallSite
from news.factories import NewsPageFactory
from news.models import ForumPage
from testing.clocks import Clock
from testing.html import soup_of, words
from testing.privacy import make_private

HIDDEN = "A page that is not on this site at the moment"


@pytest.fixture
def follower(clock: Clock, centre: CentrePage, forum: ForumPage) -> Follower:
    """Somebody who has followed the centre and the forum for a day."""
    follower = FollowerFactory.create(email=ADDRESS, confirmed_at=clock.now - timedelta(days=1))
    for page in (centre, forum):
        FollowFactory.create(follower=follower, page=page)
    return follower


def followed(follower: Follower) -> set[int]:
    """Return the keys of what somebody follows."""
    return set(follower.follows.values_list("page", flat=True))


def save(visitor: Visitor, follower: Follower, *pages: Page, frequency: str = "now") -> Any:
    """Save the form of a follower with these ticks; return the page that comes after it."""
    path = manage_path(follower.key)
    often = {f"often-{page}": frequency for page in followed(follower)}
    answers = {"pages": [page.pk for page in pages], **often, "offered": list(followed(follower))}
    return visitor.client.post(path, answers, follow=True)


# Looking after it


def test_opening_the_link_changes_nothing_and_shows_what_is_followed(visitor: Visitor, follower: Follower) -> None:
    before = kept()
    answer = visitor.client.get(manage_path(follower.key))
    visitor.client.head(manage_path(follower.key))
    assert kept() == before
    assert answer.status_code == 200
    assert ticks(answer) == {"Testville Centre": True, "Jugglers’ Forum": True}
    assert [words(each) for each in soup_of(answer).select("option[selected]")] == ["As it happens"] * 2
    assert ADDRESS not in html_of(answer)


def test_what_is_unticked_is_no_longer_followed(
    visitor: Visitor, follower: Follower, centre: CentrePage, forum: ForumPage
) -> None:
    answer = save(visitor, follower, forum, frequency="weekly")
    assert answer.redirect_chain == [(f"{manage_path(follower.key)}?saved=1", 302)]
    assert "Your changes are saved." in html_of(answer)
    assert ticks(answer) == {"Jugglers’ Forum": True}
    follower.refresh_from_db()
    assert followed(follower) == {forum.pk}
    assert (set(follower.follows.values_list("frequency", flat=True)), follower.left_at) == ({"weekly"}, None)


def test_saving_needs_no_cookie_and_again_changes_nothing(
    visitor: Visitor, follower: Follower, forum: ForumPage
) -> None:
    client = Client(enforce_csrf_checks=True)
    answers = {"pages": [forum.pk], f"often-{forum.pk}": "daily", "offered": list(followed(follower))}
    assert client.post(manage_path(follower.key), answers).status_code == 302
    before = kept()
    visitor.clock.advance(hours=1)
    answer = client.post(manage_path(follower.key), answers)
    assert answer.status_code == 302
    assert not answer.cookies
    assert kept() == before


def test_who_unticks_everything_has_left(visitor: Visitor, follower: Follower) -> None:
    answer = save(visitor, follower)
    follower.refresh_from_db()
    assert follower.left_at == visitor.clock.now
    assert followed(follower) == set()
    assert "You follow nothing now, and get no more email from us." in html_of(answer)
    assert "You follow nothing" in html_of(visitor.client.get(manage_path(follower.key)))


def test_leaving_again_later_does_not_put_off_being_forgotten(visitor: Visitor, follower: Follower) -> None:
    save(visitor, follower)
    left_at = visitor.clock.now
    visitor.clock.advance(days=5)
    save(visitor, follower)
    visitor.client.post(unsubscribe_path(follower.key))
    follower.refresh_from_db()
    assert follower.left_at == left_at


@pytest.mark.database
def test_nobody_can_follow_more_without_a_mail(visitor: Visitor, follower: Follower, small_site: SmallSite) -> None:
    before = followed(follower)
    answer = save(visitor, follower, *Page.objects.filter(pk__in=before), small_site.news)
    assert GONE in html_of(answer)
    assert followed(follower) == before


def test_nobody_changes_what_others_follow(
    visitor: Visitor, follower: Follower, centre: CentrePage, forum: ForumPage
) -> None:
    other = FollowFactory.create(page=centre)
    save(visitor, follower, forum)
    visitor.client.post(unsubscribe_path(follower.key))
    assert Follow.objects.get() == other


def test_a_tick_that_is_gone_meanwhile_is_said_beside_the_ticks_and_the_rest_is_kept(
    visitor: Visitor, follower: Follower, centre: CentrePage, forum: ForumPage
) -> None:
    ticked = [centre.pk, forum.pk]
    forum.delete()
    answer = visitor.client.post(manage_path(follower.key), {"pages": ticked, f"often-{centre.pk}": "daily"})
    page = soup_of(answer)
    assert words(page.select_one("#pages-error")) == f"Error: {GONE}"
    assert ticks(answer) == {"Testville Centre": True}
    assert [words(each) for each in page.select("option[selected]")] == ["Once a day"]
    assert Follow.objects.get().frequency == "now"


@pytest.mark.parametrize(
    ("pages", "frequency"),
    [
        ("x", "now"),
        ("", "hourly"),
        ("-1", "<script>"),
        ("9" * 5000, "\x00"),
        ("<b>", ""),
        ("🤹", "now"),
        ("1\x00", "now"),
    ],
)
def test_strange_input_changes_nothing(
    visitor: Visitor, follower: Follower, centre: CentrePage, pages: str, frequency: str
) -> None:
    before = kept()
    answer = visitor.client.post(
        manage_path(follower.key), {"pages": [centre.pk, pages], f"often-{centre.pk}": frequency}
    )
    assert answer.status_code == 200
    assert words(soup_of(answer).select_one("#pages-error")) == f"Error: {GONE}"
    error = soup_of(answer).select_one(f"#id_often-{centre.pk}-error")
    is_right = frequency in ("", "now", "\x00")
    assert (words(error) if error else "") == ("" if is_right else "Error: Choose how often you want email.")
    assert ticks(answer) == {"Testville Centre": True, "Jugglers’ Forum": False}
    assert kept() == before


def test_what_is_hidden_is_shown_without_its_name_and_can_be_kept_or_unticked(
    visitor: Visitor, small_site: SmallSite, follower: Follower, centre: CentrePage, forum: ForumPage
) -> None:
    draft = CentrePageFactory(parent=small_site.centres, title="Draft Centre", live=False)
    FollowFactory.create(follower=follower, page=draft)
    make_private(small_site.forums)

    answer = visitor.client.get(manage_path(follower.key))
    labels = [words(label) for label in soup_of(answer).select("fieldset.bctt-ticks label")]
    assert labels == ["Testville Centre", HIDDEN, HIDDEN]
    for title in ("Draft Centre", "Jugglers’ Forum"):
        assert title not in html_of(answer)

    save(visitor, follower, centre, draft, forum)
    assert followed(follower) == {centre.pk, draft.pk, forum.pk}
    save(visitor, follower, draft)
    assert followed(follower) == {draft.pk}


def test_the_page_takes_as_many_queries_however_much_is_followed(
    visitor: Visitor, small_site: SmallSite, follower: Follower, count_queries: Any
) -> None:
    few = count_queries(manage_path(follower.key))
    for _ in range(5):
        FollowFactory.create(follower=follower, page=CentrePageFactory(parent=small_site.centres))
    assert count_queries(manage_path(follower.key)) == few


def test_who_has_mail_refused_is_told_so(visitor: Visitor, follower: Follower) -> None:
    assert "has refused our last emails" not in html_of(visitor.client.get(manage_path(follower.key)))
    Follower.objects.update(paused_at=visitor.clock.now)
    assert "has refused our last emails" in html_of(visitor.client.get(manage_path(follower.key)))


# Tokens


@pytest.mark.parametrize("purpose", ["manage", "leave"])
def test_a_link_that_was_tampered_with_is_refused(visitor: Visitor, follower: Follower, purpose: str) -> None:
    before = kept()
    path = manage_path(follower.key) if purpose == "manage" else unsubscribe_path(follower.key)
    for wrong in (*tampered_with(path.split("/")[3]), *STRANGE):
        address = f"/follow/{purpose}/{wrong}/"
        # What is no part of an address is taken away from its end first.
        shown = visitor.client.get(address, follow=True)
        for answer in (shown, visitor.client.post(address, {"frequency": "daily"})):
            assert answer.status_code == 404, wrong
            assert words(soup_of(answer).h1) == "This link does not work"
    assert kept() == before


@pytest.mark.parametrize("purpose", ["manage", "leave"])
def test_a_token_for_another_purpose_is_refused(visitor: Visitor, follower: Follower, purpose: str) -> None:
    before = kept()
    others = {"manage": manage_path(follower.key), "leave": unsubscribe_path(follower.key)}
    del others[purpose]
    for token in (
        *(path.split("/")[3] for path in others.values()),
        confirm_path(follower.key).split("/")[3],
        started(),
    ):
        assert visitor.client.post(f"/follow/{purpose}/{token}/", {"frequency": "daily"}).status_code == 404
    assert kept() == before


@pytest.mark.parametrize("days", [1, 400])
def test_the_links_last(visitor: Visitor, follower: Follower, days: int) -> None:
    paths = (manage_path(follower.key), unsubscribe_path(follower.key))
    visitor.clock.advance(days=days)
    assert [visitor.client.get(path).status_code for path in paths] == [200, 200]


# Leaving


def test_opening_the_link_to_leave_changes_nothing_and_shows_a_button(visitor: Visitor, follower: Follower) -> None:
    before = kept()
    answer = visitor.client.get(unsubscribe_path(follower.key))
    visitor.client.head(unsubscribe_path(follower.key))
    assert kept() == before
    assert words(soup_of(answer).select_one("main form button")) == "Stop all email"
    assert ADDRESS not in html_of(answer)


def test_one_click_in_the_mail_program_leaves(
    visitor: Visitor, small_site: SmallSite, follower: Follower, centre: CentrePage
) -> None:
    news = NewsPageFactory(parent=small_site.news)
    DeliveryFactory.create(follower=follower, notice=NoticeFactory.create(page=news, topics=[centre]))
    headers = message_from_bytes(only(new_mails()).message().as_bytes())
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = str(headers["List-Unsubscribe"])
    assert address.startswith("<http://testserver/follow/leave/")
    path = address.removeprefix("<http://testserver").removesuffix(">")

    client = Client(enforce_csrf_checks=True)
    multipart = encode_multipart(BOUNDARY, {"List-Unsubscribe": "One-Click"})
    for content, content_type in (
        ("List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        (multipart, MULTIPART_CONTENT),
        ("", "text/plain"),
    ):
        answer = client.generic("POST", path, content, content_type=content_type)
        assert answer.status_code == 200
        assert not answer.cookies
        assert words(soup_of(answer).h1) == "You get no more email"
        assert followed(follower) == set()
        follower.refresh_from_db()
        assert follower.left_at == visitor.clock.now


def test_leaving_again_changes_nothing(visitor: Visitor, follower: Follower) -> None:
    visitor.client.post(unsubscribe_path(follower.key))
    before = kept()
    visitor.clock.advance(days=1)
    for answer in (
        visitor.client.post(unsubscribe_path(follower.key)),
        visitor.client.get(unsubscribe_path(follower.key)),
    ):
        assert answer.status_code == 200
        assert words(soup_of(answer).h1) == "You get no more email"
    assert kept() == before


def test_who_is_forgotten_already_is_told_the_same(visitor: Visitor, follower: Follower) -> None:
    path = unsubscribe_path(follower.key)
    visitor.client.post(path)
    follower.delete()
    for answer in (visitor.client.post(path), visitor.client.get(path)):
        assert answer.status_code == 200
        assert words(soup_of(answer).h1) == "You get no more email"


def test_the_page_has_a_button_that_leaves(visitor: Visitor, follower: Follower) -> None:
    form = soup_of(visitor.client.get(manage_path(follower.key))).select("main form")[-1]
    assert words(form.select_one("button")) == "Stop all email"
    visitor.client.post(str(form["action"]))
    assert followed(follower) == set()


def test_mail_that_is_owed_to_who_has_left_is_not_sent(
    visitor: Visitor, small_site: SmallSite, follower: Follower, centre: CentrePage
) -> None:
    news = NewsPageFactory(parent=small_site.news)
    owed = DeliveryFactory.create(follower=follower, notice=NoticeFactory.create(page=news, topics=[centre]))
    visitor.client.post(unsubscribe_path(follower.key))
    assert new_mails() == []
    owed.refresh_from_db()
    assert owed.state == MailState.DROPPED


# How often


class Message(NamedTuple):
    """A mail that was sent: to whom, and its text."""

    address: str
    text: str


def tick() -> list[Message]:
    """Do what is due by the clock; return what is sent."""
    prepare()
    return [Message(letter.to[0], str(letter.body)) for letter in new_mails()]


def publish(small_site: SmallSite, title: str) -> Notice:
    """Publish a piece of news, to be told to those who follow all news."""
    page = NewsPageFactory(parent=small_site.news, title=title)
    return NoticeFactory.create(page=page, topics=[small_site.news], prepared_at=None)


# Whether the clock ticks between two changes, and how many days later it ticks again.
PACES = [(True, 0), (False, 0), (False, 7)]
# Every order of three, each at one of three paces, so that each pair of changes meets each pace.
ORDERS: list[list[tuple[str, ...]]] = [[], [], []]
for number, frequencies in enumerate(itertools.product(Frequency.values, repeat=3)):
    ORDERS[(number + number // 3 + number // 9) % 3].append(frequencies)


@pytest.mark.parametrize(("is_busy", "days", "orders"), [(*pace, ORDERS[number]) for number, pace in enumerate(PACES)])
def test_whoever_changes_how_often_is_told_everything_once(
    visitor: Visitor, small_site: SmallSite, is_busy: bool, days: int, orders: list[tuple[str, ...]]
) -> None:
    assert len(orders) == 9
    followers = {}
    for number, order in enumerate(orders):
        # Another hour, because one visitor may not ask for everybody in the same one.
        visitor.clock.advance(hours=1)
        followers[order] = visitor.confirm(small_site.news, email=f"{number}@example.com", frequency=order[0])
    titles: list[str] = []
    told: list[Message] = []
    for number in range(3):
        for order, follower in followers.items():
            save(visitor, follower, small_site.news, frequency=order[number])
        visitor.clock.advance(minutes=1)
        titles.append(f"Ball {number} was thrown")
        publish(small_site, titles[-1])
        visitor.clock.advance(minutes=1)
        told += tick() if is_busy else []
    visitor.clock.advance(days=days)
    for _ in range(9):
        told += tick()
        visitor.clock.advance(days=1)
    for order, follower in followers.items():
        theirs = [text for address, text in told if address == follower.email]
        assert [sum(title in text for text in theirs) for title in titles] == [1, 1, 1], order


@pytest.mark.parametrize("after", [Frequency.DAILY, Frequency.WEEKLY])
def test_what_was_held_back_while_somebody_changed_how_often_is_told_once(
    visitor: Visitor, small_site: SmallSite, after: str
) -> None:
    follower = visitor.confirm(small_site.news)
    visitor.clock.advance(minutes=1)
    notice = publish(small_site, "A ball was held")
    notices.pause(notice)
    save(visitor, follower, small_site.news, frequency=after)
    visitor.clock.advance(hours=1)
    notices.resume(notice)
    told = []
    for _ in range(9):
        told += tick()
        visitor.clock.advance(days=1)
    assert sum("A ball was held" in message.text for message in told) == 1


def test_what_the_digests_owe_comes_at_once_to_who_wants_mail_as_it_happens(
    visitor: Visitor, small_site: SmallSite
) -> None:
    follower = visitor.confirm(small_site.news, frequency="weekly")
    visitor.clock.advance(minutes=1)
    publish(small_site, "A ball was thrown")
    visitor.clock.advance(minutes=1)
    assert tick() == []
    save(visitor, follower, small_site.news, frequency="now")
    (message,) = tick()
    assert "A ball was thrown" in message.text


def test_saving_the_same_frequency_owes_nothing(visitor: Visitor, follower: Follower) -> None:
    for _ in range(2):
        save(visitor, follower, *Page.objects.filter(pk__in=followed(follower)), frequency="daily")
        visitor.clock.advance(hours=1)
    assert not Delivery.objects.exists()


# The lost link


def test_a_known_address_has_the_link_by_mail(visitor: Visitor, follower: Follower) -> None:
    answer = visitor.ask_for_link(email="JUGGLER@example.com")
    assert (answer.status_code, answer["Location"]) == (302, "/follow/link/sent/")
    assert len(mail.outbox) == 0
    message = only(new_mails())
    assert message.to == [ADDRESS]
    answer = visitor.client.get(link_in(message, "manage"))
    assert list(ticks(answer)) == ["Testville Centre", "Jugglers’ Forum"]


def test_an_unknown_address_has_no_mail(visitor: Visitor, follower: Follower) -> None:
    assert visitor.ask_for_link(email="acrobat@example.com")["Location"] == "/follow/link/sent/"
    assert new_mails() == []


def test_who_has_left_has_the_link_until_the_address_is_forgotten(visitor: Visitor, follower: Follower) -> None:
    visitor.client.post(unsubscribe_path(follower.key))
    visitor.ask_for_link()
    answer = visitor.client.get(link_in(only(new_mails()), "manage"))
    assert "You follow nothing" in html_of(answer)
    follower.delete()
    visitor.clock.advance(hours=2)
    visitor.ask_for_link()
    assert new_mails() == []


def test_the_link_can_be_asked_for_while_something_is_to_be_confirmed(
    visitor: Visitor, follower: Follower, small_site: SmallSite
) -> None:
    visitor.follow(small_site.news)
    visitor.ask_for_link()
    assert len(new_mails()) == 2


def test_a_form_that_was_open_keeps_what_was_followed_meanwhile(
    visitor: Visitor, follower: Follower, centre: CentrePage, forum: ForumPage, small_site: SmallSite
) -> None:
    offered = list(followed(follower))
    FollowFactory.create(page=small_site.news, follower=follower)
    answers = {"pages": [centre.pk], "offered": offered}
    visitor.client.post(manage_path(follower.key), answers)
    assert followed(follower) == {centre.pk, small_site.news.pk}
