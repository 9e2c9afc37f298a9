"""What the admin does not let happen: services lost while centres list them, and copies of pages that have one name."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from centres.factories import CentrePageFactory, CentreServicePageFactory, ServicePageFactory
from centres.models import CentrePage, CentreServicePage, RolePage, ServicePage
from home.factories import SmallSite
from testing.html import soup_of, words
from testing.people import person_who_may, signed_in


@pytest.fixture
def service(small_site: SmallSite) -> ServicePage:
    return ServicePageFactory(parent=small_site.services, title="Juggling")


@pytest.fixture
def page(small_site: SmallSite, service: ServicePage) -> CentreServicePage:
    centre = CentrePageFactory(parent=small_site.centres, short_name="Testville", title="Testville Centre")
    return CentreServicePageFactory(parent=centre, service=service)


def bulk(action: str, *pages: Page) -> str:
    ids = "&".join(f"id={page.pk}" for page in pages)
    return f"/admin/bulk/wagtailcore/page/{action}/?{ids}&next=/admin/"


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_service_in_use_is_not_deleted_and_the_message_names_the_centres(
    admin_client: Client, service: ServicePage, page: CentreServicePage, method: str
) -> None:
    response = getattr(admin_client, method)(f"/admin/pages/{service.pk}/delete/", follow=True)

    said = words(soup_of(response))
    assert "“Juggling” cannot be deleted while centres list it: Juggling at Testville." in said
    assert ServicePage.objects.filter(pk=service.pk).exists()
    assert CentreServicePage.objects.filter(pk=page.pk).exists()


def test_a_list_with_services_in_use_is_not_deleted_among_several_pages(
    admin_client: Client, small_site: SmallSite, service: ServicePage, page: CentreServicePage
) -> None:
    other = ServicePageFactory(parent=small_site.services)

    response = admin_client.post(bulk("delete", other, small_site.services), follow=True)

    assert "The site needs “Services”" in words(soup_of(response))
    assert ServicePage.objects.count() == 2


def test_a_service_in_use_is_not_deleted_among_several_pages_and_the_screen_says_why(
    admin_client: Client, small_site: SmallSite, service: ServicePage, page: CentreServicePage
) -> None:
    url = bulk("delete", ServicePageFactory(parent=small_site.services), service)

    screens = words(soup_of(admin_client.get(url))) + words(soup_of(admin_client.post(url, follow=True)))

    assert "prevent it from being deleted" in screens or "Juggling at Testville" in screens
    assert ServicePage.objects.count() == 2


def test_a_draft_at_a_centre_keeps_its_service_too(
    admin_client: Client, service: ServicePage, page: CentreServicePage
) -> None:
    page.unpublish()
    admin_client.post(f"/admin/pages/{service.pk}/delete/")
    assert ServicePage.objects.filter(pk=service.pk).exists()


def test_a_service_that_no_centre_lists_is_deleted(admin_client: Client, service: ServicePage) -> None:
    admin_client.post(f"/admin/pages/{service.pk}/delete/")
    assert not ServicePage.objects.exists()


def test_services_that_no_centre_lists_are_deleted_among_several(
    admin_client: Client, small_site: SmallSite, service: ServicePage
) -> None:
    admin_client.post(bulk("delete", service, ServicePageFactory(parent=small_site.services)))
    assert not ServicePage.objects.exists()


def test_once_the_pages_at_centres_are_deleted_so_can_the_service_be(
    admin_client: Client, service: ServicePage, page: CentreServicePage
) -> None:
    admin_client.post(f"/admin/pages/{page.pk}/delete/")
    admin_client.post(f"/admin/pages/{service.pk}/delete/")
    assert not ServicePage.objects.exists()


def test_a_service_and_the_pages_that_need_it_are_deleted_together(
    admin_client: Client, small_site: SmallSite, page: CentreServicePage
) -> None:
    """Deleting the whole site is nothing we ever want, but it must not break half-way."""
    response = admin_client.post(f"/admin/pages/{small_site.home.pk}/delete/")
    assert response.status_code in (200, 302)
    assert CentreServicePage.objects.exists() is ServicePage.objects.exists() is CentrePage.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_service_at_a_centre_is_not_copied_and_the_message_says_what_to_do(
    admin_client: Client, small_site: SmallSite, page: CentreServicePage, method: str
) -> None:
    other = CentrePageFactory(parent=small_site.centres)
    data = {"new_title": "Juggling", "new_slug": "juggling", "new_parent_page": other.pk}

    response = getattr(admin_client, method)(reverse("wagtailadmin_pages:copy", args=[page.pk]), data, follow=True)

    assert "choose “Add services” there" in words(soup_of(response))
    assert CentreServicePage.objects.count() == 1


def test_other_pages_are_copied_as_usual(admin_client: Client, small_site: SmallSite, service: ServicePage) -> None:
    data = {"new_title": "Twirling", "new_slug": "twirling", "new_parent_page": small_site.services.pk}
    admin_client.post(reverse("wagtailadmin_pages:copy", args=[service.pk]), data)
    assert ServicePage.objects.filter(title="Twirling").exists()


def test_the_message_tells_only_those_who_may_delete(service: ServicePage, page: CentreServicePage) -> None:
    """Somebody without the right learns nothing of what is beneath, not even by the message."""
    client = signed_in(person_who_may())
    response = client.post(f"/admin/pages/{service.pk}/delete/", follow=True)
    assert "Juggling at Testville" not in words(soup_of(response))
    assert ServicePage.objects.exists()


def test_a_role_in_use_may_go_because_pages_do_without_it(
    admin_client: Client, small_site: SmallSite, service: ServicePage
) -> None:
    role = small_site.roles.add_child(instance=RolePage(title="Clown", slug="clown", summary="Laughs."))
    service.roles.add(role)
    service.save()
    admin_client.post(f"/admin/pages/{role.pk}/delete/")
    service.refresh_from_db()
    assert not service.roles.exists()
