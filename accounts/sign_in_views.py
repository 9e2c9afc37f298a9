"""Signing in and out, the second factor, sessions and single sign-on: the library's views, and what differs here."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView, LogoutView
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from core.security.log import log_security_event
from users.models import User

from . import security_events, sessions, single_sign_on
from .second_factor import is_required_of, mark_used, remember_counter, would_be_without


class SignInView(LoginView):
    """Signing in with an address and a password, and the ways to do without."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send on somebody who is signed in, or say that the account has no rights for what was asked."""
        if request.user.is_authenticated:
            return self.signed_in(request)
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def signed_in(self, request: HttpRequest) -> HttpResponse:
        """Answer somebody who is signed in.

        Whoever is sent here from a screen or a page may not see that. Sending such a person back would never end.
        """
        user = cast(User, request.user)
        then = get_next_redirect_url(request)
        admin = reverse("wagtailadmin_home")
        if user.has_perm("wagtailadmin.access_admin") and (not then or then.startswith(admin)):
            return redirect(then or admin)
        # What Wagtail has to say of it is said on the page, once.
        list(messages.get_messages(request))
        context = {"is_admin": not then or then.startswith(admin), "then": then, "messages": []}
        return render(request, "accounts/no_rights.html", context, status=403)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the name of the directory that people may come from."""
        name = settings.OIDC_NAME if single_sign_on.is_on() else ""
        return {**super().get_context_data(**kwargs), "directory": name}


class SignOutView(LogoutView):
    """Signing out: the sidebar's button, or a page that asks."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign out, and leave no session: public pages come from caches for who has none.

        That somebody has signed out is said by the page that follows, as its address says.
        """
        response = cast(HttpResponse, super().post(*args, **kwargs))
        self.request.session.flush()
        return response


class SecondStepView(AuthenticateView):
    """The second factor, after the password."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show what was wrong; after too many wrong codes, start over."""
        if getattr(form, "is_locked", False):
            words = form.errors["code"][0]
            response = cast(HttpResponse, self.stage.abort())
            messages.error(self.request, words)
            return response
        return cast(HttpResponse, super().form_invalid(form))


class PasskeySignInView(LoginWebAuthnView):
    """Signing in with a passkey alone."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say on the sign-in page what was wrong, and keep where somebody wanted to go."""
        response = cast(HttpResponse, super().form_invalid(form))
        then = get_next_redirect_url(self.request)
        if then:
            response["Location"] += f"?{urlencode({REDIRECT_FIELD_NAME: then})}"
        return response


class PasskeyAgainView(ReauthenticateWebAuthnView):
    """The passkey of somebody who is signed in."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say what was wrong on the same page."""
        for words in form.errors.get("credential", []):
            messages.error(self.request, words)
        return HttpResponseRedirect(self.request.get_full_path())


class SetUpAppView(ActivateTOTPView):
    """Setting up an authenticator app."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the app; the code that was typed is used up."""
        response = cast(HttpResponse, super().form_valid(form))
        app = Authenticator.objects.get(user_id=self.request.user.pk, type=Authenticator.Type.TOTP)
        remember_counter(app, form.counter)
        mark_used(self.request, app)
        return response


class AddPasskeyView(AddWebAuthnView):
    """Adding a passkey."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the passkey, which the person has just shown."""
        response = cast(HttpResponse, super().form_valid(form))
        added = Authenticator.objects.filter(user_id=self.request.user.pk, type=Authenticator.Type.WEBAUTHN)
        mark_used(self.request, added.latest("pk"))
        return response


class RemovePasskeyView(RemoveWebAuthnView):
    """Removing a passkey, unless it is the only second factor of somebody who needs one."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether it is the only one."""
        user = cast(User, self.request.user)
        return {**super().get_context_data(**kwargs), "is_needed": would_be_without(user, self.object)}

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it, or say why not."""
        if would_be_without(cast(User, self.request.user), self.object):
            return self.render_to_response(self.get_context_data(form=form))
        return cast(HttpResponse, super().form_valid(form))


class SignInAndSecurityView(IndexView):
    """One page about how somebody signs in: second factors, recovery codes, sessions, password and address."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the sessions, and whether a second factor is needed and from when on."""
        user = cast(User, self.request.user)
        return {
            **super().get_context_data(**kwargs),
            "sessions": sessions.sessions_of(self.request),
            "is_required": is_required_of(user),
            "due_at": user.second_factor_due_at,
        }


class SessionsView(ListUserSessionsView):
    """Where somebody is signed in, and signing out everywhere else."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the sessions in words."""
        return {**super().get_context_data(**kwargs), "sessions": sessions.sessions_of(self.request)}

    def form_valid(self, form: Any) -> HttpResponse:
        """End every other session."""
        response = cast(HttpResponse, super().form_valid(form))
        user = cast(User, self.request.user)
        log_security_event(security_events.SESSIONS_ENDED, about=user, user=user, request=self.request)
        return response


def or_back(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Return a view that leads to the page about signing in where something is no longer there, as after "Back"."""

    @wraps(view)
    def found_or_back(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            return redirect("mfa_index")

    return found_or_back


@require_POST
def begin_single_sign_on(request: HttpRequest) -> HttpResponse:
    """Send somebody to the directory."""
    if not single_sign_on.is_on():
        return redirect("account_login")
    return single_sign_on.begin(request, get_next_redirect_url(request))


@require_safe
def finish_single_sign_on(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Let in whom the directory has sent back."""
    if not single_sign_on.is_on() or provider_id != single_sign_on.PROVIDER:
        return redirect("account_login")
    return single_sign_on.finish(request)


@require_safe
def frontend_login(request: HttpRequest) -> HttpResponse:
    """Lead from Wagtail's own sign-in form for private pages, which knows no second factor, to ours."""
    then = get_next_redirect_url(request)
    query = f"?{urlencode({REDIRECT_FIELD_NAME: then})}" if then else ""
    return HttpResponseRedirect(f"{reverse('account_login')}{query}")


@require_safe
def account_inactive(request: HttpRequest) -> HttpResponse:
    """Say that an account was switched off."""
    return render(request, "account/account_inactive.html", status=403)
