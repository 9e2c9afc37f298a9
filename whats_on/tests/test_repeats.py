"""When a date comes round again: across clock changes, in short months, on the same weekday."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dates import LAST_YEAR
from core.timezone import LONDON
from whats_on.repeats import MOST_REPEATS, Repeat, repeated

from .making import london


def days(start: datetime, repeat: Repeat, times: int) -> list[str]:
    """Return the days on which it comes round."""
    return [f"{begins:%d/%m/%Y}" for begins, _ in repeated(start, start + timedelta(hours=2), repeat, times=times)]


@pytest.mark.parametrize(
    ("repeat", "expected"),
    [
        (Repeat.WEEKLY, ["12/05/2026", "19/05/2026", "26/05/2026"]),
        (Repeat.FORTNIGHTLY, ["19/05/2026", "02/06/2026", "16/06/2026"]),
        (Repeat.FOUR_WEEKLY, ["02/06/2026", "30/06/2026", "28/07/2026"]),
        (Repeat.MONTHLY_WEEKDAY, ["02/06/2026", "07/07/2026", "04/08/2026"]),
        (Repeat.MONTHLY_DAY, ["05/06/2026", "05/07/2026", "05/08/2026"]),
    ],
)
def test_the_first_tuesday_of_may_comes_round(repeat: Repeat, expected: list[str]) -> None:
    assert days(london(2026, 5, 5), repeat, 3) == expected


def test_a_fifth_weekday_is_the_last_of_each_month() -> None:
    assert days(london(2026, 3, 31), Repeat.MONTHLY_WEEKDAY, 4) == [
        "28/04/2026",
        "26/05/2026",
        "30/06/2026",
        "28/07/2026",
    ]


def test_the_31st_is_the_last_day_of_shorter_months_and_the_31st_again_after_them() -> None:
    assert days(london(2027, 12, 31), Repeat.MONTHLY_DAY, 4) == ["31/01/2028", "29/02/2028", "31/03/2028", "30/04/2028"]


@pytest.mark.parametrize(
    ("start", "before", "after"),
    [(london(2027, 3, 22, 14), "14:00", "13:00"), (london(2026, 10, 19, 14), "13:00", "14:00")],
)
def test_the_time_of_day_stays_across_the_clock_changes(start: datetime, before: str, after: str) -> None:
    [(begins, ends)] = repeated(start, start + timedelta(hours=2), Repeat.WEEKLY, times=1)
    assert (f"{begins:%H:%M}", f"{ends:%H:%M}") == ("14:00", "16:00")
    assert f"{start.astimezone(UTC):%H:%M}" == before
    assert f"{begins.astimezone(UTC):%H:%M}" == after


def test_a_beginning_in_utc_is_repeated_by_londons_clock() -> None:
    start = datetime(2026, 10, 19, 13, tzinfo=UTC)
    [(begins, _)] = repeated(start, start + timedelta(hours=2), Repeat.WEEKLY, times=1)
    assert begins == london(2026, 10, 26, 14)


def test_a_time_that_a_day_does_not_have_becomes_the_one_that_clocks_show() -> None:
    [(begins, ends)] = repeated(london(2027, 3, 21, 1, 30), london(2027, 3, 21, 3), Repeat.WEEKLY, times=1)
    assert f"{begins:%d %H:%M} {ends:%H:%M}" == "28 02:30 03:00"


def test_what_ends_on_the_next_day_does_so_each_time() -> None:
    [(begins, ends)] = repeated(london(2026, 5, 5, 22), london(2026, 5, 6, 1), Repeat.WEEKLY, times=1)
    assert (begins, ends) == (london(2026, 5, 12, 22), london(2026, 5, 13, 1))


def test_until_a_day_counts_that_day() -> None:
    start = london(2026, 5, 5, 23, 30)
    found = repeated(start, start + timedelta(hours=1), Repeat.WEEKLY, until=date(2026, 5, 19))
    assert [begins for begins, _ in found] == [london(2026, 5, 12, 23, 30), london(2026, 5, 19, 23, 30)]


def test_a_day_before_the_next_one_gives_none() -> None:
    assert repeated(london(2026, 5, 5), london(2026, 5, 5, 16), Repeat.WEEKLY, until=date(2026, 5, 11)) == []


def test_there_is_an_end_to_it() -> None:
    found = repeated(london(2026, 5, 5), london(2026, 5, 5, 16), Repeat.WEEKLY, until=date(9000, 1, 1))
    assert len(found) == MOST_REPEATS + 1


@given(
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 12, 31)),  # noqa: DTZ001 (a wall clock)
    st.sampled_from(Repeat),
)
def test_every_repeat_is_later_than_the_one_before_and_at_the_same_time_of_day(wall: datetime, repeat: Repeat) -> None:
    start = wall.replace(hour=14, tzinfo=LONDON)
    found = [start, *(begins for begins, _ in repeated(start, start + timedelta(hours=1), repeat, times=20))]
    assert all(earlier < later for earlier, later in pairwise(found))
    assert {begins.time() for begins in found} == {start.time()}
    if repeat != Repeat.MONTHLY_DAY:
        assert {begins.weekday() for begins in found} == {start.weekday()}


@pytest.mark.parametrize("repeat", Repeat)
def test_nothing_comes_round_beyond_the_last_year(repeat: Repeat) -> None:
    last = datetime(9999, 12, 30, 10, tzinfo=LONDON)
    assert repeated(last, last + timedelta(hours=2), repeat, times=5) == []
    assert repeated(last, last + timedelta(hours=2), repeat, until=date.max) == []
    late = datetime(LAST_YEAR, 12, 1, 10, tzinfo=LONDON)
    found = repeated(late, late + timedelta(hours=2), repeat, times=10)
    assert all(begins.year == LAST_YEAR for begins, _ in found)
    # An end that somebody mistyped breaks nothing.
    assert repeated(late.replace(year=2026), last, repeat, times=1) == []
