"""A weekly pattern of opening hours with dated exceptions, and when it is open.

Where the clocks change, times are what a clock on the wall shows. A time that is skipped in spring (1:30am)
means the moment the clock jumps to 2am; a time that comes twice in autumn means the first of the two. A
session that disappears in the skipped hour does not take place.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from itertools import product
from typing import NamedTuple

from centres.opening_hours.sessions import MIDNIGHT, ONE_DAY, ExceptionPeriod, Session, Times
from core.timezone import LONDON

# A pattern repeats every week, and once a year a clock change may swallow a session: what does not change in
# two weeks and two days of the same pattern never changes.
_PATTERN_DAYS = 16
# Where weeks are left out it may take longer: the first Saturdays of a building that opens every second one come within
# months, and a clock change may swallow one of them.
_LONG_PATTERN_DAYS = 400


class Interval(NamedTuple):
    """A stretch of time from `start` up to, but not including, `end`: aware datetimes."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """A pattern, its exceptions, and the building that it is `within`.

    An exception is the whole truth about its days: a session of the day before ends at midnight where an
    exception begins. Of two exceptions for the same day the first listed counts.

    What is within a building is open while both are. Where the building opens by appointment, so does what is in it.
    A building of whose day nothing is known cuts nothing.
    """

    sessions: tuple[Session, ...] = ()
    exceptions: tuple[ExceptionPeriod, ...] = ()
    within: "OpeningHours | None" = None

    def exceptions_on(self, day: date) -> tuple[ExceptionPeriod, ...]:
        """Return the exceptions that count on `day`: its own, then one of the building that changes its hours."""
        own, building = self.exception_on(day), self._building_exception(day)
        is_shut = own is not None and own.sessions and not self._wall_clock(day)
        if building == own or not (is_shut or self._is_cut_by_exception(day)):
            building = None
        return tuple(period for period in (own, building) if period is not None)

    def is_settled_on(self, day: date) -> bool:
        """Tell whether an exception, its own or the building's, says what holds on `day`."""
        return self.exception_on(day) is not None or self._building_exception(day) is not None

    def sessions_on(self, day: date) -> tuple[Times, ...]:
        """Return the sessions that open on `day`, in order, those that touch or overlap joined into one."""
        return tuple((opens.time(), closes.time()) for opens, closes in self._wall_clock(day))

    def appointments_on(self, day: date) -> tuple[Times, ...]:
        """Return when people are seen by appointment on `day`, in order; midnight to midnight names no times."""
        return tuple((opens.time(), closes.time()) for opens, closes in self._by_appointment(day))

    def has_hours_on(self, day: date) -> bool:
        """Tell whether people can come at any time of `day`, by appointment or in a session of the night before too."""
        return self.is_open_on(day) or bool(self._by_appointment(day))

    def open_since_yesterday_until(self, at: datetime) -> time | None:
        """Return when the session closes that began the evening before and is open at `at`; None without one.

        Raises ValueError for a naive datetime.
        """
        now = _utc(at).astimezone(LONDON).replace(tzinfo=None)
        midnight = datetime.combine(now.date(), MIDNIGHT)
        night = [Interval(midnight, end) for _, end in self._wall_clock(now.date() - ONE_DAY) if end > midnight]
        if not night or not self.is_open(at):
            return None
        first = _joined([*night, *self._wall_clock(now.date())])[0]
        return first.end.time() if now < first.end else None

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

    def exception_on(self, day: date) -> ExceptionPeriod | None:
        """Return the exception of its own that counts on `day`, if there is one."""
        for period in self.exceptions:
            if period.covers(day) and (period.is_for_every_day or self._is_usual(day)):
                return period
        return None

    def _is_usual(self, day: date) -> bool:
        return not self.sessions or any(session.is_kept_on(day) for session in self.sessions)

    def _building_exception(self, day: date) -> ExceptionPeriod | None:
        return self.within.exception_on(day) if self.within is not None else None

    def _is_cut_by_exception(self, day: date) -> bool:
        if self.within is None or self._building_exception(day) is None:
            return False
        usual = replace(self, within=replace(self.within, exceptions=()))
        return (self.sessions_on(day), self.appointments_on(day)) != (
            usual.sessions_on(day),
            usual.appointments_on(day),
        )

    def _wall_clock(self, day: date) -> list[Interval]:
        """Return the sessions that open on `day` as naive local times, joined and in order."""
        own = self._own(day)
        return own if self.within is None else _common(own, self.within.around(day))

    def _by_appointment(self, day: date) -> list[Interval]:
        """Return when on `day` people are seen by appointment, as naive local times, joined and in order."""
        own = self._own(day, by_appointment=True)
        if self.within is None:
            return own
        open_, by_appointment = self.within.around(day), self.within.around(day, by_appointment=True)
        return _joined([*_common(own, _joined([*open_, *by_appointment])), *_common(self._own(day), by_appointment)])

    def around(self, day: date, *, by_appointment: bool = False) -> list[Interval]:
        """Return what a building offers to the sessions that open on `day`; all of a day of which nothing is known."""
        found: list[Interval] = []
        for each in (day - ONE_DAY, day, day + ONE_DAY):
            if self.sessions or self.exception_on(each) is not None:
                found += self._own(each, by_appointment=by_appointment)
            elif not by_appointment:
                found.append(Interval(datetime.combine(each, MIDNIGHT), datetime.combine(each + ONE_DAY, MIDNIGHT)))
        return _joined(found)

    def _own(self, day: date, *, by_appointment: bool = False) -> list[Interval]:
        """Return the sessions that open on `day` by its own pattern and exceptions, whatever the building does."""
        exception = self.exception_on(day)
        times: Iterable[Times]
        if exception is not None:
            times = () if by_appointment else exception.sessions
        else:
            kept = (each for each in self.sessions if each.by_appointment == by_appointment and each.is_kept_on(day))
            times = ((session.opens, session.closes) for session in kept)
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

        After each day on which another pattern takes over, that pattern is looked at for as long as it takes to come
        round and no longer, so that an exception of many years costs no more than one of a day.
        """
        whole = (self,) if self.within is None else (self, self.within)
        sessions = [session for hours in whole for session in hours.sessions]
        pattern = _PATTERN_DAYS if all(session.is_every_week for session in sessions) else _LONG_PATTERN_DAYS
        spans: list[tuple[date | None, date | None]] = [
            (period.first, period.last) for hours in whole for period in hours.exceptions
        ]
        spans += [(session.first, session.last) for session in sessions]
        starts = {session.every_second_from for session in sessions}
        starts |= {first for first, _ in spans} | {last + ONE_DAY for _, last in spans if last is not None}
        day = today - ONE_DAY
        for begins in sorted({today, *(start for start in starts if start is not None and start > today)}):
            day = max(day, begins - ONE_DAY)
            while day < begins + pattern * ONE_DAY:
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


def _common(intervals: Iterable[Interval], others: Iterable[Interval]) -> list[Interval]:
    """Return, in order, the stretches that both have."""
    cuts = (Interval(max(one.start, other.start), min(one.end, other.end)) for one, other in product(intervals, others))
    return _joined(cut for cut in cuts if cut.start < cut.end)


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
