"""The import of a spreadsheet up to its dry run: what it shows, and what it refuses."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, PageLogEntry

from centres.bulk import imports
from centres.bulk.columns import HEADINGS
from centres.bulk.imports import look_through
from centres.bulk.plans import PlannedAction
from centres.bulk.spreadsheets import read_spreadsheet
from centres.factories import ServicePageFactory
from centres.models import CentrePage
from centres.tests.across import (
    IMPORT,
    KEY,
    LIST,
    Two,
    changes,
    csv_file,
    excel_file,
    fresh,
    many,
    one,
    problems,
    queries_of,
    token_in,
    two_centres,
    upload,
)
from home.factories import SmallSite
from testing.html import read, soup_of, words
from testing.people import person_who_may, signed_in


@pytest.fixture
def two(small_site: SmallSite) -> Two:
    return two_centres(small_site)


def test_the_screen_names_the_columns_and_where_to_get_a_file(admin_client: Client, two: Two) -> None:
    soup = read(admin_client, reverse(IMPORT))
    assert ", ".join(HEADINGS) in words(soup)
    assert soup.select_one(f"main a[href='{reverse(LIST)}']")


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
                "Status: from Offered here to Ended Note: from (empty) to Over and out "
                "How to get it: from Walk in to Walk in; Through your GP"
            ),
            PlannedAction.PUBLISH,
        ],
        [
            "3",
            "Bowling at Thereville",
            (
                "Status: from Planned to Possible Decision expected: from (empty) to 29 September 2027 "
                "Team: from (empty) to Ours"
            ),
            PlannedAction.PUBLISH,
        ],
    ]
    assert "2 rows would change something. 1 row would change nothing." in words(soup)
    assert not PageLogEntry.objects.filter(action="wagtail.edit").exists()
    assert fresh(two.archery_here).status == "available"


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("Status", "maybe", "“maybe” is not known. Write one of: Offered here, "),
        ("Status", "", "This is empty. Write one of: Offered here, "),
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
        ["Thereville", "Bowling", "Offered here", "x"],
    ]
    soup = upload(admin_client, csv_file(*rows, headings=[*KEY, "Status", "Telephone"]))
    assert [row[:2] for row in problems(soup)] == [
        ["2", "Telephone"],
        ["4", "Telephone"],
        ["4", "How to get it"],
        ["4", "Status"],
    ]
    assert "Thereville Centre is not open" in problems(soup)[3][2]
    assert token_in(soup) is None


def test_what_cannot_be_changed_now_is_an_error_only_if_it_would_change(admin_client: Client, two: Two) -> None:
    Page.objects.filter(pk=two.archery_here.pk).update(locked=True, locked_by=person_who_may())
    assert problems(upload(admin_client, one("Offered here", headings=("Status",)))) == []
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
