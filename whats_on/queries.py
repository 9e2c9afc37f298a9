"""Every read rule of the events: what is public, what is coming, what is over, what belongs together."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db.models import (
    BooleanField,
    Case,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, ExtractYear
from django.utils import timezone

from centres.models import CentrePage, StatusInfo
from centres.queries import public_centres
from core.dates import DatePrecision, describe_days, first_day
from core.visibility import once, public
from news.models import ForumPage

from .calendars import CalendarDate
from .models import WHOLE_DAYS, AnnouncedDate, DateState, DateTiming, EventDate, EventPage
from .models.event_date import describe_beginning, describe_span

DATES_ON_HOME = 3
DATES_AT_CENTRE = 3
DATES_OF_FORUM = 5
PAST_EVENTS_OF_FORUM = 3
# Calendars hold what is coming and what was in the last year, and no more than this.
CALENDAR_PAST = timedelta(days=366)
CALENDAR_DATES = 500

CANCELLED = StatusInfo("cancelled", "Cancelled", "red", "")
MOVED = StatusInfo("moved", "Moved from another date", "orange", "")
ON_NOW = StatusInfo("on_now", "On now", "green", "")

# A page has some seventy columns; these are enough to name it, link it and say where and when it is.
LISTED = (
    "title",
    "summary",
    "url_path",
    "kind",
    "attendance",
    "place",
    "address",
    "postcode",
    "is_cancelled",
    "rough_date",
    "rough_date_precision",
)

# What a calendar says of an event beyond that.
IN_CALENDARS = (
    *("cancelled_note", "joining_link", "show_joining_link", "booking_link"),
    *("translation_key", "last_published_at"),
)


def public_events() -> QuerySet[EventPage]:
    """Return the events anyone may see, with what lists show of them and the public name of their centre."""
    names = public_centres().filter(pk=OuterRef("centre")).order_by().values("short_name")
    return once(public(EventPage.objects.only(*LISTED))).annotate(centre_name=Coalesce(Subquery(names[:1]), Value("")))


def public_forums() -> QuerySet[ForumPage]:
    """Return the forums anyone may see."""
    return public(ForumPage.objects.all())


def about_centre(pk: int) -> Q:
    """Return what holds of an event at or about this centre: it names the centre, or its public forum follows it."""
    return Q(centre=pk) | Q(forum__in=public_forums().filter(centres=pk).order_by().values("pk"))


def _rough_date_to_come() -> Q:
    """Return what holds of an event whose month, season or year is not over; `core.dates.last_day` in SQL.

    Months, seasons and years follow one another without gaps, so a date is in one that is not over if it is not
    before the first day of the one that today is in.
    """
    today = timezone.localdate()
    to_come = Q(pk__in=[])
    for precision in DatePrecision:
        to_come |= Q(rough_date_precision=precision, rough_date__gte=first_day(today, precision))
    return to_come


def with_dates_to_come(events: QuerySet[EventPage]) -> QuerySet[EventPage]:
    """Return a row for each date of `events` that has not ended, soonest first, then one for each rough date to come.

    A row is the event with `date_key`, different for each row, and with `starts_at`, `ends_at`, `timing`,
    `date_state`, `moved_from` and `date_note`, which are None for a rough date.
    """
    is_to_come = Q(dates__ends_at__gt=timezone.now())
    is_rough = Q(dates__isnull=True, rough_date__isnull=False) & _rough_date_to_come()
    return (
        events.filter(is_to_come | is_rough)
        .annotate(
            date_key=Coalesce(F("dates__pk"), F("pk") * -1),
            starts_at=F("dates__starts_at"),
            ends_at=F("dates__ends_at"),
            date_state=F("dates__state"),
            timing=F("dates__timing"),
            moved_from=F("dates__moved_from"),
            date_note=F("dates__note"),
        )
        .order_by(F("starts_at").asc(nulls_last=True), "rough_date", "pk")
    )


def that_are_over(events: QuerySet[EventPage]) -> QuerySet[EventPage]:
    """Return those of `events` that are over altogether, newest first, each with the `year` it ended in.

    They carry `first_start` and `last_start` (None for a rough date), and `was_held`: whether any date was not
    cancelled. In each year those of which only the month, season or year is known come last.
    """
    dates = EventDate.objects.filter(event=OuterRef("pk"))
    return (
        events.annotate(
            first_start=Subquery(dates.order_by("starts_at").values("starts_at")[:1]),
            last_start=Subquery(dates.order_by("-starts_at").values("starts_at")[:1]),
            was_held=Exists(dates.exclude(state=DateState.CANCELLED)),
        )
        .filter(
            Exists(dates) & ~Exists(dates.filter(ends_at__gt=timezone.now()))
            | ~Exists(dates) & Q(rough_date__isnull=False) & ~Q(_rough_date_to_come())
        )
        .annotate(year=Coalesce(ExtractYear("last_start"), ExtractYear("rough_date")))
        .order_by("-year", F("last_start").desc(nulls_last=True), "-rough_date", "-pk")
    )


def without_recap(since: datetime) -> QuerySet[EventPage]:
    """Return the live events that are over, were held after `since` and tell nothing of it, as `that_are_over`."""
    dates = EventDate.objects.filter(event=OuterRef("pk"), starts_at__gte=since)
    held = Exists(dates.exclude(state=DateState.CANCELLED))
    return that_are_over(EventPage.objects.filter(held, live=True, is_cancelled=False, recap=[]))


@dataclass(frozen=True)
class EventRow:
    """One line of a list: an event on one date, or an event that is over."""

    page: EventPage
    when: str
    where: str
    tags: list[StatusInfo]
    note: str


def row_to_come(event: EventPage) -> EventRow:
    """Return the line of a row of `with_dates_to_come`."""
    if event.starts_at is None:
        tags = [CANCELLED] if event.is_cancelled else []
        return EventRow(event, event.rough_date_text, event.where_text(event.centre_name), tags, "")
    tags = date_tags(
        event.date_state, event.starts_at, event.timing, is_cancelled=event.is_cancelled, now=timezone.now()
    )
    moved_from = describe_beginning(event.moved_from, event.timing) if MOVED in tags and event.moved_from else ""
    note = f"Moved from {moved_from}. " if moved_from else ""
    return EventRow(
        page=event,
        when=describe_span(event.starts_at, event.ends_at, event.timing),
        where=event.where_text(event.centre_name),
        tags=tags,
        note=f"{note}{event.date_note}",
    )


def row_that_is_over(event: EventPage) -> EventRow:
    """Return the line of a row of `that_are_over`."""
    if event.last_start is None:
        when, is_cancelled = event.rough_date_text, event.is_cancelled
    else:
        first, last = timezone.localdate(event.first_start), timezone.localdate(event.last_start)
        when, is_cancelled = describe_days(first, last), event.is_cancelled or not event.was_held
    return EventRow(event, when, event.where_text(event.centre_name), [CANCELLED] if is_cancelled else [], "")


def date_tags(state: str, starts_at: datetime, timing: str, *, is_cancelled: bool, now: datetime) -> list[StatusInfo]:
    """Return what is to be said at once of a date that has not ended; `is_cancelled` says that all of them are."""
    if is_cancelled or state == DateState.CANCELLED:
        return [CANCELLED]
    # Nobody knows whether what has no known time, or no known end, is on.
    is_on = starts_at <= now and timing in (DateTiming.TIMES, DateTiming.ALL_DAY)
    tags = [ON_NOW] if is_on else []
    return [*tags, MOVED] if state == DateState.MOVED else tags


def dates_on_home() -> list[EventRow]:
    """Return the next dates of the site."""
    return [row_to_come(each) for each in with_dates_to_come(public_events())[:DATES_ON_HOME]]


def dates_about_centre(centre: CentrePage) -> list[EventRow]:
    """Return the next dates at or about a centre."""
    events = public_events().filter(about_centre(centre.pk))
    return [row_to_come(each) for each in with_dates_to_come(events)[:DATES_AT_CENTRE]]


@dataclass(frozen=True)
class ForumEvents:
    """What a forum's page shows of its events."""

    coming: list[EventRow]
    past: list[EventRow]


def forum_events(forum: ForumPage) -> ForumEvents:
    """Return a forum's next dates, and its last events that are over."""
    events = public_events().filter(forum=forum.pk)
    return ForumEvents(
        coming=[row_to_come(each) for each in with_dates_to_come(events)[:DATES_OF_FORUM]],
        past=[row_that_is_over(each) for each in that_are_over(events)[:PAST_EVENTS_OF_FORUM]],
    )


def calendar_dates(events: Q, *, since: timedelta | None = CALENDAR_PAST) -> list[CalendarDate]:
    """Return the dates of the public events that meet `events`, in order: those to come, and those since then.

    Dates that were taken out of an event are among them, as cancelled. `since` is how far back they go; None for as
    far as there is. If there are more than a calendar holds, those farthest back are left out first, then those
    farthest ahead. It takes three queries.
    """
    now = timezone.now()
    is_to_come = Q(ends_at__gt=now)
    shown = once(public(EventPage.objects.filter(events))).order_by().values("pk")
    dates = EventDate.objects.filter(event__in=shown)
    stands = Exists(EventDate.objects.filter(event=OuterRef("event"), key=OuterRef("key")))
    taken_out = AnnouncedDate.objects.filter(~stands, event__in=shown)
    if since is not None:
        dates, taken_out = (each.filter(ends_at__gt=now - since) for each in (dates, taken_out))
    nearest = dates.annotate(
        is_past=Case(When(is_to_come, then=Value(False)), default=Value(True), output_field=BooleanField()),
        ahead=Case(When(is_to_come, then=F("starts_at")), default=None, output_field=DateTimeField()),
    ).order_by("is_past", "ahead", "-starts_at", "pk")[:CALENDAR_DATES]
    gone = taken_out.order_by("-starts_at", "pk")[:CALENDAR_DATES]
    centre = public_centres().filter(pk=OuterRef("centre")).order_by()
    # A page is slow to make, so those with several dates are fetched once.
    pages = (
        public_events()
        .only(*LISTED, *IN_CALENDARS)
        .annotate(
            **{f"at_{name}": Subquery(centre.values(name)[:1]) for name in ("title", "address", "postcode")},
        )
        .in_bulk({date.event_id for date in (*nearest, *gone)})
    )
    found = [_calendar_date(pages[date.event_id], date) for date in (*nearest, *gone) if date.event_id in pages]
    return sorted(found, key=lambda each: (each.starts_at, each.url_path))


def calendar_uid(event: EventPage, key: UUID) -> UUID:
    """Return what calendars know a date of an event by, whatever it is called and whenever it is."""
    return uuid5(event.translation_key, str(key))


def next_standing_start() -> Subquery:
    """Return, for a queryset of events, the beginning of the next date that has not ended and was not cancelled.

    Once there is none, the last that was not cancelled; nothing for an event that is cancelled.
    """
    standing = EventDate.objects.filter(event=OuterRef("pk"), event__is_cancelled=False).exclude(
        state=DateState.CANCELLED
    )
    is_to_come = Q(ends_at__gt=timezone.now())
    first = standing.annotate(
        ahead=Case(When(is_to_come, then=F("starts_at")), default=None, output_field=DateTimeField())
    ).order_by(F("ahead").asc(nulls_last=True), "-starts_at")
    return Subquery(first.values("starts_at")[:1])


def _calendar_date(event: EventPage, date: EventDate | AnnouncedDate) -> CalendarDate:
    is_off = isinstance(date, AnnouncedDate) or date.state == DateState.CANCELLED
    place = [event.where_text(event.at_title or "")]
    if event.is_in_person and event.has_place:
        place += [*event.address.splitlines(), event.postcode]
    elif event.is_in_person and event.at_title:
        place += [*event.at_address.splitlines(), event.at_postcode]
    return CalendarDate(
        uid=calendar_uid(event, date.key),
        starts_at=date.starts_at,
        ends_at=None if date.timing == DateTiming.NO_END else date.ends_at,
        is_whole_days=date.timing in WHOLE_DAYS,
        is_cancelled=event.is_cancelled or is_off,
        title=event.title,
        lines=_calendar_lines(event, date),
        location=", ".join(part for part in place if part),
        kind=event.get_kind_display(),
        url_path=event.url_path,
        published_at=event.last_published_at,
    )


def _calendar_lines(event: EventPage, date: EventDate | AnnouncedDate) -> tuple[str, ...]:
    """Return what a calendar says about a date beyond when and where, one fact a line."""
    if isinstance(date, AnnouncedDate):
        return ("This date was taken out. The page says which dates there are.",)
    lines = [
        event.cancelled_note if event.is_cancelled else "",
        "The time is still to be confirmed." if date.timing == DateTiming.TO_BE_CONFIRMED else "",
        f"Moved from {date.moved_from_text}." if date.moved_from else "",
        date.note,
        event.summary,
        f"Join online: {event.public_joining_link}" if event.public_joining_link else "",
        f"Book at: {event.booking_link}" if event.booking_link else "",
    ]
    return tuple(line for line in lines if line)
