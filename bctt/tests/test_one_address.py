"""Whatever leads here from elsewhere names one address, the setting's, whichever host a visitor asked for."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from wagtail.models import Page, Site, get_page_models

from bctt.tests.example_pages import STARTER_PAGES
from centres.models import CentrePage
from core.addresses import absolute
from core.models import BasePage, SiteSettings
from leaflets.factories import NewsletterIssuePageFactory
from leaflets.models import NewsletterPage
from news.models import ForumPage
from testing.pages import SmallSite, add_page
from whats_on.models import EventPage

ADDRESS = "https://www.example.org"
# Both are hosts of the site; the second is not the one that it is known by, and is asked over plain HTTP.
HOST, OTHER = "www.example.org", "other.example.org:8001"
# What is new each time, whoever asks.
NEW_EACH_TIME = re.compile(r'(?<=name=")(csrfmiddlewaretoken|asked|moment|signed)" value="[^"]*"|value="[\w:-]{40,}"')


@pytest.fixture(autouse=True)
def _one_address(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["www.example.org", "other.example.org"]
    settings.WAGTAILADMIN_BASE_URL = ADDRESS


def asked(client: Client, url: str, host: str) -> Any:
    return client.get(url, headers={"host": host}, secure=host == HOST)


def said(response: Any) -> str:
    return NEW_EACH_TIME.sub("", f"{response.headers.get('Location', '')}\n{response.content.decode()}")


def test_another_host_changes_no_address_in_anything_public(client: Client, starter_content: str) -> None:
    SiteSettings.objects.update(security_contact="security@example.org")
    others = ["/sitemap.xml", "/robots.txt", "/.well-known/security.txt", "/centres", "/feeds/news.atom"]
    others += ["/feeds/news.rss", "/calendars/events.ics", "/search/?query=blood&format=json", "/search/?format=json"]
    kinds: dict[Any, tuple[str, ...]] = {
        CentrePage: ("centre_feed", "centre_calendar"),
        ForumPage: ("forum_feed", "forum_calendar"),
        EventPage: ("event_calendar",),
    }
    for model, names in kinds.items():
        pk = model.objects.live().first().pk
        others += [reverse(name, args=[pk, "atom"] if "feed" in name else [pk]) for name in names]
    series = NewsletterPage.objects.live().first()
    NewsletterIssuePageFactory(parent=series)
    # One of each kind, beside what is no page.
    pages = {type(page): page.url for page in Page.objects.live().public().filter(depth__gt=1).specific()}
    assert set(pages) == {model for model in get_page_models() if issubclass(model, BasePage) and model.is_creatable}
    addresses = 0
    for url in [*pages.values(), *STARTER_PAGES.values(), *others]:
        ours, other = asked(client, url, HOST), asked(client, url, OTHER)
        assert ours.status_code == other.status_code < 500, url
        assert said(ours) == said(other), url
        assert "other.example.org" not in said(other), url
        # Site records of the tests name these; nothing may lead there.
        assert not re.search(r"//(localhost|testserver)\b", said(other)), url
        addresses += said(other).count(ADDRESS)
    assert addresses > 200


@pytest.mark.django_db
@pytest.mark.parametrize("address", [ADDRESS, "http://localhost:8001", "https://www.example.org:8443"])
def test_a_page_says_the_address_of_the_setting_whatever_the_record_of_the_site_says(
    client: Client, small_site: SmallSite, settings: Any, address: str
) -> None:
    settings.WAGTAILADMIN_BASE_URL = f"{address}/"
    Site.objects.update(hostname="old.example.org", port=8000)
    page = add_page(small_site.home)
    assert page.full_url == f"{address}{page.url}"
    text = asked(client, page.url, OTHER).content.decode()
    assert f'<link rel="canonical" href="{address}{page.url}">' in text
    assert f'<meta property="og:url" content="{address}{page.url}">' in text
    assert f'<meta property="og:image" content="{address}/static/img/share.png">' in text
    assert f'"url":"{address}{page.url}"' in text
    assert f"Sitemap: {address}/sitemap.xml" in asked(client, "/robots.txt", OTHER).content.decode()
    assert f"<loc>{address}{page.url}</loc>" in asked(client, "/sitemap.xml", OTHER).content.decode()
    assert "old.example.org" not in text


@pytest.mark.django_db
def test_a_feed_names_itself_at_that_address(client: Client, small_site: SmallSite) -> None:
    feed = asked(client, "/feeds/news.atom", OTHER).content.decode()
    assert f'<link href="{ADDRESS}/feeds/news.atom" rel="self"' in feed


@pytest.mark.django_db
def test_a_link_to_a_draft_has_that_address(admin_client: Client, small_site: SmallSite) -> None:
    page = add_page(small_site.home, live=False)
    page.save_revision()
    response = asked(admin_client, reverse("core_share_draft", args=[page.pk]), OTHER)
    assert escape(f"{ADDRESS}/drafts/") in response.content.decode()


def test_a_whole_address_stays_as_it_is_and_a_path_never_leads_elsewhere() -> None:
    assert absolute("https://elsewhere.example.org/x") == "https://elsewhere.example.org/x"
    assert absolute("/centres/?a=b") == f"{ADDRESS}/centres/?a=b"
    assert absolute("//elsewhere.example.org/") == f"{ADDRESS}//elsewhere.example.org/"
