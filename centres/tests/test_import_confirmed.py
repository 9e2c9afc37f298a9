"""The import of a spreadsheet, once its dry run is confirmed: what is saved, and when nothing is."""

import time
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, PageLogEntry

from centres.bulk.imports import TOKEN_SECONDS
from centres.bulk.plans import PlannedAction
from centres.models import CentreServicePage
from centres.tests.across import (
    CONFIRM,
    IMPORT,
    KEY,
    Two,
    changes,
    confirm,
    csv_file,
    fresh,
    one,
    problems,
    token_in,
    two_centres,
    upload,
)
from home.factories import SmallSite
from testing.html import soup_of, words
from testing.people import person_who_may, signed_in
from users.models import User

pytestmark = pytest.mark.database


@pytest.fixture
def two(small_site: SmallSite) -> Two:
    return two_centres(small_site)


def test_confirming_saves_all_of_it_with_its_history(
    client: Client, admin_client: Client, administrator: User, two: Two
) -> None:
    headings = ["Service", "Centre", "Status", "Decision expected", "How to get it", "Telephone"]
    rows = [
        ["Archery", "Hereville", "Temporarily closed", "29/09/2027", "Book it yourself", "'+44 1632 960000"],
        ["Bowling", "Thereville", "Planned", "", "", ""],
    ]
    soup = confirm(admin_client, upload(admin_client, csv_file(*rows, headings=headings)))

    assert "1 page changed: 1 published, 0 saved as drafts." in words(soup)
    page = fresh(two.archery_here)
    assert (page.status, page.decision_expected, page.access, page.telephone) == (
        "temporarily_closed",
        date(2027, 9, 29),
        ["book_yourself"],
        "+44 1632 960000",
    )
    assert page.live_revision.user == administrator
    assert PageLogEntry.objects.filter(page=page.pk, action="wagtail.publish", user=administrator).exists()
    assert fresh(two.bowling_there).latest_revision is None
    assert "Temporarily closed" in words(soup_of(client.get(page.url)))


@pytest.mark.parametrize("turn", [1, -1])
def test_rows_may_stand_in_any_order(admin_client: Client, two: Two, turn: int) -> None:
    rows = [
        ["Hereville", "Archery", "Ended"],
        ["Thereville", "Bowling", "Possible"],
        ["Thereville", "Archery", "Planned"],
    ]
    confirm(admin_client, upload(admin_client, csv_file(*rows[::turn], headings=[*KEY, "Status"])))
    assert fresh(two.archery_here).status == "ended"
    assert fresh(two.bowling_there).status == "possible"


def test_a_column_that_is_missing_leaves_values_and_an_empty_cell_empties_them(admin_client: Client, two: Two) -> None:
    CentreServicePage.objects.filter(pk=two.archery_here.pk).update(note="Stays", team="Goes", summary="Stays too")
    confirm(admin_client, upload(admin_client, one("", headings=("Team",))))
    page = fresh(two.archery_here)
    assert (page.note, page.team, page.summary, page.status) == ("Stays", "", "Stays too", "available")


def test_drafts_and_pages_with_other_changes_stay_drafts(admin_client: Client, two: Two) -> None:
    CentreServicePage.objects.filter(pk=two.bowling_here.pk).update(live=False)
    draft = fresh(two.archery_here)
    draft.note = "A change that waits"
    draft.save_revision()
    rows = [["Hereville", "Archery", "Ours"], ["Hereville", "Bowling", "Ours"]]

    soup = upload(admin_client, csv_file(*rows, headings=[*KEY, "Team"]))

    assert [row[3] for row in changes(soup)] == [PlannedAction.WAITS_WITH_OTHERS, PlannedAction.STAYS_DRAFT]
    confirm(admin_client, soup)
    assert fresh(two.archery_here).team == ""
    newest = fresh(two.archery_here).get_latest_revision_as_object()
    assert (newest.team, newest.note) == ("Ours", "A change that waits")
    assert not fresh(two.bowling_here).live


def test_who_may_not_publish_gets_drafts(two: Two) -> None:
    client = signed_in(person_who_may("change", at=two.here))
    soup = upload(client, one("Ours", headings=("Team",)))
    assert changes(soup)[0][3] == PlannedAction.WAITS_FOR_PUBLISHER
    confirm(client, soup)
    assert fresh(two.archery_here).team == ""
    assert fresh(two.archery_here).get_latest_revision_as_object().team == "Ours"


def test_a_page_that_changed_in_between_is_shown_anew_and_nothing_is_saved(admin_client: Client, two: Two) -> None:
    rows = [["Hereville", "Archery", "Ours"], ["Hereville", "Bowling", "Ours"]]
    soup = upload(admin_client, csv_file(*rows, headings=[*KEY, "Team"]))
    draft = fresh(two.bowling_here)
    draft.team = "Theirs"
    draft.save_revision()

    again = confirm(admin_client, soup)

    assert "Something has changed since you looked" in words(again)
    assert "Team: from Theirs to Ours" in changes(again)[1][2]
    assert fresh(two.archery_here).team == ""
    confirm(admin_client, again)
    assert fresh(two.archery_here).team == "Ours"


def test_a_right_that_is_lost_in_between_saves_nothing(two: Two) -> None:
    person = person_who_may("change", "publish", at=two.here)
    soup = upload(signed_in(person), one("Ours", headings=("Team",)))
    change = GroupPagePermission.objects.filter(group__user=person, permission__codename="change_page")
    change.update(page=two.bowling_here)

    again = confirm(signed_in(person), soup)

    assert problems(again) == [["2", "Service", "You may not change this page any more, or it is gone."]]
    assert fresh(two.archery_here).team == ""


def test_if_one_page_cannot_be_saved_none_is(admin_client: Client, two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [["Hereville", "Archery", "Ours"], ["Thereville", "Bowling", "Ours"]]
    soup = upload(admin_client, csv_file(*rows, headings=[*KEY, "Team"]))
    usual = CentreServicePage.save_revision

    def failing(self: CentreServicePage, **values: Any) -> Any:
        if self.pk == two.bowling_there.pk:
            raise ValidationError({"team": "Not today."})
        return usual(self, **values)

    monkeypatch.setattr(CentreServicePage, "save_revision", failing)
    assert "Nothing was saved. Bowling at Thereville: Not today." in words(confirm(admin_client, soup))
    assert fresh(two.archery_here).team == ""


def test_a_confirmation_is_good_once_for_one_person_and_one_hour(
    admin_client: Client, two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = token_in(upload(admin_client, one("Ours", headings=("Team",))))
    somebody = signed_in(person_who_may("change", "publish", at=two.here))

    def refused(client: Client, sent: str | None) -> bool:
        said = words(soup_of(client.post(reverse(CONFIRM), {"token": sent or ""}, follow=True)))
        return "Upload it again." in said and fresh(two.archery_here).team == ""

    assert refused(somebody, token)
    assert refused(admin_client, f"{token}x")
    assert refused(admin_client, "")
    now = time.time()
    with monkeypatch.context() as later:
        later.setattr(time, "time", lambda: now + TOKEN_SECONDS + 5)
        assert refused(admin_client, token)
    admin_client.post(reverse(CONFIRM), {"token": token})
    assert fresh(two.archery_here).team == "Ours"
    again = soup_of(admin_client.post(reverse(CONFIRM), {"token": token}, follow=True))
    assert "Something has changed" in words(again)
    assert fresh(two.archery_here).revisions.count() == 1


def test_confirming_needs_a_post_with_its_token_by_somebody_with_a_right(two: Two, administrator: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator)
    assert client.get(reverse(CONFIRM)).status_code == 405
    assert client.post(reverse(CONFIRM), {"token": "x"}).status_code == 403
    assert client.post(reverse(IMPORT), {"file": SimpleUploadedFile("x.csv", one())}).status_code == 403
    assert Client().post(reverse(CONFIRM))["Location"].startswith(reverse("wagtailadmin_login"))
    assert signed_in(person_who_may()).post(reverse(CONFIRM))["Location"] == reverse("wagtailadmin_home")
