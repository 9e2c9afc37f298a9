"""Writes about accounts that are more than a save."""

from users.models import User

from .models import AccountMail


def owe_mail(kind: AccountMail.Kind, user: User | None, address: str = "") -> AccountMail:
    """Owe somebody a mail, and return the row."""
    return AccountMail.objects.create(kind=kind, user=user, address=address)
