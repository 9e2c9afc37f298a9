"""One address for one content: pages of a list have their own, and copies that of their original."""

import pytest
from django.test import Client

from testing.html import read
from testing.pages import SmallSite, add_page


def head(client: Client, url: str) -> tuple[str, str]:
    """Return the title of a page up to the name of the site, and its canonical address."""
    soup = read(client, url)
    [canonical] = soup.select("link[rel=canonical]")
    title = soup.select_one("title")
    assert title
    return title.text.rpartition(" – ")[0], str(canonical["href"]).removeprefix("http://testserver")


@pytest.mark.parametrize(
    ("asked", "title", "canonical"),
    [
        ("/events/", "Events", "/events/"),
        ("/events/?page=2", "Events, page 2", "/events/?page=2"),
        ("/events/?page=1", "Events", "/events/"),
        ("/events/?page=two", "Events", "/events/"),
        ("/events/?when=past&page=3", "Events, page 3", "/events/?when=past&page=3"),
        ("/events/?kind=other&page=2", "Events, page 2", "/events/"),
        ("/news/?page=2&utm_source=x", "News, page 2", "/news/"),
        ("/?page=2", "", "/"),
    ],
)
@pytest.mark.django_db
def test_a_page_of_a_list_has_a_title_and_an_address_of_its_own(
    client: Client, small_site: SmallSite, asked: str, title: str, canonical: str
) -> None:
    assert head(client, asked) == (title, canonical)


@pytest.mark.database
@pytest.mark.django_db
def test_a_copy_names_its_original_and_is_in_the_sitemap_and_in_search_once(
    client: Client, small_site: SmallSite
) -> None:
    page = add_page(small_site.home, "Zebra juggling")
    copy = page.create_alias(update_slug="copy")
    assert copy.url == "/copy/"
    assert head(client, "/copy/") == ("Zebra juggling", "/zebra-juggling/")
    sitemap = client.get("/sitemap.xml").content.decode()
    assert "/zebra-juggling/" in sitemap
    assert "/copy/" not in sitemap
    found = read(client, "/search/?query=zebra")
    assert len(found.select("a[href='/zebra-juggling/']")) == 1
    assert not found.select("a[href='/copy/']")
