"""A service is never open in a shut building."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centres.opening_hours import ExceptionPeriod, OpeningHours, Session, coming_exceptions, opening_summary, state
from centres.tests.opening_data import (
    EVERY_DAY,
    MONDAY,
    NIGHTS,
    SATURDAY,
    WEDNESDAY,
    WORKING_DAYS,
    exception,
    london,
    session,
    weekly,
)
from centres.tests.test_opening_properties import DAY, MINUTE, exceptions, moments, opening_hours, patterns, unhurried
from core.dates import describe_time
from core.timezone import LONDON

Pattern = tuple[Session, ...]
Different = tuple[ExceptionPeriod, ...]

BLOOD_TESTS = weekly(WORKING_DAYS, "08:00-16:00").sessions
BUILDING = OpeningHours(
    weekly(WORKING_DAYS, "07:00-19:00").sessions, (exception("2126-06-05", "", "07:00-12:30", label="Boiler repair"),)
)
SERVICE = OpeningHours(BLOOD_TESTS, (), BUILDING)


@pytest.mark.parametrize(
    ("at", "text"),
    [
        ("2126-06-05 10:00", "Open now, closes 12:30pm"),
        ("2126-06-05 13:00", "Closed now, opens 8am tomorrow"),
        ("2126-06-06 13:00", "Open now, closes 4pm"),
    ],
)
def test_its_hours_end_where_the_buildings_do(at: str, text: str) -> None:
    assert state(SERVICE, london(at)).text == text


def test_a_day_on_which_the_building_cuts_its_hours_is_among_the_different_ones() -> None:
    [coming] = coming_exceptions(SERVICE, date(2126, 6, 1))
    assert (coming.date_text, coming.text, coming.label) == (
        "Wednesday 5 June 2126",
        "8am to 12:30pm",
        "Boiler repair",
    )
    wednesday = opening_summary(SERVICE, london("2126-06-03 10:00")).week[WEDNESDAY]
    assert (wednesday.text, wednesday.label) == ("8am to 12:30pm", "Boiler repair")


def test_a_day_on_which_the_building_is_open_longer_is_like_any_other() -> None:
    building = OpeningHours(BUILDING.sessions, (exception("2126-06-05", "", "07:00-22:00", label="Late evening"),))
    hours = OpeningHours(BLOOD_TESTS, (), building)
    assert coming_exceptions(hours, date(2126, 6, 1)) == ()
    assert opening_summary(hours, london("2126-06-05 10:00")).week[WEDNESDAY].label == ""


def test_where_the_building_is_shut_all_day_its_reason_is_given_and_when_it_opens_again() -> None:
    building = OpeningHours(BUILDING.sessions, (exception("2126-06-05", label="boiler repair"),))
    own = exception("2126-06-05", "", "18:00-19:00", label="Late clinic")
    for hours in (OpeningHours(BLOOD_TESTS, (), building), OpeningHours(BLOOD_TESTS, (own,), building)):
        assert state(hours, london("2126-06-05 10:00")).text == "Closed today: boiler repair. Opens 8am tomorrow"


def test_a_building_of_which_nothing_is_known_cuts_nothing_but_on_the_days_that_are() -> None:
    building = OpeningHours((), (exception("2126-06-05"),))
    hours = OpeningHours(BLOOD_TESTS, (), building)
    assert hours.is_open(london("2126-06-04 15:00"))
    assert not hours.is_open(london("2126-06-05 10:00"))


def test_a_night_goes_on_as_long_as_the_building() -> None:
    hours = OpeningHours(NIGHTS.sessions, (), weekly(EVERY_DAY, "06:00-01:00"))
    assert state(hours, london("2026-11-27 23:00")).text == "Open now, closes 1am tomorrow"
    assert not hours.is_open(london("2026-11-28 01:30"))


def test_where_the_building_opens_by_appointment_so_does_the_service() -> None:
    by_appointment = session([SATURDAY], "00:00", "00:00", by_appointment=True)
    building = OpeningHours((*BUILDING.sessions, by_appointment))
    hours = OpeningHours(weekly([MONDAY, SATURDAY], "09:00-12:00").sessions, (), building)
    saturday = london("2126-06-08 10:00")
    assert not hours.is_open(saturday)
    assert state(hours, saturday).text == "By appointment today, 9am to midday"


@unhurried
@given(patterns, st.lists(exceptions, max_size=2).map(tuple), opening_hours, moments)
def test_a_service_is_never_open_in_a_shut_building(
    own: Pattern, different: Different, building: OpeningHours, at: datetime
) -> None:
    service = OpeningHours(own, different, building)
    day = at.astimezone(LONDON).date()
    if building.sessions or building.is_settled_on(day):
        assert building.is_open(at) or not service.is_open(at)
    alone = OpeningHours(own, different)
    assert alone.is_open(at) or not service.is_open(at)
    for opens, _ in service.intervals_between(at, at + DAY):
        assert alone.is_open(opens)


@unhurried
@given(patterns, st.lists(exceptions, max_size=2).map(tuple), opening_hours, moments)
def test_it_opens_again_when_it_says(own: Pattern, different: Different, building: OpeningHours, at: datetime) -> None:
    service = OpeningHours(own, different, building)
    change = service.next_change(at)
    horizon = at + 20 * DAY if change is None else change.astimezone(at.tzinfo)
    minute = at
    while minute < min(horizon, at + 2 * DAY):
        assert service.is_open(minute) is service.is_open(at)
        minute += 15 * MINUTE
    if change is not None:
        assert service.is_open(change) is not service.is_open(at)
        said = state(service, at)
        if said.is_open is False and "opens" in said.text.lower():
            assert describe_time(change.time()) in said.text
