"""The exported spreadsheet: what is in it, that it is safe, and that importing it changes nothing."""

from datetime import date

import pytest
from django.test import Client

from centres.bulk.columns import HEADINGS
from centres.factories import CentrePageFactory, CentreServicePageFactory, ServicePageFactory
from centres.models import CentreServicePage
from centres.tests.across import Two, csv_file, export, exported, table, token_in, two_centres, upload
from home.factories import SmallSite
from testing.html import words

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
    draft = CentreServicePage.objects.get(pk=two.archery_here.pk)
    draft.note, draft.status = "Only in the draft", "ended"
    draft.save_revision()

    soup = upload(admin_client, export(admin_client, kind), f"services.{kind}")

    assert table(soup, "What is wrong") == table(soup, "What would change") == []
    assert f"0 rows would change something. {len(HARD) + 5} rows would change nothing." in words(soup)
    assert token_in(soup) is None


def test_the_export_is_safe_in_a_spreadsheet_and_has_the_columns_of_the_import(admin_client: Client, two: Two) -> None:
    CentreServicePage.objects.filter(pk=two.archery_here.pk).update(note="=cmd|' /C calc'!A0", telephone="+44 1632")
    content = export(admin_client)
    assert content.startswith(b"\xef\xbb\xbfCentre,Service,Status,")
    row = exported(admin_client)[0]
    assert tuple(row) == HEADINGS
    assert (row["Note"], row["Telephone"]) == ("'=cmd|' /C calc'!A0", "+44 1632")


def test_the_export_has_what_is_filtered(admin_client: Client, two: Two) -> None:
    assert [(row["Centre"], row["Service"]) for row in exported(admin_client, status="planned", q="here")] == [
        ("Hereville", "Bowling"),
        ("Thereville", "Bowling"),
    ]


def test_centres_with_one_short_name_go_by_their_titles(admin_client: Client, small_site: SmallSite, two: Two) -> None:
    twin = CentrePageFactory(parent=small_site.centres, short_name="hereville", slug="twin", title="Hereville Annexe")
    CentreServicePageFactory(parent=twin, service=two.archery)
    assert {row["Centre"] for row in exported(admin_client)} == {"Hereville Centre", "Hereville Annexe", "Thereville"}
    assert table(upload(admin_client, export(admin_client)), "What is wrong") == []
    soup = upload(admin_client, csv_file(["Hereville", "Archery"], headings=["Centre", "Service"]))
    assert table(soup, "What is wrong") == [["2", "Centre", "More than one centre is called “Hereville”."]]
