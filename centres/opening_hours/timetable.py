"""Opening hours as lists of days and times, for whatever hands them on to other programs."""

from dataclasses import dataclass, replace
from datetime import date

from centres.opening_hours.hours import OpeningHours
from centres.opening_hours.sessions import MIDNIGHT, ONE_DAY, Session, Times
from centres.opening_hours.wording import unconfirmed_bank_holiday

# Any week will do for what is the same in every one.
_A_MONDAY = date(2001, 1, 1)


@dataclass(frozen=True, slots=True)
class DayTimes:
    """When it is open on one day without an appointment; no times means closed.

    `is_certain` is False on a bank holiday of which nobody has said whether the usual hours are kept.
    """

    day: date
    times: tuple[Times, ...]
    is_certain: bool = True


def weekly_times(hours: OpeningHours) -> tuple[tuple[Times, ...], ...]:
    """Return the times of the seven days of every week, Monday first; () if no weekly pattern is known.

    Sessions of some weeks only, and all that is by appointment, are left out; `different_days` has the former.
    """
    if not hours.sessions:
        return ()
    weekly = _every_week(hours)
    return tuple(weekly.sessions_on(_A_MONDAY + ahead * ONE_DAY) for ahead in range(7))


def different_days(hours: OpeningHours, first: date, days: int) -> tuple[DayTimes, ...]:
    """Return the days, of so many from `first` on, whose times are not those of every week."""
    weekly = weekly_times(hours) or ((),) * 7
    found = []
    for ahead in range(days):
        day = first + ahead * ONE_DAY
        is_certain = unconfirmed_bank_holiday(hours, day) is None
        times = hours.sessions_on(day)
        if not is_certain or times != weekly[day.weekday()]:
            found.append(DayTimes(day, times, is_certain))
    return tuple(found)


def _every_week(hours: OpeningHours) -> OpeningHours:
    # A building that opens in some weeks only is closed in the others, which no sessions at all would not say.
    never = Session(frozenset(), MIDNIGHT, MIDNIGHT)
    return replace(
        hours,
        sessions=(never, *(session for session in hours.sessions if session.is_every_week)),
        exceptions=(),
        within=_every_week(hours.within) if hours.within is not None and hours.within.sessions else None,
    )
