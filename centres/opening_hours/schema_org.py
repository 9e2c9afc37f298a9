"""Opening hours in schema.org's words (https://schema.org/OpeningHoursSpecification), for search engines."""

from datetime import date, time
from itertools import groupby
from typing import Any

from centres.opening_hours.hours import OpeningHours
from centres.opening_hours.sessions import MIDNIGHT, ONE_DAY, Times
from centres.opening_hours.timetable import DayTimes, different_days, weekly_times
from core.dates import WEEKDAYS

# How far ahead days are named whose times differ.
DAYS_AHEAD = 92
# A whole day, and one that is closed, as search engines read them:
# https://developers.google.com/search/docs/appearance/structured-data/local-business
WHOLE_DAY = {"opens": "00:00", "closes": "23:59"}
CLOSED = {"opens": "00:00", "closes": "00:00"}


def usual_hours(hours: OpeningHours, today: date) -> list[dict[str, Any]]:
    """Return the hours of every week; [] if none are known.

    They are said to hold until the first bank holiday of which nobody has said whether they are kept.
    """
    unsure = next((each.day for each in different_days(hours, today, DAYS_AHEAD) if not each.is_certain), None)
    if unsure == today:
        return []
    until = {"validFrom": today.isoformat(), "validThrough": (unsure - ONE_DAY).isoformat()} if unsure else {}
    days: dict[Times, list[str]] = {}
    for weekday, all_times in zip(WEEKDAYS, weekly_times(hours), strict=False):
        for times in all_times:
            days.setdefault(times, []).append(weekday)
    return [_specification(_clock(times), dayOfWeek=weekdays, **until) for times, weekdays in days.items()]


def special_hours(hours: OpeningHours, today: date) -> list[dict[str, Any]]:
    """Return the days to come whose hours are not those of every week, days in a row with the same times together."""
    certain = [each for each in different_days(hours, today, DAYS_AHEAD) if each.is_certain]
    found = []
    # Days in a row have the same distance from their place in the list.
    for _, group in groupby(enumerate(certain), key=lambda each: (each[1].day - each[0] * ONE_DAY, each[1].times)):
        period = [each for _, each in group]
        found += [
            _specification(said, validFrom=period[0].day.isoformat(), validThrough=period[-1].day.isoformat())
            for said in _said_of(period[0])
        ]
    return found


def _said_of(day: DayTimes) -> list[dict[str, str]]:
    return [_clock(times) for times in day.times] or [CLOSED]


def _clock(times: Times) -> dict[str, str]:
    if times == (MIDNIGHT, MIDNIGHT):
        return WHOLE_DAY
    return {"opens": _text(times[0]), "closes": _text(times[1])}


def _text(at: time) -> str:
    return at.isoformat(timespec="minutes")


def _specification(times: dict[str, str], **when: Any) -> dict[str, Any]:
    return {"@type": "OpeningHoursSpecification", **when, **times}
