"""Milestones: what residents read, and the dates they once read."""

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone

from centres.factories import CentrePageFactory, MilestoneFactory
from centres.models import CentrePage, Milestone
from home.factories import SmallSite
from testing.admin_forms import add_row, edit_url, fill, send, shown_form
from testing.html import read, section, soup_of, words

SLIP = "Residents have read “end of 2131”. Say why the date changed"


@pytest.fixture
def centre(small_site: SmallSite) -> CentrePage:
    """A published centre with one milestone, at the end of 2131."""
    centre = CentrePageFactory(parent=small_site.centres, stage="planned")
    MilestoneFactory(centre=centre, title="Doors open", date=date(2131, 12, 31), precision="end_of_year", sort_order=0)
    centre.save_revision().publish()
    return centre


def form(client: Client, url: str) -> QueryDict:
    """Return what the form of a centre sends; the years of these tests are so far ahead that it asks about each."""
    meant = {str(number): {"date-meant": "on"} for number in range(3)}
    return fill(shown_form(client, url, CentrePage), milestones=meant)


def change(client: Client, centre: CentrePage, action: str = "publish", **milestone: Any) -> HttpResponseBase:
    """Change the first milestone in the admin, as "date" or "change_reason", and press a button."""
    url = edit_url(centre)
    return send(client, url, fill(form(client, url), milestones={"0": milestone}), action)


def story(client: Client, centre: CentrePage) -> list[str]:
    """Return what residents read, one string for each milestone."""
    items = section(read(client, centre.url), "The story so far").select("li")
    return [words(item) for item in items]


def test_residents_read_the_steps_in_the_order_of_their_dates(client: Client, small_site: SmallSite) -> None:
    centre = CentrePageFactory(parent=small_site.centres)
    for year in (2133, 2131, 2132):
        MilestoneFactory(centre=centre, title="Step", date=date(year, 1, 1), precision="year")

    assert [each[:4] for each in story(client, centre)] == ["2131", "2132", "2133"]


@pytest.mark.parametrize(
    ("precision", "text"),
    [("day", "3 March 2131"), ("month", "March 2131"), ("season", "spring 2131"), ("year", "2131")],
)
def test_residents_read_no_more_of_a_date_than_is_known(
    client: Client, small_site: SmallSite, precision: str, text: str
) -> None:
    centre = CentrePageFactory(parent=small_site.centres)
    MilestoneFactory(centre=centre, title="Doors open", date=date(2131, 3, 3), precision=precision, state="delayed")

    assert story(client, centre) == [f"{text} – delayed Doors open"]


@pytest.mark.parametrize(("state", "is_overdue"), [("expected", True), ("delayed", True), ("done", False)])
def test_a_date_that_has_passed_is_not_told_as_if_it_were_to_come(
    client: Client, small_site: SmallSite, state: str, is_overdue: bool
) -> None:
    centre = CentrePageFactory(parent=small_site.centres)
    MilestoneFactory(centre=centre, date=timezone.localdate() - timedelta(days=1), precision="day", state=state)

    assert ("but this date has passed" in story(client, centre)[0]) is is_overdue


def test_a_step_is_not_done_in_the_future(small_site: SmallSite) -> None:
    centre = CentrePageFactory(parent=small_site.centres)
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(ValidationError) as refusal:
        MilestoneFactory.build(centre=centre, date=tomorrow, state="done").full_clean()
    assert list(refusal.value.message_dict) == ["date"]


def test_publishing_a_changed_date_without_a_reason_is_refused_beside_the_reason(
    client: Client, admin_client: Client, centre: CentrePage
) -> None:
    response = change(admin_client, centre, date="31/12/2132", title="Doors open at last")

    assert response.status_code == 200
    soup = soup_of(response)
    field = soup.find(id="id_milestones-0-change_reason")
    assert field is not None
    assert SLIP in words(field.find_parent(class_="w-field"))
    assert "Doors open at last" in str(soup)
    assert story(client, centre) == ["end of 2131 – expected Doors open"]


def test_residents_read_the_old_date_and_the_reason(client: Client, admin_client: Client, centre: CentrePage) -> None:
    assert change(admin_client, centre, date="31/12/2132", change_reason="Flood.").status_code == 302

    assert story(client, centre) == ["end of 2132 – expected Doors open was: end of 2131. Why it changed: Flood."]


def test_a_second_slip_needs_its_own_reason_and_keeps_both_old_dates(
    client: Client, admin_client: Client, centre: CentrePage
) -> None:
    change(admin_client, centre, date="31/12/2132", change_reason="Flood.")
    assert change(admin_client, centre, date="31/12/2133").status_code == 200
    assert change(admin_client, centre, date="31/12/2133", change_reason="Fire.").status_code == 302

    [said] = story(client, centre)
    assert said == (
        "end of 2133 – expected Doors open was: end of 2131. Why it changed: Flood. "
        "was: end of 2132. Why it changed: Fire."
    )


def test_a_draft_is_saved_without_a_reason_and_publishing_it_asks(
    client: Client, admin_client: Client, centre: CentrePage
) -> None:
    assert change(admin_client, centre, action="", date="31/12/2132").status_code == 302
    assert story(client, centre) == ["end of 2131 – expected Doors open"]

    assert change(admin_client, centre).status_code == 200
    assert change(admin_client, centre, change_reason="Flood.").status_code == 302
    assert "was: end of 2131. Why it changed: Flood." in story(client, centre)[0]


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Doors open wide"},
        {"state": "delayed"},
        {"date": "01/01/2131"},
        {"change_reason": "Written too early."},
    ],
    ids=["title", "state", "another day of the same year", "a reason alone"],
)
def test_what_leaves_the_date_that_residents_read_is_no_slip(
    client: Client, admin_client: Client, centre: CentrePage, changes: dict[str, str]
) -> None:
    assert change(admin_client, centre, **changes).status_code == 302

    assert "was:" not in story(client, centre)[0]


def test_other_words_for_the_same_day_are_a_slip(admin_client: Client, client: Client, centre: CentrePage) -> None:
    assert change(admin_client, centre, precision="day").status_code == 200
    assert change(admin_client, centre, precision="day", change_reason="Now we know.").status_code == 302
    assert "31 December 2131 – expected Doors open was: end of 2131." in story(client, centre)[0]


def test_going_back_to_the_first_date_keeps_the_whole_story(
    client: Client, admin_client: Client, centre: CentrePage
) -> None:
    change(admin_client, centre, date="31/12/2132", change_reason="Flood.")
    change(admin_client, centre, date="31/12/2131", change_reason="The water went down.")

    said = story(client, centre)[0]
    assert said.startswith("end of 2131 – expected")
    assert said.endswith("was: end of 2132. Why it changed: The water went down.")


def test_the_first_publication_is_no_slip_however_often_the_draft_changed(
    client: Client, admin_client: Client, small_site: SmallSite
) -> None:
    centre = CentrePageFactory(parent=small_site.centres, live=False)
    url = edit_url(centre)
    data = form(admin_client, url)
    add_row(data, "milestones", title="Doors open", date="31/12/2131", precision="year", state="expected")
    send(admin_client, url, data, action="")
    assert change(admin_client, centre, action="", date="31/12/2132").status_code == 302

    assert change(admin_client, centre, date="31/12/2133").status_code == 302

    assert story(client, centre) == ["2133 – expected Doors open"]


def test_a_step_added_in_a_draft_keeps_its_story_through_several_publications(
    client: Client, admin_client: Client, centre: CentrePage
) -> None:
    url = edit_url(centre)
    data = form(admin_client, url)
    new = add_row(data, "milestones", title="Garden", date="01/01/2134", precision="year", state="expected")
    send(admin_client, url, data, action="")
    for _ in range(2):
        send(admin_client, url, form(admin_client, url), action="")
    assert send(admin_client, url, form(admin_client, url)).status_code == 302

    for year, reason, status in ((2135, "", 200), (2135, "Frost.", 302), (2136, "Drought.", 302)):
        data = form(admin_client, url)
        fill(data, milestones={str(new): {"date": f"01/01/{year}", "change_reason": reason}})
        send(admin_client, url, data, action="")
        assert send(admin_client, url, data).status_code == status

    assert story(client, centre)[1] == (
        "2136 – expected Garden was: 2134. Why it changed: Frost. was: 2135. Why it changed: Drought."
    )


def test_a_step_that_is_taken_away_needs_no_reason(client: Client, admin_client: Client, centre: CentrePage) -> None:
    assert change(admin_client, centre, DELETE="on").status_code == 302

    assert not Milestone.objects.filter(centre=centre).exists()


def test_moving_steps_about_mixes_up_no_stories(client: Client, admin_client: Client, centre: CentrePage) -> None:
    url = edit_url(centre)
    data = form(admin_client, url)
    add_row(data, "milestones", title="Garden", date="01/01/2134", precision="year", state="expected")
    send(admin_client, url, data)
    data = form(admin_client, url)
    fill(data, milestones={"0": {"ORDER": "2", "date": "31/12/2132", "change_reason": "Flood."}, "1": {"ORDER": "1"}})
    send(admin_client, url, data)

    assert story(client, centre) == [
        "end of 2132 – expected Doors open was: end of 2131. Why it changed: Flood.",
        "2134 – expected Garden",
    ]


def test_scheduled_publishing_keeps_the_story(client: Client, admin_client: Client, centre: CentrePage) -> None:
    url = edit_url(centre)
    data = form(admin_client, url)
    tomorrow = timezone.localtime() + timedelta(days=1)
    fill(data, go_live_at=tomorrow.strftime("%d/%m/%Y %H:%M"))
    fill(data, milestones={"0": {"date": "31/12/2132", "change_reason": "Flood."}})
    assert send(admin_client, url, data).status_code == 302
    assert story(client, centre) == ["end of 2131 – expected Doors open"]

    centre.revisions.filter(approved_go_live_at__isnull=False).update(
        approved_go_live_at=timezone.now() - timedelta(minutes=1)
    )
    revision = centre.revisions.get(approved_go_live_at__isnull=False)
    revision.content["go_live_at"] = (timezone.now() - timedelta(minutes=1)).isoformat()
    revision.save(update_fields=["content"])
    call_command("publish_scheduled", stdout=StringIO())

    assert story(client, centre) == ["end of 2132 – expected Doors open was: end of 2131. Why it changed: Flood."]


def test_a_centre_that_was_taken_offline_and_comes_back_still_has_its_story(
    client: Client, admin_client: Client, centre: CentrePage
) -> None:
    change(admin_client, centre, date="31/12/2132", change_reason="Flood.")
    admin_client.post(f"/admin/pages/{centre.pk}/unpublish/")
    assert client.get(centre.url).status_code == 404

    assert change(admin_client, centre).status_code == 302

    assert "was: end of 2131. Why it changed: Flood." in story(client, centre)[0]


def test_publishing_several_pages_at_once_asks_for_the_reason_too(
    client: Client, admin_client: Client, centre: CentrePage
) -> None:
    change(admin_client, centre, action="", date="31/12/2132")

    response = admin_client.post(f"/admin/bulk/wagtailcore/page/publish/?id={centre.pk}&next=/admin/", follow=True)

    assert response.status_code == 200
    assert story(client, centre) == ["end of 2131 – expected Doors open"]


def test_an_old_version_that_is_published_again_is_a_slip_like_any_other(
    client: Client, admin_client: Client, centre: CentrePage
) -> None:
    first = centre.revisions.earliest("created_at")
    change(admin_client, centre, date="31/12/2132", change_reason="Flood.")

    first.publish()

    said = story(client, centre)[0]
    assert said.startswith("end of 2131 – expected Doors open")
    assert "was: end of 2132" in said
