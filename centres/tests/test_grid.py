"""The grid of all services and all centres."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from centres.factories import CentrePageFactory, CentreServicePageFactory, ServicePageFactory
from centres.models import CentreServicePage, ServicePage
from centres.tests.across import GRID, Two, queries_of, two_centres
from home.factories import SmallSite
from testing.html import read, words
from testing.people import person_who_may, signed_in

pytestmark = pytest.mark.database


@pytest.fixture
def two(small_site: SmallSite) -> Two:
    return two_centres(small_site)


def grid_of(client: Client) -> BeautifulSoup:
    return read(client, reverse(GRID))


def cell(soup: BeautifulSoup, service: str, centre: str) -> BeautifulSoup:
    """Return the cell of a service in the column of a centre."""
    column = [words(th).split(" (")[0] for th in soup.select("thead th")].index(centre)
    [row] = [row for row in soup.select("tbody tr") if words(row.th) == service]
    return row.find_all(["th", "td"])[column]  # type: ignore[return-value]


def link_in(found: BeautifulSoup) -> str:
    return str(found.a["href"]) if found.a else ""


def test_it_shows_every_status_in_words_with_a_link_to_change_it(admin_client: Client, two: Two) -> None:
    soup = grid_of(admin_client)
    assert [words(th) for th in soup.select("thead th[scope=col]")] == [
        "Service",
        "Hereville (Open)",
        "Thereville (Being built, not open yet)",
    ]
    assert [words(th) for th in soup.select("tbody th[scope=row]")] == ["Archery", "Bowling"]
    for service, centre, label, page in (
        ("Archery", "Hereville", "Offered here", two.archery_here),
        ("Bowling", "Hereville", "Planned, not open yet", two.bowling_here),
        ("Archery", "Thereville", "Confirmed, not open yet", two.archery_there),
    ):
        found = cell(soup, service, centre)
        assert words(found) == f"{service} at {centre}: {label}"
        assert words(found.select_one(".bctt-tag")) == label
        assert link_in(found) == reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_a_service_of_a_centre_that_is_not_open_never_looks_available(admin_client: Client, two: Two) -> None:
    CentreServicePage.objects.filter(pk=two.archery_there.pk).update(status="available")
    assert words(cell(grid_of(admin_client), "Archery", "Thereville")).endswith("Confirmed, not open yet")


def test_drafts_are_marked_and_show_what_they_say(admin_client: Client, two: Two) -> None:
    CentreServicePage.objects.filter(pk=two.bowling_here.pk).update(live=False)
    draft = CentreServicePage.objects.get(pk=two.archery_here.pk)
    draft.status = "ended"
    draft.save_revision()
    soup = grid_of(admin_client)
    assert words(cell(soup, "Bowling", "Hereville")).endswith("Planned, not open yet Draft")
    assert words(cell(soup, "Archery", "Hereville")).endswith("Ended Changes not published yet")


def test_where_a_service_is_not_listed_it_can_be_added_with_its_tick_set(
    admin_client: Client, small_site: SmallSite, two: Two
) -> None:
    chess = ServicePageFactory(parent=small_site.services, title="Chess")
    ServicePageFactory(parent=small_site.services, title="Darts")
    found = cell(grid_of(admin_client), "Chess", "Hereville")
    assert words(found) == "Add Chess at Hereville"
    ticked = [box["value"] for box in read(admin_client, link_in(found)).select("input[name=services][checked]")]
    assert ticked == [str(chess.pk)]


def test_an_unpublished_service_cannot_be_added(admin_client: Client, two: Two) -> None:
    two.archery_there.delete()
    ServicePage.objects.filter(pk=two.archery.pk).update(live=False)
    assert words(cell(grid_of(admin_client), "Archery", "Thereville")) == "Not listed"


def test_an_editor_of_one_centre_reads_of_the_others_what_everybody_reads(small_site: SmallSite, two: Two) -> None:
    CentreServicePage.objects.filter(pk=two.bowling_there.pk).update(live=False)
    draft = CentreServicePage.objects.get(pk=two.archery_there.pk)
    draft.status = "ended"
    draft.save_revision()
    CentrePageFactory(parent=small_site.centres, short_name="Secretville", live=False)
    ServicePageFactory(parent=small_site.services, title="Chess")

    soup = grid_of(signed_in(person_who_may("change", at=two.here)))

    there = cell(soup, "Archery", "Thereville")
    assert (words(there), link_in(there)) == ("Confirmed, not open yet", "")
    assert words(cell(soup, "Bowling", "Thereville")) == "Not listed"
    assert words(cell(soup, "Chess", "Hereville")) == "Not listed"
    assert link_in(cell(soup, "Archery", "Hereville"))
    assert "Secretville" not in words(soup)


def test_it_scrolls_in_a_region_that_the_keyboard_reaches(admin_client: Client, two: Two) -> None:
    region = grid_of(admin_client).select_one("[role=region]:has(table)")
    assert region
    assert region["tabindex"] == "0"
    assert region["aria-label"]


def test_without_services_it_says_what_to_do(small_site: SmallSite) -> None:
    centre = CentrePageFactory(parent=small_site.centres)
    assert "There is no service yet." in words(grid_of(signed_in(person_who_may("change", at=centre))))


def test_its_queries_do_not_grow(small_site: SmallSite) -> None:
    client = signed_in(person_who_may("change", "add", at=small_site.centres))

    def add(centres: int, services: int) -> None:
        listed = [ServicePageFactory(parent=small_site.services) for _ in range(services)]
        for _ in range(centres):
            centre = CentrePageFactory(parent=small_site.centres)
            for service in listed:
                CentreServicePageFactory(parent=centre, service=service)

    add(1, 5)
    few = queries_of(lambda: client.get(reverse(GRID)))
    add(12, 5)
    assert queries_of(lambda: client.get(reverse(GRID))) == few
