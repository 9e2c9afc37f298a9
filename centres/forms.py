"""The admin's page forms, with the rules that need the whole form or the page above."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.admin.forms.pages import CopyForm

from core.editorial_rules.forms import BasePageForm


class CentreCopyForm(CopyForm):
    """Copies a centre as a draft: a copy has no facts yet, so it cannot be published, nor mirror the other centre."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("publish_copies", "alias"):
            self.fields.pop(name, None)
        if "copy_subpages" in self.fields:
            self.fields["copy_subpages"].label = "Copy its services, as drafts “to be confirmed”"
            self.fields["copy_subpages"].help_text = ""


class CentrePageForm(BasePageForm):
    """Asks for a reason when a milestone's date that residents have seen changes, and refuses to expect the past.

    A draft may be saved without it; publishing asks.
    """

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; the error stands beside the reason it asks for."""
        cleaned: dict[str, Any] = super().clean()
        if self.is_deferred_validation or "milestones" not in self.formsets:
            return cleaned
        stored = self.instance.stored_milestones()
        for form in self.formsets["milestones"].forms:
            before = stored.get(form.instance.key)
            if not form.is_valid() or not form.cleaned_data or form.cleaned_data.get("DELETE"):
                continue
            if form.instance.is_newly_overdue(before):
                form.add_error(
                    "date",
                    ValidationError(
                        "This date has passed, so it is no longer expected. Choose “Done” if it has happened, "
                        "“Delayed” or “Cancelled” if not, or another date."
                    ),
                )
            if before and form.instance.is_unexplained(before):
                form.add_error(
                    "change_reason",
                    ValidationError(
                        f"Residents have read “{before.seen_date}”. Say why the date changed, in new words if it has "
                        "changed before; they will see the old date and your reason."
                    ),
                )
        return cleaned


class CentreServicePageForm(BasePageForm):
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
