"""What a page shows of opening hours, made ready so that templates only print it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from centres.opening_hours.hours import OpeningHours
from centres.opening_hours.rules import RuleLine, rules
from centres.opening_hours.sessions import ONE_DAY, ExceptionPeriod
from centres.opening_hours.wording import (
    bank_holiday_warning,
    describe_day,
    describe_sessions,
    describe_weekdays,
    reason,
    state,
    unconfirmed_bank_holiday,
    unconfirmed_text,
)
from core.dates import WEEKDAYS, describe_days, describe_time
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

    `rules` are the hours that are not kept every week.

    `is_open` is None where nothing may be claimed. `from_centre` says that a service gave no hours of its own
    and these are its centre's. `has_hours` is about the weekly pattern: without one `week` is empty.
    """

    has_hours: bool
    is_open: bool | None
    state_text: str
    today_text: str
    week: tuple[DayLine, ...]
    rules: tuple[RuleLine, ...]
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
        today_text=_today_text(hours, now) if state_now.text else "",
        week=week(hours, now),
        rules=rules(hours, today),
        coming=coming_exceptions(hours, today),
        warning_text=bank_holiday_warning(hours, today),
        from_centre=from_centre,
        note=note,
    )


def week(hours: OpeningHours, now: datetime) -> tuple[DayLine, ...]:
    """Return the seven days of the week of `now`, Monday first, exceptions applied; () without a pattern."""
    if not hours.sessions:
        return ()
    today = now.astimezone(LONDON).date()
    monday = today - today.weekday() * ONE_DAY
    return tuple(_day_line(hours, monday + ahead * ONE_DAY, now) for ahead in range(7))


def coming_exceptions(hours: OpeningHours, today: date, days: int = 60) -> tuple[ComingException, ...]:
    """Return the exceptions that touch the days from `today` to `days` later, the earliest first.

    Those of the building are among them where they change the hours.
    """
    until = today + timedelta(days=days)
    found = []
    for period in _periods(hours):
        affected = [
            day for day in _days(max(period.first, today), min(period.last, until)) if _changes(hours, period, day)
        ]
        if affected:
            found.append((period, affected))
    return tuple(
        ComingException(
            first=period.first,
            last=period.last,
            date_text=describe_days(period.first, period.last),
            text=_period_text(hours, period, affected),
            label=period.label,
        )
        for period, affected in sorted(found, key=lambda each: (each[0].first, each[0].last))
    )


def _periods(hours: OpeningHours) -> list[ExceptionPeriod]:
    building = hours.within.exceptions if hours.within is not None else ()
    return [*hours.exceptions, *(period for period in building if period not in hours.exceptions)]


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


def _changes(hours: OpeningHours, period: ExceptionPeriod, day: date) -> bool:
    return period in hours.exceptions_on(day)


def _period_text(hours: OpeningHours, period: ExceptionPeriod, days: list[date]) -> str:
    """Return the hours of some days of a period: "Closed", or day by day where they differ or days were ticked."""
    texts: dict[str, set[int]] = {}
    for day in days:
        texts.setdefault(describe_day(hours, day), set()).add(day.weekday())
    if len(texts) == 1 and not period.days:
        return next(iter(texts))
    if sum(len(weekdays) for weekdays in texts.values()) > len(set().union(*texts.values())):
        return "Different times: see the table in that week"
    named = sorted((sorted(weekdays), text) for text, weekdays in texts.items())
    said = (f"{describe_weekdays(weekdays)}: {text}" for weekdays, text in named)
    return "; ".join(each[0].upper() + each[1:] for each in said)


def _today_text(hours: OpeningHours, now: datetime) -> str:
    """Return what is said of today at `now`: with what began last night, as long as it lasts."""
    today = now.astimezone(LONDON).date()
    holiday = unconfirmed_bank_holiday(hours, today)
    if holiday:
        return unconfirmed_text(today, holiday)
    until = hours.open_since_yesterday_until(now)
    if until is None:
        return describe_day(hours, today)
    later = [times for times in hours.sessions_on(today) if times[0] > until]
    rest = describe_sessions(later) if later else "closed"
    return f"Open until {describe_time(until)}, then {rest}"


def _day_line(hours: OpeningHours, day: date, now: datetime) -> DayLine:
    holiday = unconfirmed_bank_holiday(hours, day)
    is_today = day == now.astimezone(LONDON).date()
    if is_today:
        text = _today_text(hours, now)
    else:
        text = unconfirmed_text(day, holiday) if holiday else describe_day(hours, day)
    return DayLine(
        on=day, day=WEEKDAYS[day.weekday()], is_today=is_today, text=text, label=holiday or reason(hours, day)
    )
