"""Form fields that ask for days and times, typed as people do, in place of Django's wherever the admin asks."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput, AdminTimeInput

from .times import check_year, parse_date, parse_moment, parse_time

Typed = TypeVar("Typed")
Day = TypeVar("Day", bound=date)


class DateField(forms.DateField):
    """Asks for a day, in a year that somebody may mean."""

    widget = AdminDateInput

    def to_python(self, value: Any) -> date | None:
        """Return the day that was typed. Raises ValidationError."""
        if isinstance(value, str):
            return _parsed(parse_date, value)
        return _in_range(super().to_python(value))


class TimeField(forms.TimeField):
    """Asks for a time of day."""

    widget = AdminTimeInput

    def to_python(self, value: Any) -> time | None:
        """Return the time that was typed. Raises ValidationError."""
        if isinstance(value, str):
            return _parsed(parse_time, value)
        return super().to_python(value)


class DateTimeField(forms.DateTimeField):
    """Asks for a day and a time in London, in a year that somebody may mean."""

    widget = AdminDateTimeInput

    def to_python(self, value: Any) -> datetime | None:
        """Return the moment that was typed. Raises ValidationError."""
        if isinstance(value, str):
            return _parsed(parse_moment, value)
        return _in_range(super().to_python(value))


def _parsed(parse: Callable[[str], Typed], value: str) -> Typed | None:
    if not value.strip():
        return None
    try:
        return parse(value)
    except ValueError as error:
        raise ValidationError(str(error), code="invalid") from error


def _in_range(value: Day | None) -> Day | None:
    if value is not None:
        try:
            check_year(value)
        except ValueError as error:
            raise ValidationError(str(error), code="year") from error
    return value
