"""What the page of an event shows: its dates, where it is, who holds it."""

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from centres.models import CentrePage, StatusInfo
from core.dates import last_day
from core.visibility import is_public
from news.models import ForumPage

from .models import DateState, EventDate, EventPage
from .queries import ON_NOW, date_tags

# A page with a date for each week of a year shows the next ones and folds the rest away.
DATES_SHOWN = 8
NEXT = StatusInfo("next", "Next date", "blue", "")


@dataclass(frozen=True)
class ShownDate:
    """A date on the page of its event; `key` names its own calendar file, where people can still come."""

    text: str
    tags: list[StatusInfo]
    moved_from: str
    note: str
    key: UUID | None = None


@dataclass(frozen=True)
class Venue:
    """Where people go, and what is there for those who need it."""

    name: str
    address: str
    postcode: str
    access_labels: list[str]
    access_notes: str
    access_of_centre: bool


@dataclass(frozen=True)
class EventContent:
    """What the page of an event shows.

    `coming` are the dates that have not ended, of which `later` are folded away. `called_off` says so, at the very
    top, if the event or every date that is not over is cancelled; else it is empty.
    """

    coming: list[ShownDate]
    has_several_to_come: bool
    later: list[ShownDate]
    past: list[ShownDate]
    is_over: bool
    called_off: str
    place: Venue
    centre: CentrePage | None
    forum: ForumPage | None


def event_content(event: EventPage) -> EventContent:
    """Return what an event's page shows. A preview shows the dates of the draft."""
    now = timezone.now()
    dates = sorted(event.dates.all(), key=lambda date: date.starts_at)
    to_come = [date for date in dates if date.ends_at > now]
    following = next((date for date in to_come if date.state != DateState.CANCELLED), None)
    coming = [_shown(event, date, is_next=date is following) for date in to_come]
    is_over = not to_come if dates else _is_rough_date_over(event)
    centre = event.centre if event.centre and is_public(event.centre) else None
    return EventContent(
        coming=coming[:DATES_SHOWN],
        has_several_to_come=len(coming) > 1,
        later=coming[DATES_SHOWN:],
        past=[_shown(event, date) for date in reversed(dates) if date.ends_at <= now],
        is_over=is_over,
        called_off=_called_off(event, dates, to_come, is_over=is_over),
        place=_place(event, centre),
        centre=centre,
        forum=event.forum if event.forum and is_public(event.forum) else None,
    )


def _is_rough_date_over(event: EventPage) -> bool:
    rough = event.rough_date
    return rough is not None and last_day(rough, event.rough_date_precision) < timezone.localdate()


def _called_off(event: EventPage, dates: list[EventDate], to_come: list[EventDate], *, is_over: bool) -> str:
    """Return what the page says at its top if nobody should come; empty if somebody may."""
    if event.is_cancelled or (dates and all(date.state == DateState.CANCELLED for date in dates)):
        return "This event was cancelled" if is_over else "This event is cancelled"
    if to_come and all(date.state == DateState.CANCELLED for date in to_come):
        return "The dates to come are cancelled"
    return ""


def _shown(event: EventPage, date: EventDate, *, is_next: bool = False) -> ShownDate:
    now = timezone.now()
    tags = date_tags(date.state, date.starts_at, date.timing, is_cancelled=event.is_cancelled, now=now)
    if date.ends_at <= now:
        tags = [tag for tag in tags if tag is not ON_NOW]
    is_next = is_next and not event.is_cancelled and date.starts_at > now
    can_be_added = not event.is_cancelled and date.state != DateState.CANCELLED and date.ends_at > now
    key = date.key if event.pk and can_be_added else None
    return ShownDate(date.text, [NEXT, *tags] if is_next else tags, date.moved_from_text, date.note, key)


def _place(event: EventPage, centre: CentrePage | None) -> Venue:
    """Return where people go: what the event says of itself, else its centre with the centre's access."""
    if event.has_place or not centre:
        features, notes, of_centre = event.access_feature_labels, event.access_notes, False
        return Venue(event.place, event.address, event.postcode, features, notes, of_centre)
    has_own = bool(event.access_features or event.access_notes)
    access = event if has_own else centre
    return Venue(
        name=centre.title,
        address=centre.address,
        postcode=centre.postcode,
        access_labels=access.access_feature_labels,
        access_notes=access.access_notes,
        access_of_centre=not has_own,
    )
