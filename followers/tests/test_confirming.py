"""The link in the mail: only whoever has it, and presses the button, lets an address follow something."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from wagtail.models import Page

from centres.models import CentrePage
from core.models import MailState
from followers.factories import FollowerFactory, FollowFactory, FollowRequestFactory, NoticeFactory
from followers.jobs import prepare
from followers.models import Follow, Follower, FollowRequest, Frequency, RequestKind
from followers.services import MAIL_EVERY, change, confirm
from followers.tests.helpers import ADDRESS, STRANGE, Visitor, html_of, kept, link_in, new_mails, only, tampered_with
from followers.tokens import CONFIRM_FOR, confirm_path, manage_path, started, unsubscribe_path
from home.factories import SmallSite
from news.factories import NewsPageFactory
from news.models import ForumPage
from testing.html import soup_of, words
from testing.privacy import make_private

pytestmark = pytest.mark.database


@pytest.fixture
def path(visitor: Visitor, centre: CentrePage) -> str:
    """The link in the mail of somebody who asked to follow the centre once a week."""
    visitor.follow(centre, frequency="weekly")
    return link_in(only(new_mails()), "confirm")


def followed(email: str = ADDRESS) -> set[Page]:
    """Return the pages that an address follows."""
    return {follow.page.specific for follow in Follow.objects.filter(follower__email=email)}


def how_often(follower: Follower) -> set[str]:
    """Return how often somebody wants mail."""
    return set(follower.follows.values_list("frequency", flat=True))


def test_opening_the_link_changes_nothing_and_shows_a_button(visitor: Visitor, path: str) -> None:
    before = kept()
    for _ in range(2):
        answer = visitor.client.get(path)
        assert answer.status_code == 200
    assert visitor.client.head(path).status_code == 200
    assert kept() == before
    page = soup_of(answer)
    assert words(page.h1) == "Confirm your updates"
    assert words(page.select_one("main form button")) == "Yes, send me updates"
    assert [words(item) for item in page.select("main li")] == ["Testville Centre (once a week)"]
    assert ADDRESS not in html_of(answer)


def test_pressing_the_button_confirms(visitor: Visitor, centre: CentrePage, path: str) -> None:
    visitor.clock.advance(hours=3)
    answer = visitor.press(path, Client(enforce_csrf_checks=True))

    assert answer.status_code == 200
    assert not answer.cookies
    assert words(soup_of(answer).h1) == "You will get updates"
    assert [words(item) for item in soup_of(answer).select("main li")] == ["Testville Centre (once a week)"]
    follower = Follower.objects.get()
    assert (follower.email, how_often(follower), follower.left_at) == (ADDRESS, {"weekly"}, None)
    assert follower.confirmed_at == visitor.clock.now
    assert followed() == {centre}
    assert manage_path(follower.key) in html_of(answer)


def test_what_was_agreed_to_is_kept_with_when_it_was_asked_and_confirmed(visitor: Visitor, centre: CentrePage) -> None:
    shown = [words(each) for each in soup_of(visitor.client.get("/follow/")).select("main p")]
    asked_at = visitor.clock.now
    visitor.follow(centre)
    path = link_in(only(new_mails()), "confirm")
    visitor.clock.advance(hours=1)
    visitor.press(path)

    follow = Follow.objects.get()
    assert follow.consent in shown
    assert follow.consent.startswith("Better Care Together Thurrock may send me the updates that I ticked, by email.")
    assert (follow.asked_at, follow.confirmed_at) == (asked_at, visitor.clock.now)


def test_pressing_the_button_again_changes_nothing(visitor: Visitor, path: str) -> None:
    visitor.press(path)
    before = kept()
    visitor.clock.advance(hours=1)
    for answer in (visitor.client.get(path), visitor.press(path)):
        assert answer.status_code == 200
        assert words(soup_of(answer).h1) == "You have confirmed this"
        assert not soup_of(answer).select("main form")
    assert kept() == before


def test_pressing_the_button_again_does_not_bring_back_who_has_left(
    visitor: Visitor, centre: CentrePage, path: str
) -> None:
    visitor.press(path)
    visitor.client.post(unsubscribe_path(Follower.objects.get().key))
    answer = visitor.press(path)
    assert "You will get updates" not in html_of(answer)
    assert followed() == set()


def test_a_button_pressed_twice_at_once_confirms_once(path: str) -> None:
    asked = FollowRequest.objects.get()
    shown = dict(asked.requested.values_list("page", "frequency"))
    follower = confirm(asked, pages=shown)
    change(follower, drop=shown, frequencies={})
    before = kept()
    assert confirm(asked, pages=shown) == follower
    assert kept() == before


def test_a_link_works_for_48_hours(visitor: Visitor, path: str) -> None:
    visitor.clock.advance(seconds=CONFIRM_FOR.total_seconds())
    assert timedelta(hours=48) == CONFIRM_FOR
    assert visitor.client.get(path).status_code == 200
    visitor.clock.advance(seconds=1)
    before = kept()
    for answer in (visitor.client.get(path), visitor.press(path)):
        assert answer.status_code == 404
        assert words(soup_of(answer).h1) == "This link has expired"
        assert [a["href"] for a in soup_of(answer).select("main li a")] == ["/follow/", "/follow/link/"]
    assert kept() == before


def test_a_link_that_was_tampered_with_is_refused(visitor: Visitor, path: str) -> None:
    before = kept()
    token = path.removeprefix("/follow/confirm/").removesuffix("/")
    for wrong in (*tampered_with(token), *STRANGE):
        for answer in (
            # What is no part of an address is taken away from its end first.
            visitor.client.get(f"/follow/confirm/{wrong}/", follow=True),
            visitor.client.post(f"/follow/confirm/{wrong}/"),
        ):
            assert answer.status_code == 404, wrong
    assert kept() == before


def test_a_date_cannot_be_put_into_an_old_link(visitor: Visitor, path: str) -> None:
    visitor.clock.advance(hours=72)
    key, date, signature = path.removeprefix("/follow/confirm/").removesuffix("/").split(".")
    _, today, _ = started().split(".")
    assert today != date
    assert visitor.client.post(f"/follow/confirm/{key}.{today}.{signature}/").status_code == 404
    assert not Follower.objects.exists()


def test_a_token_for_another_purpose_confirms_nothing(visitor: Visitor, path: str) -> None:
    key = FollowRequest.objects.get().key
    for other in (manage_path(key), unsubscribe_path(key)):
        token = other.split("/")[3]
        assert visitor.client.post(f"/follow/confirm/{token}/").status_code == 404
    assert visitor.client.post(f"/follow/confirm/{started()}/").status_code == 404
    assert not Follower.objects.exists()


def test_a_request_for_the_link_cannot_be_confirmed(visitor: Visitor, centre: CentrePage) -> None:
    asked = FollowRequestFactory.create(kind=RequestKind.LINK, pages=[centre])
    answer = visitor.press(confirm_path(asked.key))
    assert answer.status_code == 404
    assert not Follower.objects.exists()


def test_a_link_to_a_request_that_is_no_longer_kept_says_so(visitor: Visitor, path: str) -> None:
    FollowRequest.objects.all().delete()
    answer = visitor.press(path)
    assert answer.status_code == 404
    assert words(soup_of(answer).h1) == "This link no longer works"


def test_who_asks_again_later_has_another_mail_and_both_links_work(
    visitor: Visitor, centre: CentrePage, forum: ForumPage, path: str
) -> None:
    visitor.clock.advance(hours=2)
    visitor.follow(forum)
    later = only(new_mails())
    assert "* Testville Centre (once a week)\n* Jugglers’ Forum (as it happens)\n" in str(later.body)
    assert link_in(later, "confirm") != path
    assert visitor.client.get(path).status_code == 200
    visitor.press(link_in(later, "confirm"))
    assert followed() == {centre, forum}


def test_the_mails_of_one_address_are_told_apart(visitor: Visitor, centre: CentrePage) -> None:
    identities = set()
    for _ in range(2):
        visitor.follow(centre)
        identities.add(only(new_mails()).extra_headers["Message-ID"])
        visitor.clock.advance(hours=1)
    assert len(identities) == 2


def test_a_second_list_by_a_confirmed_address_needs_its_mail_too(
    visitor: Visitor, centre: CentrePage, forum: ForumPage
) -> None:
    visitor.confirm(centre)
    visitor.clock.advance(days=1)

    visitor.follow(forum, frequency="daily")
    assert followed() == {centre}
    path = link_in(only(new_mails()), "confirm")
    visitor.client.get(path)
    assert followed() == {centre}

    answer = visitor.press(path)
    assert [words(item) for item in soup_of(answer).select("main li")] == [
        "Testville Centre (as it happens)",
        "Jugglers’ Forum (once a day)",
    ]
    assert followed() == {centre, forum}


def test_a_link_that_was_used_says_nothing_of_what_is_asked_later(
    visitor: Visitor, centre: CentrePage, forum: ForumPage, path: str
) -> None:
    visitor.press(path)
    visitor.clock.advance(minutes=1)
    visitor.follow(forum)
    answer = visitor.press(path)
    assert answer.status_code == 404
    assert words(soup_of(answer).h1) == "This link no longer works"
    assert followed() == {centre}

    assert new_mails() == [], "the next mail goes an hour after the last"
    visitor.clock.advance(seconds=MAIL_EVERY.total_seconds() - 60)
    message = only(new_mails())
    assert "Testville Centre" not in str(message.body)
    visitor.press(link_in(message, "confirm"))
    assert followed() == {centre, forum}


def test_a_mail_that_waits_is_not_sent_when_an_earlier_link_was_used_meanwhile(
    visitor: Visitor, centre: CentrePage, forum: ForumPage, path: str
) -> None:
    visitor.clock.advance(hours=2)
    visitor.follow(forum)
    visitor.press(path)
    assert followed() == {centre, forum}
    assert new_mails() == []


def test_a_consent_is_not_written_over_by_a_later_one(visitor: Visitor, centre: CentrePage) -> None:
    first = visitor.clock.now
    visitor.confirm(centre)
    visitor.clock.advance(days=1)
    visitor.confirm(centre)
    assert Follow.objects.get().confirmed_at == first


def hide(page: Page) -> None:
    """Make a page a draft."""
    page.unpublish()


def delete(page: Page) -> None:
    """Delete a page."""
    page.delete()


def shut(page: Page) -> None:
    """Make a page private."""
    make_private(page)


@pytest.mark.parametrize("go", [hide, delete, shut])
def test_a_page_that_is_gone_meanwhile_is_left_out(
    visitor: Visitor, centre: CentrePage, forum: ForumPage, go: Callable[[Page], None]
) -> None:
    visitor.follow(centre, forum)
    path = link_in(only(new_mails()), "confirm")
    go(centre)
    shown = visitor.client.get(path)
    assert [words(item) for item in soup_of(shown).select("main li")] == ["Jugglers’ Forum (as it happens)"]
    answer = visitor.press(path)
    assert "Jugglers’ Forum" in html_of(answer)
    assert "Testville Centre" not in html_of(answer)


@pytest.mark.parametrize("go", [hide, delete, shut])
def test_a_link_to_nothing_but_pages_that_are_gone_confirms_nothing(
    visitor: Visitor, centre: CentrePage, path: str, go: Callable[[Page], None]
) -> None:
    go(centre)
    for answer in (visitor.client.get(path), visitor.press(path)):
        assert answer.status_code == 200
        assert "What you wanted to follow is no longer on this site." in html_of(answer)
        assert "Testville" not in html_of(answer)
        assert not soup_of(answer).select("main form")
    assert not Follower.objects.exists()


@pytest.mark.parametrize("go", [hide, delete, shut])
def test_no_mail_goes_about_nothing_but_pages_that_are_gone(
    visitor: Visitor, centre: CentrePage, go: Callable[[Page], None]
) -> None:
    visitor.follow(centre)
    go(centre)
    assert new_mails() == []
    assert FollowRequest.objects.get().state == MailState.DROPPED


@pytest.mark.parametrize("before", Frequency.values)
@pytest.mark.parametrize("after", Frequency.values)
def test_who_has_left_comes_back_and_is_told_only_what_is_new(
    visitor: Visitor, small_site: SmallSite, before: str, after: str
) -> None:
    follower = visitor.confirm(small_site.news, frequency=before)
    visitor.client.post(unsubscribe_path(follower.key))
    visitor.clock.advance(days=2)
    NoticeFactory.create(
        page=NewsPageFactory(parent=small_site.news, title="Missed"), topics=[small_site.news], prepared_at=None
    )
    visitor.clock.advance(minutes=1)

    visitor.confirm(small_site.news, frequency=after)
    visitor.clock.advance(minutes=1)
    NoticeFactory.create(
        page=NewsPageFactory(parent=small_site.news, title="Juggled"), topics=[small_site.news], prepared_at=None
    )

    follower.refresh_from_db()
    assert (follower.left_at, how_often(follower)) == (None, {after})
    prepare()
    visitor.clock.advance(days=8)
    prepare()
    message = only(new_mails())
    assert message.subject == "Juggled"
    assert "Missed" not in str(message.body)


def test_an_address_that_had_refused_mail_has_mail_again_once_it_is_confirmed(
    visitor: Visitor, centre: CentrePage, forum: ForumPage
) -> None:
    follower = FollowerFactory.create(email=ADDRESS, refusals=3, paused_at=visitor.clock.now)
    FollowFactory.create(follower=follower, page=centre)
    visitor.confirm(forum)
    follower.refresh_from_db()
    assert (follower.paused_at, follower.refusals) == (None, 0)


def test_what_somebody_else_asks_while_the_button_is_shown_is_not_confirmed(
    visitor: Visitor, centre: CentrePage, forum: ForumPage, path: str
) -> None:
    visitor.client.get(path)
    visitor.follow(forum)
    visitor.client.post(path, {"pages": [centre.pk], f"often-{centre.pk}": "weekly"})
    assert followed() == {centre}


def test_what_is_asked_for_in_one_hour_keeps_how_often_each_was_asked(
    visitor: Visitor, centre: CentrePage, forum: ForumPage
) -> None:
    visitor.follow(centre, frequency="daily")
    visitor.follow(forum, frequency="weekly")
    answer = visitor.press(link_in(only(new_mails()), "confirm"))
    assert [words(item) for item in soup_of(answer).select("main li")] == [
        "Testville Centre (once a day)",
        "Jugglers’ Forum (once a week)",
    ]


def test_how_often_is_what_the_person_was_shown(visitor: Visitor, centre: CentrePage, path: str) -> None:
    visitor.clock.advance(minutes=1)
    shown = {"pages": [centre.pk], f"often-{centre.pk}": "weekly"}
    visitor.follow(centre, frequency="now")
    visitor.client.post(path, shown)
    assert how_often(Follower.objects.get()) == {"weekly"}


def test_nothing_can_be_confirmed_that_nobody_asked_for(
    visitor: Visitor, centre: CentrePage, forum: ForumPage, path: str
) -> None:
    often = {f"often-{page.pk}": "now" for page in (centre, forum)}
    visitor.client.post(path, {"pages": [centre.pk, forum.pk, "x", "9" * 5000, "-1"], **often})
    assert followed() == {centre}
