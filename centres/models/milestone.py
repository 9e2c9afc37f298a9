"""Milestones: the dated steps of a centre's story, which remember the dates they once had."""

import uuid
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

from core.dates import DatePrecision, describe_date, first_day, last_day

from .choices import MilestoneState


class Milestone(Orderable):
    """A step with the date it happened or should happen.

    `remember` keeps two fields: `seen_date`, what residents read last, and `earlier_dates`, what they read before
    that, oldest first, as {"text": the date in words, "reason": why it changed}. `key` follows a milestone through
    drafts, whose rows get new ids when published. `is_unfinished` is set while a draft is saved.
    """

    is_unfinished = False

    centre = ParentalKey("centres.CentrePage", on_delete=models.CASCADE, related_name="milestones")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=150, help_text="What happens. For example: Building work begins")
    date = models.DateField(help_text="For less than an exact day, enter any day of that month, season or year.")
    precision = models.CharField(
        "what we know of the date",
        max_length=12,
        choices=DatePrecision.choices,
        default=DatePrecision.DAY,
        help_text="Residents see no more than you know: “end of 2023” rather than a day.",
    )
    state = models.CharField(
        max_length=10, choices=MilestoneState.choices, default=MilestoneState.EXPECTED, help_text="Where it stands."
    )
    change_reason = models.CharField(
        "why the date changed",
        max_length=300,
        blank=True,
        help_text="Needed when you change a date that residents have seen. They see the old date and this reason.",
    )
    seen_date = models.CharField(max_length=60, blank=True, editable=False)
    earlier_dates = models.JSONField(default=list, blank=True, editable=False)

    panels: ClassVar[list[Any]] = [
        FieldPanel("title"),
        FieldRowPanel([FieldPanel("date"), FieldPanel("precision")]),
        FieldPanel("state"),
        FieldPanel("change_reason"),
    ]

    def __str__(self) -> str:
        return f"{self.title} ({self.date_text})"

    def clean(self) -> None:
        """Refuse a step that is done in the future. Raises ValidationError keyed by field."""
        super().clean()
        if self.is_unfinished:
            return
        if (
            self.state == MilestoneState.DONE
            and self.date
            and first_day(self.date, self.precision) > timezone.localdate()
        ):
            raise ValidationError({"date": "This has not happened yet: choose another state, or a date in the past."})

    @property
    def date_text(self) -> str:
        """The date as exactly as it is known."""
        return describe_date(self.date, self.precision)

    @property
    def is_overdue(self) -> bool:
        """Whether it is still expected although its date has passed."""
        waiting = self.state in (MilestoneState.EXPECTED, MilestoneState.DELAYED)
        return waiting and last_day(self.date, self.precision) < timezone.localdate()

    def is_newly_overdue(self, stored: "Milestone | None") -> bool:
        """Whether it says “expected” of a date that has passed, and the `stored` row did not say so already."""
        said = (self.state, self.date, self.precision)
        is_news = stored is None or said != (stored.state, stored.date, stored.precision)
        return is_news and self.state == MilestoneState.EXPECTED and self.is_overdue

    def is_unexplained(self, stored: "Milestone") -> bool:
        """Whether residents have read another date (in the `stored` row) and no new reason says why it changed."""
        has_changed = bool(stored.seen_date) and self.date_text != stored.seen_date
        return has_changed and self.change_reason in ("", stored.change_reason)

    def remember(self, stored: "Milestone | None", *, is_live: bool) -> None:
        """Take over from the `stored` row what residents have read; if the centre `is_live`, they read this now."""
        # A copy of a centre has rows of its own, which nobody has read yet.
        self.seen_date = stored.seen_date if stored else ""
        self.earlier_dates = list(stored.earlier_dates) if stored else []
        if not is_live:
            return
        if self.seen_date and self.seen_date != self.date_text:
            self.earlier_dates.append({"text": self.seen_date, "reason": self.change_reason})
        self.seen_date = self.date_text
