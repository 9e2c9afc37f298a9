"""A service at a centre in the admin: its name, its twins, and what becomes of it when its service changes."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client
from wagtail.models import Page
from wagtail.test.utils.form_data import rich_text

from centres.factories import (
    CentrePageFactory,
    CentreServicePageFactory,
    RolePageFactory,
    ServicePageFactory,
)
from centres.models import CentrePage, CentreServicePage, ServicePage, ServiceStatus
from home.factories import SmallSite
from testing.admin_forms import create_url, edit_url, fill, preview, send, shown_form, tick
from testing.html import main_words, read, section, soup_of, tags_in, words

Committing = Callable[..., AbstractContextManager[list[Callable[[], object]]]]


@pytest.fixture
def centre(small_site: SmallSite) -> CentrePage:
    return CentrePageFactory(parent=small_site.centres, title="Testville Centre", short_name="Testville")


@pytest.fixture
def other_centre(small_site: SmallSite) -> CentrePage:
    return CentrePageFactory(parent=small_site.centres, title="Otherton Centre", short_name="Otherton")


@pytest.fixture
def service(small_site: SmallSite) -> ServicePage:
    return ServicePageFactory(parent=small_site.services, title="Juggling", slug="juggling")


@pytest.fixture
def page(centre: CentrePage, service: ServicePage) -> CentreServicePage:
    return CentreServicePageFactory(parent=centre, service=service, title="x", slug="x")


def publish(client: Client, page: Page, **values: str) -> None:
    data = shown_form(client, edit_url(page), type(page))
    assert send(client, edit_url(page), fill(data, **values)).status_code == 302


def test_an_editor_creates_and_publishes_a_service_at_a_centre(
    client: Client, admin_client: Client, small_site: SmallSite, centre: CentrePage, service: ServicePage
) -> None:
    role = RolePageFactory(parent=small_site.roles, title="Clown")
    url = create_url(centre, CentreServicePage)
    data = shown_form(admin_client, url, CentreServicePage)
    fill(data, service=str(service.pk), status="planned", note="Three clubs.", team="Juggling team")
    fill(data, until_then=rich_text("<p>Practise at home.</p>"))
    tick(data, "access", "walk_in")
    tick(data, "roles", role.pk)

    assert send(admin_client, url, data).status_code == 302

    text = main_words(read(client, f"{centre.url}juggling/"))
    for said in ("Juggling at Testville", "Planned", "Three clubs.", "Practise at home.", "Clown", "Walk in"):
        assert said in text


def test_title_and_slug_come_from_the_service(page: CentreServicePage) -> None:
    assert (page.title, page.draft_title, page.slug) == ("Juggling", "Juggling", "juggling")


def test_the_form_asks_for_neither_title_nor_slug(admin_client: Client, page: CentreServicePage) -> None:
    data = shown_form(admin_client, edit_url(page), CentreServicePage)
    assert not {"title", "slug"} & set(data)


def test_an_editor_changes_the_status_and_residents_see_it(
    client: Client, admin_client: Client, centre: CentrePage, page: CentreServicePage
) -> None:
    publish(admin_client, page, status="temporarily_closed")

    assert tags_in(section(read(client, centre.url), "What is here")) == ["Temporarily closed"]


def test_the_preview_shows_the_draft_and_residents_do_not_see_it(
    client: Client, admin_client: Client, small_site: SmallSite, page: CentreServicePage
) -> None:
    role = RolePageFactory(parent=small_site.roles, title="Clown")
    data = shown_form(admin_client, edit_url(page), CentreServicePage)
    fill(data, status="ended", note="The balls are lost.")
    tick(data, "roles", role.pk)

    text = main_words(soup_of(preview(admin_client, edit_url(page), data)))

    for said in ("Juggling at Testville", "Ended", "The balls are lost.", "Clown"):
        assert said in text
    assert "The balls are lost." not in main_words(read(client, page.url))


def test_it_is_previewed_before_it_is_saved_for_the_first_time(
    admin_client: Client, small_site: SmallSite, page: CentreServicePage, centre: CentrePage
) -> None:
    other = ServicePageFactory(parent=small_site.services, title="Unicycling")
    url = create_url(centre, CentreServicePage)
    data = fill(shown_form(admin_client, url, CentreServicePage), service=str(other.pk), status="possible")

    text = main_words(soup_of(preview(admin_client, url, data)))

    assert "Unicycling at Testville" in text


@pytest.mark.parametrize("action", ["publish", ""])
def test_a_second_page_for_the_same_service_is_refused_beside_the_field_and_nothing_is_lost(
    admin_client: Client, centre: CentrePage, page: CentreServicePage, service: ServicePage, action: str
) -> None:
    url = create_url(centre, CentreServicePage)
    data = shown_form(admin_client, url, CentreServicePage)
    fill(data, service=str(service.pk), note="Written with care.")

    response = send(admin_client, url, data, action)

    assert response.status_code == 200
    soup = soup_of(response)
    field = soup.find("input", attrs={"name": "service"})
    assert field is not None
    said = words(field.find_parent(class_="w-field"))
    assert "Testville Centre already lists Juggling. Change that page instead." in said
    assert "Written with care." in words(soup.find("textarea", attrs={"name": "note"}))
    assert CentreServicePage.objects.count() == 1


def test_changing_a_page_to_a_service_that_is_listed_is_refused_beside_the_field(
    admin_client: Client, small_site: SmallSite, centre: CentrePage, page: CentreServicePage, service: ServicePage
) -> None:
    other = CentreServicePageFactory(parent=centre, service=ServicePageFactory(parent=small_site.services))
    data = shown_form(admin_client, edit_url(other), CentreServicePage)

    for action in ("publish", ""):
        response = send(admin_client, edit_url(other), fill(data, service=str(service.pk)), action)
        assert response.status_code == 200
        assert "already lists Juggling" in response.content.decode()  # type: ignore[attr-defined]


def test_the_same_service_at_another_centre_is_no_twin(
    client: Client, admin_client: Client, page: CentreServicePage, other_centre: CentrePage, service: ServicePage
) -> None:
    url = create_url(other_centre, CentreServicePage)
    data = fill(shown_form(admin_client, url, CentreServicePage), service=str(service.pk))
    assert send(admin_client, url, data).status_code == 302
    read(client, f"{other_centre.url}juggling/")


def test_without_a_service_even_a_draft_is_refused_beside_the_field(admin_client: Client, centre: CentrePage) -> None:
    url = create_url(centre, CentreServicePage)
    data = fill(shown_form(admin_client, url, CentreServicePage), note="Written with care.")

    response = send(admin_client, url, data, action="")

    assert response.status_code == 200
    field = soup_of(response).find("input", attrs={"name": "service"})
    assert field is not None
    assert "This field is required." in words(field.find_parent(class_="w-field"))
    assert not CentreServicePage.objects.exists()


def test_a_draft_is_saved_and_stays_unseen(
    client: Client, admin_client: Client, centre: CentrePage, service: ServicePage
) -> None:
    url = create_url(centre, CentreServicePage)
    data = fill(shown_form(admin_client, url, CentreServicePage), service=str(service.pk))

    assert send(admin_client, url, data, action="").status_code == 302

    draft = CentreServicePage.objects.get()
    assert (draft.live, draft.title, draft.slug) == (False, "Juggling", "juggling")
    assert client.get(f"{centre.url}juggling/").status_code == 404


def test_renaming_the_service_renames_it_at_every_centre_and_old_addresses_lead_on(
    client: Client,
    admin_client: Client,
    page: CentreServicePage,
    other_centre: CentrePage,
    service: ServicePage,
    django_capture_on_commit_callbacks: Committing,
) -> None:
    CentreServicePageFactory(parent=other_centre, service=service)
    old = [page.url, f"{other_centre.url}juggling/"]

    with django_capture_on_commit_callbacks(execute=True):
        publish(admin_client, service, title="Ball games", slug="ball-games")

    for url in old:
        new = url.replace("juggling", "ball-games")
        assert "Ball games at" in main_words(read(client, new))
        response = client.get(url)
        assert (response.status_code, response["Location"]) == (301, new)


def test_a_draft_of_the_service_renames_nothing(
    client: Client, admin_client: Client, page: CentreServicePage, service: ServicePage
) -> None:
    data = shown_form(admin_client, edit_url(service), ServicePage)
    send(admin_client, edit_url(service), fill(data, title="Ball games", slug="ball-games"), action="")
    assert "Juggling at Testville" in main_words(read(client, page.url))


def test_a_draft_at_a_centre_takes_the_new_name_when_it_is_published(
    client: Client, admin_client: Client, page: CentreServicePage, service: ServicePage
) -> None:
    data = shown_form(admin_client, edit_url(page), CentreServicePage)
    send(admin_client, edit_url(page), fill(data, note="Three clubs."), action="")
    publish(admin_client, service, title="Ball games", slug="ball-games")

    publish(admin_client, page)

    page.refresh_from_db()
    assert (page.title, page.draft_title, page.slug, page.note) == (
        "Ball games",
        "Ball games",
        "ball-games",
        "Three clubs.",
    )
    assert "Ball games at Testville" in main_words(read(client, page.url))


def test_unpublishing_a_service_unpublishes_it_at_every_centre(
    client: Client, admin_client: Client, centre: CentrePage, page: CentreServicePage, service: ServicePage
) -> None:
    admin_client.post(f"/admin/pages/{service.pk}/unpublish/")

    assert client.get(page.url).status_code == 404
    assert "Juggling" not in main_words(read(client, centre.url))
    page.refresh_from_db()
    assert page.status == ServiceStatus.AVAILABLE


def test_the_list_of_services_cannot_be_unpublished_with_everything_in_it(
    client: Client, admin_client: Client, small_site: SmallSite, page: CentreServicePage
) -> None:
    admin_client.post(f"/admin/pages/{small_site.services.pk}/unpublish/", {"include_descendants": "on"})
    assert client.get(page.url).status_code == 200


def test_a_service_that_is_not_public_cannot_be_published_at_a_centre(
    client: Client, admin_client: Client, page: CentreServicePage, service: ServicePage
) -> None:
    admin_client.post(f"/admin/pages/{service.pk}/unpublish/")

    send(admin_client, edit_url(page), shown_form(admin_client, edit_url(page), CentreServicePage))

    assert client.get(page.url).status_code == 404


def test_a_page_moves_to_another_centre_and_its_old_address_leads_on(
    client: Client,
    admin_client: Client,
    page: CentreServicePage,
    other_centre: CentrePage,
    django_capture_on_commit_callbacks: Committing,
) -> None:
    old = page.url
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(f"/admin/pages/{page.pk}/move/{other_centre.pk}/confirm/")

    assert "Juggling at Otherton" in main_words(read(client, f"{other_centre.url}juggling/"))
    assert client.get(old)["Location"] == f"{other_centre.url}juggling/"


def test_a_page_does_not_move_to_a_centre_that_lists_its_service(
    admin_client: Client, page: CentreServicePage, other_centre: CentrePage, service: ServicePage
) -> None:
    CentreServicePageFactory(parent=other_centre, service=service)

    admin_client.post(f"/admin/pages/{page.pk}/move/{other_centre.pk}/confirm/")

    assert CentreServicePage.objects.child_of(other_centre).count() == 1
