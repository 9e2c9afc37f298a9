"""Feeds: valid in each format, stable, and never older than the site, whatever a client says that it has."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import feedparser
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, PageLogEntry

from centres.factories import CentrePageFactory
from centres.models import CentrePage
from home.factories import SmallSite
from news.factories import ForumPageFactory, ForumUpdatePageFactory, NewsPageFactory
from news.feeds import clean
from news.models import ForumPage, ForumUpdatePage, NewsPage
from news.queries import POSTS_IN_FEED
from testing.html import read
from testing.privacy import make_private

pytestmark = pytest.mark.database

ENDINGS = ("atom", "rss", "json")


@pytest.fixture
def centre(small_site: SmallSite) -> CentrePage:
    return CentrePageFactory(parent=small_site.centres, short_name="Oak")


@pytest.fixture
def news(small_site: SmallSite, centre: CentrePage) -> NewsPage:
    page: NewsPage = NewsPageFactory(parent=small_site.news, title="A ball & a ring", date=date(2026, 5, 4))
    page.centres = [centre]
    page.save_revision().publish()
    return page


@pytest.fixture
def update(small_site: SmallSite, centre: CentrePage) -> ForumUpdatePage:
    forum: ForumPage = ForumPageFactory(parent=small_site.forums, title="Testville Forum")
    forum.centres = [centre]
    forum.save()
    page: ForumUpdatePage = ForumUpdatePageFactory(parent=forum, title="We met", date=date(2026, 5, 1))
    page.save_revision().publish()
    return page


def titles(client: Client, url: str) -> list[str]:
    """Return the titles that a feed reader shows."""
    content = client.get(url).content
    if url.endswith(".json"):
        return [item["title"] for item in json.loads(content)["items"]]
    parsed = feedparser.parse(content)
    assert not parsed.bozo, parsed
    return [entry.title for entry in parsed.entries]


def every_feed(centre: CentrePage, update: ForumUpdatePage) -> dict[str, list[str]]:
    """Return what each feed holds, by address."""
    both = ["A ball & a ring", "We met"]
    return {
        f"{address}.{ending}": found
        for address, found in {
            "/feeds/news": both,
            f"/feeds/centres/{centre.pk}/news": both,
            f"/feeds/forums/{update.forum_id}/updates": ["We met"],
        }.items()
        for ending in ENDINGS
    }


def test_each_feed_holds_its_posts_newest_first(
    client: Client, centre: CentrePage, news: NewsPage, update: ForumUpdatePage, small_site: SmallSite
) -> None:
    NewsPageFactory(parent=small_site.news, title="Elsewhere", date=date(2020, 1, 1))
    for url, expected in every_feed(centre, update).items():
        whole = ["Elsewhere"] if url.startswith("/feeds/news") else []
        assert titles(client, url) == expected + whole, url


@pytest.mark.parametrize("ending", ["atom", "rss"])
def test_an_entry_has_absolute_addresses_a_stable_id_and_its_days(client: Client, news: NewsPage, ending: str) -> None:
    parsed = feedparser.parse(client.get(f"/feeds/news.{ending}").content)
    [entry] = parsed.entries
    assert entry.link == f"http://testserver{news.url}"
    assert entry.id == f"urn:uuid:{news.translation_key}"
    assert entry.published_parsed[:3] in ((2026, 5, 4), (2026, 5, 3))
    assert unescape(entry.summary) == news.summary
    assert parsed.feed.language.lower() == "en-gb"
    assert any(
        link.rel == "self" and link.href == f"http://testserver/feeds/news.{ending}" for link in parsed.feed.links
    )


def test_the_json_feed_says_what_its_version_asks_for(client: Client, news: NewsPage) -> None:
    answer = client.get("/feeds/news.json")
    assert answer["Content-Type"].startswith("application/feed+json")
    data: dict[str, Any] = json.loads(answer.content)
    assert data["version"] == "https://jsonfeed.org/version/1.1"
    [item] = data["items"]
    assert item["id"] == f"urn:uuid:{news.translation_key}"
    assert item["url"] == f"http://testserver{news.url}"
    assert item["content_text"] == news.summary
    for name in ("date_published", "date_modified"):
        assert datetime.fromisoformat(item[name]).tzinfo is not None


def test_the_id_of_a_renamed_and_moved_post_stays(
    client: Client, small_site: SmallSite, update: ForumUpdatePage
) -> None:
    before = feedparser.parse(client.get("/feeds/news.atom").content).entries[0].id
    update.slug, update.title = "renamed", "Renamed"
    update.save_revision().publish()
    update.move(ForumPageFactory(parent=small_site.forums), pos="last-child")
    entry = feedparser.parse(client.get("/feeds/news.atom").content).entries[0]
    assert (entry.id, entry.title) == (before, "Renamed")
    assert entry.link.endswith("/renamed/")


def test_pages_tell_feed_readers_of_their_feeds(
    client: Client, centre: CentrePage, news: NewsPage, update: ForumUpdatePage
) -> None:
    for page, address in {
        "/": "/feeds/news",
        "/news/": "/feeds/news",
        news.url: "/feeds/news",
        centre.url: f"/feeds/centres/{centre.pk}/news",
        update.url: f"/feeds/forums/{update.forum_id}/updates",
        ForumPage.objects.get().url: f"/feeds/forums/{update.forum_id}/updates",
    }.items():
        links = read(client, page).select("link[rel=alternate]")
        told = {str(link["href"]): str(link["type"]) for link in links if link["type"] != "text/calendar"}
        assert told == {
            f"{address}.atom": "application/atom+xml",
            f"{address}.rss": "application/rss+xml",
            f"{address}.json": "application/feed+json",
        }, page
        assert all(client.get(url).status_code == 200 for url in told)


def _unpublish(page: Page) -> None:
    page.unpublish()


def _delete(page: Page) -> None:
    page.delete()


def _make_its_parent_private(page: Page) -> None:
    make_private(page.get_parent())


def _expire(page: Page) -> None:
    page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


@pytest.mark.parametrize("take_down", [_unpublish, _delete, make_private, _make_its_parent_private, _expire])
@pytest.mark.parametrize("ending", ENDINGS)
def test_what_was_taken_down_is_gone_also_for_a_client_that_has_the_feed(
    client: Client, news: NewsPage, update: ForumUpdatePage, ending: str, take_down: Callable[[Page], None]
) -> None:
    # All that made the feed happened a while ago, so that it has a date.
    PageLogEntry.objects.update(timestamp=timezone.now() - timedelta(hours=1))
    url = f"/feeds/news.{ending}"
    first = client.get(url)
    etag, modified = first["ETag"], first["Last-Modified"]
    assert client.get(url, headers={"if-none-match": etag}).status_code == 304
    assert client.get(url, headers={"if-modified-since": modified}).status_code == 304

    # Of the two the older one, whose going makes no other newer.
    take_down(Page.objects.get(pk=update.pk).specific)

    for headers in ({"if-none-match": etag}, {"if-modified-since": modified}):
        again = client.get(url, headers=headers)
        assert again.status_code == 200, headers
        assert b"We met" not in again.content


def test_a_change_within_the_last_second_has_no_date_yet(client: Client, news: NewsPage) -> None:
    assert "Last-Modified" not in client.get("/feeds/news.atom")
    assert client.get("/feeds/news.atom")["Cache-Control"] == "no-cache"


def test_the_feed_of_what_cannot_be_seen_is_not_found(
    client: Client, small_site: SmallSite, centre: CentrePage, update: ForumUpdatePage
) -> None:
    draft = CentrePageFactory(parent=small_site.centres, live=False)
    make_private(update.forum)
    for url in (
        f"/feeds/centres/{draft.pk}/news.atom",
        f"/feeds/centres/{update.pk}/news.atom",
        "/feeds/centres/99999999999999999999/news.atom",
        f"/feeds/forums/{update.forum_id}/updates.json",
        "/feeds/news.exe",
        "/feeds/",
    ):
        assert client.get(url).status_code == 404, url


def test_characters_that_xml_forbids_do_not_break_a_feed(client: Client, small_site: SmallSite) -> None:
    NewsPageFactory(parent=small_site.news, title="Bell\x07 and \x0bbell <&> 🤹", summary="\x01\x1f]]>")
    for ending in ENDINGS:
        assert titles(client, f"/feeds/news.{ending}") == ["Bell and bell <&> 🤹"], ending


def test_a_feed_holds_the_newest_and_its_queries_do_not_grow(client: Client, small_site: SmallSite) -> None:
    def queries(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    NewsPageFactory(parent=small_site.news)
    few = queries("/feeds/news.atom")
    for _ in range(POSTS_IN_FEED + 3):
        NewsPageFactory(parent=small_site.news)
    assert queries("/feeds/news.atom") == few <= 8
    assert len(titles(client, "/feeds/news.atom")) == POSTS_IN_FEED


def test_only_reading_is_answered(client: Client, news: NewsPage) -> None:
    head = client.head("/feeds/news.atom")
    assert (head.status_code, head.content) == (200, b"")
    assert client.post("/feeds/news.atom").status_code == 405


def test_a_feed_without_posts_is_valid_and_stays_the_same(client: Client, centre: CentrePage) -> None:
    for ending in ENDINGS:
        url = f"/feeds/centres/{centre.pk}/news.{ending}"
        assert titles(client, url) == []
        assert client.get(url, headers={"if-none-match": client.get(url)["ETag"]}).status_code == 304


def test_an_answer_is_the_same_for_everyone(client: Client, admin_client: Client, news: NewsPage) -> None:
    for ending in ENDINGS:
        answer = client.get(f"/feeds/news.{ending}")
        assert "Set-Cookie" not in answer
        assert "cookie" not in answer.get("Vary", "").lower()
        assert admin_client.get(f"/feeds/news.{ending}").content == answer.content


def test_a_new_sign_that_xml_allows_stays_in_a_feed() -> None:
    # U+1FAE9 is newer than the Unicode tables of this Python.
    assert clean("\U0001fae9\t\x85\ufffe\ud800\x00") == "\U0001fae9\t\x85"


def test_a_scheduled_post_is_in_no_feed_before_its_time(client: Client, small_site: SmallSite) -> None:
    page = NewsPageFactory(parent=small_site.news, title="Soon", live=False)
    page.go_live_at = timezone.now() + timedelta(minutes=1)
    page.save_revision(approved_go_live_at=page.go_live_at)
    call_command("publish_scheduled")
    assert [titles(client, f"/feeds/news.{ending}") for ending in ENDINGS] == [[], [], []]


PRESSURE = "Blood pressure <140 for those aged <5 or >65 & others"


@pytest.mark.django_db
def test_signs_of_markup_in_a_text_are_read_as_they_were_written(client: Client, news: NewsPage) -> None:
    NewsPage.objects.filter(pk=news.pk).update(summary=PRESSURE)
    for ending in ("atom", "rss"):
        [entry] = feedparser.parse(client.get(f"/feeds/news.{ending}").content).entries
        assert unescape(entry.summary) == PRESSURE
    [item] = json.loads(client.get("/feeds/news.json").content)["items"]
    assert item["content_text"] == PRESSURE


@pytest.mark.django_db
def test_feeds_say_who_speaks(client: Client, news: NewsPage) -> None:
    assert feedparser.parse(client.get("/feeds/news.atom").content).feed.author == "Better Care Together Thurrock"
    assert json.loads(client.get("/feeds/news.json").content)["items"][0]["authors"] == [
        {"name": "Better Care Together Thurrock"}
    ]


@pytest.mark.django_db
def test_a_copy_is_in_no_feed_beside_its_original(client: Client, news: NewsPage, centre: CentrePage) -> None:
    news.create_alias(update_slug="copy")
    for url in ("/feeds/news.atom", f"/feeds/centres/{centre.pk}/news.rss", "/feeds/news.json"):
        assert titles(client, url) == ["A ball & a ring"]
