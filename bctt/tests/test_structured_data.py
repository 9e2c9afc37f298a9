"""What pages say to machines is in schema.org's own words, and true."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from pytest_django import DjangoDbBlocker

from bctt.tests.example_pages import begin_with_example_pages
from core.factories import SiteImageFactory
from core.models import SiteSettings
from home.factories import SmallSite
from news.factories import NewsPageFactory
from testing.database_copies import DatabaseCopies
from testing.html import read
from testing.vocabulary import Vocabulary


def said_by(soup: BeautifulSoup) -> list[dict[str, Any]]:
    return [json.loads(script.string or "") for script in soup.select("script[type='application/ld+json']")]


def of_type(soup: BeautifulSoup, kind: str) -> dict[str, Any]:
    [found] = [thing for thing in said_by(soup) if thing["@type"] == kind]
    return found


def kinds_in(thing: Any) -> set[str]:
    """Return the types of a thing and of all that it is made of."""
    parts = thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list) else []
    own = {thing["@type"]} if isinstance(thing, dict) else set()
    return own.union(*map(kinds_in, parts))


@pytest.fixture(scope="class")
def examples_in_place(database_copies: DatabaseCopies, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, str]]:
    with django_db_blocker.unblock(), database_copies.lasting("example pages", begin_with_example_pages) as paths:
        yield paths


# Wagtail leaves the temporary files of pictures to the garbage collector.
@pytest.mark.filterwarnings("ignore:[Uu]nclosed file:ResourceWarning")
def test_every_page_keeps_to_the_words_of_schema_org(
    examples_in_place: dict[str, str], client: Client, db: None, vocabulary: Vocabulary
) -> None:
    faults: dict[str, str] = {}
    kinds = set()
    for name, path in examples_in_place.items():
        response = client.get(path)
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            continue
        for thing in said_by(BeautifulSoup(response.content, "html.parser")):
            kinds |= kinds_in(thing)
            faults |= dict.fromkeys(vocabulary.faults(thing), name)
    assert not faults, faults
    assert kinds >= {"WebPage", "NewsArticle", "MedicalClinic", "Event", "BreadcrumbList", "WebSite", "Organization"}
    assert kinds >= {"OpeningHoursSpecification", "Service"}


@pytest.mark.parametrize(
    ("thing", "fault"),
    [
        ({"@type": "Event", "lastReviewed": "2020-09-29"}, "Event has no such property"),
        ({"@type": "MadeUp", "name": "x"}, "no type MadeUp"),
        ({"@type": "Event", "location": {"@type": "Periodical", "name": "x"}}, "may not be Periodical"),
        ({"@type": "Event", "name": ""}, "says nothing"),
        ({"@type": "WebPage", "query-input": "x"}, "has no such property"),
    ],
)
def test_what_schema_org_does_not_know_is_seen(vocabulary: Vocabulary, thing: dict[str, Any], fault: str) -> None:
    assert fault in vocabulary.faults(thing)[0]
    assert not vocabulary.faults({"@type": "Event", "location": {"@type": "Place", "name": "Hall"}})


@pytest.mark.django_db
def test_the_front_page_says_whose_site_it_is_and_how_to_search_it(client: Client, small_site: SmallSite) -> None:
    known = SiteSettings.for_site(small_site.site)
    known.contact_email, known.contact_telephone, known.contact_address = "team@example.org", "", ""
    known.save()
    soup = read(client, "/")
    site, organisation = of_type(soup, "WebSite"), of_type(soup, "Organization")
    assert site["potentialAction"]["target"]["urlTemplate"] == "http://testserver/search/?query={search_term}"
    assert organisation["email"] == "team@example.org"
    assert {"telephone", "address"}.isdisjoint(organisation)


@pytest.mark.django_db
def test_the_way_to_a_page_is_the_one_that_it_shows(client: Client, small_site: SmallSite) -> None:
    page = NewsPageFactory(parent=small_site.news, title="Juggling")
    steps = of_type(read(client, page.url), "BreadcrumbList")["itemListElement"]
    assert [(step["position"], step["name"], step["item"]) for step in steps] == [
        (1, "Home", "http://testserver/"),
        (2, "News", "http://testserver/news/"),
        (3, "Juggling", f"http://testserver{page.url}"),
    ]


@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore:[Uu]nclosed file:ResourceWarning")
def test_a_news_item_is_shared_with_its_own_picture(
    client: Client, small_site: SmallSite, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    page = NewsPageFactory(parent=small_site.news, picture=SiteImageFactory(), picture_alt_text="Three clubs")
    soup = read(client, page.url)
    image = of_type(soup, "NewsArticle")["image"]
    meta = {str(each["property"]): each["content"] for each in soup.select("meta[property]")}
    assert meta["og:image"] == image["url"]
    assert (meta["og:image:alt"], image["caption"]) == ("Three clubs", "Three clubs")
    assert str(meta["og:image"]).startswith("http://testserver/media/images/")
