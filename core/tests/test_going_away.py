"""A page that goes away: where it is used is shown, people are led on, and nothing breaks."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from testing.pages import SmallSite, add_page, elements, text_page_model
from testing.people import person_who_may

pytestmark = pytest.mark.django_db

Screen = Callable[[Page], str]


def link_to(page: Page) -> list[dict[str, object]]:
    return [{"type": "text", "value": f'<p><a linktype="page" id="{page.pk}">See this</a></p>'}]


def delete(page: Page) -> str:
    return reverse("wagtailadmin_pages:delete", args=[page.pk])


def unpublish(page: Page) -> str:
    return reverse("wagtailadmin_pages:unpublish", args=[page.pk])


@pytest.fixture
def page(small_site: SmallSite) -> Page:
    return add_page(small_site.home, "Old")


@pytest.mark.parametrize("screen", [delete, unpublish])
@pytest.mark.database
def test_the_pages_that_use_it_are_named_but_not_those_of_others(
    client: Client, small_site: SmallSite, page: Page, screen: Screen
) -> None:
    mine = add_page(small_site.home, "Mine", body=link_to(page))
    add_page(small_site.home, "Foreign", body=link_to(page))
    editor = person_who_may("change", "add", "publish", at=[page, mine])
    client.force_login(editor)
    html = client.get(screen(page)).content.decode()
    assert "Mine (opens in a new tab)" in html
    assert "Foreign" not in html
    assert "1 page you cannot change" in html


def test_people_are_led_on_from_a_deleted_page(
    client: Client, admin_client: Client, small_site: SmallSite, page: Page
) -> None:
    new = add_page(small_site.home, "New")
    user = add_page(small_site.home, "User", body=link_to(page))
    admin_client.post(delete(page), {"redirect_to": new.pk})
    response = client.get("/old/")
    assert (response.status_code, response["Location"]) == (301, "/new/")
    shown = client.get(user.url).content.decode()
    assert "See this" in shown
    assert "/old/" not in shown


@pytest.mark.database
def test_people_are_led_on_from_an_unpublished_page_until_it_is_back(
    client: Client, admin_client: Client, small_site: SmallSite, page: Page
) -> None:
    new = add_page(small_site.home, "New")
    admin_client.post(unpublish(page), {"redirect_to": new.pk})
    response = client.get("/old/")
    assert (response.status_code, response["Location"]) == (302, "/new/")
    page.refresh_from_db()
    page.save_revision().publish()
    assert client.get("/old/").status_code == 200


def test_without_a_page_to_go_to_there_is_none(client: Client, admin_client: Client, page: Page) -> None:
    admin_client.post(delete(page), {"redirect_to": ""})
    assert client.get("/old/").status_code == 404


@pytest.mark.parametrize("screen", [delete, unpublish])
@pytest.mark.database
def test_a_page_that_nobody_would_see_is_refused_and_nothing_happens(
    admin_client: Client, small_site: SmallSite, page: Page, screen: Screen
) -> None:
    child, draft = add_page(page, "Child"), add_page(small_site.home, "Draft", live=False)
    for target, words in ((page, "page that stays"), (child, "page that stays"), (draft, "is not published")):
        response = admin_client.post(screen(page), {"redirect_to": target.pk})
        assert any(words in said.text for said in elements(response, css_class="error-message"))
        assert f'value="{target.pk}"' in response.content.decode()
    assert "is gone" in admin_client.post(screen(page), {"redirect_to": 9999}).content.decode()
    assert text_page_model().objects.get(pk=page.pk).live


def test_a_page_that_moves_is_followed(client: Client, admin_client: Client, small_site: SmallSite, page: Page) -> None:
    new = add_page(small_site.home, "New")
    address = reverse("wagtailadmin_pages:move_confirm", args=[page.pk, new.pk])
    assert "follow it by themselves" in admin_client.get(address).content.decode()
    admin_client.post(address)
    assert client.get("/old/")["Location"] == "/new/old/"
