"""The hours of a service at a centre: its own week, else the centre's, and never while the centre is shut."""

from datetime import date, datetime

import pytest
from django.test import Client

from centres.factories import CentrePageFactory, CentreServicePageFactory, ServicePageFactory
from centres.models import CentrePage, CentreServicePage
from centres.tests.opening_blocks import WEEKDAYS, closed_on, nine_to_five, open_differently_on, open_on
from core.timezone import LONDON
from home.factories import SmallSite
from testing.html import read, section, words

WEDNESDAY = datetime(2026, 6, 10, 12, tzinfo=LONDON)


@pytest.fixture
def centre(small_site: SmallSite) -> CentrePage:
    return CentrePageFactory(parent=small_site.centres, short_name="Testville")


@pytest.fixture
def page(small_site: SmallSite, centre: CentrePage) -> CentreServicePage:
    return CentreServicePageFactory(parent=centre, service=ServicePageFactory(parent=small_site.services))


@pytest.fixture(autouse=True)
def _wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: WEDNESDAY)


def times(client: Client, page: CentreServicePage) -> tuple[str, list[str]]:
    found = section(read(client, page.url), "Opening times")
    return words(found), [words(row.find("td")) for row in found.select("tbody tr")]


def test_without_its_own_week_it_keeps_the_centres_and_says_so(
    client: Client, page: CentreServicePage, centre: CentrePage
) -> None:
    centre.hours = nine_to_five()
    centre.exceptions = [open_differently_on(date(2026, 6, 11), "09:00", "20:00")]
    centre.save()
    text, week = times(client, page)
    assert week == ["9am to 5pm"] * 3 + ["9am to 8pm (Late evening)", "9am to 5pm"] + ["Closed"] * 2
    assert "These are the opening times of the whole centre." in text


def test_its_own_week_replaces_the_centres_but_not_its_closures(
    client: Client, page: CentreServicePage, centre: CentrePage
) -> None:
    centre.hours = nine_to_five()
    centre.exceptions = [
        open_differently_on(date(2026, 6, 11), "09:00", "20:00"),
        closed_on(date(2026, 6, 12), "Fair"),
    ]
    centre.save()
    page.hours = [open_on(WEEKDAYS, "10:00", "11:00")]
    page.save()
    text, week = times(client, page)
    assert week == ["10am to 11am"] * 4 + ["Closed (Fair)"] + ["Closed"] * 2
    assert "whole centre" not in text


def test_its_own_exception_counts_before_the_centres_where_it_has_its_own_door(
    client: Client, page: CentreServicePage, centre: CentrePage
) -> None:
    centre.hours = nine_to_five()
    centre.exceptions = [closed_on(date(2026, 6, 12), "Fair")]
    centre.save()
    page.exceptions = [open_differently_on(date(2026, 6, 12), "18:00", "19:00", "Juggling at the fair")]
    page.save()
    assert times(client, page)[1][4] == "Closed (Fair)"
    page.has_own_door = True
    page.save()
    assert times(client, page)[1][4] == "6pm to 7pm (Juggling at the fair)"


def test_it_is_never_open_while_the_centre_is_shut(
    client: Client, page: CentreServicePage, centre: CentrePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre.hours = nine_to_five()
    centre.exceptions = [open_differently_on(WEDNESDAY.date(), "09:00", "12:30", "Boiler repair")]
    centre.save()
    page.hours = [open_on(WEEKDAYS, "08:00", "16:00")]
    page.save()
    monkeypatch.setattr("django.utils.timezone.now", lambda: WEDNESDAY.replace(hour=13))
    assert "Closed now, opens 9am tomorrow" in words(section(read(client, page.url), "Can you get it here?"))
    text, week = times(client, page)
    assert week[2] == "9am to 12:30pm (Boiler repair)"
    assert "Wednesday 10 June 2026: 9am to 12:30pm (Boiler repair)" in text
    row = section(read(client, page.service.url), "Where you can get it")
    assert "Closed now, opens 9am tomorrow" in words(row)


def test_what_is_not_every_week_is_said_beneath_the_week(client: Client, page: CentreServicePage) -> None:
    first_saturday = {"weeks": ["1"], "every_second_from": None, "first": None, "last": None}
    kind, value = open_on(["5"], "09:00", "12:00")
    page.hours = [(kind, {**value, "rule": first_saturday})]
    page.save()
    text, week = times(client, page)
    assert week == ["Closed"] * 7
    assert "First Saturday of the month. Next: Saturday 4 July 2026, 9am to midday." in text


def test_it_says_at_the_top_whether_it_is_open_at_this_moment(client: Client, page: CentreServicePage) -> None:
    page.hours = [open_on(WEEKDAYS, "10:00", "11:00")]
    page.save()
    assert "Closed now, opens 10am tomorrow" in words(section(read(client, page.url), "Can you get it here?"))
