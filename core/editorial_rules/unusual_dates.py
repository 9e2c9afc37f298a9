"""Dates that are seldom meant: editors are asked before these are published, and confirm with a tick."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.dates import describe_day

# A plan is seldom made for longer, and the National Health Service is no older than this.
YEARS_AHEAD, FIRST_YEAR = 10, 1948


class ConfirmedInput:
    """Adds to a widget the tick by which an editor confirms what was entered, once that was asked for."""

    is_asking = False
    is_meant = False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return what was entered, and remember whether it was confirmed."""
        self.is_meant = f"{name}-meant" in data
        return super().value_from_datadict(data, files, name)  # type: ignore[misc]  # a mixin of widgets

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Draw the widget, with the tick beneath it if there is something to confirm."""
        drawn: SafeString = super().render(name, value, attrs, renderer)  # type: ignore[misc]  # a mixin of widgets
        if not self.is_asking:
            return drawn
        return format_html(
            '{}<label class="bctt-meant"><input type="checkbox" name="{}-meant"{}> Yes, this is meant</label>',
            drawn,
            name,
            " checked" if self.is_meant else "",
        )


def make_confirmable(form: forms.BaseForm) -> None:
    """Let every field of a form that asks for a day or a moment ask whether it is meant."""
    for field in form.fields.values():
        if isinstance(field, forms.DateField | forms.DateTimeField) and not isinstance(field.widget, ConfirmedInput):
            kind = type(field.widget)
            field.widget.__class__ = type(f"Confirmed{kind.__name__}", (ConfirmedInput, kind), {})


def ask_about_unusual_dates(form: Any, *, published: models.QuerySet[Any]) -> None:
    """Refuse, beside its field, each unusual date that was not confirmed.

    `published` are the rows that residents see already: what is among them was decided before.
    """
    for name, why in unusual_dates(form).items():
        widget = form.fields[name].widget
        if published.filter(**{name: form.cleaned_data[name]}).exists():
            continue
        widget.is_asking = True
        if not widget.is_meant:
            form.add_error(name, ValidationError(f"{why} Correct it, or tick “Yes, this is meant”.", code="unusual"))


def unusual_dates(form: Any) -> dict[str, str]:
    """Return what is seldom meant, by field: what the object knows of itself; else years that are far off."""
    entered = {
        name: value
        for name, field in form.fields.items()
        if isinstance(field.widget, ConfirmedInput) and isinstance(value := form.cleaned_data.get(name), date)
    }
    if hasattr(form.instance, "unusual_dates"):
        return {name: why for name, why in form.instance.unusual_dates().items() if name in entered}
    return {name: why for name, value in entered.items() if (why := _why_far_off(value))}


def _why_far_off(value: date) -> str:
    day = timezone.localdate(value) if isinstance(value, datetime) else value
    today = timezone.localdate()
    if day.year > today.year + YEARS_AHEAD:
        return f"{describe_day(day)} is {day.year - today.year} years ahead."
    if day.year < FIRST_YEAR:
        return f"{describe_day(day)} is {today.year - day.year} years ago."
    return ""
