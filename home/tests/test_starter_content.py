"""The starter content as residents see it: complete, valid, traceable to its sources, without a dead link."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from wagtail.models import Page

from centres.models import CentrePage, CentreServicePage, Milestone, RolePage, ServicePage, ServiceStatus
from core.models import SiteDocument
from home.starter.loader import CONTENT, read_starter_pages
from leaflets.models import LeafletPage
from news.models import ForumPage, ForumUpdatePage
from testing.html import main_words, read, soup_of, tags_in, words
from whats_on.models import EventDate, EventPage

STATEMENTS = Path(__file__).with_name("starter_statements.yaml")
TELEPHONE = re.compile(r"(?<![\d.])(?:\+44[\s-]?\d|0\d)[\d\s-]{7,12}\d")
POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}\b")
# The names under which the collected public facts define services and roles.
SERVICES = {
    "blood-tests",
    "gp",
    "outpatients",
    "talking-therapies",
    "community-mental-health",
    "pharmacy",
    "community-space",
    "minor-operations",
    "diagnostics",
}
ROLES = {
    "paramedic-practitioner",
    "social-prescribing",
    "clinical-pharmacist",
    "care-coordinator",
    "first-contact-physiotherapist",
    "physician-associate",
    "health-and-wellbeing-coach",
    "mental-health-practitioner",
    "nursing-associate",
}


@pytest.fixture(scope="class")
def crawled(_starter_content_in_place: str, django_db_blocker: DjangoDbBlocker) -> dict[str, BeautifulSoup]:
    """Every page that can be reached from the front page, by address; read once for all tests here."""
    with django_db_blocker.unblock():
        return crawl(Client())


def data_files() -> list[Path]:
    return sorted(CONTENT.rglob("*.yaml"))


def crawl(client: Client) -> dict[str, BeautifulSoup]:
    """Return every page that can be reached from the front page by links, by address.

    Each answers 200; so do the feeds and calendars, which are no pages.
    """
    pages: dict[str, BeautifulSoup] = {}
    waiting, known = ["/"], {"/"}
    while waiting:
        url = waiting.pop()
        response = client.get(url)
        assert response.status_code == 200, f"{url}: {response.status_code}"
        if response["Content-Type"].startswith("text/html"):
            pages[url] = soup_of(response)
            found = {urldefrag(target).url for target in internal_links(url, pages[url])} - known
            known |= found
            waiting += found
    return pages


def internal_links(url: str, soup: BeautifulSoup) -> Iterator[str]:
    """Yield the addresses of this site to which a page leads."""
    for link in soup.select("a[href]"):
        target = urlsplit(urljoin(f"http://testserver{url}", str(link["href"])))
        if target.scheme == "http" and target.netloc == "testserver":
            yield target._replace(scheme="", netloc="").geturl()


@pytest.mark.usefixtures("starter_content")
class TestTheSite:
    def test_every_link_leads_to_a_page_that_answers_and_to_a_place_that_is_there(
        self, crawled: dict[str, BeautifulSoup]
    ) -> None:
        dead = [
            f"{url} → {target}"
            for url, soup in crawled.items()
            for target in internal_links(url, soup)
            if (place := urldefrag(target).fragment) and not crawled[urldefrag(target).url].find(id=place)
        ]
        assert dead == []
        public = {page.get_url() for page in Page.objects.live().filter(depth__gt=1)}
        assert public - set(crawled) == set()
        assert any("centre=" in url and "status=" in url for url in crawled)

    def test_no_page_gives_a_telephone_number_or_an_address(self, crawled: dict[str, BeautifulSoup]) -> None:
        for url, soup in crawled.items():
            text = words(soup.body)
            assert TELEPHONE.findall(text) == POSTCODE.findall(text) == [], url
            numbers = {str(link["href"]) for link in soup.select("a[href^='tel:']")}
            assert numbers <= {"tel:999", "tel:111"}, url
            assert soup.select("a[href^='mailto:'], address") == [], url

    def test_no_page_says_that_anything_is_available_or_open_or_shows_the_notes_on_sources(
        self, crawled: dict[str, BeautifulSoup]
    ) -> None:
        for url, soup in crawled.items():
            text = words(soup.body)
            for promise in ("Offered here", "Open now", "This centre is open"):
                assert promise not in text, url
            assert "facts.json" not in text, url

    def test_every_page_has_one_h1_a_title_of_its_own_and_a_description(
        self, crawled: dict[str, BeautifulSoup]
    ) -> None:
        titles: dict[str, str] = {}
        for url, soup in crawled.items():
            assert len(soup.find_all("h1")) == 1, url
            if "?" in url or url == "/search/":
                continue
            title = words(soup.title)
            assert title not in titles, f"{url} and {titles.get(title)}"
            titles[title] = url
            description = soup.select_one("meta[name=description]")
            assert description is not None, url
            assert description["content"], url

    def test_every_statement_of_the_two_documents_is_found_where_it_should_be(self, client: Client) -> None:
        pages: dict[str, str] = {}
        missing = []
        statements = yaml.safe_load(STATEMENTS.read_text(encoding="utf-8"))
        for each in statements:
            path = each["path"]
            if path not in pages:
                pages[path] = main_words(read(client, path))
            missing += [f"{path}: {text}" for text in each["must_contain"] if " ".join(text.split()) not in pages[path]]

        assert missing == []
        assert {each["document"] for each in statements} == {"ccg-2018", "cvs-2020"}

    def test_every_page_validates_as_it_would_in_the_admin(self) -> None:
        for page in Page.objects.filter(depth__gt=1).specific():
            page.full_clean()
        for milestone in Milestone.objects.all():
            milestone.full_clean()

    def test_every_page_is_live_and_has_nothing_left_to_publish(self) -> None:
        for page in Page.objects.filter(depth__gt=1).specific():
            assert page.live, page
            assert not page.has_unpublished_changes, page
            assert page.get_latest_revision_as_object().title == page.title

    def test_the_four_centres_have_the_seven_services_of_the_document(self) -> None:
        expected = {
            "blood-tests": ServiceStatus.PLANNED,
            "gp": ServiceStatus.PLANNED,
            "outpatients": ServiceStatus.TO_BE_CONFIRMED,
            "talking-therapies": ServiceStatus.PLANNED,
            "pharmacy": ServiceStatus.PLANNED,
            "community-space": ServiceStatus.PLANNED,
            "minor-operations": ServiceStatus.POSSIBLE,
        }
        assert set(CentrePage.objects.values_list("slug", flat=True)) == {"purfleet", "tilbury", "corringham", "grays"}
        for centre in CentrePage.objects.all():
            pages = CentreServicePage.objects.child_of(centre)
            assert {page.slug: page.status for page in pages} == expected
            for page in pages:
                assert page.access_labels == ["To be confirmed"]
                assert page.until_then or centre.until_then

    def test_services_and_roles_have_the_slugs_of_the_collected_facts(self) -> None:
        assert set(ServicePage.objects.values_list("slug", flat=True)) == SERVICES
        assert set(RolePage.objects.values_list("slug", flat=True)) == ROLES

    def test_no_file_is_there_and_each_that_is_missing_says_so_without_a_link(self, client: Client) -> None:
        assert not SiteDocument.objects.exists()
        for leaflet in LeafletPage.objects.all():
            main = read(client, leaflet.url).main
            assert main is not None
            assert "Standard print: not available yet" in words(main)
            assert main.select("a[href*='/documents/']") == []

    def test_no_date_of_an_event_is_invented(self, client: Client) -> None:
        assert not EventDate.objects.exists()
        [event] = EventPage.objects.all()
        assert "Spring 2016 (the exact days are not known)" in main_words(read(client, event.url))

    def test_no_forum_names_a_person_or_how_to_reach_one(self) -> None:
        for forum in ForumPage.objects.all():
            assert (forum.contact_role, forum.email, forum.telephone, forum.how_to_join) == ("", "", "", "")

    def test_the_update_shows_on_its_forum_at_its_centre_and_on_the_front_page(self, client: Client) -> None:
        update = ForumUpdatePage.objects.get()
        for url in ("/forums/purfleet-on-thames/", "/centres/purfleet/", "/"):
            assert read(client, url).select(f"main a[href='{update.url}']"), url

    def test_purfleet_tells_when_it_was_expected_and_who_said_so_when(self, client: Client) -> None:
        text = main_words(read(client, "/centres/purfleet/"))
        assert "expected to open: end of 2023 (as stated on 29 September 2020)" in text
        assert "This centre is not open yet" in text

    @pytest.mark.parametrize("slug", sorted(SERVICES - {"diagnostics", "community-mental-health"}))
    def test_a_service_in_the_plan_is_listed_by_all_four_centres(self, client: Client, slug: str) -> None:
        assert len(tags_in(read(client, f"/services/{slug}/"))) == 4

    @pytest.mark.parametrize("slug", ["diagnostics", "community-mental-health"])
    def test_a_service_that_no_centre_lists_says_so(self, client: Client, slug: str) -> None:
        assert "No centre lists this service." in main_words(read(client, f"/services/{slug}/"))

    def test_the_dated_pages_say_themselves_that_a_check_is_due(self, crawled: dict[str, BeautifulSoup]) -> None:
        for page in Page.objects.filter(depth__gt=1).specific():
            due = page.checked_on is not None
            assert ("This page is due a check." in main_words(crawled[page.url])) is due, page.url
            assert page.checked_on is None or page.checked_on < timezone.localdate()


class TestTheDataFiles:
    def test_every_page_names_its_source(self) -> None:
        for page in read_starter_pages():
            assert page["source"].strip(), page["path"]

    @pytest.mark.parametrize("file", data_files(), ids=lambda file: str(file.relative_to(CONTENT)))
    def test_everything_that_says_something_names_its_source(self, file: Path) -> None:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        assert list(without_source(data, file.name)) == []

    def test_each_path_is_there_once(self) -> None:
        paths = [page["path"] for page in read_starter_pages()]
        assert len(paths) == len(set(paths))

    def test_parents_come_before_children(self) -> None:
        seen = {""}
        for page in read_starter_pages():
            path = page["path"].rstrip("/")
            assert path.rpartition("/")[0] in seen
            seen.add(path)


def without_source(data: Any, place: str) -> Iterator[str]:
    """Yield where pages, blocks, milestones, partners and files have no source."""
    if "pages" not in data:
        if not data.get("source"):
            yield place
        return
    for page in data["pages"]:
        if not page.get("source"):
            yield f"{place}: {page.get('path')}"
        for name in ("body", "recap", "milestones", "partners", "files"):
            for number, each in enumerate(page.get(name, [])):
                if not each.get("source"):
                    yield f"{place}: {page.get('path')} {name} {number}"
        for name in page.get("field_sources", {}):
            if name not in page:
                yield f"{place}: {page.get('path')} has a source for {name}, which it has not"
