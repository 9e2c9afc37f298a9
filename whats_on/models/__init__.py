"""Events and their dates."""

from whats_on.choices import WHOLE_DAYS, Attendance, DateState, DateTiming, EventKind

from .event import EventPage
from .event_date import AnnouncedDate, EventDate
from .events_page import EventsPage

__all__ = [
    "WHOLE_DAYS",
    "AnnouncedDate",
    "Attendance",
    "DateState",
    "DateTiming",
    "EventDate",
    "EventKind",
    "EventPage",
    "EventsPage",
]
