"""A notice's clock starts when everyone can read the page, whatever made it so."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from wagtail.models import Page, PageViewRestriction

from centres.models import CentrePage
from core.models import BasePage
from core.scheduler.publishing import publish_scheduled_content
from followers.factories import FollowFactory
from followers.jobs import note_followed_pages, note_publications, prepare
from followers.models import Notice, Recipient
from followers.tests.helpers import new_mails
from home.factories import SmallSite
from news.factories import ForumUpdatePageFactory, NewsPageFactory
from news.models import ForumPage, ForumUpdatePage, NewsPage
from testing.clocks import Clock
from testing.privacy import make_private
from whats_on.tests.making import london

pytestmark = pytest.mark.database


def tick() -> list[str]:
    """Do what is due; return the subjects of the mails."""
    publish_scheduled_content()
    note_publications()
    note_followed_pages()
    prepare()
    return [str(message.subject) for message in new_mails()]


def schedule(page: BasePage, clock: Clock, **wait: float) -> None:
    page.go_live_at = clock.now + timedelta(**wait)
    page.save_revision().publish()


def test_a_page_that_is_scheduled_for_next_week_is_told_next_week(
    small_site: SmallSite, centre: CentrePage, clock: Clock
) -> None:
    FollowFactory.create(page=centre)
    page = NewsPageFactory(parent=small_site.news, title="Clubs came", centres=[centre], live=False)
    NewsPage.objects.update(first_published_at=None, last_published_at=None)
    page.refresh_from_db()
    schedule(page, clock, days=7)
    assert tick() == []
    assert not Notice.objects.exists()
    clock.advance(days=6)
    # Who follows by the time that it can be read is told too.
    FollowFactory.create(page=centre)
    FollowFactory.create(page=centre, frequency="daily")
    clock.advance(days=1, minutes=1)
    assert tick() == ["Clubs came"] * 2
    # And the digest is that of the day after.
    assert Recipient.objects.get(delivery=None).due_at == london(2026, 5, 12, 8)
    clock.advance(days=1)
    assert tick() == ["Clubs came"]


def unhide_forum(forum: ForumPage) -> None:
    forum.get_latest_revision_as_object().save_revision().publish()


def lift(page: Page) -> None:
    PageViewRestriction.objects.all().delete()


@pytest.mark.parametrize(
    ("hide", "show"),
    [(lambda page: page.unpublish(), unhide_forum), (make_private, lift)],
    ids=["unpublished", "private"],
)
def test_an_update_of_a_forum_that_is_hidden_is_told_when_the_forum_is_shown(
    forum: ForumPage, clock: Clock, hide: Callable[[Page], None], show: Callable[[Page], None]
) -> None:
    FollowFactory.create(page=forum)
    forum.save_revision().publish()
    hide(forum)
    update = ForumUpdatePageFactory(parent=forum, title="We met", live=False)
    ForumUpdatePage.objects.update(first_published_at=None, last_published_at=None)
    update.refresh_from_db()
    update.save_revision().publish()
    # As Wagtail does to what is beneath a page that is unpublished.
    for _ in range(4):
        clock.advance(minutes=10)
        assert tick() == []
    # Published again before anybody could read it: it is still news, once.
    Page.objects.get(pk=update.pk).specific.save_revision().publish()
    assert tick() == []
    FollowFactory.create(page=forum)
    forum.refresh_from_db()
    show(forum)
    clock.advance(minutes=1)
    assert tick() == ["Jugglers’ Forum: We met"] * 2
    assert tick() == []


def test_a_followed_page_that_is_gone_is_told_after_an_hour_and_that_it_is_back(
    centre: CentrePage, clock: Clock
) -> None:
    centre.save_revision().publish()
    FollowFactory.create(page=centre)
    clock.advance(minutes=1)
    centre.unpublish()
    assert tick() == []
    clock.advance(minutes=59)
    assert tick() == []
    clock.advance(minutes=2)
    assert tick() == ["No longer on this site: Testville Centre"]
    clock.advance(days=40)
    CentrePage.objects.get().save_revision().publish()
    assert tick() == ["On this site again: Testville Centre"]
    assert tick() == []


def test_a_page_that_was_off_the_site_while_a_slip_was_mended_is_not_told(centre: CentrePage, clock: Clock) -> None:
    centre.save_revision().publish()
    FollowFactory.create(page=centre)
    clock.advance(minutes=1)
    centre.unpublish()
    assert tick() == []
    clock.advance(minutes=30)
    CentrePage.objects.get().save_revision().publish()
    clock.advance(minutes=40)
    assert tick() == []


def test_who_follows_a_page_that_is_deleted_is_told(centre: CentrePage, clock: Clock) -> None:
    centre.save_revision().publish()
    FollowFactory.create(page=centre)
    FollowFactory.create(page=centre, frequency="daily")
    clock.advance(minutes=1)
    CentrePage.objects.get().delete()
    assert tick() == ["No longer on this site: Testville Centre"]
    clock.advance(days=1)
    assert tick() == ["No longer on this site: Testville Centre"]
    assert Notice.objects.count() == 1
