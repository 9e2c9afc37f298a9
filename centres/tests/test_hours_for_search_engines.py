"""What search engines are told of opening hours is what residents read, and nothing that nobody has confirmed."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client

from centres.factories import CentrePageFactory, CentreServicePageFactory, ServicePageFactory
from centres.opening_hours import special_hours, usual_hours
from home.factories import SmallSite
from testing.html import read, structured_data

from .opening_data import ALWAYS, FRIDAY, NIGHTS, SATURDAY, SURGERY, exception, session, weekly

# A Tuesday long before any bank holiday of that year.
TODAY = date(2126, 1, 15)
BANK_HOLIDAY = date(2026, 5, 25)


def said(hours: Any, today: date = TODAY) -> list[tuple[Any, ...]]:
    return [
        (*each.get("dayOfWeek", []), each.get("validFrom"), each.get("validThrough"), each["opens"], each["closes"])
        for each in usual_hours(hours, today) + special_hours(hours, today)
    ]


def test_the_week_is_said_once_for_all_days_with_the_same_times() -> None:
    week = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", None, None)
    assert said(SURGERY) == [(*week, "09:00", "13:00"), (*week, "14:00", "17:00")]


def test_nights_end_on_the_next_day_and_a_whole_day_ends_at_its_last_minute() -> None:
    assert said(NIGHTS) == [("Friday", "Saturday", "Sunday", None, None, "22:00", "02:00")]
    [always] = said(ALWAYS)
    assert always[-2:] == ("00:00", "23:59")


def test_days_in_a_row_that_are_different_are_said_together() -> None:
    hours = replace(
        SURGERY, exceptions=(exception("2126-02-04", "2126-02-06"), exception("2126-02-07", "", "10:00-12:00"))
    )
    shut, short = said(hours)[2:]
    assert shut == ("2126-02-04", "2126-02-06", "00:00", "00:00")
    assert short == ("2126-02-07", "2126-02-07", "10:00", "12:00")


def test_a_day_that_is_only_in_some_weeks_is_said_by_its_dates() -> None:
    hours = replace(SURGERY, sessions=(session([SATURDAY], "09:00", "12:00", weeks=frozenset({1})),))
    assert said(hours) == [(day, day, "09:00", "12:00") for day in ("2126-02-02", "2126-03-02", "2126-04-06")]


def test_nothing_is_claimed_of_a_bank_holiday_that_nobody_has_confirmed() -> None:
    before = date(2026, 5, 20)
    assert {each["validThrough"] for each in usual_hours(SURGERY, before)} == {"2026-05-24"}
    assert usual_hours(SURGERY, BANK_HOLIDAY) == []
    assert said(replace(SURGERY, exceptions=(exception("2026-05-25"),)), before)[-1][:3] == (
        "2026-05-25",
        "2026-05-25",
        "00:00",
    )


def test_a_service_is_cut_to_its_building() -> None:
    building = replace(weekly([FRIDAY], "09:00-17:00"), exceptions=(exception("2126-02-01", "", "09:00-12:30"),))
    service = replace(weekly([FRIDAY], "08:00-16:00"), within=building)
    assert said(service) == [
        ("Friday", None, None, "09:00", "16:00"),
        ("2126-02-01", "2126-02-01", "09:00", "12:30"),
    ]


@pytest.mark.django_db
def test_an_open_centre_and_its_service_tell_their_hours(client: Client, small_site: SmallSite) -> None:
    day = {"days": ["0"], "way": "times", "opens": "09:00", "closes": "17:00"}
    centre = CentrePageFactory(parent=small_site.centres, hours=[{"type": "session", "value": day}])
    service = CentreServicePageFactory(parent=centre, service=ServicePageFactory(parent=small_site.services))
    [usual] = structured_data(read(client, centre.url))["openingHoursSpecification"]
    assert (usual["dayOfWeek"], usual["opens"], usual["closes"]) == (["Monday"], "09:00", "17:00")
    assert structured_data(read(client, service.url))["about"]["hoursAvailable"][0]["opens"] == "09:00"
