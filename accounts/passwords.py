"""Checking a password when somebody signs in: slowly, and with the same answers whether or not there is the account."""

from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from cleaning.addresses import email_identity
from core.rate_limits import DATABASE, RateLimit
from core.security.log import LOCKED_OUT, log_security_event
from users.models import User

from .lock_outs import FREE_TRIES, KEPT, LockedOutError, guess_at
from .models import AccountMail
from .services import owe_mail

WRONG = "The e-mail address or the password is not right. Please try again."
# How often a day somebody is told that others try, from however many places that is.
TOLD = RateLimit("locked-mail", 3, KEPT, DATABASE)


def check(request: HttpRequest, address: str, password: str) -> User | None:
    """Return who signs in with an address and a password; None if nobody does.

    Raises ValidationError, with how long to wait, when no try is taken: also for the wrong try that begins the wait.
    """
    address = email_identity(address)
    guess = guess_at("password", address, request)
    try:
        tries = guess.count()
    except LockedOutError as error:
        raise ValidationError(str(error), code="locked") from error
    user = authenticate(request, username=address, password=password)
    if user:
        guess.was_right()
        return user
    guess.was_wrong()
    if tries >= FREE_TRIES:
        _tell(request, address, is_first=tries == FREE_TRIES)
        wait = guess.wait()
        if wait:
            raise ValidationError(str(LockedOutError(wait)), code="locked")
    return None


def _tell(request: HttpRequest, address: str, *, is_first: bool) -> None:
    """Tell whoever signs in with this address that somebody tried; it takes the same if nobody does."""
    user = User.objects.filter(email=address).first()
    log_security_event(LOCKED_OUT, about=user, request=request)
    if is_first and not TOLD.is_too_often(address):
        owe_mail(AccountMail.Kind.LOCKED_OUT, user=user)
