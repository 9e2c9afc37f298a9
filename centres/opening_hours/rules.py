"""Hours that are not kept every week, in words: "First and third Saturday of the month"."""

from dataclasses import dataclass
from datetime import date

from centres.opening_hours.hours import OpeningHours
from centres.opening_hours.sessions import ONE_DAY, WEEKS_OF_MONTH, Session
from centres.opening_hours.wording import describe_day, describe_weekdays, unconfirmed_bank_holiday
from core.dates import describe_day as describe_date
from core.dates import describe_days, describe_weekday

# Within these days a rule comes round, unless its last day is over.
_NEXT_WITHIN = 400


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule as residents read it, and the next day for which it holds with that day's hours."""

    text: str
    next_text: str


def rules(hours: OpeningHours, today: date) -> tuple[RuleLine, ...]:
    """Return what is not kept every week, each rule once, as long as days for which it holds are to come."""
    found: dict[str, RuleLine] = {}
    for session in hours.sessions:
        text = describe_rule(session)
        if text and text not in found and (day := _next_day(hours, session, today)):
            found[text] = RuleLine(text, f"{describe_weekday(day)}, {_begin_small(describe_day(hours, day))}")
    return tuple(found.values())


def describe_rule(session: Session) -> str:
    """Return when a session is kept, if that is not every week: "Every second Tuesday until 18 December 2026"."""
    if session.is_every_week or not session.days:
        return ""
    days = describe_weekdays(session.days)
    if session.weeks:
        *others, last = [week.name for week in WEEKS_OF_MONTH if week.number in session.weeks]
        text = f"{', '.join(others)} and {last} {days}" if others else f"{last} {days}"
        text += " of the month"
    elif session.every_second_from:
        text = f"every second {days}" if len(session.days) == 1 else f"every second week, {days}"
    else:
        text = days
    if session.first and session.last:
        text += f", {describe_days(session.first, session.last)}"
    elif session.first:
        text += f", from {describe_date(session.first)}"
    elif session.last:
        text += f", until {describe_date(session.last)}"
    return text[0].upper() + text[1:]


def _next_day(hours: OpeningHours, session: Session, today: date) -> date | None:
    """Return the first day from `today` on which a session is kept and people can come for certain."""
    for ahead in range(_NEXT_WITHIN):
        day = today + ahead * ONE_DAY
        if session.is_kept_on(day) and hours.has_hours_on(day) and not unconfirmed_bank_holiday(hours, day):
            return day
    return None


def _begin_small(text: str) -> str:
    # "By appointment", "Open 24 hours"; times begin with a digit or a small letter.
    return text[0].lower() + text[1:]
