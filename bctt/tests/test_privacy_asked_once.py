"""However an address is answered, what is private is asked of the database once at most."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page

from core.visibility import private_paths, remembered_for_request
from home.factories import SmallSite
from testing.pages import add_page
from testing.privacy import make_private

from .canaries import COMMON, World, addresses_of, make_world

pytestmark = [pytest.mark.django_db]

# What `private_paths` asks. Wagtail itself asks for the rows, where it searches texts and lists the sitemap.
ASKS = re.compile(r'SELECT "wagtailcore_page"\."path"[^,]* FROM "wagtailcore_pageviewrestriction"')


@pytest.fixture
def world(small_site: SmallSite) -> World:
    world = make_world(small_site)
    # Only where something is private is there anything to ask.
    make_private(add_page(small_site.home, "Hidden"))
    return world


def times_asked(client: Client, address: str) -> int:
    """Return how many queries of one request read what is private."""
    with CaptureQueriesContext(connection) as queries:
        response: Any = client.get(address)
        if response.streaming:
            b"".join(response)  # reading a file to its end closes it
    assert response.status_code in (200, 302), address
    return sum(bool(ASKS.match(query["sql"])) for query in queries)


def test_public_addresses_ask_once(client: Client, world: World) -> None:
    pages = Page.objects.filter(live=True, depth__gt=1).exclude(title="Hidden").specific()
    plain = [
        reverse("feed", args=["atom"]),
        reverse("calendar"),
        f"{reverse('search')}?query={COMMON}",
        f"{reverse('search')}?query={COMMON}&format=json",
        f"{reverse('search_suggestions')}?query={COMMON[:4]}",
        reverse("follow"),
        "/sitemap.xml",
    ]
    addresses = [*plain, *(address for page in pages if page.url for address in addresses_of(page))]
    counts = {address: times_asked(client, address) for address in addresses}
    assert len(counts) > 40
    assert {address: count for address, count in counts.items() if count > 1} == {}
    assert sum(counts.values()) > 20


def test_the_admin_asks_once_too(admin_client: Client, world: World) -> None:
    names = ("wagtailadmin_home", "centres_grid", "core_dead_links")
    assert {name: times_asked(admin_client, reverse(name)) > 1 for name in names} == dict.fromkeys(names, False)


def test_what_changes_within_a_request_is_seen_at_once(small_site: SmallSite) -> None:
    page = add_page(small_site.home, "About")
    with remembered_for_request():
        assert private_paths() == ()
        restriction = make_private(page)
        assert private_paths() == (page.path,)
        page.move(small_site.centres, pos="last-child")
        page.refresh_from_db()
        assert private_paths() == (page.path,)
        restriction.delete()
        assert private_paths() == ()


def test_nothing_is_remembered_between_requests(client: Client, small_site: SmallSite) -> None:
    page = add_page(small_site.home, "About")
    assert client.get(page.url).status_code == 200
    make_private(page)
    assert client.get(page.url).status_code == 302
