"""The admin's page forms, with the rules that span several fields."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminPageForm


class CentrePageForm(WagtailAdminPageForm):
    """Asks for a reason when a milestone's date that residents have seen changes.

    A draft may be saved without it; publishing asks.
    """

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; the error stands beside the reason it asks for."""
        cleaned: dict[str, Any] = super().clean()
        if self.is_deferred_validation or not self.instance.pk or "milestones" not in self.formsets:
            return cleaned
        published = {
            milestone.key: milestone
            for milestone in self.instance.milestones.model.objects.filter(
                centre_id=self.instance.pk, centre__live=True
            )
        }
        for form in self.formsets["milestones"].forms:
            before = published.get(form.instance.key)
            if before is None or not form.is_valid() or form.cleaned_data.get("DELETE"):
                continue
            reason = form.cleaned_data.get("change_reason", "")
            if form.instance.has_new_date(before) and reason in ("", before.change_reason):
                form.add_error(
                    "change_reason",
                    ValidationError(
                        f"Residents have read “{before.date_text}”. Say why the date changed; they will see the old "
                        "date and your reason."
                    ),
                )
        return cleaned
