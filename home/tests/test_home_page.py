"""The front page: search, the centres and their stage, services, urgent help."""

from collections.abc import Callable

import pytest
from django.test import Client
from wagtail.models import Page, Site
from wagtail.test.utils.form_data import rich_text

from centres.factories import CentrePageFactory, ServicePageFactory
from centres.models import CentresPage, ServicesPage, Stage
from centres.queries import PER_PAGE
from centres.templatetags.centres_tags import CENTRES_ON_HOME, SERVICES_ON_HOME
from core.models import SiteSettings
from home.factories import SmallSite
from home.models import ContentPage, HomePage
from leaflets.models import LeafletsPage
from news.models import ForumsPage, NewsIndexPage
from testing.admin_forms import edit_url, fill, preview, send, shown_form
from testing.html import headings, link_to, main_words, read, section, soup_of, words
from testing.page_checks import assert_only_its_editors_may_edit
from whats_on.models import EventsPage


def test_it_renders_with_its_heading_and_the_name_of_the_organisation_as_its_title(
    client: Client, small_site: SmallSite
) -> None:
    soup = read(client, "/")
    assert [words(h1) for h1 in soup.find_all("h1")] == ["Testshire together"]
    assert words(soup.title) == "Better Care Together Thurrock"


def test_there_is_one_home_page_at_the_top_of_the_tree(small_site: SmallSite) -> None:
    assert HomePage.allowed_parent_page_models() == [Page]
    sections = {CentresPage, ServicesPage, NewsIndexPage, ForumsPage, EventsPage, LeafletsPage}
    assert set(HomePage.allowed_subpage_models()) == {ContentPage, *sections}
    assert not HomePage.can_create_at(Page.get_first_root_node())


def test_only_its_editors_may_edit_it(small_site: SmallSite) -> None:
    assert_only_its_editors_may_edit(small_site.home, elsewhere=small_site.services)


def test_people_can_search_from_it(client: Client, small_site: SmallSite) -> None:
    form = read(client, "/").select_one("main form[role=search]")
    assert form is not None
    assert (form["action"], form["method"]) == ("/search/", "get")
    assert form.select_one("input[name=query]")


def test_it_shows_the_centres_with_their_stage_and_then_the_services(client: Client, small_site: SmallSite) -> None:
    centre = CentrePageFactory(parent=small_site.centres, title="Ashville", stage=Stage.BEING_BUILT)
    service = ServicePageFactory(parent=small_site.services, title="Archery", summary="Bows and arrows.")
    soup = read(client, "/")

    assert headings(soup) == ["Our centres", "Services"]
    centres = section(soup, "Our centres")
    assert link_to(centres, "Ashville") == centre.url
    assert Stage.BEING_BUILT.info.label in words(centres)
    services = section(soup, "Services")
    assert link_to(services, "Archery") == service.url
    assert "Bows and arrows." in words(services)


def test_it_shows_the_first_services_of_the_alphabet_only(client: Client, small_site: SmallSite) -> None:
    for number in reversed(range(SERVICES_ON_HOME + 1)):
        ServicePageFactory(parent=small_site.services, title=f"Game {number:02}")

    cards = section(read(client, "/"), "Services").select(".bctt-service-card h3")

    assert [words(card) for card in cards] == [f"Game {number:02}" for number in range(SERVICES_ON_HOME)]


def test_it_shows_neither_drafts_nor_private_pages(client: Client, small_site: SmallSite) -> None:
    CentrePageFactory(parent=small_site.centres, live=False)
    CentrePageFactory(parent=small_site.centres).view_restrictions.create(restriction_type="login")
    ServicePageFactory(parent=small_site.services, live=False)

    text = main_words(read(client, "/"))

    assert "No centres have been added yet." in text
    assert "No services have been added yet." in text


def test_it_shows_the_first_centres_and_the_way_to_all_centres_and_services(
    client: Client, small_site: SmallSite
) -> None:
    centres = [str(CentrePageFactory(parent=small_site.centres).title) for _ in range(CENTRES_ON_HOME + 1)]
    ServicePageFactory(parent=small_site.services)
    soup = read(client, "/")

    assert [words(card) for card in soup.select(".bctt-centre-card h3")] == sorted(centres)[:CENTRES_ON_HOME]
    assert link_to(section(soup, "Our centres"), "All centres") == small_site.centres.url
    assert link_to(section(soup, "Services"), "All services, from A to Z") == small_site.services.url


def test_urgent_help_is_what_the_settings_say_and_comes_before_everything_else(
    client: Client, small_site: SmallSite
) -> None:
    settings = SiteSettings.for_site(small_site.site)
    settings.urgent_999 = "<p>Call 999 if the roof falls in.</p>"
    settings.urgent_mental_health = "<p>Call 111 in a crisis.</p>"
    settings.save()
    soup = read(client, "/")

    help_now = section(soup, "If you need help now")
    assert help_now["id"] == "urgent-help"
    assert "Call 999 if the roof falls in." in words(help_now)
    assert len(help_now.select(".bctt-urgent__card")) == 2
    assert headings(soup)[0] == "If you need help now"


def test_without_urgent_help_texts_there_is_no_empty_box(client: Client, small_site: SmallSite) -> None:
    assert read(client, "/").select("#urgent-help") == []


def test_an_editor_changes_it_and_sees_it_first_in_the_preview(
    client: Client, admin_client: Client, small_site: SmallSite
) -> None:
    url = edit_url(small_site.home)
    data = shown_form(
        admin_client, url, HomePage, streams={"body": [("text", rich_text("<h2>News</h2><p>A roof.</p>"))]}
    )
    fill(data, title="Welcome", summary="Come in.")

    shown = main_words(soup_of(preview(admin_client, url, data)))
    before = main_words(read(client, "/"))
    assert send(admin_client, url, data).status_code == 302

    for said in ("Welcome", "Come in.", "A roof."):
        assert said in shown
        assert said not in before
        assert said in main_words(read(client, "/"))


@pytest.mark.parametrize("address", ["/nowhere/", "/centres/nowhere/", "/nowhere//", "/%00/", "/a" * 50 + "/", "/🤹/"])
def test_an_address_that_leads_nowhere_is_not_found(client: Client, small_site: SmallSite, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_second_site_in_the_same_tree_serves_its_own_front_page(client: Client, small_site: SmallSite) -> None:
    Site.objects.create(hostname="other.example.org", root_page=small_site.centres)
    assert b"Testshire together</h1>" in client.get("/").content
    assert b"Centres</h1>" in client.get("/", headers={"host": "other.example.org"}).content


def test_the_queries_stay_within_budget_however_much_there_is(
    small_site: SmallSite, count_queries: Callable[[str], int]
) -> None:
    def grow(number: int) -> None:
        for _ in range(number):
            CentrePageFactory(parent=small_site.centres)
            ServicePageFactory(parent=small_site.services)

    grow(1)
    few = count_queries("/")
    grow(PER_PAGE + 3)

    assert count_queries("/") == few <= 12
