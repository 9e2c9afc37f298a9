"""The first day that an inexact date may mean, the day since when months have passed, and moments in London."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dates import DatePrecision, describe_date, describe_moment, first_day, last_day, latest_day_before

# Room at both ends for the winter, which reaches into the next year.
dates = st.dates(min_value=date(2, 1, 1), max_value=date(9998, 12, 31))


@pytest.mark.parametrize(
    ("value", "precision", "first"),
    [
        (date(2020, 9, 29), "day", date(2020, 9, 29)),
        (date(2020, 9, 29), "month", date(2020, 9, 1)),
        (date(2020, 9, 1), "month", date(2020, 9, 1)),
        (date(2016, 4, 30), "season", date(2016, 3, 1)),
        (date(2016, 5, 31), "season", date(2016, 3, 1)),
        (date(2016, 7, 4), "season", date(2016, 6, 1)),
        (date(2016, 10, 1), "season", date(2016, 9, 1)),
        (date(2016, 11, 30), "season", date(2016, 9, 1)),
        (date(2020, 12, 31), "season", date(2020, 12, 1)),
        (date(2021, 2, 28), "season", date(2020, 12, 1)),
        (date(2024, 2, 29), "season", date(2023, 12, 1)),
        (date(2023, 12, 31), "end_of_year", date(2023, 1, 1)),
        (date(2018, 6, 2), "year", date(2018, 1, 1)),
    ],
)
def test_a_date_may_mean_no_day_before_its_first(value: date, precision: str, first: date) -> None:
    assert first_day(value, precision) == first


def test_an_unknown_precision_has_no_first_day() -> None:
    with pytest.raises(ValueError, match="fortnight"):
        first_day(date(2020, 1, 1), "fortnight")


@given(value=dates, precision=st.sampled_from(DatePrecision.values))
def test_the_first_day_says_the_same_and_the_day_before_it_does_not(value: date, precision: str) -> None:
    first = first_day(value, precision)
    assert first <= value <= last_day(value, precision)
    assert describe_date(first, precision) == describe_date(value, precision)
    before = date.fromordinal(first.toordinal() - 1)
    assert describe_date(before, precision) != describe_date(value, precision)


@pytest.mark.parametrize(
    ("today", "months", "latest"),
    [
        (date(2026, 11, 15), 6, date(2026, 5, 15)),
        (date(2026, 2, 15), 3, date(2025, 11, 15)),
        (date(2026, 5, 29), 3, date(2026, 2, 28)),  # there was no 29th
        (date(2026, 5, 28), 3, date(2026, 2, 28)),
        (date(2026, 2, 28), 6, date(2025, 8, 31)),  # from any of the last four days of August
        (date(2024, 2, 28), 6, date(2023, 8, 28)),  # a leap year, so not the last day of its month
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 6, 30), 1, date(2026, 5, 31)),
    ],
)
def test_months_have_passed_since_a_day_that_there_was(today: date, months: int, latest: date) -> None:
    assert latest_day_before(today, months) == latest


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2027, 5, 4, 13, tzinfo=UTC), "Tuesday 4 May 2027, 2pm"),
        (datetime(2027, 1, 4, 13, 30, tzinfo=UTC), "Monday 4 January 2027, 1:30pm"),
        (datetime(2027, 5, 4, 23, tzinfo=UTC), "Wednesday 5 May 2027, midnight"),
    ],
)
def test_a_moment_is_said_by_londons_clock(moment: datetime, text: str) -> None:
    assert describe_moment(moment) == text
