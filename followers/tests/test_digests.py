"""Digests: when they go, what is in them, and that nothing is told twice, left out or empty."""

from datetime import datetime, timedelta

import pytest

from centres.factories import CentrePageFactory
from centres.models import CentrePage
from followers import notices
from followers.factories import FollowFactory, NoticeFactory
from followers.jobs import prepare
from followers.models import Delivery, Follower, Frequency, Notice
from followers.periods import due_at
from followers.tests.helpers import new_mails, only
from home.factories import SmallSite
from news.factories import ForumPageFactory, NewsPageFactory
from news.models import ForumPage
from testing.clocks import Clock
from testing.privacy import make_private
from whats_on.tests.making import london

pytestmark = pytest.mark.database


def tell(site: SmallSite, title: str, *topics: CentrePage | ForumPage) -> Notice:
    """Publish news about these topics now."""
    page = NewsPageFactory(parent=site.news, title=title, summary=f"All about {title}.")
    notice: Notice = NoticeFactory.create(page=page, title=title, topics=topics, prepared_at=None)
    return notice


def follower_of(*topics: CentrePage | ForumPage, frequency: str = Frequency.DAILY) -> Follower:
    first, *others = topics
    follower: Follower = FollowFactory.create(page=first, frequency=frequency).follower
    for each in others:
        FollowFactory.create(page=each, follower=follower, frequency=frequency)
    return follower


def tick() -> list[str]:
    """Let what is due go; return the texts of the mails."""
    prepare()
    return [str(mail.body) for mail in new_mails()]


@pytest.mark.parametrize(
    ("frequency", "released", "expected"),
    [
        (Frequency.NOW, london(2026, 5, 4, 9), london(2026, 5, 4, 9)),
        (Frequency.DAILY, london(2026, 5, 4, 8), london(2026, 5, 4, 8)),
        (Frequency.DAILY, london(2026, 5, 4, 8, 1), london(2026, 5, 5, 8)),
        (Frequency.WEEKLY, london(2026, 5, 4, 7, 59), london(2026, 5, 4, 8)),
        (Frequency.WEEKLY, london(2026, 5, 4, 9), london(2026, 5, 11, 8)),
        (Frequency.WEEKLY, london(2026, 5, 10, 23), london(2026, 5, 11, 8)),
        # The clocks go back on 25 October and forward on 28 March.
        (Frequency.DAILY, london(2026, 10, 24, 12), london(2026, 10, 25, 8)),
        (Frequency.WEEKLY, london(2027, 3, 27, 9), london(2027, 3, 29, 8)),
    ],
)
def test_digests_are_due_at_eight_in_london(frequency: str, released: datetime, expected: datetime) -> None:
    assert due_at(frequency, released) == expected


def test_a_day_of_news_is_one_mail_newest_first(small_site: SmallSite, centre: CentrePage, clock: Clock) -> None:
    follower_of(centre)
    for title in ("Clubs", "Balls", "Rings"):
        clock.advance(hours=1)
        tell(small_site, title, centre)
    assert tick() == []
    clock.advance(days=1)
    prepare()
    mail = only(new_mails())
    assert mail.subject == "Rings, and 2 more"
    text = str(mail.body)
    assert text.index("* Rings") < text.index("* Balls") < text.index("* Clubs")
    assert "All about Clubs." in text
    assert f"http://testserver{small_site.news.url.removeprefix('http://testserver')}" in text


def test_a_digest_groups_by_centre_with_all_else_last(
    small_site: SmallSite, centre: CentrePage, forum: ForumPage, clock: Clock
) -> None:
    other = CentrePageFactory(parent=small_site.centres, title="Aville Centre")
    follower_of(centre, other, forum)
    clock.advance(minutes=1)
    for title, topic in (("Clubs", centre), ("Balls", forum), ("Rings", other)):
        tell(small_site, title, topic)
    clock.advance(days=1)
    (text,) = tick()
    places = [text.index(heading) for heading in ("Aville Centre\n", "* Rings", f"{centre.title}\n", "* Clubs")]
    assert places == sorted(places)
    assert text.index("Other news\n") < text.index("* Balls")
    assert places[-1] < text.index("Other news\n")


def test_an_item_about_two_centres_stands_beneath_the_one_that_is_followed(
    small_site: SmallSite, centre: CentrePage, clock: Clock
) -> None:
    other = CentrePageFactory(parent=small_site.centres, title="Aville Centre")
    follower_of(centre)
    clock.advance(minutes=1)
    tell(small_site, "Clubs", other, centre)
    tell(small_site, "Rings", centre)
    clock.advance(days=1)
    (text,) = tick()
    assert f"{centre.title}\n" in text
    assert text.count("* Clubs") == 1


def test_no_news_is_no_mail(centre: CentrePage, clock: Clock) -> None:
    follower_of(centre)
    clock.advance(days=9)
    assert tick() == []
    assert not Delivery.objects.exists()


def test_what_may_no_longer_be_read_makes_no_empty_mail(
    small_site: SmallSite, centre: CentrePage, clock: Clock
) -> None:
    follower_of(centre)
    clock.advance(minutes=1)
    notice = tell(small_site, "Clubs", centre)
    clock.advance(days=1)
    prepare()
    make_private(notice.page)
    assert new_mails() == []
    assert Delivery.objects.get().state == "dropped"


def test_a_week_is_one_mail_on_monday(small_site: SmallSite, centre: CentrePage, clock: Clock) -> None:
    follower_of(centre, frequency=Frequency.WEEKLY)
    sent = []
    for day in range(8):
        clock.advance(days=1)
        tell(small_site, f"Day {day}", centre)
        sent.append(len(tick()))
    # The clock began on Monday at noon.
    assert sent == [0, 0, 0, 0, 0, 0, 1, 0]


def test_each_period_tells_its_own_and_nothing_again(small_site: SmallSite, centre: CentrePage, clock: Clock) -> None:
    follower_of(centre)
    clock.advance(minutes=1)
    tell(small_site, "Clubs", centre)
    clock.advance(days=1)
    (first,) = tick()
    assert tick() == []
    tell(small_site, "Balls", centre)
    clock.advance(days=1)
    (second,) = tick()
    assert ("Clubs" in first, "Balls" in first) == (True, False)
    assert ("Clubs" in second, "Balls" in second) == (False, True)


def test_a_missed_day_is_told_with_the_next(small_site: SmallSite, centre: CentrePage, clock: Clock) -> None:
    follower_of(centre)
    clock.advance(minutes=1)
    tell(small_site, "Clubs", centre)
    clock.advance(days=2)
    tell(small_site, "Balls", centre)
    clock.advance(days=1)
    (text,) = tick()
    assert "Clubs" in text
    assert "Balls" in text


def test_news_from_before_somebody_followed_is_not_told(
    small_site: SmallSite, centre: CentrePage, clock: Clock
) -> None:
    tell(small_site, "Clubs", centre)
    clock.advance(minutes=1)
    follower_of(centre)
    clock.advance(days=1)
    assert tick() == []


def test_a_stopped_notice_is_told_in_the_digest_after_it_goes_on(
    small_site: SmallSite, centre: CentrePage, clock: Clock
) -> None:
    follower_of(centre)
    clock.advance(minutes=1)
    notice = tell(small_site, "Clubs", centre)
    tell(small_site, "Balls", centre)
    notices.pause(notice)
    clock.advance(days=1)
    (first,) = tick()
    assert "Clubs" not in first
    notices.resume(notice)
    clock.advance(days=1)
    (second,) = tick()
    assert "Clubs" in second
    assert "Balls" not in second


def test_a_digest_loses_nothing_however_much_there_is(small_site: SmallSite, centre: CentrePage, clock: Clock) -> None:
    follower_of(centre)
    clock.advance(minutes=1)
    for number in range(68):
        tell(small_site, f"Ball number {number}", centre)
    clock.advance(days=1)
    (text,) = tick()
    assert text.startswith("68 updates")
    assert [text.count(f"* Ball number {number}\n") for number in range(68)] == [1] * 68
    # What is oldest is there in short.
    assert text.count("All about Ball number") == 50
    clock.advance(days=1)
    assert tick() == []


def test_somebody_who_follows_a_centre_and_a_forum_gets_one_mail_for_one_item(
    small_site: SmallSite, centre: CentrePage, clock: Clock
) -> None:
    forum = ForumPageFactory(parent=small_site.forums)
    follower_of(centre, forum, frequency=Frequency.NOW)
    clock.advance(minutes=1)
    tell(small_site, "Clubs", centre, forum)
    (text,) = tick()
    assert f"You follow: {centre.title}, {forum.title}." in text


def test_who_has_left_gets_no_digest(small_site: SmallSite, centre: CentrePage, clock: Clock) -> None:
    follower = follower_of(centre)
    clock.advance(minutes=1)
    tell(small_site, "Clubs", centre)
    Follower.objects.filter(pk=follower.pk).update(left_at=clock.now)
    clock.advance(days=1)
    assert tick() == []


def test_who_unfollows_after_a_digest_was_prepared_is_told_nothing(
    small_site: SmallSite, centre: CentrePage, forum: ForumPage, clock: Clock
) -> None:
    follower = follower_of(centre, forum)
    clock.advance(minutes=1)
    tell(small_site, "Clubs", centre)
    clock.advance(days=1)
    prepare()
    follower.follows.filter(page=centre).delete()
    assert new_mails() == []


def test_a_digest_waits_for_its_hour_even_if_asked_each_minute(
    small_site: SmallSite, centre: CentrePage, clock: Clock
) -> None:
    follower_of(centre)
    clock.advance(minutes=1)
    tell(small_site, "Clubs", centre)
    clock.now = london(2026, 5, 5, 7, 58)
    counts = []
    for _ in range(4):
        clock.now += timedelta(minutes=1)
        counts.append(len(tick()))
    assert counts == [0, 1, 0, 0]


def test_what_was_kept_late_with_an_earlier_time_is_told(
    small_site: SmallSite, centre: CentrePage, clock: Clock
) -> None:
    follower_of(centre)
    clock.now = london(2026, 5, 5, 8, 0)
    assert tick() == []
    clock.advance(seconds=30)
    notice = tell(small_site, "Clubs", centre)
    Notice.objects.filter(pk=notice.pk).update(released_at=london(2026, 5, 5, 7, 59))
    (text,) = tick()
    assert "Clubs" in text
    clock.advance(days=1)
    assert tick() == []


def test_how_often_is_chosen_for_each_thing(
    small_site: SmallSite, centre: CentrePage, forum: ForumPage, clock: Clock
) -> None:
    follower = follower_of(centre, frequency=Frequency.DAILY)
    FollowFactory.create(page=forum, follower=follower, frequency=Frequency.NOW)
    clock.advance(minutes=1)
    tell(small_site, "Clubs", centre)
    tell(small_site, "Balls", forum)
    # What is about both is told as soon as for any of them.
    tell(small_site, "Rings", centre, forum)
    (text,) = tick()
    assert ["Clubs" in text, "Balls" in text, "Rings" in text] == [False, True, True]
    clock.advance(days=1)
    (text,) = tick()
    assert ["Clubs" in text, "Balls" in text, "Rings" in text] == [True, False, False]


def test_what_is_published_together_is_one_mail(small_site: SmallSite, centre: CentrePage, clock: Clock) -> None:
    follower_of(centre, frequency=Frequency.NOW)
    follower_of(centre, frequency=Frequency.NOW)
    clock.advance(minutes=1)
    for number in range(7):
        tell(small_site, f"Ball number {number}", centre)
    prepare()
    mails = new_mails()
    assert [mail.subject for mail in mails] == ["Ball number 6, and 6 more"] * 2
    assert all(f"* Ball number {number}" in str(mails[0].body) for number in range(7))


def test_a_clock_that_was_ahead_repeats_no_digest_and_stops_none(
    small_site: SmallSite, centre: CentrePage, clock: Clock
) -> None:
    right = clock.now
    clock.advance(days=40)
    follower_of(centre)
    clock.advance(minutes=1)
    tell(small_site, "Clubs", centre)
    prepare()
    clock.now = right
    (text,) = tick()
    assert "Clubs" in text
    tell(small_site, "Balls", centre)
    assert tick() == []
    clock.advance(days=1)
    (text,) = tick()
    assert ("Clubs" in text, "Balls" in text) == (False, True)
    clock.advance(days=45)
    assert tick() == []
