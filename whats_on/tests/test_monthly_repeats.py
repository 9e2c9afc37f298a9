"""Which day of each month is the same weekday, how many dates follow at most, and by which clock they are told."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.timezone import LONDON
from whats_on.repeats import MOST_REPEATS, Repeat, repeated
from whats_on.tests.making import london


@pytest.mark.parametrize(
    ("first", "following"),
    [
        (date(2026, 8, 4), [date(2026, 9, 1), date(2026, 10, 6)]),  # the first Tuesday
        (date(2026, 5, 7), [date(2026, 6, 4), date(2026, 7, 2)]),  # the 7th is still the first week
        (date(2026, 5, 8), [date(2026, 6, 12), date(2026, 7, 10)]),  # the 8th is the second
        (date(2026, 5, 13), [date(2026, 6, 10), date(2026, 7, 8)]),
        (date(2026, 5, 20), [date(2026, 6, 17), date(2026, 7, 15)]),
        (date(2026, 5, 28), [date(2026, 6, 25), date(2026, 7, 23)]),  # the fourth, though a fifth follows in July
        (date(2026, 5, 29), [date(2026, 6, 26), date(2026, 7, 31)]),  # the fifth is the last
        (date(2026, 5, 30), [date(2026, 6, 27), date(2026, 7, 25)]),
        (date(2026, 5, 31), [date(2026, 6, 28), date(2026, 7, 26)]),
        (date(2026, 11, 10), [date(2026, 12, 8), date(2027, 1, 12)]),
    ],
)
def test_each_month_has_the_same_weekday_of_the_same_week(first: date, following: list[date]) -> None:
    start = london(first.year, first.month, first.day)
    found = repeated(start, start + timedelta(hours=1), Repeat.MONTHLY_WEEKDAY, times=2)
    assert [begins.date() for begins, _ in found] == following


@pytest.mark.parametrize(
    ("times", "number"), [(0, 0), (1, 1), (MOST_REPEATS, 60), (MOST_REPEATS + 1, 61), (MOST_REPEATS + 2, 61)]
)
def test_at_most_one_more_is_given_than_may_be_made(times: int, number: int) -> None:
    start = london(2026, 5, 5)
    assert len(repeated(start, start + timedelta(hours=1), Repeat.WEEKLY, times=times)) == number


def test_dates_are_told_by_londons_clock_whoever_asks() -> None:
    start = datetime(2026, 5, 5, 23, 30, tzinfo=UTC)  # after midnight in London
    [(begins, ends)] = repeated(start, start + timedelta(hours=1), Repeat.MONTHLY_DAY, times=1)
    assert (begins, ends) == (london(2026, 6, 6, 0, 30), london(2026, 6, 6, 1, 30))
    assert begins.tzinfo is ends.tzinfo is LONDON
