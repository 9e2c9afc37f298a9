"""Partners: the organisations that run or build a centre, over the years."""

from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

from core.dates import DatePrecision, describe_date, last_day
from core.fields import https_validator


class Partner(Orderable):
    """An organisation, what it does at a centre, and from when to when.

    `is_unfinished` is set while a draft is saved.
    """

    is_unfinished = False

    centre = ParentalKey("centres.CentrePage", on_delete=models.CASCADE, related_name="partners")
    name = models.CharField(max_length=150, help_text="The organisation's name at that time.")
    other_names = models.CharField(
        max_length=200, blank=True, help_text="Earlier or later names. For example: formerly Testville CCG"
    )
    role = models.CharField(max_length=300, blank=True, help_text="What it does at this centre.")
    website = models.URLField(
        validators=[https_validator], blank=True, help_text="Its own website. It must begin with https://"
    )
    from_date = models.DateField("from", null=True, blank=True, help_text="Leave empty if you do not know.")
    to_date = models.DateField("to", null=True, blank=True, help_text="Leave empty if it still takes part.")
    precision = models.CharField(
        "what we know of these dates",
        max_length=12,
        choices=DatePrecision.choices,
        default=DatePrecision.YEAR,
        help_text="Residents see no more than you know: for a year, enter any day of it.",
    )

    panels: ClassVar[list[Any]] = [
        FieldPanel("name"),
        FieldPanel("role"),
        FieldPanel("other_names"),
        FieldPanel("website"),
        FieldRowPanel([FieldPanel("from_date"), FieldPanel("to_date")]),
        FieldPanel("precision"),
    ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse an end before the beginning. Raises ValidationError keyed by field."""
        if not self.is_unfinished and self.from_date and self.to_date and self.to_date < self.from_date:
            raise ValidationError({"to_date": "This is before the first date."})

    @property
    def years_text(self) -> str:
        """When it took part, such as "2018 to 2022", "from 2018", "until 2022", or nothing."""
        first = describe_date(self.from_date, self.precision)
        last = describe_date(self.to_date, self.precision)
        if first and last:
            return first if first == last else f"{first} to {last}"
        return f"from {first}" if first else f"until {last}" if last else ""

    def is_over(self, today: date | None = None) -> bool:
        """Whether it takes part no longer."""
        if self.to_date is None:
            return False
        return last_day(self.to_date, self.precision) < (today or timezone.localdate())
