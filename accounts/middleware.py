"""Who a request is from: nobody, once a session is over or while it lacks the second factor.

A session that lacks it gets nowhere in the admin but to the screens that ask for it. Everywhere else it counts for
nothing: private pages, private files and the user bar are for those who have signed in completely.
"""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from core.addresses import is_in_admin
from users.models import User

from . import sessions
from .second_factor import Standing, standing_of

# What anybody may ask for: signing in and out, choosing a password by a link, and what those screens show.
FOR_ANYBODY = {
    "account_login",
    "account_logout",
    "account_inactive",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "openid_connect_begin",
    "openid_connect_callback",
    "wagtailadmin_login",
    "wagtailadmin_logout",
    "accounts_forgotten_password",
    "accounts_forgotten_password_sent",
    "accounts_choose_password",
    "accounts_invitation",
    "wagtailadmin_sprite",
    "wagtailadmin_javascript_catalog",
}
# What the screens are that ask for the second factor of somebody who has one …
TO_USE_IT = {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
# … and those on which somebody who has none sets it up.
TO_SET_IT_UP = {
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
}
ALLOWED = {
    Standing.SET_UP: FOR_ANYBODY | TO_SET_IT_UP,
    Standing.CODE: FOR_ANYBODY | TO_USE_IT,
}


class SecondFactorMiddleware:
    """Ends sessions that are over, and holds those that lack the second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found = request.user
        is_admin = is_in_admin(request)
        # Nothing is looked up before somebody asks who it is: most public pages never do.
        request.user = SimpleLazyObject(lambda: _who(request, found, is_admin=is_admin))  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Lead somebody who lacks the second factor to where it is asked for or set up."""
        if not is_in_admin(request) or not request.user.is_authenticated:
            return None
        standing = standing_of(request, request.user)
        # The banner of the dashboard and the screens of signing in look at it.
        request.second_factor = standing  # type: ignore[attr-defined]
        name = request.resolver_match.view_name if request.resolver_match else ""
        if standing not in ALLOWED:
            if request.user.has_perm("wagtailadmin.access_admin"):
                # The screens about signing in have the admin's menu then, and stand alone for everybody else.
                request.sign_in_layout = "accounts/with_menu.html"  # type: ignore[attr-defined]
            return None
        if name in ALLOWED[standing]:
            return None
        address = reverse("mfa_index")
        if standing is Standing.CODE:
            then = request.get_full_path() if request.method == "GET" else reverse("wagtailadmin_home")
            address = f"{code_address(request.user)}?{urlencode({REDIRECT_FIELD_NAME: then})}"
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            return JsonResponse({"error": "Sign in completely first.", "address": address}, status=403)
        return redirect(address)


def code_address(user: User) -> str:
    """Return the address where somebody is asked for the second factor that he or she has."""
    return str(get_adapter().get_reauthentication_methods(user)[0]["url"])


def _who(request: HttpRequest, found: Any, *, is_admin: bool) -> Any:
    """Return who a request is from, for all that the site may show."""
    if not found.is_authenticated:
        return found
    who: Any = AnonymousUser()
    try:
        request.user = found  # what is asked here wants to know
        if sessions.has_ended(request):
            if is_admin:
                messages.info(request, "You did nothing for a while, so you were signed out.", fail_silently=True)
        elif is_admin or standing_of(request, found) not in ALLOWED:
            who = found
    finally:
        request.user = who
    return who
