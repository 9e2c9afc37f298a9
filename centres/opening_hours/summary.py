"""What a page shows of opening hours, made ready so that templates only print it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from centres.opening_hours.hours import ONE_DAY, OpeningHours
from centres.opening_hours.wording import (
    bank_holiday_warning,
    describe_sessions,
    state,
    unconfirmed_bank_holiday,
    unconfirmed_text,
)
from core.dates import WEEKDAYS, describe_days
from core.timezone import LONDON


@dataclass(frozen=True, slots=True)
class DayLine:
    """One line of the weekly table; `label` is the exception's or the bank holiday's name, or ""."""

    on: date
    day: str
    is_today: bool
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class ComingException:
    """An exception that residents should know of in advance."""

    first: date
    last: date
    date_text: str
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class OpeningSummary:
    """Everything a page shows of opening hours; empty strings and tuples where nothing is known.

    `is_open` is None where nothing may be claimed. `from_centre` says that a service gave no hours of its own
    and these are its centre's. `has_hours` is about the weekly pattern: without one `week` is empty.
    """

    has_hours: bool
    is_open: bool | None
    state_text: str
    today_text: str
    week: tuple[DayLine, ...]
    coming: tuple[ComingException, ...]
    warning_text: str
    from_centre: bool
    note: str


def opening_summary(hours: OpeningHours, now: datetime, note: str = "", from_centre: bool = False) -> OpeningSummary:
    """Return what to show at `now`, an aware datetime; raises ValueError for a naive one."""
    state_now = state(hours, now)
    today = now.astimezone(LONDON).date()
    return OpeningSummary(
        has_hours=bool(hours.sessions),
        is_open=state_now.is_open,
        state_text=state_now.text,
        today_text=_day_line(hours, today, today).text if state_now.text else "",
        week=week(hours, today),
        coming=coming_exceptions(hours, today),
        warning_text=bank_holiday_warning(hours, today),
        from_centre=from_centre,
        note=note,
    )


def week(hours: OpeningHours, today: date) -> tuple[DayLine, ...]:
    """Return the seven days of today's week, Monday first, exceptions applied; () without a pattern."""
    if not hours.sessions:
        return ()
    monday = today - today.weekday() * ONE_DAY
    return tuple(_day_line(hours, monday + ahead * ONE_DAY, today) for ahead in range(7))


def coming_exceptions(hours: OpeningHours, today: date, days: int = 60) -> tuple[ComingException, ...]:
    """Return the exceptions that touch the days from `today` to `days` later, the earliest first."""
    until = today + timedelta(days=days)
    periods = [period for period in hours.exceptions if max(period.first, today) <= min(period.last, until)]
    return tuple(
        ComingException(
            first=period.first,
            last=period.last,
            date_text=describe_days(period.first, period.last),
            text=describe_sessions(sorted(period.sessions)),
            label=period.label,
        )
        for period in sorted(periods, key=lambda period: (period.first, period.last))
    )


def _day_line(hours: OpeningHours, day: date, today: date) -> DayLine:
    exception = hours.exception_on(day)
    holiday = unconfirmed_bank_holiday(hours, day)
    label = exception.label if exception is not None else holiday or ""
    text = unconfirmed_text(day, holiday) if holiday else describe_sessions(hours.sessions_on(day))
    return DayLine(on=day, day=WEEKDAYS[day.weekday()], is_today=day == today, text=text, label=label)
