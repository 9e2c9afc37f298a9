""" "Add services": ticks on a centre that become drafts."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry, PageLogEntry

from centres.factories import CentrePageFactory, CentreServicePageFactory, ServicePageFactory
from centres.models import CentrePage, CentreServicePage, ServicePage, ServiceStatus
from centres.services import add_services
from home.factories import SmallSite
from testing.html import main_words, read, soup_of, words
from testing.page_checks import assert_refused
from testing.people import person_who_may, signed_in
from users.models import User


@pytest.fixture
def centre(small_site: SmallSite) -> CentrePage:
    return CentrePageFactory(parent=small_site.centres, short_name="Testville", team="Testville team")


@pytest.fixture
def services(small_site: SmallSite) -> list[ServicePage]:
    return [ServicePageFactory(parent=small_site.services, title=title) for title in ("Archery", "Bowling", "Chess")]


def address(centre: CentrePage) -> str:
    return reverse("centres_add_services", args=[centre.pk])


def submit(client: Client, centre: CentrePage, *ticked: object) -> BeautifulSoup:
    """Press "Add as drafts" with these services ticked, and return the screen that follows."""
    data = {"csrfmiddlewaretoken": "any", "services": [getattr(each, "pk", each) for each in ticked]}
    response = client.post(address(centre), data, follow=True)
    assert response.status_code == 200
    return soup_of(response)


def offered(client: Client, centre: CentrePage) -> list[str]:
    return [words(label) for label in read(client, address(centre)).select("label:has(input[name=services])")]


def test_it_offers_the_services_the_centre_does_not_list(
    admin_client: Client, small_site: SmallSite, centre: CentrePage, services: list[ServicePage]
) -> None:
    CentreServicePageFactory(parent=centre, service=services[1])
    CentreServicePageFactory(parent=CentrePageFactory(parent=small_site.centres), service=services[0])
    ServicePageFactory(parent=small_site.services, title="A draft", live=False)

    assert offered(admin_client, centre) == ["Archery", "Chess"]


def test_a_draft_at_the_centre_is_listed_already(
    admin_client: Client, centre: CentrePage, services: list[ServicePage]
) -> None:
    CentreServicePageFactory(parent=centre, service=services[0], live=False)
    assert offered(admin_client, centre) == ["Bowling", "Chess"]


def test_ticks_become_drafts_that_residents_do_not_see(
    client: Client, admin_client: Client, centre: CentrePage, services: list[ServicePage], administrator: User
) -> None:
    soup = submit(admin_client, centre, services[0], services[2])

    assert "Added as drafts: Archery, Chess." in words(soup)
    assert soup.select_one(f"a[href='{reverse('wagtailadmin_pages:edit', args=[centre.pk])}']")
    drafts = list(CentreServicePage.objects.child_of(centre).order_by("title"))
    assert [(draft.title, draft.slug) for draft in drafts] == [("Archery", "archery"), ("Chess", "chess")]
    for draft in drafts:
        assert not draft.live
        assert draft.status == ServiceStatus.TO_BE_CONFIRMED
        assert (draft.team, draft.team_text, draft.owner) == ("", "Testville team", administrator)
        assert draft.get_latest_revision().user == administrator
        assert PageLogEntry.objects.get(page=draft.pk, action="wagtail.create").user == administrator
        assert client.get(draft.url).status_code == 404
    assert "Archery" not in main_words(read(client, centre.url))


def test_a_draft_can_be_opened_and_published_at_once(
    client: Client, admin_client: Client, centre: CentrePage, services: list[ServicePage]
) -> None:
    [draft] = add_services(centre=centre, services=services[:1])
    assert admin_client.get(f"/admin/pages/{draft.pk}/edit/").status_code == 200
    draft.get_latest_revision().publish()
    assert "To be confirmed" in main_words(read(client, draft.url))


def test_without_a_tick_it_says_what_to_do_and_adds_nothing(
    admin_client: Client, centre: CentrePage, services: list[ServicePage]
) -> None:
    assert "Tick at least one service." in words(submit(admin_client, centre))
    assert not CentreServicePage.objects.exists()


@pytest.mark.database
def test_what_somebody_else_added_in_the_meantime_is_not_added_twice_and_the_rest_is_added(
    admin_client: Client, centre: CentrePage, services: list[ServicePage]
) -> None:
    CentreServicePageFactory(parent=centre, service=services[0])

    submit(admin_client, centre, services[0], services[1])

    assert CentreServicePage.objects.filter(service=services[0]).count() == 1
    assert CentreServicePage.objects.filter(service=services[1]).count() == 1


def test_when_all_of_it_was_added_in_the_meantime_it_says_so(
    admin_client: Client, centre: CentrePage, services: list[ServicePage]
) -> None:
    CentreServicePageFactory(parent=centre, service=services[0])

    soup = submit(admin_client, centre, services[0])

    assert "The centre lists these services already." in words(soup)
    assert CentreServicePage.objects.count() == 1


@pytest.mark.database
def test_adding_twice_adds_once(centre: CentrePage, services: list[ServicePage]) -> None:
    assert len(add_services(centre=centre, services=services)) == 3
    assert add_services(centre=centre, services=services) == []
    assert CentreServicePage.objects.count() == 3


@pytest.mark.parametrize("ticked", ["0", "x", "", "999999"])
def test_a_tick_that_means_nothing_adds_nothing(
    admin_client: Client, centre: CentrePage, services: list[ServicePage], ticked: str
) -> None:
    submit(admin_client, centre, ticked)
    assert not CentreServicePage.objects.exists()


def test_a_draft_service_cannot_be_ticked_by_hand(
    admin_client: Client, small_site: SmallSite, centre: CentrePage
) -> None:
    draft = ServicePageFactory(parent=small_site.services, live=False)
    submit(admin_client, centre, draft)
    assert not CentreServicePage.objects.exists()


def test_looking_changes_nothing(admin_client: Client, centre: CentrePage, services: list[ServicePage]) -> None:
    entries = PageLogEntry.objects.count(), ModelLogEntry.objects.count()
    admin_client.get(address(centre), {"services": [services[0].pk]})
    assert not CentreServicePage.objects.exists()
    assert (PageLogEntry.objects.count(), ModelLogEntry.objects.count()) == entries


def test_a_form_without_its_token_is_refused(
    administrator: User, centre: CentrePage, services: list[ServicePage]
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator)
    assert client.post(address(centre), {"services": [services[0].pk]}).status_code == 403
    assert not CentreServicePage.objects.exists()


def test_a_centre_that_lists_everything_says_so(
    admin_client: Client, centre: CentrePage, services: list[ServicePage]
) -> None:
    add_services(centre=centre, services=services)
    soup = read(admin_client, address(centre))
    assert "This centre lists every service there is." in words(soup)
    assert not soup.select("input[name=services]")


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_those_who_may_add_pages_there_may_use_it(
    small_site: SmallSite, centre: CentrePage, services: list[ServicePage], method: str
) -> None:
    stranger = getattr(Client(), method)(address(centre))
    assert stranger["Location"].startswith(reverse("wagtailadmin_login"))
    elsewhere = CentrePageFactory(parent=small_site.centres)
    for user in (person_who_may(), person_who_may("change", at=centre), person_who_may("add", at=elsewhere)):
        assert_refused(signed_in(user), address(centre), method)
    assert getattr(signed_in(person_who_may("add", at=centre)), method)(address(centre)).status_code == 200
    assert not CentreServicePage.objects.exists()


def test_it_is_for_centres_only(admin_client: Client, small_site: SmallSite) -> None:
    for page in (small_site.services, small_site.home):
        url = reverse("centres_add_services", args=[page.pk])
        assert admin_client.get(url).status_code == 404


@pytest.mark.parametrize("screen", ["the centre's own pages", "the edit screen", "the list of centres"])
def test_its_button_is_on_the_screens_of_centres_for_those_who_may(
    small_site: SmallSite, centre: CentrePage, screen: str
) -> None:
    url = {
        "the centre's own pages": reverse("wagtailadmin_explore", args=[centre.pk]),
        "the edit screen": reverse("wagtailadmin_pages:edit", args=[centre.pk]),
        "the list of centres": reverse("wagtailadmin_explore", args=[small_site.centres.pk]),
    }[screen]

    def has_button(*permissions: str) -> bool:
        response = signed_in(person_who_may(*permissions, at=small_site.centres)).get(url)
        assert response.status_code == 200
        return address(centre) in response.content.decode()

    assert has_button("add", "change")
    assert not has_button("change")


def test_its_button_is_nowhere_else(admin_client: Client, small_site: SmallSite, services: list[ServicePage]) -> None:
    for page in (small_site.home, small_site.services, services[0]):
        assert b"add-services" not in admin_client.get(reverse("wagtailadmin_explore", args=[page.pk])).content
