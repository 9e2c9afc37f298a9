"""A new status for several services at once: what is asked, what is shown before, and what is saved."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Page, PageLogEntry, Workflow, WorkflowTask

from centres.bulk.plans import PagePlan, PlannedAction, fingerprint, plan_changes
from centres.models import CentreServicePage, ServiceStatus
from centres.services import ChangesRefusedError, save_changes
from centres.tests.across import LIST, STATUS, Two, fresh, many, queries_of, table, two_centres
from home.factories import SmallSite
from testing.html import soup_of, words
from testing.people import person_who_may, signed_in
from users.models import User


@pytest.fixture
def two(small_site: SmallSite) -> Two:
    return two_centres(small_site)


def ask(client: Client, *pages: Page, **data: Any) -> BeautifulSoup:
    """Return the screen that follows "Change status", or, with a status, what it would change."""
    response = client.get(reverse(STATUS), {"id": [page.pk for page in pages], **data})
    assert response.status_code == 200
    return soup_of(response)


def send(client: Client, soup: BeautifulSoup) -> BeautifulSoup:
    """Press "Yes, change them", and return the screen that follows."""
    form = soup.select_one("form[method=post]:has(input[name=seen])")
    assert form
    assert form.select_one("button[type=submit]")
    data: dict[str, list[str]] = {}
    for field in form.select("input:not([type=checkbox])"):
        data.setdefault(str(field["name"]), []).append(str(field["value"]))
    return soup_of(client.post(str(form["action"]), data, follow=True))


def change_status(pages: list[CentreServicePage], status: ServiceStatus, user: User) -> list[PagePlan]:
    return save_changes(wanted={page.pk: {"status": status.value} for page in pages}, user=user)


def newest_status(page: CentreServicePage) -> str:
    return str(fresh(page).get_latest_revision_as_object().status)


def error_of(soup: BeautifulSoup) -> str:
    """Return what stands beside the field."""
    return words(soup.select_one(".w-field__errors"))


def problems_of(soup: BeautifulSoup) -> list[str]:
    """Return what is wrong with each page."""
    return [words(each) for each in soup.select(".bctt-problems li")]


def put_in_moderation(page: CentreServicePage, user: User) -> None:
    workflow, task = Workflow.objects.create(name="Approve"), GroupApprovalTask.objects.create(name="Approve")
    task.groups.add(Group.objects.create(name="Approvers"))
    WorkflowTask.objects.create(workflow=workflow, task=task)
    page.save_revision(user=user)
    workflow.start(fresh(page), user)


def test_without_a_status_it_names_the_pages_and_offers_each_status(admin_client: Client, two: Two) -> None:
    soup = ask(admin_client, two.archery_here, two.bowling_there)
    assert "Archery at Hereville Bowling at Thereville" in words(soup)
    labels = [words(label) for label in soup.select("label:has(input[name=status])")]
    assert labels == ServiceStatus.labels
    assert "Choose a status." in error_of(ask(admin_client, two.archery_here, status=""))
    assert "Choose a status from the list." in error_of(ask(admin_client, two.archery_here, status="x"))


def test_it_shows_what_changes_before_anything_is_saved(admin_client: Client, two: Two) -> None:
    soup = ask(admin_client, two.archery_here, two.bowling_here, two.archery_there, status="planned")
    assert table(soup, "What would change") == [
        ["Archery at Hereville", "Status: from Offered here to Planned", PlannedAction.PUBLISH],
        ["Bowling at Hereville", "None", PlannedAction.UNCHANGED],
        ["Archery at Thereville", "Status: from Confirmed to Planned", PlannedAction.PUBLISH],
    ]
    assert newest_status(two.archery_here) == "available"
    assert not PageLogEntry.objects.filter(action="wagtail.edit").exists()


def test_confirming_publishes_with_revision_and_history_and_leads_back(
    client: Client, admin_client: Client, administrator: User, two: Two
) -> None:
    back = f"{reverse(LIST)}?q=archery"
    soup = send(admin_client, ask(admin_client, two.archery_here, two.bowling_here, status="ended", next=back))

    assert "2 pages changed: 2 published, 0 saved as drafts." in words(soup)
    for page in (two.archery_here, two.bowling_here):
        saved = fresh(page)
        assert (saved.status, saved.live, saved.has_unpublished_changes) == ("ended", True, False)
        revision = saved.get_latest_revision()
        assert (revision.user, saved.live_revision) == (administrator, revision)
        history = set(PageLogEntry.objects.filter(page=page.pk, user=administrator).values_list("action", flat=True))
        assert {"wagtail.edit", "wagtail.publish"} <= history
    assert "Ended" in words(soup_of(client.get(two.archery_here.url)))
    assert fresh(two.archery_there).latest_revision is None


def test_what_a_draft_or_another_change_is_in_the_way_of_is_not_published_and_it_says_so(
    admin_client: Client, two: Two
) -> None:
    CentreServicePage.objects.filter(pk=two.bowling_here.pk).update(live=False)
    draft = fresh(two.archery_here)
    draft.note = "A change that waits"
    draft.save_revision()

    soup = ask(admin_client, two.archery_here, two.bowling_here, status="confirmed")

    assert [row[2] for row in table(soup, "What would change")] == [
        PlannedAction.WAITS_WITH_OTHERS,
        PlannedAction.STAYS_DRAFT,
    ]
    assert "2 pages changed: 0 published, 2 saved as drafts." in words(send(admin_client, soup))
    assert (fresh(two.archery_here).status, newest_status(two.archery_here)) == ("available", "confirmed")
    assert fresh(two.archery_here).get_latest_revision_as_object().note == "A change that waits"
    assert not fresh(two.bowling_here).live
    assert newest_status(two.bowling_here) == "confirmed"


def test_the_change_is_from_what_the_draft_says(admin_client: Client, two: Two) -> None:
    draft = fresh(two.archery_here)
    draft.status = "ended"
    draft.save_revision()
    soup = ask(admin_client, two.archery_here, status="planned")
    assert table(soup, "What would change")[0][1] == "Status: from Ended to Planned"
    assert table(ask(admin_client, two.archery_here, status="ended"), "What would change")[0][1] == "None"


def test_who_may_not_publish_gets_drafts_and_is_told(two: Two) -> None:
    client = signed_in(person_who_may("change", at=two.here))
    soup = ask(client, two.archery_here, status="ended")
    assert table(soup, "What would change")[0][2] == PlannedAction.WAITS_FOR_PUBLISHER
    send(client, soup)
    saved = fresh(two.archery_here)
    assert (saved.status, saved.has_unpublished_changes, newest_status(saved)) == ("available", True, "ended")


def test_what_may_not_be_changed_is_left_out_and_it_says_why(
    admin_client: Client, administrator: User, two: Two
) -> None:
    other = person_who_may()
    Page.objects.filter(pk=two.archery_here.pk).update(locked=True, locked_by=other)
    put_in_moderation(two.bowling_here, administrator)
    later = fresh(two.archery_there)
    later.go_live_at = timezone.now() + timedelta(days=2)
    later.save_revision(approved_go_live_at=later.go_live_at)

    soup = ask(
        admin_client, two.archery_here, two.bowling_here, two.archery_there, two.bowling_there, status="possible"
    )

    left = PlannedAction.NOT_POSSIBLE
    assert {row[0]: row[2] for row in table(soup, "What would change")} == {
        "Archery at Hereville": f"{left} Somebody has locked it.",
        "Bowling at Hereville": f"{left} It is waiting for approval.",
        "Archery at Thereville": f"{left} It is waiting for the day on which it is to be published.",
        "Bowling at Thereville": PlannedAction.PUBLISH,
    }
    assert "1 page changed" in words(send(admin_client, soup))
    assert fresh(two.bowling_there).status == "possible"
    assert {newest_status(page) for page in (two.archery_here, two.bowling_here)} == {"available", "planned"}


def test_who_locked_a_page_may_change_it(administrator: User, two: Two) -> None:
    Page.objects.filter(pk=two.archery_here.pk).update(locked=True, locked_by=administrator)
    change_status(pages=[two.archery_here], status=ServiceStatus.ENDED, user=administrator)
    assert fresh(two.archery_here).status == "ended"


def test_a_mirrored_page_is_left_alone(administrator: User, two: Two) -> None:
    Page.objects.filter(pk=two.bowling_here.pk).update(alias_of=two.bowling_there.pk)
    [plan] = change_status(pages=[two.bowling_here], status=ServiceStatus.ENDED, user=administrator)
    assert plan.obstacle == "It mirrors another page. Change that one."
    assert fresh(two.bowling_here).status == "planned"


def test_nothing_is_available_at_a_centre_that_is_not_open_and_the_field_says_so(
    admin_client: Client, administrator: User, two: Two
) -> None:
    soup = ask(admin_client, two.archery_here, two.bowling_here, two.bowling_there, status="temporarily_closed")
    [problem] = problems_of(soup)
    assert problem.startswith("Bowling at Thereville: Thereville Centre is not open")
    assert "Not every page can have this status." in error_of(soup)
    assert not soup.select("input[name=seen]")
    pages = [two.archery_here, two.bowling_there]
    with pytest.raises(ChangesRefusedError):
        change_status(pages=pages, status=ServiceStatus.TEMPORARILY_CLOSED, user=administrator)
    assert fresh(two.archery_here).status == "available"


def test_what_the_page_itself_refuses_stands_beside_the_field_with_the_name_of_the_page(
    admin_client: Client, two: Two
) -> None:
    CentreServicePage.objects.filter(pk=two.bowling_here.pk).update(website="http://example.org/")
    # A page that does not change is not asked.
    assert table(ask(admin_client, two.archery_here, two.bowling_here, status="planned"), "What would change")
    said = " ".join(problems_of(ask(admin_client, two.archery_here, two.bowling_here, status="possible")))
    assert "Bowling at Hereville: Website: The address must begin with https://" in said


def test_if_one_page_cannot_be_saved_none_is(administrator: User, two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = CentreServicePage.save_revision

    def failing(self: CentreServicePage, **values: Any) -> Any:
        if self.pk == two.bowling_there.pk:
            raise ValidationError({"note": "Not today."})
        return usual(self, **values)

    monkeypatch.setattr(CentreServicePage, "save_revision", failing)
    with pytest.raises(ValidationError, match="Bowling at Thereville: Not today"):
        change_status(pages=[two.archery_here, two.bowling_there], status=ServiceStatus.POSSIBLE, user=administrator)
    assert fresh(two.archery_here).status == "available"
    assert fresh(two.archery_here).latest_revision is None


def test_what_changed_since_the_editor_looked_is_shown_anew_and_nothing_saved(admin_client: Client, two: Two) -> None:
    soup = ask(admin_client, two.archery_here, two.bowling_here, status="possible")
    draft = fresh(two.bowling_here)
    draft.note = "Somebody was faster"
    draft.save_revision()

    again = send(admin_client, soup)

    assert "Something has changed since you looked" in words(again)
    assert {row[2] for row in table(again, "What would change")} == {
        PlannedAction.PUBLISH,
        PlannedAction.WAITS_WITH_OTHERS,
    }
    assert newest_status(two.archery_here) == "available"
    send(admin_client, again)
    assert newest_status(two.archery_here) == newest_status(two.bowling_here) == "possible"


def test_a_made_up_confirmation_saves_nothing(admin_client: Client, two: Two) -> None:
    for seen in ("", "x"):
        data = {"id": [two.archery_here.pk], "status": "ended", "seen": seen}
        assert "Something has changed" in words(soup_of(admin_client.post(reverse(STATUS), data)))
    assert fresh(two.archery_here).status == "available"


def test_pages_of_another_centre_are_left_out_and_not_named(two: Two) -> None:
    client = signed_in(person_who_may("change", "publish", at=two.here))
    soup = ask(client, two.archery_here, two.archery_there, status="ended")
    said = words(soup)
    assert "You may not change 1 of the pages you ticked, or it is gone." in said
    assert "Thereville" not in said
    send(client, soup)
    assert (fresh(two.archery_here).status, fresh(two.archery_there).status) == ("ended", "confirmed")


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_changes_another_centre(two: Two, method: str) -> None:
    person = person_who_may("change", "publish", at=two.here)
    data = {"id": [two.archery_there.pk], "status": "ended", "seen": fingerprint([])}
    response = getattr(signed_in(person), method)(reverse(STATUS), data)
    assert response["Location"] == reverse("wagtailadmin_home")
    assert save_changes(wanted={two.archery_there.pk: {"status": "ended"}}, user=person) == []
    assert fresh(two.archery_there).status == "confirmed"


def test_without_a_tick_it_says_what_to_do(admin_client: Client, two: Two) -> None:
    response = admin_client.get(reverse(STATUS), follow=True)
    assert "Tick at least one service first." in words(soup_of(response))
    assert response.redirect_chain[-1][0] == reverse(LIST)


@pytest.mark.parametrize("number", ["x", "-1", "9" * 30, "²"])
def test_what_is_no_number_is_a_mistake_in_the_address(admin_client: Client, two: Two, number: str) -> None:
    response = admin_client.get(reverse(STATUS), {"id": number})
    assert response.status_code == 400
    assert "This address has a mistake in it" in words(soup_of(response))


def test_it_does_not_lead_to_another_site(admin_client: Client, two: Two) -> None:
    response = admin_client.get(reverse(STATUS), {"next": "https://example.org/"})
    assert response["Location"] == reverse(LIST)


def test_a_form_without_its_token_is_refused(administrator: User, two: Two) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator)
    data = {"id": [two.archery_here.pk], "status": "ended"}
    assert client.post(reverse(STATUS), data).status_code == 403


def test_the_queries_of_a_plan_do_not_grow_with_the_pages(small_site: SmallSite, two: Two) -> None:
    person = person_who_may("change", at=small_site.centres)

    def queries(pages: list[CentreServicePage]) -> int:
        wanted = {page.pk: {"status": "possible", "note": "New"} for page in pages}
        return queries_of(lambda: plan_changes(wanted, person))

    few, more = many(small_site, 5), many(small_site, 60)
    for page in more:
        page.save_revision()
    assert len(plan_changes({page.pk: {"status": "possible"} for page in more}, person)) == 60
    assert queries(few) == queries(more)
