"""A post from its publication to the day it is taken down: it is everywhere it belongs, and then nowhere."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageLogEntry
from wagtail.test.utils.form_data import rich_text

from centres.factories import CentrePageFactory
from centres.models import CentrePage
from home.factories import SmallSite
from leaflets.factories import LeafletPageFactory
from news.factories import ForumPageFactory
from news.feeds import FORMATS
from news.models import ForumPage, ForumUpdatePage, NewsPage
from testing.admin_forms import create_url, fill, send, shown_form, tick
from whats_on.factories import EventPageFactory

pytestmark = pytest.mark.database

TITLE = "We juggled"

Post = tuple[str, list[str]]


@pytest.fixture
def centre(small_site: SmallSite) -> CentrePage:
    return CentrePageFactory(parent=small_site.centres, short_name="Oak", slug="oak")


@pytest.fixture
def forum(small_site: SmallSite, centre: CentrePage) -> ForumPage:
    page: ForumPage = ForumPageFactory(parent=small_site.forums, slug="testville")
    page.centres = [centre]
    page.save()
    return page


def publish_update(admin: Client, site: SmallSite, forum: ForumPage, centre: CentrePage) -> Post:
    """Write an update with a leaflet and an event in the admin; return its address, and where else it must show."""
    leaflet, event = LeafletPageFactory(parent=site.leaflets), EventPageFactory(parent=site.events, forum=forum)
    streams = {
        "body": [("text", rich_text("<p>All of it.</p>"))],
        "linked": [("leaflet", leaflet.pk), ("event", event.pk)],
    }
    url = create_url(forum, ForumUpdatePage)
    data = fill(shown_form(admin, url, ForumUpdatePage, streams=streams), title=TITLE, slug="we-juggled")
    assert send(admin, url, fill(data, summary="Well.", date="04/05/2026")).status_code == 302
    feeds = ("news", f"centres/{centre.pk}/news", f"forums/{forum.pk}/updates")
    return f"{forum.url}we-juggled/", [forum.url, centre.url, "/", *_addresses(*feeds)]


def publish_news(admin: Client, site: SmallSite, forum: ForumPage, centre: CentrePage) -> Post:
    """Write news about a centre in the admin; return its address, and where else it must show."""
    url = create_url(site.news, NewsPage)
    data = fill(shown_form(admin, url, NewsPage), title=TITLE, slug="we-juggled", summary="Well.", date="04/05/2026")
    assert send(admin, url, tick(data, "centres", centre.pk)).status_code == 302
    index = [site.news.url, f"{site.news.url}?centre=oak", f"{site.news.url}?year=2026"]
    return "/news/we-juggled/", [centre.url, "/", *index, *_addresses("news", f"centres/{centre.pk}/news")]


def _addresses(*feeds: str) -> list[str]:
    return [f"/feeds/{feed}.{ending}" for feed in feeds for ending in FORMATS]


def let_an_hour_pass() -> None:
    """Make all that happened so far a while ago, so that feeds have a date."""
    PageLogEntry.objects.update(timestamp=timezone.now() - timedelta(hours=1))


def what_a_reader_keeps(client: Client, url: str) -> list[dict[str, str]]:
    """Return the ways in which a client that has what is at `url` asks whether there is anything new."""
    answer = client.get(url)
    asked = [{"if-none-match": answer["ETag"]}]
    if "Last-Modified" in answer:
        asked.append({"if-modified-since": answer["Last-Modified"]})
    assert len(asked) == 2 or not url.startswith("/feeds/"), url
    assert [client.get(url, headers=each).status_code for each in asked] == [304] * len(asked), url
    return asked


def assert_new(client: Client, kept: dict[str, list[dict[str, str]]], *, is_there: bool) -> None:
    """Check that every address answers in full however it is asked, with the post or without it."""
    for url, asked in kept.items():
        for headers in ({}, *asked):
            answer = client.get(url, headers=headers)
            assert answer.status_code == 200, (url, headers)
            assert (TITLE in answer.content.decode()) is is_there, (url, headers)


@pytest.mark.parametrize("publish", [publish_update, publish_news])
def test_a_published_post_is_everywhere_and_an_unpublished_one_is_nowhere(
    client: Client,
    admin_client: Client,
    small_site: SmallSite,
    forum: ForumPage,
    centre: CentrePage,
    publish: Callable[[Client, SmallSite, ForumPage, CentrePage], Post],
) -> None:
    let_an_hour_pass()
    empty = {url: what_a_reader_keeps(client, url) for url in _addresses("news", f"centres/{centre.pk}/news")}

    url, places = publish(admin_client, small_site, forum, centre)
    assert client.get(url).status_code == 200
    assert_new(client, {**{each: [] for each in places}, **empty}, is_there=True)

    let_an_hour_pass()
    full = {place: what_a_reader_keeps(client, place) for place in places}
    post = Page.objects.get(slug="we-juggled")
    admin_client.post(reverse("wagtailadmin_pages:unpublish", args=[post.pk]))

    assert client.get(url).status_code == 404
    assert_new(client, full, is_there=False)
    for elsewhere in ("/forums/", "/sitemap.xml", "/search/?query=juggled"):
        answer = client.get(elsewhere).content.decode()
        assert TITLE not in answer, elsewhere
        assert "4 May 2026" not in answer, elsewhere
