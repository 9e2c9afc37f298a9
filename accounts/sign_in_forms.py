"""The forms of signing in: address and password, codes, passkeys."""

from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm as MFAAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as MFAReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError

from .lock_outs import CODES_OF_ONE, FREE_TRIES, LockedOutError, guess_at
from .second_factor import counter_of, use_code

WRONG_CODE = "This code is not right, or was used before. Wait for the next one, or look at the recovery codes again."
WRONG_APP_CODE = "This code is not right. Wait for the next one, and check that the time of your phone is right."
WRONG_PASSKEY = "That passkey did not work. Try again, or use another way."
LONGEST_NAME = 60
# What the library raises if what it is given as a passkey's answer is something else.
GARBAGE = (ValueError, KeyError, TypeError, AttributeError, IndexError)


class SignInForm(LoginForm):
    """An e-mail address and a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label="E-mail address",
            max_length=254,
            widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": "", "inputmode": "email"}),
            error_messages={"required": "Enter your e-mail address."},
        )
        self.fields["password"] = forms.CharField(
            label="Password",
            strip=False,
            max_length=4096,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            error_messages={"required": "Enter your password."},
        )
        self.fields["remember"].label = "Remember me"
        self.order_fields(["login", "password", "remember"])

    def add_prefix(self, field_name: str) -> str:
        """Call the address what browsers and password managers expect."""
        return "username" if field_name == "login" else str(super().add_prefix(field_name))


class PasswordAgainForm(ReauthenticateForm):
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = forms.CharField(
            label="Password",
            strip=False,
            max_length=4096,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            error_messages={"required": "Enter your password."},
        )


def _code_field(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": "Enter a code."},
    )


class _CodeMixin(forms.Form):
    """A code of an authenticator app or a recovery code, each of which works once; guessing is slow."""

    user: Any
    authenticator: Authenticator
    # Whether no further try is taken now.
    is_locked = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = _code_field("Code")

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        guess = guess_at("code", str(self.user.pk), context.request)
        try:
            if CODES_OF_ONE.is_used_up(str(self.user.pk)):
                raise LockedOutError(CODES_OF_ONE.period)
            tries = guess.count()
        except LockedOutError as error:
            self.is_locked = True
            raise ValidationError(str(error), code="locked") from error
        found = use_code(self.user, code)
        if found:
            guess.was_right()
            self.authenticator = found
            return code
        guess.was_wrong()
        CODES_OF_ONE.count(str(self.user.pk))
        wait = guess.wait()
        if tries >= FREE_TRIES and wait:
            self.is_locked = True
            raise ValidationError(str(LockedOutError(wait)), code="locked")
        raise ValidationError(WRONG_CODE, code="incorrect_code")


class CodeForm(_CodeMixin, MFAAuthenticateForm):
    """The code that is asked for after the password."""


class CodeAgainForm(_CodeMixin, MFAReauthenticateForm):
    """A code of somebody who is signed in."""


class SetUpAppForm(ActivateTOTPForm):
    """The first code of an authenticator app."""

    counter: int

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = _code_field("Code that the app shows")

    def clean_code(self) -> str:
        """Return the code. The number of its half minute is kept, by which it is used up."""
        code = str(self.cleaned_data["code"])
        counter = counter_of(self.secret, code)
        if counter is None:
            raise ValidationError(WRONG_APP_CODE, code="incorrect_code")
        self.counter = counter
        return code


class _PasskeyMixin(forms.Form):
    """The answer of a passkey."""

    def clean_credential(self) -> Any:
        return _answer(super().clean_credential)  # type: ignore[misc]


def _answer(check: Any) -> Any:
    try:
        return check()
    except ValidationError as error:
        raise ValidationError(WRONG_PASSKEY, code="incorrect_code") from error
    except GARBAGE as error:
        raise ValidationError(WRONG_PASSKEY, code="incorrect_code") from error


class PasskeySignInForm(_PasskeyMixin, LoginWebAuthnForm):
    """Signing in with a passkey alone."""


class PasskeyForm(_PasskeyMixin, AuthenticateWebAuthnForm):
    """The passkey that is asked for after the password."""


class PasskeyAgainForm(_PasskeyMixin, ReauthenticateWebAuthnForm):
    """The passkey of somebody who is signed in."""


class AddPasskeyForm(AddWebAuthnForm):
    """A new passkey, and how it is called."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _name_field(required=False)
        passwordless = self.fields["passwordless"]
        passwordless.label = "Sign in with it alone, without my password"
        passwordless.help_text = (
            "Leave this ticked for a phone, a computer or a password manager. Take the tick away for an old security "
            "key that knows neither your finger nor a number."
        )
        passwordless.initial = True

    def clean(self) -> Any:
        """Check what the browser has made."""
        return _answer(super().clean)


class RenamePasskeyForm(EditWebAuthnForm):
    """How a passkey is called."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _name_field(required=True)


def _name_field(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label="What you call it",
        help_text="For example “My phone”. You will see it in the list of your passkeys.",
        max_length=LONGEST_NAME,
        required=required,
        error_messages={"required": "Enter a name."},
    )
