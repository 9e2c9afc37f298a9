"""Single sign-on: people come from a directory (OpenID Connect) that the settings name.

Somebody new gets an account without any rights. An account that is there already is somebody's only if the directory
says that the e-mail address is confirmed. OpenID Connect Core 1.0 is the source of the rules.
"""

import logging
from secrets import token_urlsafe
from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from requests import RequestException

from cleaning.addresses import email_identity
from core.security.log import log_security_event
from users.models import User

from . import security_events

logger = logging.getLogger(__name__)

KIND = "openid_connect"
PROVIDER = "directory"
# What a directory that answers with something else than it should makes the library raise.
GARBAGE = (RequestException, OAuth2Error, ValueError, KeyError, TypeError, AttributeError)
PASSWORD_INSTEAD = "Try again later, or sign in with your password."  # noqa: S105 (not a password)


def is_on() -> bool:
    """Whether the settings name a directory."""
    return bool(settings.OIDC_SERVER_URL and settings.OIDC_CLIENT_ID)


def directories() -> list[SocialApp]:
    """Return the directory that the settings name, or nothing."""
    if not is_on():
        return []
    return [
        SocialApp(
            provider=KIND,
            provider_id=PROVIDER,
            name=settings.OIDC_NAME,
            client_id=settings.OIDC_CLIENT_ID,
            secret=settings.OIDC_CLIENT_SECRET,
            settings={"server_url": settings.OIDC_SERVER_URL, "oauth_pkce_enabled": True},
        )
    ]


def begin(request: HttpRequest, then: str | None) -> HttpResponse:
    """Send somebody to the directory, and afterwards on to the address `then`."""
    provider = get_adapter().get_provider(request, PROVIDER)
    nonce = token_urlsafe(24)
    try:
        found = provider.redirect(request, process="login", next_url=then, auth_params={"nonce": nonce}, nonce=nonce)
    except GARBAGE:
        logger.warning("Single sign-on could not begin", exc_info=True)
        return _back(request, words_for(None))
    address = found["Location"]
    if not address.startswith(("https://", "http://")):
        return _back(request, words_for(None))
    return render(request, "accounts/to_directory.html", {"address": address, "directory": settings.OIDC_NAME})


def finish(request: HttpRequest) -> HttpResponse:
    """Let in whom the directory has sent back; what went wrong is said on the sign-in page."""
    try:
        found: HttpResponse = openid_connect.callback(request, PROVIDER)
    except GARBAGE:
        logger.warning("Single sign-on could not end", exc_info=True)
        return _back(request, words_for(None))
    return found


def accept(request: HttpRequest, login: SocialLogin) -> None:
    """Find the account of somebody whom the directory has sent, or make one without rights.

    `login.state` is what `begin` kept. Raises ImmediateHttpResponse, which leads back to the sign-in page, if the
    answer is not for this sign-in or the account may be somebody else's.
    """
    claims = login.account.extra_data
    _check(request, login, claims)
    # What the directory says of somebody is needed now and never again.
    login.account.extra_data = {}
    if login.is_existing:
        SocialAccount.objects.filter(pk=login.account.pk).update(extra_data={})
    else:
        login.connect(request, _account_of(request, claims))
    log_security_event(security_events.SINGLE_SIGN_ON, about=login.user, user=login.user, request=request)


def _check(request: HttpRequest, login: SocialLogin, claims: dict[str, Any]) -> None:
    """Refuse an answer that was meant for another sign-in (3.1.3.7) or mixes up two people (5.3.2)."""
    token, info = claims.get("id_token") or {}, claims.get("userinfo") or {}
    nonce = login.state.get("nonce")
    if login.state.get("process") != "login" or not nonce or token.get("nonce") != nonce:
        refuse(request, words_for(None))
    if not token.get("sub") or info.get("sub", token["sub"]) != token["sub"]:
        refuse(request, words_for(None))


def _account_of(request: HttpRequest, claims: dict[str, Any]) -> User:
    """Return the account with the confirmed address that the directory gives, a new one if there is none."""
    known = {**(claims.get("id_token") or {}), **(claims.get("userinfo") or {})}
    address = email_identity(str(known.get("email") or ""))
    try:
        validate_email(address)
    except ValidationError:
        refuse(request, f"{settings.OIDC_NAME} did not tell your e-mail address. Ask whoever looks after it.")
    verified = known.get("email_verified")
    # Some directories write a text; a number is none of what the standard allows (5.1).
    if verified is not True and verified != "true":
        refuse(
            request,
            f"{settings.OIDC_NAME} has not confirmed that {address} is your e-mail address. Sign in with your "
            "password, or ask whoever looks after it.",
        )
    found = User.objects.filter(email=address).first()
    if found:
        return found
    names = {"first_name": known.get("given_name"), "last_name": known.get("family_name")}
    try:
        with transaction.atomic():
            return User.objects.create_user(address, **{key: str(name or "")[:150] for key, name in names.items()})
    except IntegrityError:  # the same person, twice at once
        return User.objects.get(email=address)


def words_for(error: str | None) -> str:
    """Return what is said when single sign-on did not work."""
    if error in {AuthError.CANCELLED, AuthError.DENIED}:
        return f"{settings.OIDC_NAME} did not let you in, or you stopped. {PASSWORD_INSTEAD}"
    return f"Signing in with {settings.OIDC_NAME} does not work just now. {PASSWORD_INSTEAD}"


def refuse(request: HttpRequest, words: str) -> NoReturn:
    """Lead back to the sign-in page, where `words` are said."""
    raise ImmediateHttpResponse(_back(request, words))


def _back(request: HttpRequest, words: str) -> HttpResponse:
    messages.error(request, words)
    return HttpResponseRedirect(reverse("account_login"))
