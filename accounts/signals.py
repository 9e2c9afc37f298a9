"""What follows when somebody's second factor changes: the person is told, and the log says it."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset, authenticator_used
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from core.security.log import log_security_event
from users.models import User

from . import security_events, sessions
from .models import AccountMail
from .second_factor import FACTORS
from .services import owe_mail


@receiver(user_logged_in)
def note_signed_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Somebody has signed in: a session begins, and its end comes nearer."""
    sessions.begin(request)


@receiver(authenticator_added)
def note_added(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Somebody has set up an app or a passkey."""
    if authenticator.type in FACTORS:
        log_security_event(security_events.FACTOR_ADDED, about=user, user=user, request=request)
        owe_mail(AccountMail.Kind.SECOND_FACTOR_CHANGED, user=user)


@receiver(authenticator_removed)
def note_removed(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Somebody has removed an app or a passkey."""
    if authenticator.type in FACTORS:
        log_security_event(security_events.FACTOR_REMOVED, about=user, user=user, request=request)
        owe_mail(AccountMail.Kind.SECOND_FACTOR_CHANGED, user=user)


@receiver(authenticator_reset)
def note_new_codes(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Somebody has made new recovery codes; the old ones are gone."""
    log_security_event(security_events.CODES_MADE, about=user, user=user, request=request)
    owe_mail(AccountMail.Kind.SECOND_FACTOR_CHANGED, user=user)


@receiver(authenticator_used)
def note_code_used(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Somebody has got in with a recovery code."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        log_security_event(security_events.CODE_USED, about=user, user=user, request=request)
