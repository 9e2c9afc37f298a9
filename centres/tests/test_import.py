"""The import of a spreadsheet: what it shows, what it refuses, what it saves."""

import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page, PageLogEntry

from centres import imports
from centres.columns import HEADINGS
from centres.editing import Outcome
from centres.factories import CentrePageFactory, CentreServicePageFactory, ServicePageFactory
from centres.imports import TOKEN_SECONDS, look_through
from centres.models import CentrePage, CentreServicePage
from centres.spreadsheets import read_spreadsheet
from centres.tests.across import (
    CONFIRM,
    IMPORT,
    LIST,
    Two,
    confirm,
    csv_file,
    excel_file,
    export,
    exported,
    many,
    queries_of,
    table,
    token_in,
    two_centres,
    upload,
)
from centres.tests.page_checks import person_who_may, signed_in
from centres.tests.reading import read, soup_of, words
from home.factories import SmallSite
from users.models import User

KEY = ("Centre", "Service")
HARD = [
    "=SUM(A1:A9)",
    "'=already quoted",
    "+44 1632 960000 is best",
    "- a list\r\n- of things",
    'He said "hello", then; left\n\n',
    "🏹 arrows, “quotes” & <b>tags</b>",
    "'tis plain",
    "@home",
    "a\x0bbreak from a word processor",
    "_x000D_ is not a line break",
    "  spaces around  ",
    "0123",
    "1/2",
]


@pytest.fixture
def two(small_site: SmallSite) -> Two:
    return two_centres(small_site)


def fresh(page: CentreServicePage) -> CentreServicePage:
    return CentreServicePage.objects.get(pk=page.pk)


def problems(soup: BeautifulSoup) -> list[list[str]]:
    return table(soup, "What is wrong")


def changes(soup: BeautifulSoup) -> list[list[str]]:
    return table(soup, "What would change")


def one(*values: str, headings: tuple[str, ...] = (), centre: str = "Hereville", service: str = "Archery") -> bytes:
    return csv_file([centre, service, *values], headings=[*KEY, *headings])


def test_the_screen_names_the_columns_and_where_to_get_a_file(admin_client: Client, two: Two) -> None:
    soup = read(admin_client, reverse(IMPORT))
    assert ", ".join(HEADINGS) in words(soup)
    assert soup.select_one(f"main a[href='{reverse(LIST)}']")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_was_exported_changes_nothing_however_hard_its_values(
    admin_client: Client, small_site: SmallSite, two: Two, kind: str
) -> None:
    for number, text in enumerate(HARD):
        service = ServicePageFactory(parent=small_site.services, title=f"Hard one {number}")
        CentreServicePageFactory(
            parent=two.here,
            service=service,
            note=text,
            summary=text,
            team=text,
            access=["hospital_letter", "walk_in"],
            telephone="+44 1632 960000",
            decision_expected=date(2027, 4, 5),
            decision_expected_precision="season",
        )
    names = ServicePageFactory(parent=small_site.services, title="=Formula, “the” service", slug="formula")
    # Values from before there were rules for them are no mistake of whoever exports them.
    old = CentreServicePageFactory(parent=two.there, service=names, status="planned", telephone="800123456")
    CentreServicePage.objects.filter(pk=old.pk).update(website="http://example.org/")
    draft = fresh(two.archery_here)
    draft.note, draft.status = "Only in the draft", "ended"
    draft.save_revision()

    soup = upload(admin_client, export(admin_client, kind), f"services.{kind}")

    assert problems(soup) == []
    assert changes(soup) == []
    assert f"0 rows would change something. {len(HARD) + 5} rows would change nothing." in words(soup)
    assert token_in(soup) is None


def test_the_export_is_safe_in_a_spreadsheet_and_has_the_columns_of_the_import(admin_client: Client, two: Two) -> None:
    CentreServicePage.objects.filter(pk=two.archery_here.pk).update(note="=cmd|' /C calc'!A0", telephone="+44 1632")
    content = export(admin_client)
    assert content.startswith(b"\xef\xbb\xbfCentre,Service,Status,")
    row = exported(admin_client)[0]
    assert tuple(row) == HEADINGS
    assert (row["Note"], row["Telephone"]) == ("'=cmd|' /C calc'!A0", "'+44 1632")


def test_the_export_has_what_is_filtered(admin_client: Client, two: Two) -> None:
    assert [(row["Centre"], row["Service"]) for row in exported(admin_client, status="planned", q="here")] == [
        ("Hereville", "Bowling"),
        ("Thereville", "Bowling"),
    ]


def test_centres_with_one_short_name_go_by_their_titles(admin_client: Client, small_site: SmallSite, two: Two) -> None:
    twin = CentrePageFactory(parent=small_site.centres, short_name="hereville", slug="twin", title="Hereville Annexe")
    CentreServicePageFactory(parent=twin, service=two.archery)
    assert {row["Centre"] for row in exported(admin_client)} == {"Hereville Centre", "Hereville Annexe", "Thereville"}
    assert problems(upload(admin_client, export(admin_client))) == []
    assert problems(upload(admin_client, one())) == [["2", "Centre", "More than one centre is called “Hereville”."]]


@pytest.mark.parametrize("make", [csv_file, excel_file])
def test_it_shows_every_change_before_anything_is_saved(
    admin_client: Client, two: Two, make: Callable[..., bytes]
) -> None:
    headings = [*KEY, "status", "Decision expected", "How to get it", "NOTE", "Team"]
    rows = [
        ["hereville", " archery ", "Ended", "", "through your gp; Walk in", "Over\nand out", ""],
        ["Thereville Centre", "Bowling", "Possible", "29/09/2027", "", "", "Ours"],
        ["Thereville", "Archery", "Confirmed", "", "", "", ""],
    ]

    soup = upload(admin_client, make(*rows, headings=headings))

    assert problems(soup) == []
    assert changes(soup) == [
        [
            "2",
            "Archery at Hereville",
            (
                "Status: from Available now to Ended Note: from (empty) to Over and out "
                "How to get it: from Walk in to Walk in; Through your GP"
            ),
            Outcome.PUBLISH,
        ],
        [
            "3",
            "Bowling at Thereville",
            (
                "Status: from Planned to Possible Decision expected: from (empty) to 29 September 2027 "
                "Team: from (empty) to Ours"
            ),
            Outcome.PUBLISH,
        ],
    ]
    assert "2 rows would change something. 1 row would change nothing." in words(soup)
    assert not PageLogEntry.objects.filter(action="wagtail.edit").exists()
    assert fresh(two.archery_here).status == "available"


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

    assert [row[3] for row in changes(soup)] == [Outcome.WAITS_WITH_OTHERS, Outcome.STAYS_DRAFT]
    confirm(admin_client, soup)
    assert fresh(two.archery_here).team == ""
    newest = fresh(two.archery_here).get_latest_revision_as_object()
    assert (newest.team, newest.note) == ("Ours", "A change that waits")
    assert not fresh(two.bowling_here).live


def test_who_may_not_publish_gets_drafts(two: Two) -> None:
    client = signed_in(person_who_may("change", at=two.here))
    soup = upload(client, one("Ours", headings=("Team",)))
    assert changes(soup)[0][3] == Outcome.WAITS_FOR_PUBLISHER
    confirm(client, soup)
    assert fresh(two.archery_here).team == ""
    assert fresh(two.archery_here).get_latest_revision_as_object().team == "Ours"


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("Status", "maybe", "“maybe” is not known. Write one of: Available now, "),
        ("Status", "", "This is empty. Write one of: Available now, "),
        ("Decision expected", "31/02/2027", "“31/02/2027” is no day. Write it as 29/09/2020, with the day first."),
        ("What we know of the date", "roughly", "“roughly” is not known."),
        ("How to get it", "Walk in; by boat", "“by boat” is not known. Write any of these, with ; between: Walk in; "),
        ("Telephone", "1632960000", "“1632960000” lacks its first 0"),
        ("Telephone", "ring us", "Enter a telephone number in digits and spaces"),
        ("E-mail address", "not one", "Enter a valid email address."),
        ("Website", "http://example.org/", "The address must begin with https://"),
        ("Summary", "x" * 301, "Ensure this value has at most 300 characters"),
        ("Note", "x" * 501, "Ensure this value has at most 500 characters"),
        ("Team", "x" * 121, "Ensure this value has at most 120 characters"),
    ],
)
@pytest.mark.parametrize("make", [csv_file, excel_file])
def test_a_bad_value_is_named_by_row_and_column(
    admin_client: Client, two: Two, column: str, value: str, said: str, make: Callable[..., bytes]
) -> None:
    rows = [["Thereville", "Archery", ""], ["Hereville", "Archery", value]]
    rows = rows if column not in ("Status", "What we know of the date") else [["", "", ""], rows[1]]

    soup = upload(admin_client, make(*rows, headings=[*KEY, column]))

    [[row, where, message]] = problems(soup)
    assert (row, where) == ("3", column)
    assert said in message
    assert token_in(soup) is None


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (["Nowhere", "Archery"], ["2", "Centre", "No centre is called “Nowhere”."]),
        (["", "Archery"], ["2", "Centre", "This is empty."]),
        (["Hereville", ""], ["2", "Service", "This is empty."]),
        (["Hereville", "Chess"], ["2", "Service", "Hereville does not list “Chess”. Use “Add services” first."]),
        (["Hereville", "Fencing"], ["2", "Service", "No service is called “Fencing”."]),
    ],
)
def test_a_row_that_is_about_no_page_is_named(
    admin_client: Client, small_site: SmallSite, two: Two, row: list[str], problem: list[str]
) -> None:
    ServicePageFactory(parent=small_site.services, title="Chess")
    assert problems(upload(admin_client, csv_file([*row, "Ours"], headings=[*KEY, "Team"]))) == [problem]


def test_the_same_page_twice_is_an_error(admin_client: Client, two: Two) -> None:
    rows = [["Hereville", "Archery"], ["Hereville Centre", "ARCHERY"]]
    assert problems(upload(admin_client, csv_file(*rows, headings=KEY))) == [
        ["3", "Service", "Row 2 is about the same service at this centre."]
    ]


@pytest.mark.parametrize(
    ("headings", "problem"),
    [
        (["Centre", "Team"], ["1", "Service", "This column is missing."]),
        (
            [*KEY, "Opening hours"],
            ["1", "Opening hours", f"This column is not known. Known are: {', '.join(HEADINGS)}."],
        ),
        ([*KEY, "team", "Team"], ["1", "Team", "This column is there twice."]),
        ([*KEY, "", "Team"], ["1", "Column 3", "This column has no heading."]),
    ],
)
def test_columns_that_cannot_be_right_are_named(
    admin_client: Client, two: Two, headings: list[str], problem: list[str]
) -> None:
    row = ["Hereville", "Archery", "a", "b"][: len(headings)]
    assert problems(upload(admin_client, csv_file(row, headings=headings))) == [problem]


def test_a_file_without_rows_says_so(admin_client: Client, two: Two) -> None:
    assert problems(upload(admin_client, csv_file())) == [
        ["The file", "All", "This file has headings and no rows beneath them."]
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\0", "neither a CSV file nor an Excel workbook"),
        (b"", "This file is empty."),
        (b"x" * (2 * 1024 * 1024 + 1), "more than 2 MB"),
    ],
)
def test_what_is_wrong_with_the_file_stands_beside_the_field(
    admin_client: Client, two: Two, content: bytes, said: str
) -> None:
    assert said in words(upload(admin_client, content).select_one(".w-field__errors"))


def test_without_a_file_it_asks_for_one(admin_client: Client, two: Two) -> None:
    soup = soup_of(admin_client.post(reverse(IMPORT)))
    assert "Choose a file." in words(soup.select_one(".w-field__errors"))


def test_one_error_keeps_everything_from_being_saved_and_every_error_is_shown(admin_client: Client, two: Two) -> None:
    rows = [
        ["Hereville", "Archery", "Ended", "1632960000"],
        ["Hereville", "Bowling", "Ended", ""],
        ["Thereville", "Bowling", "Available now", "x"],
    ]
    soup = upload(admin_client, csv_file(*rows, headings=[*KEY, "Status", "Telephone"]))
    assert [row[:2] for row in problems(soup)] == [["2", "Telephone"], ["4", "Status"], ["4", "Telephone"]]
    assert "Thereville is not open" in problems(soup)[1][2]
    assert token_in(soup) is None


def test_what_cannot_be_changed_now_is_an_error_only_if_it_would_change(admin_client: Client, two: Two) -> None:
    Page.objects.filter(pk=two.archery_here.pk).update(locked=True, locked_by=person_who_may())
    assert problems(upload(admin_client, one("Available now", headings=("Status",)))) == []
    assert problems(upload(admin_client, one("Ended", headings=("Status",)))) == [
        ["2", "Service", "Archery at Hereville cannot be changed now. Somebody has locked it."]
    ]


def test_rows_of_a_centre_somebody_may_not_change_are_errors(small_site: SmallSite, two: Two) -> None:
    client = signed_in(person_who_may("change", "publish", at=two.here))
    ServicePageFactory(parent=small_site.services, title="Chess")
    rows = [["Thereville", "Archery", "Mine"], ["Thereville", "Chess", "Mine"], ["Hereville", "Archery", "Mine"]]

    soup = upload(client, csv_file(*rows, headings=[*KEY, "Team"]))

    refusal = "You may not change this service at Thereville."
    assert problems(soup) == [["2", "Centre", refusal], ["3", "Centre", refusal]]
    assert token_in(soup) is None


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


def test_more_than_can_be_saved_in_time_is_refused(
    admin_client: Client, two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "MAX_CHANGES", 1)
    rows = [["Hereville", "Archery", "Ours"], ["Hereville", "Bowling", "Ours"]]
    soup = upload(admin_client, csv_file(*rows, headings=[*KEY, "Team"]))
    assert problems(soup) == [["The file", "All", "This would change 2 pages; 1 can be saved at once."]]
    assert token_in(soup) is None


def test_values_are_shown_as_text_and_never_as_markup(admin_client: Client, two: Two) -> None:
    soup = upload(admin_client, one("<script>alert(1)</script>", headings=("Note",)))
    assert "<script>alert(1)</script>" in changes(soup)[0][2]
    assert not [script for script in soup.find_all("script") if script.get_text() == "alert(1)"]


def test_the_queries_of_a_dry_run_do_not_grow_with_its_rows(small_site: SmallSite) -> None:
    person = person_who_may("change", at=small_site.centres)

    def queries(count: int) -> int:
        pages = many(small_site, count)
        for page in pages:
            page.save_revision()
        names = dict(CentrePage.objects.values_list("pk", "short_name"))
        rows = [[names[page.centre_id], page.title, "Possible", "New"] for page in pages]
        sheet = read_spreadsheet(csv_file(*rows, headings=[*KEY, "Status", "Note"]))
        dry_run = look_through(sheet, person)
        assert (len(dry_run.plans), dry_run.problems) == (count, [])
        return queries_of(lambda: look_through(sheet, person))

    assert queries(5) == queries(60)
