"""Makes events with dates, and reads the lists they stand in."""

from datetime import datetime, timedelta
from typing import Any

from bs4 import BeautifulSoup, Tag

from core.timezone import LONDON
from testing.html import words
from whats_on.factories import EventDateFactory, EventPageFactory
from whats_on.models import EventPage, EventsPage

TWO_HOURS = timedelta(hours=2)


def london(year: int, month: int, day: int, hour: int = 14, minute: int = 0) -> datetime:
    """Return a moment by London's clock; two in the afternoon unless said otherwise."""
    return datetime(year, month, day, hour, minute, tzinfo=LONDON)


def add_event(parent: EventsPage, title: str, *starts: datetime, **fields: Any) -> EventPage:
    """Publish an event with a date of two hours at each of `starts`."""
    event: EventPage = EventPageFactory(parent=parent, title=title, **fields)
    for start in starts:
        EventDateFactory(event=event, starts_at=start, ends_at=start + TWO_HOURS)
    return event


def rows(soup: BeautifulSoup | Tag) -> list[tuple[str, str]]:
    """Return when and what of each event in the lists, in order."""
    return [
        (words(row.select_one(".bctt-event__when")), words(row.select_one(".bctt-row__link")))
        for row in soup.select(".bctt-row:has(.bctt-event__when)")
    ]


def titles(soup: BeautifulSoup | Tag) -> list[str]:
    """Return the names of the events in the lists, in order."""
    return [title for _, title in rows(soup)]
