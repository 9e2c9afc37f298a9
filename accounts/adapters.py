"""What the library for signing in (django-allauth) asks of this site, and every sentence that it says to people.

Nobody signs up, no address is kept beside the user's own, and the library sends no mail: mails are owed (`services`).
"""

import time
from typing import Any, ClassVar, NoReturn, cast
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from users.models import User

from . import passwords, single_sign_on
from .second_factor import has_one, would_be_without

# What the library says after something was done, by the name of its template; whatever is not here is not said.
MESSAGES = {
    "mfa/messages/totp_activated.txt": "Your authenticator app is set up.",
    "mfa/messages/totp_deactivated.txt": "Your authenticator app is removed.",
    "mfa/messages/webauthn_added.txt": "Your passkey is added.",
    "mfa/messages/webauthn_removed.txt": "Your passkey is removed.",
    "mfa/messages/recovery_codes_generated.txt": "You have new recovery codes. Keep them somewhere safe.",
    "usersessions/messages/sessions_logged_out.txt": "You are signed out everywhere else.",
}
# How long after somebody signed in, or gave a password, code or passkey again, the account may be changed.
RECENT = 10 * 60


class AccountAdapter(DefaultAccountAdapter):
    """Signing in and out with an address and a password."""

    error_messages: ClassVar[dict[str, str]] = {
        **dict.fromkeys(DefaultAccountAdapter.error_messages, "That did not work. Please try again."),
        "email_password_mismatch": passwords.WRONG,
        "incorrect_password": "This is not your password. Please try again.",
        "enter_current_password": "Enter your password.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return who an address and a password belong to. Raises ValidationError if no try is taken now."""
        return passwords.check(request, credentials["email"], credentials["password"])

    def reauthenticate(self, user: User, password: str) -> bool:
        """Whether this is the password of somebody who is signed in; guessing it is as slow as when signing in."""
        return passwords.check(cast(HttpRequest, self.request), user.email, password) == user

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether somebody must give a password, a code or a passkey once more before the account is changed."""
        request = self.request
        records = get_authentication_records(request, request.user)
        if records and time.time() - records[-1]["at"] < RECENT:
            return False
        if not self.get_reauthentication_methods(request.user):
            # Single sign-on alone: signing in once more is the only proof there is.
            logout(request)
            messages.warning(request, "Please sign in again. Then you can change how you sign in.")
            raise ImmediateHttpResponse(_to_sign_in(request.get_full_path()))
        return True

    def get_reauthentication_methods(self, user: User) -> list[dict[str, str]]:
        """Return the ways to give a proof again, the first of which is asked for.

        Whoever has a second factor is asked for that: a session that is stolen together with the password gets no
        further.
        """
        words = {
            "reauthenticate": "Use your password",
            "mfa_reauthenticate": "Use a code",
            "mfa_reauthenticate:webauthn": "Use a passkey",
        }
        methods = {
            each["id"]: {**each, "description": words[each["id"]]}
            for each in super().get_reauthentication_methods(user)
        }
        if user.is_authenticated and has_one(user):
            methods.pop("reauthenticate", None)
            passkeys = methods.pop("mfa_reauthenticate:webauthn", None)
            app = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()
            if passkeys:
                found = list(methods.values())
                return [*found, passkeys] if app else [passkeys, *found]
        return list(methods.values())

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Say that something was done, in our words."""
        said = kwargs.get("message") or MESSAGES.get(message_template or "")
        if said:
            messages.add_message(request, level, said)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing: what people are told by mail is owed."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """Keep nobody's address; the library wants one that looks like one."""
        return "0.0.0.0"  # noqa: S104 (nothing listens there)

    def is_safe_url(self, url: str) -> bool:
        """Whether somebody may be sent on to an address: on this site, and nowhere else."""
        parts = urlsplit(url)
        return super().is_safe_url(url) and not parts.netloc and not parts.scheme

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Return the sign-in page, which says that somebody has signed out."""
        return f"{reverse('account_login')}?signed-out"

    def get_login_stages(self) -> list[str]:
        """Return what is asked for after the password."""
        return ["accounts.stages.SecondFactorStage"]


class MFAAdapter(DefaultMFAAdapter):
    """Second factors."""

    error_messages: ClassVar[dict[str, str]] = {
        **dict.fromkeys(DefaultMFAAdapter.error_messages, "That did not work. Please try again."),
        "cannot_delete_authenticator": (
            "You need a second step to sign in, and this is your only one. Add another one first."
        ),
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether somebody may remove it."""
        return not would_be_without(authenticator.user, authenticator)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: what people are told by mail is owed."""

    def generate_authenticator_name(self, user: User, *args: Any, **kwargs: Any) -> str:
        """Return how a new passkey is called; nothing else has a name."""
        number = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.WEBAUTHN).count() + 1
        return f"Passkey {number}" if number > 1 else "My passkey"

    def get_totp_issuer(self) -> str:
        """Return how authenticator apps call this site."""
        return str(settings.WAGTAIL_SITE_NAME)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return what passkeys are for: the site's address from the settings, whatever the request says."""
        return {"id": urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or "", "name": str(settings.WAGTAIL_SITE_NAME)}


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Single sign-on with the one directory that the settings name."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Return the directory, if there is one."""
        return single_sign_on.directories() if provider in {None, single_sign_on.PROVIDER, single_sign_on.KIND} else []

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find or make the account of somebody whom the directory has sent."""
        single_sign_on.accept(request, sociallogin)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> NoReturn:
        """Say on the sign-in page that it did not work."""
        single_sign_on.refuse(request, single_sign_on.words_for(error))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nobody signs up; `pre_social_login` makes the accounts."""
        return False

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: what people are told by mail is owed."""


def _to_sign_in(then: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({REDIRECT_FIELD_NAME: then})}")
