"""Opening hours at the edge of a minute, a week and a day off."""

from datetime import UTC, date, datetime

import pytest

from centres.opening_hours import OpeningHours, coming_exceptions, contradictions, opening_summary, state, week
from centres.tests.opening_data import (
    ALWAYS,
    MONDAY,
    SATURDAY,
    SUNDAY,
    SURGERY,
    exception,
    london,
    same_instant,
    session,
    weekly,
)
from core.timezone import LONDON


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("09:00-09:30", "09:30-10:00"),
        ("09:00-09:00:30", "09:00:30-10:00"),
        ("09:00-09:00:00.500000", "09:00:00.500000-10:00"),
    ],
)
def test_sessions_that_touch_do_not_overlap_however_short_they_are(first: str, second: str) -> None:
    one, other = session([MONDAY], *first.split("-")), session([MONDAY], *second.split("-"))
    assert contradictions([one, other]) == contradictions([other, one]) == []


def test_a_minute_is_enough_to_overlap() -> None:
    sessions = [session([MONDAY], "09:00", "09:31"), session([MONDAY], "09:30", "10:00")]
    assert [index for index, _ in contradictions(sessions)] == [1]


def test_a_session_that_lasts_no_time_overlaps_nothing() -> None:
    sessions = [session([MONDAY], "09:00", "09:00"), session([MONDAY], "08:00", "10:00")]
    assert [index for index, _ in contradictions(sessions)] == [0]
    assert [index for index, _ in contradictions(sessions[::-1])] == [1]


def test_no_interval_lasts_no_time() -> None:
    assert SURGERY.intervals_between(london("2026-11-23 13:00"), london("2026-11-23 14:00")) == []
    assert SURGERY.intervals_between(london("2026-11-23 17:00"), london("2026-11-24 09:00")) == []


def test_both_ends_of_an_interval_are_told_by_londons_clock() -> None:
    [found] = weekly([MONDAY], "09:00-17:00").intervals_between(london("2026-11-23 00:00"), london("2026-11-24 00:00"))
    assert found.start.tzinfo is found.end.tzinfo is LONDON


def test_open_day_and_night_says_so_until_the_closing_is_six_days_ahead() -> None:
    hours = OpeningHours(ALWAYS.sessions, (exception("2026-12-25"),))
    assert state(hours, london("2026-12-18 10:00")).text == "Open 24 hours"
    assert state(hours, london("2026-12-19 10:00")).text == "Open now, closes midnight at the end of Thursday"


def test_a_bank_holiday_on_a_weekend_is_called_by_its_name_before_and_in_the_week() -> None:
    hours = weekly([SATURDAY], "09:00-12:00")
    assert state(hours, london("2026-12-24 10:00")).text == (
        "Closed now, usually opens 9am on Saturday: Boxing Day, check before you travel"
    )
    saturday = week(hours, london("2026-12-24 10:00"))[SATURDAY]
    assert (saturday.text, saturday.label) == ("Boxing Day: check before you travel", "Boxing Day")


def test_a_coming_exception_has_its_first_and_last_day() -> None:
    hours = OpeningHours(SURGERY.sessions, (exception("2026-12-24", "2026-12-28"),))
    [coming] = coming_exceptions(hours, date(2026, 12, 1))
    assert (coming.first, coming.last) == (date(2026, 12, 24), date(2026, 12, 28))


def test_hours_are_the_pages_own_unless_said_otherwise() -> None:
    assert opening_summary(SURGERY, london("2026-11-23 10:00")).from_centre is False


def test_after_a_session_that_lasts_no_time_the_others_of_the_day_are_still_kept() -> None:
    hours = weekly([MONDAY], "09:00-09:00", "10:00-12:00")
    assert hours.is_open(london("2026-11-23 11:00"))
    assert not hours.is_open(london("2026-11-23 09:00"))


def test_the_next_change_is_told_by_londons_clock() -> None:
    change = SURGERY.next_change(london("2026-11-23 08:00"))
    assert change is not None
    assert change.tzinfo is LONDON


def test_a_skipped_time_with_seconds_is_the_moment_the_clock_jumps() -> None:
    hours = weekly([SUNDAY], "01:30:15.500000-05:00")
    assert same_instant(hours.next_change(london("2026-03-29 00:30")), datetime(2026, 3, 29, 1, tzinfo=UTC))


def test_a_naive_time_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match=r"^An aware datetime is needed to tell whether it is open$"):
        SURGERY.is_open(datetime(2026, 11, 23, 10))  # noqa: DTZ001
