"""Partner organisations: who runs a centre, and who did."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from centres.factories import CentrePageFactory, PartnerFactory
from centres.models import CentrePage, Partner
from home.factories import SmallSite
from testing.admin_forms import add_row, edit_url, send, shown_form
from testing.html import read, section, soup_of, words

TODAY = date(2026, 6, 10)


@pytest.fixture
def centre(small_site: SmallSite) -> CentrePage:
    return CentrePageFactory(parent=small_site.centres)


@pytest.mark.parametrize(
    ("first", "last", "precision", "text"),
    [
        (date(2018, 1, 1), date(2022, 6, 30), "year", "2018 to 2022"),
        (date(2018, 1, 1), None, "year", "from 2018"),
        (None, date(2022, 6, 30), "month", "until June 2022"),
        (date(2022, 1, 1), date(2022, 6, 30), "year", "2022"),
        (None, None, "year", ""),
    ],
)
def test_the_years_are_told_as_exactly_as_they_are_known(
    first: date | None, last: date | None, precision: str, text: str
) -> None:
    assert Partner(from_date=first, to_date=last, precision=precision).years_text == text


@pytest.mark.parametrize(
    ("to_date", "precision", "is_over"),
    [
        (None, "day", False),
        (TODAY, "day", False),
        (TODAY - timedelta(days=1), "day", True),
        (date(TODAY.year, 1, 1), "year", False),
        (date(TODAY.year - 1, 12, 31), "year", True),
    ],
)
def test_a_partner_takes_part_until_its_last_day_as_it_is_known_is_over(
    to_date: date | None, precision: str, is_over: bool
) -> None:
    assert Partner(to_date=to_date, precision=precision).is_over(TODAY) is is_over


def test_an_end_before_the_beginning_is_refused_beside_it(centre: CentrePage) -> None:
    partner = PartnerFactory.build(centre=centre, from_date=date(2022, 1, 1), to_date=date(2021, 1, 1))
    with pytest.raises(ValidationError) as refusal:
        partner.full_clean()
    assert refusal.value.message_dict == {"to_date": ["This is before the first date."]}


def test_residents_read_who_runs_a_centre_and_apart_from_them_who_did(client: Client, centre: CentrePage) -> None:
    PartnerFactory(
        centre=centre, name="Testshire Board", website="https://example.org/board", from_date=date(2022, 7, 1)
    )
    PartnerFactory(centre=centre, name="Old Board", other_names="Testville CCG", to_date=date(2022, 6, 30))

    partners = section(read(client, centre.url), "Who runs it")

    now, before = partners.select("ul")
    assert words(now) == "Testshire Board from 2022 Brings the clubs."
    assert words(before) == "Old Board until 2022 Brings the clubs. Also known as: Testville CCG"
    assert [words(h3) for h3 in partners.find_all("h3")] == ["Earlier partners"]
    assert now.select_one("a[href='https://example.org/board']")


def test_partners_stand_in_the_order_in_which_the_editor_put_them(client: Client, centre: CentrePage) -> None:
    for order, name in ((2, "Second"), (1, "First")):
        PartnerFactory(centre=centre, name=name, role="", sort_order=order)

    assert [words(item) for item in section(read(client, centre.url), "Who runs it").select("li")] == [
        "First",
        "Second",
    ]


def test_without_partners_there_is_no_empty_section(client: Client, centre: CentrePage) -> None:
    soup = read(client, centre.url)
    assert soup.select("#partners, a[href='#partners']") == []


def test_the_admin_refuses_an_end_before_the_beginning_beside_it(admin_client: Client, centre: CentrePage) -> None:
    url = edit_url(centre)
    data = shown_form(admin_client, url, CentrePage)
    row = add_row(data, "partners", name="Board", precision="year", from_date="01/01/2022", to_date="01/01/2021")

    response = send(admin_client, url, data)

    assert response.status_code == 200
    field = soup_of(response).find(id=f"id_partners-{row}-to_date")
    assert field is not None
    assert "This is before the first date." in words(field.find_parent(class_="w-field"))
    assert not Partner.objects.exists()
