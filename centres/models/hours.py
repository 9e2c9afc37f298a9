"""Opening hours as fields, for a centre and for a service that keeps its own."""

from typing import Any, ClassVar

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField

from centres.blocks import ExceptionsBlock, OpeningHoursBlock, exceptions_of, sessions_of
from centres.opening_hours import OpeningHours


class OpeningHoursMixin(models.Model):
    """A weekly pattern and dated exceptions, all in London time."""

    hours = StreamField(
        OpeningHoursBlock(),
        blank=True,
        verbose_name="opening hours",
        help_text="The usual week. Leave it empty if you do not know: nothing is shown then.",
    )
    exceptions = StreamField(
        ExceptionsBlock(),
        blank=True,
        verbose_name="days that are different",
        help_text="Bank holidays, training days, Christmas: closed, or open at other times.",
    )

    hours_panels: ClassVar[list[Any]] = [
        MultiFieldPanel([FieldPanel("hours"), FieldPanel("exceptions")], heading="Opening hours")
    ]

    class Meta:
        abstract = True

    @property
    def opening_hours(self) -> OpeningHours:
        """The hours as plain data, for the arithmetic."""
        return OpeningHours(sessions=sessions_of(self.hours), exceptions=exceptions_of(self.exceptions))
