"""The list of events: what is coming by month, what is over by year; narrowed by centre and kind with plain links."""

from dataclasses import dataclass
from itertools import groupby

from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from centres.queries import PER_PAGE, ROWS_PER_PAGE, centre_choices
from core.dates import describe_month
from core.facets import Choice, Facet, Narrowed, address, narrow

from .models import EventKind, EventPage
from .queries import (
    EventRow,
    about_centre,
    public_events,
    row_that_is_over,
    row_to_come,
    that_are_over,
    with_dates_to_come,
)

PAST = "past"
DAY_NOT_KNOWN = "Day not known yet"


@dataclass(frozen=True)
class EventGroup:
    """The rows of one month or year."""

    heading: str
    rows: list[EventRow]


@dataclass(frozen=True)
class EventsContent:
    """The list of events as the address narrows it.

    `all_url` takes every filter away; `calendar_url` leads to the calendar of what is listed, as far as there is one,
    and `calendar_name` says whose it is.
    """

    is_past: bool
    groups: list[EventGroup]
    narrowed: Narrowed
    total: int
    paginator_page: "PaginatorPage[EventPage]"
    all_url: str
    calendar_url: str
    calendar_name: str


FACETS = (
    Facet("centre", "Centre", choices=centre_choices, condition=about_centre),
    Facet("kind", "Kind of event", "kind", lambda: [Choice(each.value, each.value, each.label) for each in EventKind]),
)


def events_content(parameters: QueryDict) -> EventsContent:
    """Return the list as narrowed by `centre` (a slug), `kind`, `when` ("past" for what is over) and `page`."""
    is_past = parameters.get("when") == PAST
    keep = {"when": PAST} if is_past else {}
    if is_past:
        narrowed = narrow(that_are_over(public_events()), FACETS, parameters, keep=keep)
        page = Paginator(narrowed.rows, PER_PAGE).get_page(parameters.get("page"))
        groups = [
            EventGroup(str(year), [row_that_is_over(event) for event in events])
            for year, events in groupby(page.object_list, key=lambda event: event.year)
        ]
    else:
        narrowed = narrow(with_dates_to_come(public_events()), FACETS, parameters)
        page = Paginator(narrowed.rows, ROWS_PER_PAGE).get_page(parameters.get("page"))
        groups = [
            EventGroup(month, [row_to_come(event) for event in events])
            for month, events in groupby(page.object_list, key=_month)
        ]
    centre = narrowed.chosen.get("centre")
    label = next((each.label for each in narrowed.active_filters), "") if centre else ""
    return EventsContent(
        is_past=is_past,
        groups=groups,
        narrowed=narrowed,
        total=page.paginator.count,
        paginator_page=page,
        all_url=address(**keep),
        calendar_url=reverse("centre_calendar", args=[centre]) if centre else reverse("calendar"),
        calendar_name=label,
    )


def _month(event: EventPage) -> str:
    """Return the month, in London, under which a date to come stands."""
    return describe_month(timezone.localdate(event.starts_at)) if event.starts_at else DAY_NOT_KNOWN
