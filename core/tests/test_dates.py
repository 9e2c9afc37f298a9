"""Dates and times in plain English."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dates import (
    DatePrecision,
    add_months,
    describe_date,
    describe_day,
    describe_days,
    describe_month,
    describe_time,
    describe_weekday,
    last_day,
)

# Room at both ends for the winter, which reaches into the next year.
dates = st.dates(min_value=date(2, 1, 1), max_value=date(9998, 12, 31))


@pytest.mark.parametrize(
    ("value", "precision", "text"),
    [
        (date(2020, 9, 29), "day", "29 September 2020"),
        (date(2020, 9, 1), "day", "1 September 2020"),
        (date(2020, 9, 29), "month", "September 2020"),
        (date(2016, 3, 1), "season", "spring 2016"),
        (date(2016, 5, 31), "season", "spring 2016"),
        (date(2016, 6, 1), "season", "summer 2016"),
        (date(2016, 8, 31), "season", "summer 2016"),
        (date(2016, 9, 1), "season", "autumn 2016"),
        (date(2016, 11, 30), "season", "autumn 2016"),
        (date(2020, 12, 1), "season", "winter 2020 to 2021"),
        (date(2021, 1, 15), "season", "winter 2020 to 2021"),
        (date(2021, 2, 28), "season", "winter 2020 to 2021"),
        (date(2023, 12, 31), "end_of_year", "end of 2023"),
        (date(2018, 1, 1), "year", "2018"),
    ],
)
def test_a_date_is_said_only_as_exactly_as_it_is_known(value: date, precision: str, text: str) -> None:
    assert describe_date(value, precision) == text


@pytest.mark.parametrize("precision", DatePrecision.values)
def test_no_date_says_nothing(precision: str) -> None:
    assert describe_date(None, precision) == ""


def test_an_unknown_precision_is_an_error_even_without_a_date() -> None:
    with pytest.raises(ValueError, match="fortnight"):
        describe_date(None, "fortnight")
    with pytest.raises(ValueError, match="fortnight"):
        last_day(date(2020, 1, 1), "fortnight")


@pytest.mark.parametrize(
    ("value", "precision", "last"),
    [
        (date(2020, 9, 29), "day", date(2020, 9, 29)),
        (date(2020, 9, 1), "month", date(2020, 9, 30)),
        (date(2020, 2, 1), "month", date(2020, 2, 29)),
        (date(2016, 3, 1), "season", date(2016, 5, 31)),
        (date(2016, 7, 4), "season", date(2016, 8, 31)),
        (date(2016, 9, 30), "season", date(2016, 11, 30)),
        (date(2020, 12, 1), "season", date(2021, 2, 28)),
        (date(2024, 1, 1), "season", date(2024, 2, 29)),
        (date(2023, 1, 1), "end_of_year", date(2023, 12, 31)),
        (date(2018, 6, 1), "year", date(2018, 12, 31)),
    ],
)
def test_a_promise_is_late_only_after_its_last_day(value: date, precision: str, last: date) -> None:
    assert last_day(value, precision) == last


@given(value=dates, precision=st.sampled_from(DatePrecision.values))
def test_the_last_day_says_the_same_and_is_the_last_to_do_so(value: date, precision: str) -> None:
    last = last_day(value, precision)
    assert last >= value
    assert describe_date(last, precision) == describe_date(value, precision)
    following = date.fromordinal(last.toordinal() + 1)
    assert describe_date(following, precision) != describe_date(value, precision)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (time(9), "9am"),
        (time(17, 30), "5:30pm"),
        (time(9, 5), "9:05am"),
        (time(12), "midday"),
        (time(12, 30), "12:30pm"),
        (time(0), "midnight"),
        (time(0, 15), "12:15am"),
        (time(23, 59, 59), "11:59pm"),
    ],
)
def test_times_are_said_as_people_say_them(value: time, text: str) -> None:
    assert describe_time(value) == text


@given(
    st.times().map(lambda value: value.replace(second=0, microsecond=0)),
    st.times().map(lambda value: value.replace(second=0, microsecond=0)),
)
def test_no_two_minutes_of_the_day_are_said_alike(one: time, other: time) -> None:
    assert (describe_time(one) == describe_time(other)) == (one == other)


def test_days_weekdays_and_months_are_written_out() -> None:
    assert describe_day(date(2026, 5, 4)) == "4 May 2026"
    assert describe_weekday(date(2026, 5, 25)) == "Monday 25 May 2026"
    assert describe_month(date(2026, 5, 25)) == "May 2026"


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 12, 25), date(2026, 12, 25), "Friday 25 December 2026"),
        (date(2026, 12, 24), date(2026, 12, 28), "24 to 28 December 2026"),
        (date(2026, 11, 30), date(2026, 12, 2), "30 November to 2 December 2026"),
        (date(2026, 12, 24), date(2027, 1, 4), "24 December 2026 to 4 January 2027"),
        (date(2026, 5, 4), date(2027, 5, 6), "4 May 2026 to 6 May 2027"),
    ],
)
def test_a_run_of_days_says_nothing_twice(first: date, last: date, text: str) -> None:
    assert describe_days(first, last) == text


@pytest.mark.parametrize(
    ("value", "months", "result"),
    [
        (date(2020, 9, 29), 6, date(2021, 3, 29)),
        (date(2020, 9, 29), 3, date(2020, 12, 29)),
        (date(2020, 12, 31), 2, date(2021, 2, 28)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(2021, 3, 31), -1, date(2021, 2, 28)),
        (date(2021, 1, 15), -1, date(2020, 12, 15)),
        (date(2021, 1, 15), 0, date(2021, 1, 15)),
    ],
)
def test_months_are_added_without_leaving_the_calendar(value: date, months: int, result: date) -> None:
    assert add_months(value, months) == result
