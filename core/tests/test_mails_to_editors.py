"""The messages editors get when a page is sent in, approved or sent back."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowPage, WorkflowState, WorkflowTask

from testing.pages import SmallSite, add_page
from testing.people import person_who_may
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(small_site: SmallSite) -> Page:
    page = add_page(small_site.home, "Bread & “butter”")
    page.save_revision().publish()
    return page


@pytest.fixture
def writer(page: Page) -> User:
    user = person_who_may("change", at=page)
    user.first_name, user.last_name = "Bobo", "O’Clown"
    user.save()
    return user


@pytest.fixture
def checker(page: Page) -> User:
    user = person_who_may("change", "publish", at=page)
    task, workflow = GroupApprovalTask.objects.create(name="Check"), Workflow.objects.create(name="Check")
    task.groups.set(user.groups.all())
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.create(workflow=workflow, page=page)
    return user


def send_in(page: Page, writer: User) -> WorkflowState:
    page.specific.summary = "New."
    page.save_revision(user=writer)
    return page.get_workflow().start(page, writer)


def messages_to(user: User) -> list[mail.EmailMessage]:
    return [message for message in mail.outbox if message.to == [user.email]]


def test_whoever_checks_reads_who_asks_and_where_to_see_what_changed(page: Page, writer: User, checker: User) -> None:
    send_in(page, writer)
    [message] = messages_to(checker)
    assert message.subject == "Please check: Bread & “butter”"
    body = str(message.body)
    assert "Bobo O’Clown has changed “Bread & “butter””" in body
    assert f"http://testserver/admin/pages/{page.pk}/revisions/compare/live...latest/" in body
    assert f"http://testserver/admin/pages/{page.pk}/edit/" in body
    assert "workflow" not in body.lower().replace("/workflow", "")
    assert "&amp;" not in body


def test_a_new_page_has_nothing_to_compare_with(page: Page, writer: User, checker: User) -> None:
    page.unpublish()
    send_in(page, writer)
    body = str(messages_to(checker)[0].body)
    assert "It is a new page." in body
    assert "compare" not in body


def test_the_writer_reads_that_it_was_approved(client: Client, page: Page, writer: User, checker: User) -> None:
    state = send_in(page, writer)
    client.force_login(checker)
    task = state.current_task_state.pk
    client.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task]))
    [message] = messages_to(writer)
    assert message.subject == "Approved: Bread & “butter”"
    assert f"Residents see it now:\n{page.full_url}" in str(message.body)


def test_the_writer_reads_why_it_was_sent_back(client: Client, page: Page, writer: User, checker: User) -> None:
    state = send_in(page, writer)
    client.force_login(checker)
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "reject", state.current_task_state.pk])
    client.post(address, {"comment": "Say “when” & where."})
    [message] = messages_to(writer)
    assert message.subject == "Sent back: Bread & “butter”"
    assert "“Say “when” & where.”" in str(message.body)
    assert "Nothing you wrote is lost." in str(message.body)
