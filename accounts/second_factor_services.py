"""Resetting a second factor."""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpRequest

from core.security.log import log_security_event
from users.models import User

from . import security_events
from .models import AccountMail
from .services import owe_mail
from .sessions import end_sessions_of


@transaction.atomic
def reset(person: User, *, by: User | None = None, request: HttpRequest | None = None) -> None:
    """Remove somebody's apps, passkeys and recovery codes, sign the person out everywhere, tell him or her, log it.

    Whoever needs a second factor sets up a new one at the next sign-in; the days of grace do not begin again.
    `by` is nobody where a command does it.
    """
    Authenticator.objects.filter(user_id=person.pk).delete()
    end_sessions_of(person)
    owe_mail(AccountMail.Kind.SECOND_FACTOR_CHANGED, user=person)
    log_security_event(security_events.FACTOR_RESET, about=person, user=by, request=request)
