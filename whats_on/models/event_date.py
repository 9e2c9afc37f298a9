"""Dates of an event: each can be moved or cancelled on its own."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

from core.dates import describe_moment, describe_time

from .choices import DateState

# How schema.org says what became of a date.
STATUSES = {
    DateState.PLANNED: "https://schema.org/EventScheduled",
    DateState.MOVED: "https://schema.org/EventRescheduled",
    DateState.CANCELLED: "https://schema.org/EventCancelled",
}


class EventDate(Orderable):
    """One date of an event, with its beginning and end (aware datetimes; London time for everyone).

    `key` follows a date through drafts, whose rows get new ids when published. `is_unfinished` is set while a draft
    is saved, which may still say what does not go together.
    """

    is_unfinished = False

    event = ParentalKey("events.EventPage", on_delete=models.CASCADE, related_name="dates")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    starts_at = models.DateTimeField("begins", db_index=True, help_text="London time.")
    ends_at = models.DateTimeField("ends", db_index=True, help_text="London time.")
    state = models.CharField(
        max_length=10,
        choices=DateState.choices,
        default=DateState.PLANNED,
        help_text="To call off a date, choose “Cancelled” here: do not remove the date. It stays on the page and in "
        "people’s calendars and says that it is cancelled, so that nobody comes for nothing.",
    )
    moved_from = models.DateTimeField(
        null=True, blank=True, help_text="If it was moved: when it should have begun. Residents see it."
    )
    note = models.CharField(
        max_length=250, blank=True, help_text="Why it was moved or cancelled, or what is special on this date."
    )

    panels: ClassVar[list[Any]] = [
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
        FieldPanel("state"),
        FieldPanel("moved_from"),
        FieldPanel("note"),
    ]

    class Meta(Orderable.Meta):
        ordering: ClassVar[list[str]] = ["starts_at"]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """Refuse an end before the beginning, and a move that does not say from when.

        Raises ValidationError keyed by field.
        """
        super().clean()
        if self.is_unfinished:
            return
        errors = {}
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            errors["ends_at"] = "The end must be later than the beginning."
        if self.state == DateState.MOVED and not self.moved_from:
            errors["moved_from"] = "Say when it should have begun, so that people who noted that date understand."
        if self.state == DateState.MOVED and self.moved_from and self.moved_from == self.starts_at:
            errors["moved_from"] = "It begins at this very time. Enter the time at which it should have begun before."
        if self.state != DateState.MOVED and self.moved_from:
            errors["moved_from"] = "Choose “Moved here from another date” above, or leave this empty."
        if self.state != DateState.PLANNED and not self.note.strip():
            errors["note"] = "Say why, in a few words."
        if errors:
            raise ValidationError(errors)

    @property
    def text(self) -> str:
        """When it is, such as "Tuesday 4 May 2027, 2pm to 4pm"."""
        return describe_span(self.starts_at, self.ends_at)

    @property
    def moved_from_text(self) -> str:
        """When it should have been, such as "Tuesday 4 May 2027, 2pm"; empty if it was not moved."""
        return describe_moment(self.moved_from) if self.moved_from else ""

    def structured_data(self, *, is_cancelled: bool) -> dict[str, str]:
        """Return what schema.org's Event says of this date; `is_cancelled` says that all dates are."""
        state = DateState.CANCELLED if is_cancelled else DateState(self.state)
        data = {
            "startDate": timezone.localtime(self.starts_at).isoformat(),
            "endDate": timezone.localtime(self.ends_at).isoformat(),
            "eventStatus": STATUSES[state],
        }
        if state == DateState.MOVED and self.moved_from:
            data["previousStartDate"] = timezone.localtime(self.moved_from).isoformat()
        return data


def describe_span(starts_at: datetime, ends_at: datetime) -> str:
    """Return a span of time in London, naming the second day only if it is another."""
    start, end = timezone.localtime(starts_at), timezone.localtime(ends_at)
    if start.date() == end.date():
        return f"{describe_moment(start)} to {describe_time(end.time())}"
    return f"{describe_moment(start)} to {describe_moment(end)}"
