"""Two people on one page: whoever saves second is told, sees what differs, and loses nothing."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, streamfield

from testing.pages import SmallSite, add_page, elements, text_page_model
from users.factories import UserFactory
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(small_site: SmallSite) -> Page:
    page = add_page(small_site.home, "About Testshire")
    page.save_revision()
    return page


def form(page: Page, summary: str, **fields: Any) -> dict[str, Any]:
    revision = page.get_latest_revision()
    fields = {
        "title": "About Testshire",
        "slug": "about-testshire",
        "summary": summary,
        "body": streamfield([]),
        "check_every_months": "6",
        "loaded_revision_id": str(revision.pk),
        "loaded_revision_created_at": revision.created_at.isoformat(),
        **fields,
    }
    return nested_form_data(fields)


def somebody_else_saves(page: Page, summary: str = "Theirs.") -> None:
    other = text_page_model().objects.get(pk=page.pk)
    other.summary = summary
    other.save_revision(user=UserFactory(first_name="Bobo", last_name="Clown"))


def edit(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def newest(page: Page) -> str:
    return str(Page.objects.get(pk=page.pk).get_latest_revision().as_object().summary)


@pytest.mark.database
def test_who_saves_second_is_told_by_whom_and_what_changed(admin_client: Client, page: Page) -> None:
    sent = form(page, "Mine.")
    somebody_else_saves(page)
    html = admin_client.post(edit(page), sent).content.decode()
    assert "Somebody else saved this page" in html
    assert "Bobo Clown" in html
    assert "Theirs." in html
    assert newest(page) == "Theirs."


def test_saving_mine_instead_loses_nothing(admin_client: Client, page: Page) -> None:
    sent = form(page, "Mine & <b>more</b>.\nTwo lines.")
    somebody_else_saves(page)
    html = admin_client.post(edit(page), sent).content.decode()
    again = {
        each.attributes["name"]: each.attributes["value"]
        for each in elements(html, "input")
        if each.attributes.get("type") == "hidden" and each.attributes.get("name")
    }
    assert again["summary"] == sent["summary"]
    admin_client.post(edit(page), again)
    assert newest(page) == "Mine & <b>more</b>.\nTwo lines."
    assert page.revisions.filter(content__summary="Theirs.").exists()


def test_a_third_person_is_told_too(admin_client: Client, page: Page) -> None:
    sent = form(page, "Mine.")
    somebody_else_saves(page)
    admin_client.post(edit(page), sent)
    again = form(Page.objects.get(pk=page.pk), "Mine.")
    somebody_else_saves(page, "A third.")
    assert "A third." in admin_client.post(edit(page), again).content.decode()
    assert newest(page) == "A third."


def test_who_is_alone_is_not_asked(admin_client: Client, page: Page) -> None:
    response = admin_client.post(edit(page), form(page, "Mine."))
    assert response.status_code == 302
    assert newest(page) == "Mine."


def test_what_the_editor_saved_by_itself_is_ones_own(admin_client: Client, administrator: User, page: Page) -> None:
    sent = form(page, "Mine.")
    page.summary = "Mine, half done."
    own = page.save_revision(user=administrator)
    response = admin_client.post(edit(page), {**sent, "overwrite_revision_id": str(own.pk)})
    assert response.status_code == 302
    assert newest(page) == "Mine."


def test_the_editor_saving_by_itself_gets_wagtails_own_answer(admin_client: Client, page: Page) -> None:
    sent = form(page, "Mine.")
    somebody_else_saves(page)
    response = admin_client.post(edit(page), sent, headers={"accept": "application/json"})
    assert response.json()["error_code"] == "invalid_revision"
