"""Model fields the site needs and Django has not."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from wagtail.fields import RichTextField

from cleaning.addresses import clean_entry, folded
from cleaning.text import clean_text

# The form of a UK postcode, as Royal Mail writes it; whether it exists is not asked here.
postcode_validator = RegexValidator(
    r"^[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}\Z", "Enter a full postcode in capitals, such as RM19 1SX."
)
# A code of its own, because a form field puts its own words in the place of those of the code "invalid".
https_validator = RegexValidator(r"^https://", "The address must begin with https://", code="https")


def clean_texts(instance: models.Model) -> None:
    """Clean the texts of an instance, which may come from a spreadsheet or a file; its blocks are not looked at."""
    for field in instance._meta.concrete_fields:
        value = getattr(instance, field.attname)
        if isinstance(field, RichTextField) and isinstance(value, str):
            setattr(instance, field.attname, clean_text(value))
        elif isinstance(field, models.TextField) and isinstance(value, str):
            setattr(instance, field.attname, clean_entry(value).strip())
        elif isinstance(field, models.CharField) and isinstance(value, str):
            # A field of one line.
            setattr(instance, field.attname, " ".join(clean_entry(value).splitlines()).strip())


def validate_not_future(value: date) -> None:
    """Refuse a day that has not come yet. Raises ValidationError."""
    if value > timezone.localdate():
        raise ValidationError("This day has not come yet.", code="future")


class PostcodeField(models.CharField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A UK postcode, kept in capitals with one space however it was typed; whether it exists is not asked."""

    default_validators = [postcode_validator]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 8
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> Any:
        """Return the postcode as Royal Mail writes it."""
        letters = "".join(folded(str(value or "")).split()).upper()
        return f"{letters[:-3]} {letters[-3:]}" if 5 <= len(letters) <= 7 else letters

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        """Return a field that has room for stray spaces."""
        return super().formfield(**{"max_length": 20, **kwargs})


class TickListFormField(forms.MultipleChoiceField):
    """Tick boxes whose value is a list of keys."""

    widget = forms.CheckboxSelectMultiple

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare as sets, because the order of ticks means nothing."""
        return set(initial or []) != set(data or [])


class TickListField(models.JSONField):
    """Any number of ticks from a fixed list, kept as a JSON list of keys in the order of the list."""

    def __init__(self, *args: Any, ticks: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        self.ticks = [(str(value), str(label)) for value, label in ticks]
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> forms.Field:
        """Return tick boxes."""
        return TickListFormField(
            choices=self.ticks,
            required=False,
            label=kwargs.get("label") or str(self.verbose_name).capitalize(),
            help_text=kwargs.get("help_text") or self.help_text,
        )

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        """Refuse anything but a list of known keys."""
        super().validate(value, model_instance)
        known = {key for key, _ in self.ticks}
        if not isinstance(value, list) or not all(isinstance(key, str) and key in known for key in value):
            raise ValidationError("Choose from the list.", code="invalid_choice")
