"""Opening hours hold together whatever the hours and whenever they are asked for."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from centres.opening_hours import (
    ExceptionPeriod,
    OpeningHours,
    Session,
    contradictions,
    exception_contradictions,
    opening_summary,
    state,
)
from centres.tests.opening_data import CLOCKS_GO_BACK, CLOCKS_GO_FORWARD, weekly
from core.timezone import LONDON

# A busy machine is slow, which is no fault of the hours.
unhurried = settings(deadline=None)

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

# Around both clock changes and Christmas as well as anywhere; quarters of an hour, so that sessions touch.
dates = st.one_of(
    st.dates(date(2026, 3, 25), date(2026, 4, 2)),
    st.dates(date(2026, 10, 21), date(2026, 10, 29)),
    st.dates(date(2026, 12, 20), date(2027, 1, 5)),
    st.dates(date(2020, 1, 1), date(2035, 12, 31)),
)
times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
moments = st.builds(
    lambda day, minute: datetime(day.year, day.month, day.day, tzinfo=UTC) + minute * MINUTE,
    dates,
    st.integers(0, 24 * 60 - 1),
)
sessions = st.builds(Session, st.frozensets(st.integers(0, 6)), times, times)
patterns = st.lists(sessions, max_size=4).map(tuple)
exceptions = st.builds(
    lambda first, length, label, pairs: ExceptionPeriod(first, first + length * DAY, label, tuple(pairs)),
    dates,
    st.integers(0, 5),
    st.text(max_size=5),
    st.lists(st.tuples(times, times), max_size=2),
)
opening_hours = st.builds(OpeningHours, patterns, st.lists(exceptions, max_size=3).map(tuple))


@unhurried
@given(opening_hours, moments, st.integers(1, 72))
def test_open_means_inside_an_interval(hours: OpeningHours, start: datetime, length: int) -> None:
    end = start + timedelta(hours=length)
    intervals = [
        (opens.astimezone(UTC), closes.astimezone(UTC)) for opens, closes in hours.intervals_between(start, end)
    ]
    for minutes in range(0, length * 60, 7):
        at = start + minutes * MINUTE
        assert hours.is_open(at) == any(opens <= at < closes for opens, closes in intervals)


@unhurried
@given(opening_hours, moments, st.integers(1, 14))
def test_intervals_are_in_order_last_some_time_and_never_touch(hours: OpeningHours, start: datetime, days: int) -> None:
    end = start + days * DAY
    intervals = hours.intervals_between(start, end)
    edges = [start, *(edge.astimezone(UTC) for interval in intervals for edge in interval), end]
    for index, (earlier, later) in enumerate(pairwise(edges)):
        may_touch = index in (0, len(edges) - 2)
        assert earlier <= later if may_touch else earlier < later


@unhurried
@given(opening_hours, moments)
def test_the_next_change_is_the_first_minute_that_differs(hours: OpeningHours, at: datetime) -> None:
    change = hours.next_change(at)
    is_open = hours.is_open(at)
    until = at + 3 * DAY if change is None else min(change.astimezone(UTC), at + 3 * DAY)
    minute = at
    while minute < until:
        assert hours.is_open(minute) is is_open
        minute += MINUTE
    if change is not None:
        assert change.astimezone(UTC) > at
        assert hours.is_open(change) is not is_open
        assert hours.is_open(change.astimezone(UTC) - timedelta(microseconds=1)) is is_open


@unhurried
@given(opening_hours, moments)
def test_where_nothing_changes_it_is_always_open_or_always_closed(hours: OpeningHours, at: datetime) -> None:
    assume(hours.next_change(at) is None)
    is_open = hours.is_open(at)
    assert all(hours.is_open(at + hour * timedelta(hours=1)) is is_open for hour in range(21 * 24))


@unhurried
@given(patterns, dates)
@example((), date(2026, 6, 1))
def test_hours_without_contradictions_add_up(pattern: tuple[Session, ...], day: date) -> None:
    assume(not contradictions(pattern))
    monday = datetime.combine(day - day.weekday() * DAY, time(), LONDON)
    end = monday + 7 * DAY
    assume(monday.utcoffset() == end.utcoffset())
    found = OpeningHours(pattern).intervals_between(monday, end)
    entered = sum((_length(session) * len(session.days) for session in pattern), timedelta())
    assert sum((closes - opens for opens, closes in found), timedelta()) == entered


@unhurried
@given(patterns)
def test_hours_that_overlap_are_always_found(pattern: tuple[Session, ...]) -> None:
    monday = datetime(2026, 6, 1, tzinfo=LONDON)
    found = OpeningHours(pattern).intervals_between(monday, monday + 7 * DAY)
    entered = sum((_length(session) * len(session.days) for session in pattern), timedelta())
    if sum((closes - opens for opens, closes in found), timedelta()) < entered:
        assert contradictions(pattern)


@unhurried
@given(st.lists(exceptions, max_size=4))
def test_exceptions_without_contradictions_never_share_a_day(periods: list[ExceptionPeriod]) -> None:
    assume(not exception_contradictions(periods))
    days = [period.first + ahead * DAY for period in periods for ahead in range((period.last - period.first).days + 1)]
    assert len(days) == len(set(days))


@unhurried
@given(patterns, st.lists(exceptions, max_size=4))
def test_contradictions_point_at_what_was_entered(pattern: tuple[Session, ...], periods: list[ExceptionPeriod]) -> None:
    for entered, found in ((pattern, contradictions(pattern)), (periods, exception_contradictions(periods))):
        assert all(0 <= index < len(entered) and message.endswith(".") for index, message in found)


@unhurried
@given(opening_hours, moments)
def test_words_agree_with_the_arithmetic(hours: OpeningHours, at: datetime) -> None:
    said = state(hours, at)
    if said.is_open is not None:
        assert said.is_open is hours.is_open(at)
        assert said.text.startswith("Open" if said.is_open else "Closed")
    else:
        assert not said.text or said.text.endswith(": check before you travel")


@unhurried
@given(opening_hours, moments)
def test_a_view_can_always_be_made(hours: OpeningHours, at: datetime) -> None:
    view = opening_summary(hours, at)
    assert len(view.week) == (7 if hours.sessions else 0)
    assert all(line.text for line in view.week)
    if view.week:
        assert [line.text for line in view.week if line.is_today] == [view.today_text]


@unhurried
@given(st.sampled_from([CLOCKS_GO_FORWARD, CLOCKS_GO_BACK]), times, times)
def test_on_the_days_the_clocks_change_every_other_hour_is_kept(change: date, opens: time, closes: time) -> None:
    """Outside the hour that is skipped or comes twice, openness is what the clock on the wall says."""
    assume(opens < closes)
    hours = weekly(range(7), f"{opens:%H:%M}-{closes:%H:%M}")
    for minutes in range(0, 24 * 60, 15):
        wall_clock = time(minutes // 60, minutes % 60)
        if wall_clock.hour != 1:
            at = datetime.combine(change, wall_clock, LONDON)
            assert hours.is_open(at) == (opens <= wall_clock < closes)


def _length(session: Session) -> timedelta:
    opens, closes = (timedelta(hours=value.hour, minutes=value.minute) for value in (session.opens, session.closes))
    if opens == closes:
        return DAY if session.opens == time() else timedelta()
    return (closes - opens) % DAY
