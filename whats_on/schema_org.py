"""An event as schema.org data: one Event for each date, saying no more than the page does."""

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from core.visibility import is_public

from .models.choices import Attendance, DateState

if TYPE_CHECKING:
    from .models import EventDate, EventPage

# More would only make the page heavier; those who want all dates take the calendar.
MOST_DATES = 12

ATTENDANCE_MODES = {
    Attendance.IN_PERSON: "https://schema.org/OfflineEventAttendanceMode",
    Attendance.ONLINE: "https://schema.org/OnlineEventAttendanceMode",
    Attendance.BOTH: "https://schema.org/MixedEventAttendanceMode",
}
STATUSES = {
    DateState.PLANNED: "https://schema.org/EventScheduled",
    DateState.MOVED: "https://schema.org/EventRescheduled",
    DateState.CANCELLED: "https://schema.org/EventCancelled",
}


def event_data(page: "EventPage") -> dict[str, Any]:
    """Return what schema.org's Event says of the dates to come, or of the last one; empty when no day is known."""
    dates = sorted(page.dates.all(), key=lambda date: date.starts_at)
    now = timezone.now()
    shown = [date for date in dates if date.ends_at > now][:MOST_DATES] or dates[-1:]
    if not shown:
        return {}
    common: dict[str, Any] = {
        "name": page.heading,
        "description": page.meta_description,
        "eventAttendanceMode": ATTENDANCE_MODES[Attendance(page.attendance)],
    }
    if places := _places(page):
        common["location"] = places if len(places) > 1 else places[0]
    events = [{"@type": "Event", **common, **_date(page, date)} for date in shown]
    return events[0] if len(events) == 1 else {"@type": "EventSeries", "subEvent": events}


def _date(page: "EventPage", date: "EventDate") -> dict[str, Any]:
    state = DateState.CANCELLED if page.is_cancelled else DateState(date.state)
    data = {
        "startDate": timezone.localtime(date.starts_at).isoformat(),
        "endDate": timezone.localtime(date.ends_at).isoformat(),
        "eventStatus": STATUSES[state],
    }
    if state == DateState.MOVED and date.moved_from:
        data["previousStartDate"] = timezone.localtime(date.moved_from).isoformat()
    return data


def _places(page: "EventPage") -> list[dict[str, Any]]:
    """Return where it takes place: the place, the internet, or both; nothing that is not known."""
    places: list[dict[str, Any]] = []
    centre = page.centre if page.centre and not page.has_place and is_public(page.centre) else None
    at = centre or page
    name = centre.title if centre else page.place
    if page.is_in_person and (name or at.address or at.postcode):
        place: dict[str, Any] = {"@type": "Place"}
        if name:
            place["name"] = name
        if at.address or at.postcode:
            address = {"streetAddress": ", ".join(at.address.splitlines()), "postalCode": at.postcode}
            place["address"] = {
                "@type": "PostalAddress",
                **{key: value for key, value in address.items() if value},
                "addressCountry": "GB",
            }
        places.append(place)
    if page.is_online:
        link = {"url": page.public_joining_link} if page.public_joining_link else {}
        places.append({"@type": "VirtualLocation", **link})
    return places
