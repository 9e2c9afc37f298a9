"""Dates of an event: each can be moved or cancelled on its own."""

import uuid
from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

from core.dates import describe_days, describe_moment, describe_time, describe_weekday
from core.timezone import LONDON
from whats_on.choices import WHOLE_DAYS, DateState, DateTiming

# How schema.org says what became of a date.
STATUSES = {
    DateState.PLANNED: "https://schema.org/EventScheduled",
    DateState.MOVED: "https://schema.org/EventRescheduled",
    DateState.CANCELLED: "https://schema.org/EventCancelled",
}


# When a date ends of which only the day is known.
LAST_MINUTE = time(23, 59)
# What is longer, or farther ahead, is seldom meant.
LONGEST_DATE, LONGEST_WHOLE_DAYS = timedelta(days=3), timedelta(days=31)
FAR_AHEAD = timedelta(days=2 * 365 + 1)


class EventDate(Orderable):
    """One date of an event, with its beginning and end (aware datetimes; London time for everyone).

    What lasts all day, or has no known time, is kept from midnight to the last minute of its last day; what has no
    known end, to the last minute of the day on which it begins.

    `key` follows a date through drafts, whose rows get new ids when published. `is_unfinished` is set while a draft
    is saved, which may still say what does not go together.
    """

    is_unfinished = False

    event = ParentalKey("events.EventPage", on_delete=models.CASCADE, related_name="dates")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    timing = models.CharField(
        "what is known of the times",
        max_length=16,
        choices=DateTiming.choices,
        default=DateTiming.TIMES,
        help_text="For whole days, and while the time is to be confirmed, enter only the days below.",
    )
    starts_at = models.DateTimeField("begins", db_index=True, help_text="London time. For example: 29/09/2026 5.30pm")
    ends_at = models.DateTimeField(
        "ends",
        db_index=True,
        blank=True,
        help_text="London time. Leave it empty if the end is not known, or if it is one whole day.",
    )
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
        FieldPanel("timing"),
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
        self.settle_times()
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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with its times as they are kept."""
        self.settle_times()
        super().save(*args, **kwargs)

    def settle_times(self) -> None:
        """Fill in what the editor need not say: an end that is not known, midnight where only days count."""
        if not self.starts_at:
            return
        if not self.ends_at and self.timing == DateTiming.TIMES:
            self.timing = DateTiming.NO_END
        first = timezone.localdate(self.starts_at)
        last = timezone.localdate(self.ends_at) if self.ends_at else first
        if self.timing in WHOLE_DAYS:
            self.starts_at = datetime.combine(first, time(0), LONDON)
            self.ends_at = datetime.combine(last, LAST_MINUTE, LONDON)
        elif self.timing == DateTiming.NO_END:
            self.ends_at = datetime.combine(first, LAST_MINUTE, LONDON)

    def unusual_dates(self) -> dict[str, str]:
        """Return what is seldom meant, by field, in words that say why."""
        found = {}
        if self.starts_at and self.starts_at - timezone.now() > FAR_AHEAD:
            found["starts_at"] = f"{describe_weekday(timezone.localdate(self.starts_at))} is more than two years ahead."
        if self.starts_at and self.ends_at:
            longest = LONGEST_WHOLE_DAYS if self.timing in WHOLE_DAYS else LONGEST_DATE
            length = self.ends_at - self.starts_at
            if length > longest:
                found["ends_at"] = f"It would last {length.days} days, until {describe_moment(self.ends_at)}."
        return found

    @property
    def text(self) -> str:
        """When it is, such as "Tuesday 4 May 2027, 2pm to 4pm"."""
        return describe_span(self.starts_at, self.ends_at, self.timing)

    @property
    def moved_from_text(self) -> str:
        """When it should have been, such as "Tuesday 4 May 2027, 2pm"; empty if it was not moved."""
        return describe_beginning(self.moved_from, self.timing) if self.moved_from else ""

    def structured_data(self, *, is_cancelled: bool) -> dict[str, str]:
        """Return what schema.org's Event says of this date; `is_cancelled` says that all dates are."""
        state = DateState.CANCELLED if is_cancelled else DateState(self.state)
        start, end = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        is_whole = self.timing in WHOLE_DAYS
        data = {
            "startDate": start.date().isoformat() if is_whole else start.isoformat(),
            "endDate": end.date().isoformat() if is_whole else end.isoformat(),
            "eventStatus": STATUSES[state],
        }
        if self.timing == DateTiming.NO_END:
            del data["endDate"]
        if state == DateState.MOVED and self.moved_from:
            data["previousStartDate"] = timezone.localtime(self.moved_from).isoformat()
        return data


class AnnouncedDate(models.Model):
    """A date of an event as it was last published, so that calendars can be told when it is taken out."""

    event = models.ForeignKey("events.EventPage", on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField()
    timing = models.CharField(max_length=16, choices=DateTiming.choices, default=DateTiming.TIMES)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["event", "key"], name="one_announced_date_per_key")
        ]

    def __str__(self) -> str:
        return describe_span(self.starts_at, self.ends_at, self.timing)


def describe_beginning(starts_at: datetime, timing: str) -> str:
    """Return when something begins, in London: a moment, or a day where only days count."""
    return describe_weekday(timezone.localdate(starts_at)) if timing in WHOLE_DAYS else describe_moment(starts_at)


def describe_span(starts_at: datetime, ends_at: datetime, timing: str = DateTiming.TIMES) -> str:
    """Return a span of time in London as exactly as it is known, naming the second day only if it is another.

    Midnight ends the day: "Friday 4 May 2027, 8pm to midnight".
    """
    start, end = timezone.localtime(starts_at), timezone.localtime(ends_at)
    days = describe_days(start.date(), end.date())
    if timing == DateTiming.TO_BE_CONFIRMED:
        return f"{days}, time to be confirmed"
    if timing == DateTiming.ALL_DAY:
        return f"{days}, all day" if start.date() == end.date() else days
    if timing == DateTiming.NO_END:
        return f"{describe_weekday(start.date())}, from {describe_time(start.time())}"
    ends_that_day = start.date() == end.date() or (end.time() == time(0) and end.date() - start.date() == timedelta(1))
    if ends_that_day:
        return f"{describe_moment(start)} to {describe_time(end.time())}"
    return f"{describe_moment(start)} to {describe_moment(end)}"
