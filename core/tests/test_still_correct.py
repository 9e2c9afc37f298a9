"""Confirming that a page is still right: one click, no other change, and its history says who."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from wagtail.models import GroupApprovalTask, Page, PageLogEntry, Workflow, WorkflowTask

from core.dates import add_months, latest_day_before
from core.page_tools.still_correct import STILL_CORRECT, check_due_q
from core.permissions import changeable
from testing.pages import SmallSite, add_page, text_page_model
from testing.people import person_who_may
from users.factories import UserFactory

pytestmark = pytest.mark.database

LONG_AGO = date(2020, 9, 29)


@pytest.fixture
def page(small_site: SmallSite) -> Page:
    return add_page(small_site.home, "About Testshire", checked_on=LONG_AGO)


def confirm(page: Page) -> str:
    return reverse("core_still_correct", args=[page.pk])


def in_bulk(*pages: Page) -> str:
    address = reverse("wagtail_bulk_action", args=("wagtailcore", "page", "still-correct"))
    return f"{address}?next=/admin/&{'&'.join(f'id={page.pk}' for page in pages)}"


def test_one_click_sets_the_date_and_the_history_says_who(client: Client, page: Page) -> None:
    user = person_who_may("change", at=page)
    client.force_login(user)

    response = client.post(confirm(page), {"next": "/admin/reports/"}, follow=False)

    assert response["Location"] == "/admin/reports/"
    page.refresh_from_db()
    assert page.checked_on == timezone.localdate()
    entry = PageLogEntry.objects.get(page=page, action=STILL_CORRECT)
    assert entry.user == user
    history = client.get(reverse("wagtailadmin_pages:history", args=[page.pk])).content.decode()
    assert "Confirmed that everything is still right" in history


def test_a_draft_stays_a_draft_and_keeps_the_new_date_when_it_is_published(admin_client: Client, page: Page) -> None:
    page.summary = "A new summary."
    page.save_revision()

    admin_client.post(confirm(page))

    page.refresh_from_db()
    assert page.summary != "A new summary."
    assert page.has_unpublished_changes
    page.get_latest_revision().publish()
    page.refresh_from_db()
    assert page.summary == "A new summary."
    assert page.checked_on == timezone.localdate()


def test_whoever_may_not_change_the_page_may_not_confirm_it(client: Client, small_site: SmallSite, page: Page) -> None:
    assert client.post(confirm(page))["Location"].startswith(reverse("wagtailadmin_login"))
    other = add_page(small_site.home, "Other")
    client.force_login(person_who_may("change", at=other))
    client.post(confirm(page))
    client.post(in_bulk(page))
    page.refresh_from_db()
    assert page.checked_on == LONG_AGO


def test_what_is_a_draft_locked_or_waiting_is_not_confirmed(client: Client, small_site: SmallSite) -> None:
    names = ("draft", "locked", "scheduled", "in review")
    draft, locked, scheduled, review = [add_page(small_site.home, name, checked_on=LONG_AGO) for name in names]
    Page.objects.filter(pk=draft.pk).update(live=False)
    Page.objects.filter(pk=locked.pk).update(locked=True, locked_by=UserFactory())
    scheduled.go_live_at = timezone.now() + timedelta(days=1)
    scheduled.save_revision().publish()
    task = GroupApprovalTask.objects.create(name="Review")
    workflow = Workflow.objects.create(name="Review")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    review.save_revision()
    workflow.start(review, UserFactory())
    client.force_login(person_who_may("change", at=small_site.home))

    for page in (draft, locked, scheduled, review):
        client.post(confirm(page))
    client.post(in_bulk(draft, locked, scheduled, review))

    assert not text_page_model().objects.exclude(checked_on=LONG_AGO).exists()


def test_the_address_alone_changes_nothing_and_asks(admin_client: Client, page: Page) -> None:
    response = admin_client.get(confirm(page))
    assert "Is everything on it still right?" in response.content.decode()
    page.refresh_from_db()
    assert page.checked_on == LONG_AGO


def test_the_way_back_never_leads_to_another_site(admin_client: Client, page: Page) -> None:
    response = admin_client.post(confirm(page), {"next": "https://evil.example/"})
    assert response["Location"] == reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_ticked_pages_are_confirmed_together_and_the_others_named(
    client: Client, small_site: SmallSite, page: Page
) -> None:
    mine = add_page(page, "Mine", checked_on=LONG_AGO)
    draft = add_page(page, "Unfinished", checked_on=LONG_AGO, live=False)
    foreign = add_page(small_site.home, "Foreign", checked_on=LONG_AGO)
    client.force_login(person_who_may("change", at=page))

    asked = client.get(in_bulk(page, mine, draft, foreign)).content.decode()
    client.post(in_bulk(page, mine, draft, foreign))

    assert asked.index("Mine") < asked.index("These stay as they are") < asked.index("Unfinished")
    checked = [each.pk for each in text_page_model().objects.filter(checked_on=timezone.localdate())]
    assert sorted(checked) == sorted([page.pk, mine.pk])


def test_asking_about_ticked_pages_takes_a_fixed_number_of_queries(admin_client: Client, small_site: SmallSite) -> None:
    pages = [add_page(small_site.home, f"Page {number}") for number in range(12)]
    counts = []
    for ticked in (pages[:2], pages[:2], pages):
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.get(in_bulk(*ticked)).status_code == 200
        counts.append(len(queries))
    assert counts[1] == counts[2]


def test_the_button_is_offered_to_those_who_may(client: Client, small_site: SmallSite, page: Page) -> None:
    add_page(page, "Mine")
    client.force_login(person_who_may("change", at=page))
    edit = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert f'data-w-action-url-value="{confirm(page)}"' in edit
    Page.objects.filter(pk=page.pk).update(live=False)
    assert confirm(page) not in client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.sampled_from([1, 3, 6, 12, 24]))
@settings(deadline=None)
def test_the_rule_for_lists_is_the_rule_for_a_page(today: date, months: int) -> None:
    latest = latest_day_before(today, months)
    assert add_months(latest, months) <= today < add_months(latest + timedelta(days=1), months)


def test_lists_find_the_pages_that_say_that_a_check_is_due(
    small_site: SmallSite, london_time_is: Callable[..., datetime]
) -> None:
    london_time_is(2026, 2, 28)
    for number, (day, every) in enumerate(
        [(date(2025, 8, 31), 6), (date(2025, 9, 1), 6), (date(2026, 1, 28), 1), (date(2026, 1, 29), 1), (None, 1)]
    ):
        add_page(small_site.home, f"Page {number}", checked_on=day, check_every_months=every)
    model = text_page_model()
    due = set(model.objects.filter(check_due_q(timezone.localdate())))
    assert due == {each for each in model.objects.all() if each.is_check_due}
    # One of them is the page that nobody ever checked.
    assert len(due) == 4


def test_lists_of_what_an_editor_may_change_leave_out_locked_and_mirrored_pages(
    small_site: SmallSite, page: Page
) -> None:
    mine, locked = add_page(page, "Mine"), add_page(page, "Locked", locked=True, locked_by=UserFactory())
    page.create_alias(parent=page, update_slug="mirror", recursive=False)
    found = changeable(Page.objects.all(), person_who_may("change", at=page))
    assert set(found.values_list("pk", flat=True)) == {page.pk, mine.pk}
    assert locked.pk not in set(found.values_list("pk", flat=True))
