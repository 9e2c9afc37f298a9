"""The admin's form of every page: any draft is kept, and what is published must be right."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.widgets.slug import SlugInput

from core.fields import PostcodeField
from core.notification_choice import LONGEST_LINE, NotificationChoice, notification_choices, stored_choice
from core.slugs import free_slug, is_usable

from .references import OwnReferencesForm
from .unusual_dates import ask_about_unusual_dates, make_confirmable

# Letters beyond the European alphabets.
OTHER_SCRIPTS = r"[^\u0000-\u058f\u1e00-\u1fff\u2000-\u206f]"
# Wagtail's own words for these, without its jargon: the label, and what stands beneath it.
PLAIN_WORDS = {
    "slug": (
        "End of the address",
        (
            "The last part of the page’s address: small letters, digits and hyphens. If you change it, people who have "
            "the old address are led to the new one. Leave it empty, and it is made from the title."
        ),
    ),
    "seo_title": ("Title in search engines", "Leave it empty to show the title of the page."),
    "search_description": ("Words beneath it in search engines", "Leave it empty to show the summary."),
    "show_in_menus": (
        "Show in the menu",
        "Puts a link at the top of every page. Only for pages right beneath the home page.",
    ),
    "go_live_at": ("Publish it on", "London time. It is then published by itself."),
    "expire_at": ("Take it off the site on", "London time. It then goes by itself. Leave it empty to keep it."),
}


class ConfirmedDatesForm(OwnReferencesForm):
    """Asks, of what is no page, whether dates are meant that seldom are."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        make_confirmable(self)

    def is_valid(self) -> bool:
        """Whether everything is right; what is seldom meant is asked once the rest is known."""
        is_valid: bool = super().is_valid()
        if is_valid:
            ask_about_unusual_dates(self, published=type(self.instance).objects.filter(pk=self.instance.pk))
        return is_valid and not self.errors


class BasePageForm(OwnReferencesForm, WagtailAdminPageForm):
    """Keeps a draft whatever is wrong with it, and asks for everything when it is published, scheduled or submitted.

    While a draft is kept, the page and its rows are told that they are unfinished. A page in moderation is no draft:
    whoever approves it publishes it as it is, so it must be right whenever it is saved.
    """

    notification_choice = forms.ChoiceField(label="Who is told", required=False, widget=forms.RadioSelect)
    notification_line = forms.CharField(
        label="What changed",
        required=False,
        max_length=LONGEST_LINE,
        help_text="One plain sentence for the e-mail. For example: The meeting is now in the library.",
    )

    is_right_today = forms.BooleanField(label="Everything on this page is right today", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page = self.instance
        if not page.needs_check:
            del self.fields["is_right_today"]
        is_published = page.first_published_at is not None
        decided = page.notification or {}
        self.fields["notification_choice"].choices = notification_choices(
            is_published=is_published, news=page.notifies_of
        )
        self.fields["notification_choice"].initial = decided.get("choice", NotificationChoice.NEWS)
        self.fields["notification_line"].initial = decided.get("line", "")
        for form in (self, *self._rows()):
            make_confirmable(form)
        if "title" in self.fields:
            self.fields["title"].error_messages["required"] = "Write a title."
        if "slug" in self.fields:
            # Made from the title where it is empty: the admin's script can spell European scripts only.
            self.fields["slug"].required = False
            self.fields["slug"].widget = SlugInput(formatters=[(OTHER_SCRIPTS, "")])
        for name, (label, help_text) in PLAIN_WORDS.items():
            if name in self.fields:
                self.fields[name].label, self.fields[name].help_text = label, help_text

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; ask for the line that followers shall read, and keep the decision in the draft."""
        if "slug" in self.cleaned_data and not is_usable(self.cleaned_data["slug"]):
            self.cleaned_data["slug"] = free_slug(
                self.cleaned_data.get("title", ""), parent=self.parent_page, page=self.instance
            )
        cleaned: dict[str, Any] = super().clean()
        choice, line = cleaned.get("notification_choice", ""), cleaned.get("notification_line", "").strip()
        if choice == NotificationChoice.LINE and not line and not self.is_deferred_validation:
            self.add_error(
                "notification_line", "Write what changed, in one sentence. Followers read it in their e-mail."
            )
        self.instance.notification = stored_choice(choice, line)
        # A tick counts when the page is published, scheduled or submitted: a draft may change until then.
        if cleaned.get("is_right_today") and not self.is_deferred_validation:
            self.instance.checked_on = cleaned["checked_on"] = timezone.localdate()
        return cleaned

    def is_valid(self) -> bool:
        """Whether everything is right, the rows too; what is seldom meant is asked once the rest is known."""
        is_valid: bool = super().is_valid()
        if not is_valid or self.is_deferred_validation:
            return is_valid
        page = self.instance
        is_live = bool(page.pk) and page.live
        ask_about_unusual_dates(self, published=_published(type(page).objects.filter(pk=page.pk), is_live))
        for formset in self.formsets.values():
            for row in formset.forms:
                if row.cleaned_data.get("DELETE"):
                    continue
                rows = formset.model.objects.filter(**{formset.fk.name: page.pk})
                ask_about_unusual_dates(row, published=_published(rows, is_live))
        return not self.errors and all(not row.errors for row in self._rows())

    def _rows(self) -> list[Any]:
        return [row for formset in self.formsets.values() for row in formset.forms]

    def defer_required_fields(self) -> None:
        """Let a draft be kept, unless it is in moderation."""
        if not self.instance.workflow_in_progress:
            super().defer_required_fields()
            self._say_unfinished(True)

    def restore_required_fields(self) -> None:
        """Ask for everything again."""
        super().restore_required_fields()
        self._say_unfinished(False)

    def _say_unfinished(self, is_unfinished: bool) -> None:
        for form in (self, *self._rows()):
            form.instance.is_unfinished = is_unfinished

    def _get_validation_exclusions(self) -> set[str]:
        """Leave the rules of the fields of a draft, such as a longest summary, for later.

        The form's own fields have seen to it that the database can keep them; a postcode's has room to spare.
        """
        excluded: set[str] = super()._get_validation_exclusions()
        if self.is_deferred_validation:
            fields = self.instance._meta.fields
            excluded |= {field.name for field in fields if not isinstance(field, PostcodeField)}
        return excluded


def _published(rows: "QuerySet[Any]", is_live: bool) -> "QuerySet[Any]":
    return rows if is_live else rows.none()
