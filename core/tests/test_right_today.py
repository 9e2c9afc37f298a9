"""“Everything on this page is right today”: one tick beside the button, and what publishing without it says."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowPage, WorkflowTask

from core.models import BasePage
from core.scheduler.publishing import publish_scheduled_content
from testing.admin_forms import create_url, edit_url, fill, send, shown_form
from testing.html import read, words
from testing.pages import SmallSite, add_page, text_page_model
from testing.people import person_who_may, signed_in

pytestmark = pytest.mark.database

LONG_AGO = date(2020, 9, 29)


@pytest.fixture
def page(small_site: SmallSite) -> BasePage:
    found = add_page(small_site.home, "About Testshire", checked_on=LONG_AGO)
    found.save_revision().publish()
    found.refresh_from_db()
    return found


def publish(client: Client, page: Page, action: str = "publish", **typed: str) -> str:
    """Return what the screen says that comes after the form was sent."""
    url = edit_url(page)
    response = send(client, url, fill(shown_form(client, url, type(page)), **typed), action)
    assert response.status_code == 302
    return words(read(client, response["Location"])) if action == "publish" else ""


def checked_on(page: Page) -> date | None:
    day: date | None = text_page_model().objects.get(pk=page.pk).checked_on
    return day


def test_the_question_stands_beside_the_button_and_is_not_ticked(admin_client: Client, page: BasePage) -> None:
    soup = read(admin_client, edit_url(page))
    [tick] = soup.select("footer nav input[name=is_right_today]")
    assert not tick.has_attr("checked")
    assert "Everything on this page is right today" in words(soup.select_one("footer nav label.bctt-right-today"))


def test_publishing_without_it_leaves_the_day_and_says_so(admin_client: Client, page: BasePage) -> None:
    said = publish(admin_client, page, summary="We juggle more.")
    assert "Residents still read that it was last checked on 29 September 2020." in said
    assert checked_on(page) == LONG_AGO


def test_a_page_that_nobody_ever_checked_says_that(admin_client: Client, small_site: SmallSite) -> None:
    url = create_url(small_site.home, text_page_model())
    data = fill(shown_form(admin_client, url, text_page_model()), title="New", slug="new", summary="New.")
    said = words(read(admin_client, send(admin_client, url, data)["Location"]))
    assert "Residents read that it was never checked." in said


def test_ticked_the_page_was_checked_today(admin_client: Client, page: BasePage) -> None:
    said = publish(admin_client, page, is_right_today="on")
    assert checked_on(page) == timezone.localdate()
    assert "last checked on" not in said


def test_a_tick_in_a_draft_counts_for_nothing_and_is_not_kept(admin_client: Client, page: BasePage) -> None:
    publish(admin_client, page, action="", is_right_today="on")
    page.refresh_from_db()
    assert page.get_latest_revision_as_object().checked_on == LONG_AGO
    assert not read(admin_client, edit_url(page)).select("input[name=is_right_today][checked]")


def four_days_later(monkeypatch: pytest.MonkeyPatch) -> None:
    later = timezone.now() + timedelta(days=4)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)


def test_ticked_and_scheduled_it_was_checked_on_the_day_of_the_tick(
    admin_client: Client, page: BasePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticked_on = timezone.localdate()
    later = timezone.localtime() + timedelta(days=3)
    publish(admin_client, page, is_right_today="on", go_live_at=later.strftime("%Y-%m-%d %H:%M"))
    assert checked_on(page) == LONG_AGO
    four_days_later(monkeypatch)
    assert publish_scheduled_content() == []
    assert checked_on(page) == ticked_on


def test_ticked_and_approved_it_was_checked_on_the_day_of_the_tick(page: BasePage) -> None:
    task = GroupApprovalTask.objects.create(name="Look")
    task.groups.add(Group.objects.create(name="Lookers"))
    workflow = Workflow.objects.create(name="Look")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.create(workflow=workflow, page=page)
    writer = signed_in(person_who_may("change", at=page))
    publish(writer, page, action="submit", is_right_today="on")
    assert checked_on(page) == LONG_AGO
    waiting = Page.objects.get(pk=page.pk).current_workflow_state
    waiting.current_task_state.approve(user=None)
    assert checked_on(page) == timezone.localdate()
