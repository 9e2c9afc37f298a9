"""Events as iCalendar (RFC 5545, RFC 7986): plain dates in, the bytes of a calendar out."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from icalendar import Calendar, Event, Timezone, vDuration

from core.timezone import LONDON

CONTENT_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//Better Care Together Thurrock//Events//EN"
# How often a calendar that follows ours should look again.
LOOK_AGAIN = timedelta(hours=6)
# SEQUENCE has to rise with each change a calendar is told of and to fit into 32 bits (RFC 5545, 3.8.7.4). The second
# of the last publication, counted from here, does both until 2088 and needs no counter that copying could reset.
SEQUENCE_STARTS = datetime(2020, 1, 1, tzinfo=UTC)
# An entry takes a third of a millisecond to write, so those that have not changed are kept.
ENTRIES_KEPT = 2048
LAST_LINE = b"END:VCALENDAR\r\n"

# The United Kingdom's clock changes since 1996: the last Sundays of March and October at 01:00 UTC (the Summer Time
# Order 2002, which follows Directive 2000/84/EC).
LONDON_TIMEZONE = Timezone.from_ical(
    "\r\n".join(
        [
            "BEGIN:VTIMEZONE",
            "TZID:Europe/London",
            "BEGIN:DAYLIGHT",
            "DTSTART:19960331T010000",
            "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
            "TZNAME:BST",
            "TZOFFSETFROM:+0000",
            "TZOFFSETTO:+0100",
            "END:DAYLIGHT",
            "BEGIN:STANDARD",
            "DTSTART:19961027T020000",
            "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
            "TZNAME:GMT",
            "TZOFFSETFROM:+0100",
            "TZOFFSETTO:+0000",
            "END:STANDARD",
            "END:VTIMEZONE",
            "",
        ]
    )
).to_ical()


@dataclass(frozen=True)
class CalendarDate:
    """What a calendar says of one date of an event; equal ones make equal entries.

    `uid` stays the same for as long as the date exists, whatever it or its event is called. `starts_at`, `ends_at`
    and `published_at` are aware; `ends_at` is None while the end is not known, and of whole days only the days count,
    the last one included. `lines` is the description, a fact a line; `url_path` the page's in Wagtail's tree.
    """

    uid: UUID
    starts_at: datetime
    ends_at: datetime | None
    is_whole_days: bool
    is_cancelled: bool
    title: str
    lines: tuple[str, ...]
    location: str
    kind: str
    url_path: str
    published_at: datetime | None


def calendar_of(name: str, dates: Iterable[tuple[CalendarDate, str]]) -> bytes:
    """Return the calendar called `name` with an entry for each date, which comes with its page's absolute address."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.calendar_name = _one_line(name)
    # RFC 7986, 5.7 asks for the type to be named; the second is for the programs that know only that.
    calendar.add("refresh-interval", vDuration(LOOK_AGAIN), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(LOOK_AGAIN))
    beginning = calendar.to_ical().removesuffix(LAST_LINE)
    return b"".join([beginning, LONDON_TIMEZONE, *(_entry(date, url) for date, url in dates), LAST_LINE])


@lru_cache(maxsize=ENTRIES_KEPT)
def _entry(date: CalendarDate, url: str) -> bytes:
    """Return the VEVENT of a date.

    A cancelled date says so in its title too: some programs show STATUS:CANCELLED, some leave the entry out, and some
    do neither.
    """
    published = date.published_at or SEQUENCE_STARTS
    title = _one_line(date.title)
    entry = Event()
    entry.add("uid", str(date.uid))
    entry.add("dtstamp", published)
    entry.add("last-modified", published)
    entry.add("sequence", max(0, int((published - SEQUENCE_STARTS).total_seconds())))
    entry.add("status", "CANCELLED" if date.is_cancelled else "CONFIRMED")
    entry.add("summary", f"Cancelled: {title}" if date.is_cancelled else title)
    start, end = date.starts_at.astimezone(LONDON), date.ends_at and date.ends_at.astimezone(LONDON)
    # The end of whole days is the day after (RFC 5545, 3.6.1).
    entry.add("dtstart", start.date() if date.is_whole_days else start)
    if end:
        entry.add("dtend", end.date() + timedelta(days=1) if date.is_whole_days else end)
    if date.location:
        entry.add("location", _one_line(date.location))
    entry.add("description", "\n".join([*(_one_line(line) for line in date.lines), url]))
    entry.add("url", url)
    entry.add("categories", [date.kind])
    written: bytes = entry.to_ical()
    return written


def _one_line(text: str) -> str:
    """Return a text without line breaks and control characters, which RFC 5545 does not allow in a value."""
    spaced = " ".join(text.split())
    return "".join(character for character in spaced if unicodedata.category(character) not in ("Cc", "Cs"))
