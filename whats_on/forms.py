"""The admin's form of an event, with the rules that need all of its dates at once."""

from datetime import datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from core.editorial_rules.forms import BasePageForm
from core.form_fields import DateTimeField
from core.times import parse_date, parse_moment
from core.timezone import LONDON

from .choices import WHOLE_DAYS, DateTiming


class WholeDayField(DateTimeField):
    """Asks for a day as a moment; a time that stands beside it is left out."""

    def to_python(self, value: Any) -> datetime | None:
        """Return the first moment of the day that was typed. Raises ValidationError."""
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        try:
            day = parse_date(value)
        except ValueError as no_day:
            try:
                day = parse_moment(value).date()
            except ValueError:
                raise ValidationError(str(no_day), code="invalid") from no_day
        return datetime.combine(day, time(0), LONDON)


def ask_for_what_is_known(row: Any) -> None:
    """Let a row of dates take days alone where only days count, and show no end that is not known."""
    # Where a form does not say it, times are meant, as the model has it.
    row.fields["timing"].required = False
    timing = row["timing"].value()
    names = ("starts_at", "ends_at", "moved_from") if timing in WHOLE_DAYS else ()
    for name in names:
        asked = row.fields[name]
        row.fields[name] = WholeDayField(
            label=asked.label, help_text=asked.help_text, required=asked.required, widget=asked.widget
        )
    if timing in WHOLE_DAYS:
        for name in names:
            moment = getattr(row.instance, name)
            row.initial[name] = f"{timezone.localtime(moment):%d/%m/%Y}" if moment else None
    elif timing == DateTiming.NO_END and row.instance.timing == DateTiming.NO_END:
        row.initial["ends_at"] = None


class EventPageForm(BasePageForm):
    """Asks for a date, or for roughly when, and refuses two dates with the same beginning.

    A draft may be saved unfinished; publishing asks.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in self.formsets["dates"].forms if "dates" in self.formsets else ():
            ask_for_what_is_known(row)

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; each error stands beside the field it asks for."""
        cleaned: dict[str, Any] = super().clean()
        if self.is_deferred_validation or "dates" not in self.formsets:
            return cleaned
        rows = [form for form in self.formsets["dates"].forms if not self._is_left_out(form)]
        if not rows and not cleaned.get("rough_date"):
            self.add_error(
                "rough_date", ValidationError("Add a date above. If the day is not known, say here roughly when it is.")
            )
        if rows and cleaned.get("rough_date"):
            self.add_error("rough_date", ValidationError("There are dates above, so leave this empty."))
        seen = set()
        for row in rows:
            begins = row.cleaned_data.get("starts_at") if row.is_valid() else None
            if begins in seen:
                row.add_error("starts_at", ValidationError("Another date begins at this time. Remove one of the two."))
            elif begins:
                seen.add(begins)
        return cleaned

    @staticmethod
    def _is_left_out(form: Any) -> bool:
        """Whether a row was removed, or added and never filled in."""
        is_removed = form.is_valid() and form.cleaned_data.get("DELETE")
        return bool(is_removed or (not form.has_changed() and form.empty_permitted))
