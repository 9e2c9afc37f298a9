"""Where people are sent who follow the address of a page that goes away."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page

from core.permissions import known_pages
from core.redirects.services import LONGEST_PATH, old_path
from users.models import User


class RedirectForm(forms.Form):
    """Where people are sent who follow the address of a page that goes away."""

    redirect_to = forms.ModelChoiceField(
        Page.objects.filter(depth__gt=1),
        required=False,
        widget=AdminPageChooser(),
        label="Where to send people who follow its old address",
        help_text="Choose the page that says most nearly the same. Leave it empty, and they read that there is no such "
        "page.",
        error_messages={"invalid_choice": "That page is gone, or not yours. Choose another."},
    )

    def __init__(self, *args: Any, page: Page, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        field: Any = self.fields["redirect_to"]
        field.queryset = known_pages(field.queryset, user)
        # What is refused is not shown again, by its title.
        field.bound_data = lambda data, initial: data if _is_choice(field, data) else None

    def clean_redirect_to(self) -> Page | None:
        """Refuse a page that nobody would see: a draft, or one that goes away too."""
        target: Page | None = self.cleaned_data["redirect_to"]
        if target and len(old_path(self.page)) > LONGEST_PATH:
            raise ValidationError("The address of this page is too long to send people on from it. Leave this empty.")
        if target and not target.live:
            raise ValidationError(f"“{target.title}” is not published. Choose a page that people can see.")
        if target and target.path.startswith(self.page.path):
            raise ValidationError("Choose a page that stays: not this one, nor one beneath it.")
        return target


def _is_choice(field: Any, data: Any) -> bool:
    try:
        return field.to_python(data) is not None
    except ValidationError:
        return False
