"""Events and their dates."""

from .choices import Attendance, DateState, EventKind
from .event import EventPage
from .event_date import EventDate
from .events_page import EventsPage

__all__ = ["Attendance", "DateState", "EventDate", "EventKind", "EventPage", "EventsPage"]
