"""Days and times as people type them: "5.30pm", "17.30", "noon", "29 September 2020".

Each function raises ValueError with a sentence for the editor, to be shown beside the field or cell. What could be
meant in two ways is asked about, not guessed.
"""

import re
from datetime import UTC, date, datetime, time, timedelta

from cleaning.addresses import folded

from .dates import FIRST_YEAR, LAST_YEAR, MONTHS, WEEKDAYS, describe_day, describe_time, describe_weekday
from .timezone import LONDON

_MERIDIEM = re.compile(r"\b([ap])\.? ?m\b\.?|(?<=\d)([ap])\.? ?m\b\.?")
_WORDS = {"noon": "12pm", "midday": "12pm", "12 noon": "12pm", "12noon": "12pm", "12 midday": "12pm"}
_WORDS |= {"midnight": "12am", "12 midnight": "12am", "12midnight": "12am"}
_CLOCK = re.compile(r"(\d{1,2})(?: ?[:.,;h] ?(\d\d)(?::00(?:\.0+)?)?| (\d\d)|(\d\d))? ?(am|pm)?")

_DAY = (
    # 2020-09-29, as computers write it
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?=$|[t ,])"),
    # 29/09/2020, 29.9.20
    re.compile(r"(?P<day>\d{1,2}) ?[/.-] ?(?P<month>\d{1,2}) ?[/.-] ?(?P<year>\d{2,6})(?=$|[t ,])"),
    # 29 September 2020, 29th Sep 2020, 29-Sep-20
    re.compile(
        r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?: of)?[ -]?(?P<name>[a-z]{3,9})\.?,?[ -](?P<year>\d{2,6})(?=$|[t ,])"
    ),
)
_WEEKDAY = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? (?:the )?")
_BETWEEN_DAY_AND_TIME = re.compile(r"t(?=\d)| ?,? ?(?:\bat\b|@)? ?")

HOW_TO_TYPE_A_TIME = "Type it like 9am, 5.30pm, 17.30, noon or midnight."
HOW_TO_TYPE_A_DAY = "Write it as 29/09/2020, with the day first."


def parse_time(text: str) -> time:
    """Return the time of day that is written as 5.30pm, 5:30 pm, 17.30, 1730, 05:30, 9am, noon or midnight.

    An hour from 1 to 11 that says neither am nor pm is only taken where it is written as the 24-hour clock has it,
    with its first 0.
    """
    written = _plain(text)
    match = _CLOCK.fullmatch(_WORDS.get(written, written))
    if match is None:
        raise ValueError(f"“{text.strip()}” is no time. {HOW_TO_TYPE_A_TIME}")
    hour, minute = int(match[1]), int(match[2] or match[3] or match[4] or 0)
    half = match[5]
    if minute > 59 or hour > 24 or (hour == 24 and (minute or half)) or (hour > 12 and half == "am"):
        raise ValueError(f"“{text.strip()}” is no time. {HOW_TO_TYPE_A_TIME}")
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif 1 <= hour <= 11 and len(match[1]) == 1:
        minutes = f".{minute:02}" if minute else ""
        raise ValueError(
            f"“{text.strip()}” can be in the morning or in the evening. Type {hour}{minutes}am or {hour}{minutes}pm."
        )
    elif hour in (10, 11) and not (match[2] or match[3] or match[4]):
        raise ValueError(f"“{text.strip()}” can be in the morning or in the evening. Type {hour}am or {hour}pm.")
    return time(hour % 24, minute)


def parse_date(text: str) -> date:
    """Return the day that is written as 29/09/2020, 2020-09-29, 29 September 2020 or 29-Sep-20."""
    day, rest = _split_day(text)
    if re.sub(r"[t ]00:00(?::00)?", "", rest):
        raise _no_day(text)
    return day


def parse_moment(text: str) -> datetime:
    """Return the moment in London that is written as a day and a time: "29/09/2020 5.30pm", "29 Sep 2020, noon"."""
    day, rest = _split_day(text)
    clock = _BETWEEN_DAY_AND_TIME.sub("", rest, count=1)
    if not clock:
        raise ValueError(f"Type the time too, after the day. For example: {day:%d/%m/%Y} 5.30pm")
    if "midnight" in clock:
        raise ValueError(
            f"Midnight can begin or end a day. Type {day:%d/%m/%Y} 00:00 for the night that begins it, "
            f"or {day + timedelta(days=1):%d/%m/%Y} 00:00 for the night that ends it."
        )
    at = parse_time(clock)
    if at == time(0) and clock.startswith("24"):
        day += timedelta(days=1)
    return in_london(datetime.combine(day, at))


def in_london(wall_clock: datetime) -> datetime:
    """Return the moment at which a clock in London shows this naive day and time; there must be exactly one."""
    moment = wall_clock.replace(tzinfo=LONDON)
    jump = moment.utcoffset() != moment.replace(fold=1).utcoffset()
    if not jump:
        return moment
    exists = moment.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) == wall_clock
    day, at = describe_weekday(wall_clock.date()), describe_time(wall_clock.time())
    # Britain's clocks change on the hour and by one hour.
    hour = wall_clock.replace(minute=0, second=0, microsecond=0)
    around = f"Type a time before {describe_time(hour.time())}, or {describe_time((hour + timedelta(hours=1)).time())}"
    if exists:
        raise ValueError(f"The clocks go back on {day}, so {at} comes twice that night. {around} or later.")
    raise ValueError(f"The clocks go forward on {day}, so there is no {at} that night. {around} or later.")


def check_year(value: date) -> None:
    """Refuse a day (or moment) in a year that nobody means."""
    _check_year(value.year)


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"Check the year {year}: it must be from {FIRST_YEAR} to {LAST_YEAR}.")


def _plain(text: str) -> str:
    written = " ".join(folded(text).casefold().split())
    return _MERIDIEM.sub(lambda found: f"{found[1] or found[2]}m", written)


def _split_day(text: str) -> tuple[date, str]:
    """Return the day with which a text begins, and what follows it."""
    written = _plain(text)
    named = _WEEKDAY.match(written)
    written = written[named.end() :] if named else written
    match = next((found for pattern in _DAY if (found := pattern.match(written))), None)
    if match is None:
        raise _no_day(text)
    parts = match.groupdict()
    month = int(parts["month"]) if parts.get("month") else _month(parts["name"])
    year = int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0)
    _check_year(year)
    try:
        day = date(year, month, int(parts["day"]))
    except ValueError as error:
        raise _no_day(text) from error
    if named and not WEEKDAYS[day.weekday()].lower().startswith(named[1]):
        raise ValueError(f"{describe_day(day)} is a {WEEKDAYS[day.weekday()]}. Correct the weekday or the day.")
    return day, written[match.end() :]


def _month(name: str) -> int:
    """Return the number of a month that is named by its first letters; 0 for none."""
    return next((number for number, month in enumerate(MONTHS, 1) if month.lower().startswith(name)), 0)


def _no_day(text: str) -> ValueError:
    return ValueError(f"“{text.strip()}” is no day. {HOW_TO_TYPE_A_DAY}")
