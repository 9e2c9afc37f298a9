"""What is asked about people who sign in: who was invited and has not come yet."""

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q

from users.models import User

from .models import AccountMail


def invited() -> Q:
    """Return which people were invited and have neither chosen a password nor come in by the directory."""
    return Q(password__startswith=UNUSABLE_PASSWORD_PREFIX, last_login=None, is_active=True)


def is_invited(user: User) -> bool:
    """Whether somebody was invited and has not come yet (`invited`)."""
    return user.is_active and user.last_login is None and not user.has_usable_password()


def last_invitation(user: User) -> AccountMail | None:
    """Return the last invitation that somebody was sent, or is owed; None if there is none that is still kept."""
    return AccountMail.objects.filter(user=user, kind=AccountMail.Kind.INVITATION).order_by("-pk").first()
