"""A weekly pattern of opening hours with dated exceptions, and when it is open.

Where the clocks change, times are what a clock on the wall shows. A time that is skipped in spring (1:30am)
means the moment the clock jumps to 2am; a time that comes twice in autumn means the first of the two. A
session that disappears in the skipped hour does not take place.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from core.timezone import LONDON

MIDNIGHT = time(0)
ONE_DAY = timedelta(days=1)

# A pattern repeats every week, and once a year a clock change may swallow a session: what does not change in
# two weeks and two days of the same pattern never changes.
_PATTERN_DAYS = 16

# When a session opens and closes; closing at or before opening means on the following day.
Times = tuple[time, time]


class Interval(NamedTuple):
    """A stretch of time from `start` up to, but not including, `end`: aware datetimes."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """Hours kept every week on the given days (0 is Monday), belonging to the day on which they open.

    `closes` at 00:00 is the midnight that ends the day; `closes` before `opens` runs past midnight; 00:00 to
    00:00 is open 24 hours. Raises ValueError for a day that is not 0 to 6.
    """

    days: frozenset[int]
    opens: time
    closes: time

    def __post_init__(self) -> None:
        if not self.days <= frozenset(range(7)):
            raise ValueError(f"Days are 0 (Monday) to 6 (Sunday), not {sorted(self.days)}")


@dataclass(frozen=True, slots=True)
class ExceptionPeriod:
    """Days, ends included, that keep other hours than the week's; no sessions means closed all day."""

    first: date
    last: date
    label: str = ""
    sessions: tuple[Times, ...] = ()

    def covers(self, day: date) -> bool:
        """Tell whether `day` is one of this period's."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """A weekly pattern and its exceptions.

    An exception is the whole truth about its days: a session of the day before ends at midnight where an
    exception begins. Of two exceptions for the same day the first listed counts, so a service's own go before
    its centre's.
    """

    sessions: tuple[Session, ...] = ()
    exceptions: tuple[ExceptionPeriod, ...] = ()

    def exception_on(self, day: date) -> ExceptionPeriod | None:
        """Return the exception that counts on `day`, or None when the weekly pattern does."""
        return next((period for period in self.exceptions if period.covers(day)), None)

    def sessions_on(self, day: date) -> tuple[Times, ...]:
        """Return the sessions that open on `day`, in order, those that touch or overlap joined into one."""
        return tuple((opens.time(), closes.time()) for opens, closes in self._wall_clock(day))

    def intervals_between(self, start: datetime, end: datetime) -> list[Interval]:
        """Return when it is open from `start` to `end`, in order, cut to fit and never touching.

        Takes aware datetimes and returns them in Europe/London; raises ValueError for naive ones.
        """
        start, end = _utc(start), _utc(end)
        found: list[Interval] = []
        day, last = start.astimezone(LONDON).date() - ONE_DAY, end.astimezone(LONDON).date()
        while day <= last:
            for interval in self._instants(day):
                cut = Interval(max(interval.start, start), min(interval.end, end))
                if cut.start < cut.end:
                    found.append(cut)
            day += ONE_DAY
        return [Interval(opens.astimezone(LONDON), closes.astimezone(LONDON)) for opens, closes in _joined(found)]

    def is_open(self, at: datetime) -> bool:
        """Tell whether it is open at an aware datetime; raises ValueError for a naive one."""
        now = _utc(at)
        today = now.astimezone(LONDON).date()
        return any(opens <= now < closes for day in (today - ONE_DAY, today) for opens, closes in self._instants(day))

    def is_open_on(self, day: date) -> bool:
        """Tell whether it is open at any time of `day`, a session from the night before included."""
        midnight = datetime.combine(day, MIDNIGHT, LONDON)
        return bool(self.intervals_between(midnight, midnight + ONE_DAY))

    def next_change(self, at: datetime) -> datetime | None:
        """Return when it next opens or closes after `at`, in Europe/London.

        None when it never does: no hours, or open day and night. Raises ValueError for a naive datetime.
        """
        now = _utc(at)
        is_open = self.is_open(now)
        for day in self._days_that_may_differ(now.astimezone(LONDON).date()):
            edges = sorted(edge for interval in self._instants(day) for edge in interval)
            for edge in edges:
                if edge > now and self.is_open(edge) != is_open:
                    return edge.astimezone(LONDON)
        return None

    def _wall_clock(self, day: date) -> list[Interval]:
        """Return the sessions that open on `day` as naive local times, joined and in order."""
        exception = self.exception_on(day)
        times: Iterable[Times]
        if exception is not None:
            times = exception.sessions
        else:
            times = ((session.opens, session.closes) for session in self.sessions if day.weekday() in session.days)
        tomorrow = day + ONE_DAY
        exception_tomorrow = self.exception_on(tomorrow)
        ends_at_midnight = exception_tomorrow is not None and exception_tomorrow != exception
        found = []
        for opens, closes in times:
            if opens == closes != MIDNIGHT:
                continue
            end = datetime.combine(day if closes > opens else tomorrow, closes)
            if ends_at_midnight:
                end = min(end, datetime.combine(tomorrow, MIDNIGHT))
            found.append(Interval(datetime.combine(day, opens), end))
        return _joined(found)

    def _instants(self, day: date) -> list[Interval]:
        """Return the sessions that open on `day` in UTC.

        Python compares two datetimes of the same zone by the clock on the wall, which is wrong on the night
        the clocks go back; in UTC it is right.
        """
        intervals = (Interval(_instant(opens), _instant(closes)) for opens, closes in self._wall_clock(day))
        return [interval for interval in intervals if interval.start < interval.end]

    def _days_that_may_differ(self, today: date) -> Iterator[date]:
        """Yield in order the days from yesterday on that can hold the next change.

        After each day on which another pattern takes over, that pattern is looked at for a fortnight and no
        longer, so that an exception of many years costs no more than one of a day.
        """
        edges = (edge for period in self.exceptions for edge in (period.first, period.last + ONE_DAY))
        day = today - ONE_DAY
        for begins in sorted({today, *(edge for edge in edges if edge > today)}):
            day = max(day, begins - ONE_DAY)
            while day < begins + _PATTERN_DAYS * ONE_DAY:
                yield day
                day += ONE_DAY


def _joined(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the intervals in order, with those that touch or overlap made one."""
    joined: list[Interval] = []
    for interval in sorted(intervals):
        if joined and interval.start <= joined[-1].end:
            joined[-1] = Interval(joined[-1].start, max(joined[-1].end, interval.end))
        else:
            joined.append(interval)
    return joined


def _instant(wall_clock: datetime) -> datetime:
    """Return the moment in UTC at which a clock in London first shows this naive time, or jumps past it."""
    instant = wall_clock.replace(tzinfo=LONDON).astimezone(UTC)
    if instant.astimezone(LONDON).replace(tzinfo=None) != wall_clock:
        # Skipped in spring. Britain's clocks change on the hour and by one hour.
        return instant.replace(minute=0, second=0, microsecond=0)
    return instant


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("An aware datetime is needed to tell whether it is open")
    return at.astimezone(UTC)
