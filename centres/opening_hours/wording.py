"""Opening hours in the words residents read: "Open now, closes 5pm", and what bank holidays put in doubt."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from centres.bank_holidays import bank_holiday
from centres.opening_hours.hours import OpeningHours
from centres.opening_hours.sessions import MIDNIGHT, ONE_DAY, Times
from core.dates import WEEKDAYS, describe_time, describe_weekday
from core.dates import describe_day as describe_date
from core.timezone import LONDON

CHECK = "check before you travel"
# Beyond these days a weekday alone could be taken for this week's.
_WEEKDAY_IS_CLEAR_FOR = 6
# How far ahead a day is looked for on which people come by appointment.
_APPOINTMENTS_WITHIN = 62


@dataclass(frozen=True, slots=True)
class OpeningState:
    """Whether it is open at a moment (None: not known, so nothing may be claimed) and the words for it."""

    is_open: bool | None
    text: str


class MissingBankHoliday(NamedTuple):
    """A bank holiday for which nobody has said whether the usual hours are kept."""

    day: date
    name: str


def state(hours: OpeningHours, at: datetime) -> OpeningState:
    """Say whether it is open at an aware datetime, and when that changes; raises ValueError for a naive one.

    The text is empty when no hours are known. On a bank holiday without an exception nothing is claimed.
    """
    change = hours.next_change(at)
    now = at.astimezone(LONDON)
    today = now.date()
    if not hours.is_settled_on(today) and not hours.sessions:
        return OpeningState(None, "")
    holiday = unconfirmed_bank_holiday(hours, today)
    if holiday:
        return OpeningState(None, unconfirmed_text(today, holiday))
    if hours.is_settled_on(today) and not hours.has_hours_on(today):
        return OpeningState(False, _closed_today_text(hours, today, change))
    if hours.is_open(at):
        return OpeningState(True, _open_text(hours, today, change))
    if by_appointment := _appointment_text(hours, now):
        return OpeningState(None, by_appointment)
    return OpeningState(False, _closed_text(hours, today, change))


def reason(hours: OpeningHours, day: date) -> str:
    """Return the label of the exception that makes `day` what it is, the building's where that cuts it; or ""."""
    exceptions = hours.exceptions_on(day)
    return exceptions[-1].label if exceptions else ""


def describe_day(hours: OpeningHours, day: date) -> str:
    """Return what is known of a day as "9am to 1pm and 2pm to 5pm", "By appointment" or "Closed"."""
    sessions, appointments = hours.sessions_on(day), hours.appointments_on(day)
    if not appointments:
        return describe_sessions(sessions)
    by_appointment = "by appointment"
    if (MIDNIGHT, MIDNIGHT) not in appointments:
        by_appointment += f" {describe_sessions(appointments)}"
    return f"{describe_sessions(sessions)}, and {by_appointment}" if sessions else by_appointment.capitalize()


def describe_weekdays(days: Iterable[int]) -> str:
    """Return days of the week, 0 for Monday, as "Monday to Friday", "Monday, Tuesday and Saturday" or "every day"."""
    numbers = sorted(days)
    if numbers == list(range(7)):
        return "every day"
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    named = []
    for run in runs:
        if len(run) > 2:
            named.append(f"{WEEKDAYS[run[0]]} to {WEEKDAYS[run[-1]]}")
        else:
            named += [WEEKDAYS[number] for number in run]
    *others, last = named
    return f"{', '.join(others)} and {last}" if others else last


def describe_sessions(sessions: Sequence[Times]) -> str:
    """Return a day's sessions as "9am to 1pm and 2pm to 5pm", "Open 24 hours" or "Closed"."""
    if not sessions:
        return "Closed"
    if (MIDNIGHT, MIDNIGHT) in sessions:
        return "Open 24 hours"
    *others, last = (f"{describe_time(opens)} to {describe_time(closes)}" for opens, closes in sessions)
    return f"{', '.join(others)} and {last}" if others else last


def missing_bank_holidays(hours: OpeningHours, today: date, within_days: int) -> list[MissingBankHoliday]:
    """Return the bank holidays editors have yet to decide on, from `today` to `within_days` later, in order.

    A bank holiday on a day that is never open needs no decision.
    """
    days = (today + timedelta(days=ahead) for ahead in range(within_days + 1))
    return [MissingBankHoliday(day, name) for day in days if (name := unconfirmed_bank_holiday(hours, day)) is not None]


def bank_holiday_warning(hours: OpeningHours, today: date, within_days: int = 7) -> str:
    """Return a warning that names the undecided bank holidays of the coming days, or "" without any."""
    holidays = missing_bank_holidays(hours, today, within_days)
    if not holidays:
        return ""
    named = " ".join(_name_the_day(day, name) for day, name in holidays)
    return f"{named} Opening times may differ: {CHECK}."


def unconfirmed_bank_holiday(hours: OpeningHours, day: date) -> str | None:
    """Return the name of the bank holiday that puts the usual hours of `day` in doubt, or None."""
    name = bank_holiday(day)
    if name is None or hours.is_settled_on(day) or not hours.has_hours_on(day):
        return None
    return name


def unconfirmed_text(day: date, name: str) -> str:
    """Return what is said of a bank holiday in doubt instead of its hours: "Bank holiday: check before …"."""
    occasion = _occasion(day, name)
    return f"{occasion[0].upper()}{occasion[1:]}: {CHECK}"


def _occasion(day: date, name: str) -> str:
    # On a weekend the bank holiday is the weekday off that stands in for it, but Christmas Day is still that.
    return name if day.weekday() >= 5 else "bank holiday"


def _name_the_day(day: date, name: str) -> str:
    if day.weekday() >= 5:
        return f"{describe_weekday(day)} is {name}."
    return f"{describe_weekday(day)} is a bank holiday ({name})."


def _open_text(hours: OpeningHours, today: date, change: datetime | None) -> str:
    if change is None or (change.date() - today).days > _WEEKDAY_IS_CLEAR_FOR:
        return "Open 24 hours"
    closing_day = change.date() - ONE_DAY if change.time() == MIDNIGHT else change.date()
    usually = "usually " if unconfirmed_bank_holiday(hours, closing_day) else ""
    return f"Open now, {usually}closes {_when(change, closing_day, today, 'at the end of')}"


def _appointment_text(hours: OpeningHours, now: datetime) -> str:
    """Return that people are seen by appointment later today, or now; "" if they are not."""
    today = now.date()
    times = hours.appointments_on(today)
    left = [(opens, closes) for opens, closes in times if closes <= opens or now.time() < closes]
    if not left:
        return ""
    return (
        "By appointment today" if (MIDNIGHT, MIDNIGHT) in left else f"By appointment today, {describe_sessions(left)}"
    )


def _closed_today_text(hours: OpeningHours, today: date, change: datetime | None) -> str:
    why = reason(hours, today)
    opens = _opens(hours, today, change)
    closed = f"Closed today: {why}" if why else "Closed today"
    # A label that is a sentence has its own full stop.
    return f"{closed.rstrip('.')}. {opens[0].upper()}{opens[1:]}" if opens else closed


def _closed_text(hours: OpeningHours, today: date, change: datetime | None) -> str:
    opens = _opens(hours, today, change)
    return f"Closed now, {opens}" if opens else "Closed now"


def _opens(hours: OpeningHours, today: date, change: datetime | None) -> str:
    """Return when it opens again, as "opens 9am tomorrow"; "" if it never does."""
    if change is None:
        return _next_appointment(hours, today)
    opening_day = change.date()
    holiday = unconfirmed_bank_holiday(hours, opening_day)
    if change.time() == MIDNIGHT and opening_day == today + ONE_DAY:
        when = "midnight"
    else:
        when = _when(change, opening_day, today, "at the start of")
    if holiday:
        return f"usually opens {when}: {_occasion(opening_day, holiday)}, {CHECK}"
    return f"opens {when}"


def _next_appointment(hours: OpeningHours, today: date) -> str:
    """Return on which day people are next seen where that is by appointment only: "by appointment on Monday"."""
    for ahead in range(1, _APPOINTMENTS_WITHIN + 1):
        day = today + ahead * ONE_DAY
        if hours.appointments_on(day) and not unconfirmed_bank_holiday(hours, day):
            if ahead == 1:
                return "by appointment tomorrow"
            named = WEEKDAYS[day.weekday()] if ahead <= _WEEKDAY_IS_CLEAR_FOR else describe_date(day)
            return f"by appointment on {named}"
    return ""


def _when(moment: datetime, day: date, today: date, which_midnight: str) -> str:
    """Return "5pm", "9am tomorrow", "9am on Monday" or "midnight at the end of Friday"."""
    at = describe_time(moment.time())
    days_ahead = (day - today).days
    if days_ahead == 0:
        return at
    on = f"{which_midnight} " if moment.time() == MIDNIGHT else "on "
    if days_ahead == 1:
        return f"{at} tomorrow" if on == "on " else f"{at} {on}tomorrow"
    if days_ahead <= _WEEKDAY_IS_CLEAR_FOR:
        return f"{at} {on}{WEEKDAYS[day.weekday()]}"
    return f"{at} {on}{describe_date(day)}"
