"""Opening hours in the words residents read: "Open now, closes 5pm", and what bank holidays put in doubt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from centres.bank_holidays import bank_holiday
from centres.opening_hours.hours import MIDNIGHT, ONE_DAY, OpeningHours, Times
from core.dates import WEEKDAYS, describe_day, describe_time, describe_weekday
from core.timezone import LONDON

CHECK = "check before you travel"
# Beyond these days a weekday alone could be taken for this week's.
_WEEKDAY_IS_CLEAR_FOR = 6


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
    exception = hours.exception_on(today)
    if exception is None and not hours.sessions:
        return OpeningState(None, "")
    holiday = unconfirmed_bank_holiday(hours, today)
    if holiday:
        return OpeningState(None, unconfirmed_text(today, holiday))
    if exception is not None and not exception.sessions:
        return OpeningState(False, f"Closed today: {exception.label}" if exception.label else "Closed today")
    if hours.is_open(at):
        return OpeningState(True, _open_text(hours, today, change))
    return OpeningState(False, _closed_text(hours, today, change))


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
    if name is None or hours.exception_on(day) is not None or not hours.is_open_on(day):
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


def _closed_text(hours: OpeningHours, today: date, change: datetime | None) -> str:
    if change is None:
        return "Closed now"
    opening_day = change.date()
    holiday = unconfirmed_bank_holiday(hours, opening_day)
    if change.time() == MIDNIGHT and opening_day == today + ONE_DAY:
        when = "midnight"
    else:
        when = _when(change, opening_day, today, "at the start of")
    if holiday:
        return f"Closed now, usually opens {when}: {_occasion(opening_day, holiday)}, {CHECK}"
    return f"Closed now, opens {when}"


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
    return f"{at} {on}{describe_day(day)}"
