"""The forms of people who sign in: the admin's, and those by which they choose passwords and addresses."""

from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from wagtail.admin.forms.auth import PasswordChangeForm as WagtailPasswordChangeForm
from wagtail.users.forms import UserCreationForm as WagtailUserCreationForm
from wagtail.users.forms import UserEditForm as WagtailUserEditForm

from cleaning.addresses import email_identity
from users.models import DUPLICATE, User

from .services import change_own_password, is_own_password, may_try_own_password

EXAMPLE = "Enter an email address like name@example.com"
NOT_YOURS = "This is not your password. Type the one that you sign in with."
TOO_MANY_WRONG = "The password was wrong too often. Try again in an hour."
INVITED_BY_MAIL = (
    "They get an email with a link to choose a password, which works for 7 days. Nobody else ever knows it."
)


class AddressField(forms.EmailField):
    """Asks for an e-mail address, and looks at it as it is kept."""

    def __init__(self, **kwargs: Any) -> None:
        errors = {
            "required": "Enter your email address.",
            "invalid": EXAMPLE,
            "max_length": f"This address is too long. {EXAMPLE}",
        }
        super().__init__(**{"max_length": 254, "error_messages": errors, **kwargs})

    def to_python(self, value: Any) -> str:
        """Return it as it is kept."""
        return email_identity(super().to_python(value) or "")


class UserCreationForm(WagtailUserCreationForm):
    """Adds a person, who then chooses a password by the link of an invitation."""

    error_messages = {**WagtailUserCreationForm.error_messages, "duplicate_username": DUPLICATE}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = INVITED_BY_MAIL

    def save(self, commit: bool = True) -> User:
        """Return the person, who has no password."""
        self.instance.set_unusable_password()
        user: User = super().save(commit=commit)
        return user


class UserEditForm(WagtailUserEditForm):
    """Changes a person, but not the password."""

    error_messages = {**WagtailUserEditForm.error_messages, "duplicate_username": DUPLICATE}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = "They sign in with it. If you change it, the address until now is told."


class ForgottenPasswordForm(forms.Form):
    """Asks for the address of somebody who has lost the password."""

    email = AddressField(
        label="Your email address",
        help_text="The address that you sign in with.",
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )


class ChoosePasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """Asks for a new password, twice. It saves nothing: the link is looked at again when the password is saved."""

    error_messages = {"password_mismatch": "The two passwords are not the same. Type the same one twice."}
    new_password1, new_password2 = SetPasswordForm.create_password_fields("Choose a password", "Type it once more")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = "Type a password."
        self.fields["new_password2"].help_text = ""


class OwnPasswordField(forms.CharField):
    """Asks somebody who is signed in for the present password."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
        errors = {"required": "Type your password, so that we know that it is you."}
        super().__init__(**{"strip": False, "widget": widget, "error_messages": errors, **kwargs})


def check_own_password(user: User, typed: str) -> str:
    """Return the password that somebody typed, if it is his or her own. Raises ValidationError if not."""
    if not may_try_own_password(user):
        raise forms.ValidationError(TOO_MANY_WRONG)
    if not is_own_password(user, typed):
        raise forms.ValidationError(NOT_YOURS)
    return typed


class OwnPasswordForm(WagtailPasswordChangeForm):
    """Changes one's own password, on the account screen."""

    def clean_old_password(self) -> str:
        """Return the present password; refuse a wrong one."""
        return check_own_password(self.user, self.cleaned_data["old_password"])

    def save(self, commit: bool = True) -> User:
        """Save the new password, and return whose it is."""
        change_own_password(self.user, self.cleaned_data["new_password1"])
        user: User = self.user
        return user


class NewAddressForm(forms.Form):
    """Asks somebody who is signed in for another address to sign in with."""

    email = AddressField(
        label="New email address",
        help_text="We send a link to it. The address changes when you open that link.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    password = OwnPasswordField(label="Your password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        """Return the new address; refuse the present one."""
        email: str = self.cleaned_data["email"]
        if email == self.user.email.lower():
            raise forms.ValidationError("You sign in with this address already.")
        return email

    def clean_password(self) -> str:
        """Return the present password; refuse a wrong one."""
        return check_own_password(self.user, self.cleaned_data["password"])
