"""Dates and times in plain English, among them dates that are only known to the month, season or year."""

import calendar
from datetime import date, datetime, time

from django.db import models
from django.utils import timezone

# Written out here because strftime() answers in whatever locale the machine happens to have.
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Days that editors may enter; others are mistyped, and arithmetic with the last years of a calendar has no answer.
FIRST_YEAR, LAST_YEAR = 1900, 2200
SEASONS = {
    **dict.fromkeys((3, 4, 5), "spring"),
    **dict.fromkeys((6, 7, 8), "summer"),
    **dict.fromkeys((9, 10, 11), "autumn"),
    **dict.fromkeys((12, 1, 2), "winter"),
}


class DatePrecision(models.TextChoices):
    """How exactly a date is known. The labels complete the editors' question "What do we know?"."""

    DAY = "day", "The exact day"
    MONTH = "month", "The month"
    SEASON = "season", "The season"
    END_OF_YEAR = "end_of_year", "The end of the year"
    YEAR = "year", "The year"


def describe_day(value: date) -> str:
    """Return a day as "29 September 2020"."""
    return f"{value.day} {describe_month(value)}"


def describe_weekday(value: date) -> str:
    """Return a day with its weekday, as "Monday 25 May 2026"."""
    return f"{WEEKDAYS[value.weekday()]} {describe_day(value)}"


def describe_month(value: date) -> str:
    """Return the month of a day, as "September 2020"."""
    return f"{MONTHS[value.month - 1]} {value.year}"


def describe_days(first: date, last: date) -> str:
    """Return a run of days, ends included, with nothing said twice: "24 to 28 December 2026".

    One day alone has room for its weekday: "Friday 25 December 2026".
    """
    if first == last:
        return describe_weekday(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {describe_day(last)}"
    if first.year == last.year:
        return f"{first.day} {MONTHS[first.month - 1]} to {describe_day(last)}"
    return f"{describe_day(first)} to {describe_day(last)}"


def describe_time(value: time) -> str:
    """Return a wall-clock time as "9am", "5:30pm", "midday" or "midnight"; seconds are left out."""
    if (value.hour, value.minute) == (0, 0):
        return "midnight"
    if (value.hour, value.minute) == (12, 0):
        return "midday"
    minutes = f":{value.minute:02}" if value.minute else ""
    return f"{value.hour % 12 or 12}{minutes}{'am' if value.hour < 12 else 'pm'}"


def describe_moment(moment: datetime) -> str:
    """Return a moment in London as "Tuesday 4 May 2027, 2pm"."""
    local = timezone.localtime(moment)
    return f"{describe_weekday(local.date())}, {describe_time(local.time())}"


def describe_date(value: date | None, precision: str) -> str:
    """Say a date only as exactly as it is known.

    Returns "29 September 2020", "September 2020", "spring 2016", "winter 2020 to 2021", "end of 2023" or
    "2018"; "" when there is no date. Raises ValueError when `precision` is not a `DatePrecision`.
    """
    exactness = DatePrecision(precision)
    if value is None:
        return ""
    match exactness:
        case DatePrecision.DAY:
            return describe_day(value)
        case DatePrecision.MONTH:
            return describe_month(value)
        case DatePrecision.SEASON:
            return _describe_season(value)
        case DatePrecision.END_OF_YEAR:
            return f"end of {value.year}"
        case DatePrecision.YEAR:
            return str(value.year)


def first_day(value: date, precision: str) -> date:
    """Return the first day that a date known to this precision may mean.

    Raises ValueError when `precision` is not a `DatePrecision`.
    """
    match DatePrecision(precision):
        case DatePrecision.DAY:
            return value
        case DatePrecision.MONTH:
            return value.replace(day=1)
        case DatePrecision.SEASON:
            return add_months(_season_end(value), -2).replace(day=1)
        case DatePrecision.END_OF_YEAR | DatePrecision.YEAR:
            return date(value.year, 1, 1)


def last_day(value: date, precision: str) -> date:
    """Return the last day on which a promise for that date is still kept, so the day after is late.

    Raises ValueError when `precision` is not a `DatePrecision`.
    """
    match DatePrecision(precision):
        case DatePrecision.DAY:
            return value
        case DatePrecision.MONTH:
            return _month_end(value.year, value.month)
        case DatePrecision.SEASON:
            return _season_end(value)
        case DatePrecision.END_OF_YEAR | DatePrecision.YEAR:
            return date(value.year, 12, 31)


def add_months(value: date, months: int) -> date:
    """Return the same day `months` later (earlier when negative), or the last day of a month too short."""
    year, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    end = _month_end(year, month + 1)
    return end.replace(day=min(value.day, end.day))


def latest_day_before(value: date, months: int) -> date:
    """Return the latest day from which it is not after `value` that `months` have passed, as `add_months` counts."""
    earlier = add_months(value, -months)
    is_month_end = value == _month_end(value.year, value.month)
    return _month_end(earlier.year, earlier.month) if is_month_end else earlier


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _winter_begins(value: date) -> int:
    """Return the year of the December with which the winter around `value` begins."""
    return value.year if value.month == 12 else value.year - 1


def _describe_season(value: date) -> str:
    season = SEASONS[value.month]
    if season == "winter":
        begins = _winter_begins(value)
        return f"winter {begins} to {begins + 1}"
    return f"{season} {value.year}"


def _season_end(value: date) -> date:
    season = SEASONS[value.month]
    if season == "winter":
        return _month_end(_winter_begins(value) + 1, 2)
    return _month_end(value.year, max(month for month, name in SEASONS.items() if name == season))
