"""The admin's form of an event, with the rules that need all of its dates at once."""

from typing import Any

from django.core.exceptions import ValidationError

from core.editorial_rules.forms import BasePageForm


class EventPageForm(BasePageForm):
    """Asks for a date, or for roughly when, and refuses two dates with the same beginning.

    A draft may be saved unfinished; publishing asks.
    """

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
