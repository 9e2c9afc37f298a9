"""The admin's page forms, with the rules that need the whole form or the page above."""

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
        # A draft in moderation is published as it is by whoever approves it, so it must be complete.
        is_draft = self.is_deferred_validation and not self.instance.workflow_in_progress
        if is_draft or "milestones" not in self.formsets:
            return cleaned
        stored = self.instance.stored_milestones()
        for form in self.formsets["milestones"].forms:
            before = stored.get(form.instance.key)
            if before is None or not form.is_valid() or form.cleaned_data.get("DELETE"):
                continue
            if form.instance.is_unexplained(before):
                form.add_error(
                    "change_reason",
                    ValidationError(
                        f"Residents have read “{before.seen_date}”. Say why the date changed, in new words if it has "
                        "changed before; they will see the old date and your reason."
                    ),
                )
        return cleaned


class CentreServicePageForm(WagtailAdminPageForm):
    """Tells a new page its centre, and asks that residents can read about the service before it is listed."""

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; the page's own validation finds a second page for the same service."""
        cleaned: dict[str, Any] = super().clean()
        if self.parent_page is not None:
            self.instance.centre = self.parent_page.specific
        service = cleaned.get("service")
        if service and not service.live and not self.is_deferred_validation:
            self.add_error(
                "service",
                ValidationError(
                    f"“{service.title}” is not published. Publish it under Services first, or save a draft."
                ),
            )
        return cleaned
