"""What the account screen of the admin says of one's password and of the address that one signs in with."""

from typing import Any

from django import forms
from wagtail.admin.views.account import BaseSettingsPanel
from wagtail.admin.views.account import ChangePasswordPanel as WagtailChangePasswordPanel

from .forms import OwnPasswordForm


class PasswordPanel(WagtailChangePasswordPanel):
    """Wagtail's own, which is switched off in the settings, with our form: that tells the person by e-mail."""

    form_class = OwnPasswordForm

    def is_active(self) -> bool:
        """Whether the person has a password, and does not come in by the directory."""
        return bool(self.user.has_usable_password())


class AddressPanel(BaseSettingsPanel):
    """Says which address one signs in with, and leads to the screen that changes it."""

    name = "address"
    title = "Sign-in address"
    order = 200
    template_name = "accounts/admin/address_panel.html"

    def get_form(self) -> forms.Form:
        """Return a form without fields: nothing is saved here."""
        return forms.Form()

    def get_context_data(self) -> dict[str, Any]:
        """Return what the panel says."""
        return {"address": self.user.email, "has_password": self.user.has_usable_password()}
