"""What is asked of a centre and of a service there before residents see it, as somebody who publishes there."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from wagtail.models import Page
from wagtail.test.utils.form_data import rich_text

from centres.factories import CentrePageFactory, CentreServicePageFactory, MilestoneFactory, ServicePageFactory
from centres.models import CentrePage, CentreServicePage, ServicePage, Stage
from core.scheduler.publishing import publish_scheduled_content
from home.factories import SmallSite
from testing.admin_forms import Blocks, add_row, create_url, edit_url, fill, preview, send, shown_form, tick
from testing.html import main_words, soup_of
from testing.publish_rules import assert_none_published, assert_not_published, assert_published, beside, publisher

NOT_OPEN = "Testville Centre is not open, so nobody can use this service there."
UNDECIDED = ["planned", "to_be_confirmed", "possible"]


@pytest.fixture
def centre(small_site: SmallSite) -> CentrePage:
    return CentrePageFactory(parent=small_site.centres, title="Testville Centre", short_name="Testville")


@pytest.fixture
def service(small_site: SmallSite) -> ServicePage:
    return ServicePageFactory(parent=small_site.services, title="Juggling", slug="juggling")


@pytest.fixture
def page(centre: CentrePage, service: ServicePage) -> CentreServicePage:
    return CentreServicePageFactory(parent=centre, service=service)


@pytest.fixture
def editor(centre: CentrePage) -> Client:
    return publisher(centre)


def form(client: Client, page: Page, streams: dict[str, Blocks] | None = None, **values: str) -> QueryDict:
    return fill(shown_form(client, edit_url(page), type(page), streams=streams), **values)


def close(centre: CentrePage, stage: Stage = Stage.BEING_BUILT) -> None:
    CentrePage.objects.filter(pk=centre.pk).update(stage=stage)


def test_what_is_available_says_how_to_get_it(editor: Client, page: CentreServicePage) -> None:
    data = form(editor, page)
    for_nobody = send(editor, edit_url(page), tick(data, "access"))
    assert "tick at least one way" in beside(for_nobody, "access")
    assert_not_published(
        editor, edit_url(page), tick(data, "access", "to_be_confirmed"), "access", "tick at least one way"
    )
    assert_published(editor, edit_url(page), tick(data, "access", "to_be_confirmed", "through_gp"))


def test_how_to_get_what_is_not_here_yet_may_stay_open(editor: Client, page: CentreServicePage) -> None:
    assert_published(editor, edit_url(page), tick(form(editor, page, status="confirmed"), "access"))


def test_nothing_new_is_available_at_a_centre_that_is_not_open(
    editor: Client, centre: CentrePage, page: CentreServicePage
) -> None:
    CentreServicePage.objects.filter(pk=page.pk).update(status="confirmed")
    data = form(editor, page)
    for stage in (Stage.PROPOSED, Stage.BEING_BUILT, Stage.NOT_GOING_AHEAD):
        close(centre, stage)
        for status in ("available", "temporarily_closed"):
            answer = send(editor, edit_url(page), fill(data, status=status))
            assert NOT_OPEN in beside(answer, "status"), (stage, status)
    assert_not_published(editor, edit_url(page), data, "status", NOT_OPEN)
    for stage in (Stage.PROPOSED, Stage.BEING_BUILT, Stage.NOT_GOING_AHEAD):
        close(centre, stage)
        assert_published(editor, edit_url(page), form(editor, page, status="planned"))


def test_a_new_page_of_a_service_is_asked_too(editor: Client, centre: CentrePage, service: ServicePage) -> None:
    close(centre)
    url = create_url(centre, CentreServicePage)
    data = fill(shown_form(editor, url, CentreServicePage), service=str(service.pk), status="available")
    assert_not_published(editor, url, tick(data, "access", "walk_in"), "status", NOT_OPEN)


def test_a_page_that_said_so_while_the_centre_was_open_can_be_published_with_another_change(
    editor: Client, centre: CentrePage, page: CentreServicePage
) -> None:
    close(centre)
    assert_published(editor, edit_url(page), form(editor, page, note="Three clubs."))
    other_status = form(editor, page, status="temporarily_closed")
    assert NOT_OPEN in beside(send(editor, edit_url(page), other_status), "status")


def test_a_draft_said_nothing_to_residents(editor: Client, centre: CentrePage, page: CentreServicePage) -> None:
    page.unpublish()
    close(centre)
    assert NOT_OPEN in beside(send(editor, edit_url(page), form(editor, page)), "status")


def test_whoever_publishes_without_a_form_is_asked_the_same(centre: CentrePage, page: CentreServicePage) -> None:
    CentreServicePage.objects.filter(pk=page.pk).update(status="confirmed")
    close(centre)
    draft = CentreServicePage.objects.get(pk=page.pk)
    draft.status, draft.access = "available", []
    with pytest.raises(ValidationError) as refusal:
        draft.full_clean()
    assert set(refusal.value.message_dict) == {"status", "access"}


def test_what_was_scheduled_comes_although_the_centre_has_closed(centre: CentrePage, page: CentreServicePage) -> None:
    page.unpublish()
    page.go_live_at = timezone.now() + timedelta(days=1)
    revision = page.save_revision()
    revision.publish()
    close(centre)
    page.revisions.update(approved_go_live_at=timezone.now() - timedelta(minutes=1))
    revision.refresh_from_db()
    revision.content["go_live_at"] = None
    revision.save()

    assert publish_scheduled_content() == []

    page.refresh_from_db()
    assert page.live
    assert page.shown_status == "confirmed"


def test_no_decision_is_expected_in_the_past(editor: Client, page: CentreServicePage) -> None:
    data = form(editor, page, decision_expected="01/03/2020", decision_expected_precision="season")
    for status in UNDECIDED:
        answer = send(editor, edit_url(page), fill(data, status=status))
        assert "This date has passed." in beside(answer, "decision_expected"), status
    assert_not_published(editor, edit_url(page), data, "decision_expected", "This date has passed.")
    today = timezone.localdate().strftime("%d/%m/%Y")
    for status in UNDECIDED:
        assert_published(editor, edit_url(page), fill(data, status=status, decision_expected=today))


def test_a_decision_that_was_taken_may_have_been_expected(editor: Client, page: CentreServicePage) -> None:
    assert_published(editor, edit_url(page), form(editor, page, status="confirmed", decision_expected="01/03/2020"))


def test_a_decision_that_became_overdue_does_not_keep_another_change_back(
    editor: Client, page: CentreServicePage
) -> None:
    CentreServicePage.objects.filter(pk=page.pk).update(
        status="planned", decision_expected=date(2020, 3, 1), decision_expected_precision="day"
    )
    page = CentreServicePage.objects.get(pk=page.pk)
    assert_published(editor, edit_url(page), form(editor, page, note="Three clubs."))
    moved = form(editor, page, decision_expected="02/03/2020")
    assert "This date has passed." in beside(send(editor, edit_url(page), moved), "decision_expected")


def test_a_service_whose_title_is_in_capitals_is_mended_where_it_stands(
    editor: Client, page: CentreServicePage, service: ServicePage
) -> None:
    ServicePage.objects.filter(pk=service.pk).update(title="JUGGLING CLASS")
    assert_published(editor, edit_url(page), form(editor, page))


def test_no_new_milestone_is_expected_in_the_past(editor: Client, centre: CentrePage) -> None:
    data = form(editor, centre)
    add_row(data, "milestones", title="First stone", date="02/01/2020", precision="year", state="expected")
    assert_not_published(editor, edit_url(centre), data, "date", "This date has passed, so it is no longer expected.")
    for name, state, day in (("b", "done", "02/01/2020"), ("c", "expected", "02/01/2130")):
        add_row(data, "milestones", title=name, date=day, precision="day", state=state)
    assert_published(
        editor, edit_url(centre), fill(data, **{"milestones-0-state": "delayed", "milestones-2-date-meant": "on"})
    )


def test_a_milestone_that_became_overdue_does_not_keep_another_change_back(editor: Client, centre: CentrePage) -> None:
    MilestoneFactory(centre=centre, date=date(2020, 1, 2), state="expected")
    centre.save()
    data = form(editor, centre, notice="")
    assert_published(editor, edit_url(centre), fill(data, **{"milestones-0-title": "The first stone"}))
    changed = fill(form(editor, centre), **{"milestones-0-date": "03/01/2020", "milestones-0-change_reason": "Rain."})
    assert "no longer expected" in beside(send(editor, edit_url(centre), changed), "date")


OVERLAPPING = [
    ("session", {"days": "0", "way": "times", "opens": "09:00", "closes": "17:00"}),
    ("session", {"days": "0", "way": "times", "opens": "16:00", "closes": "18:00"}),
]
BACKWARDS = [("exception", {"label": "Fair", "first": "05/05/2131", "last": "01/05/2131", "times-count": "0"})]


def test_hours_that_cannot_be_wait_in_a_draft(editor: Client, centre: CentrePage) -> None:
    data = form(editor, centre, {"hours": OVERLAPPING, "exceptions": BACKWARDS})
    messages = {
        "hours": "4pm to 6pm on Monday overlaps 9am to 5pm on Monday.",
        "exceptions": "The last day is before the first day.",
    }
    assert_none_published(editor, edit_url(centre), data, messages)
    assert "Testville Centre" in main_words(soup_of(preview(editor, edit_url(centre), data)))


def test_what_does_not_go_together_waits_in_a_draft(editor: Client, centre: CentrePage) -> None:
    data = form(editor, centre, notice="Mind the step.", latitude="51.5", telephone="call us", checked_on="01/01/2130")
    messages = {
        "notice_ends_on": "A notice needs a last day",
        "longitude": "A position needs both numbers.",
        "telephone": "Enter a telephone number",
        "checked_on": "This day has not come yet.",
    }
    assert_none_published(editor, edit_url(centre), data, messages)


def test_links_in_a_centres_own_texts_say_where_they_lead(editor: Client, centre: CentrePage) -> None:
    vague = rich_text('<p><a href="https://example.org/">Click here</a></p>', features=["link"])
    data = form(editor, centre, travel=vague)
    assert_not_published(editor, edit_url(centre), data, "travel", "“Click here” does not say where the link leads.")
    clear = rich_text('<p><a href="https://example.org/">Buses to Testville</a></p>', features=["link"])
    assert_published(editor, edit_url(centre), fill(data, travel=clear))
