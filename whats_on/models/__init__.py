"""Events and their dates."""

from .choices import Attendance, DateState, EventKind
from .event import EventPage, EventsPage
from .event_date import EventDate

__all__ = ["Attendance", "DateState", "EventDate", "EventKind", "EventPage", "EventsPage"]
