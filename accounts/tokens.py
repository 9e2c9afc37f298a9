"""The links by which people choose a password or confirm a new address: signed, for a while, and good once.

Each purpose has a signature of its own, so that a link for one thing does nothing else. What a link holds of a person
changes when it is used: Django's own tokens for passwords are made of the same, but all last equally long, and cannot
say whether they are too old.
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.core import signing

from users.models import User

from .models import AccountMail


@dataclass(frozen=True)
class Purpose:
    """What a link is for (`salt`, of its signature), and how long it is good."""

    salt: str
    lasts: timedelta

    @property
    def signer(self) -> signing.TimestampSigner:
        """What signs such links."""
        return signing.TimestampSigner(salt=self.salt, sep=".")


# Somebody who has lost a password is waiting for it; somebody who is invited may be away for some days.
RESET = Purpose("accounts.reset", timedelta(hours=2))
INVITATION = Purpose("accounts.invitation", timedelta(days=7))
NEW_ADDRESS = Purpose("accounts.new-address", timedelta(days=1))


class ExpiredError(Exception):
    """The link was good once."""


def password_token(purpose: Purpose, user: User) -> str:
    """Return the token of a link by which `user` chooses a password: RESET or INVITATION.

    It is good until it is used, until the person signs in, or until the address changes, if not too old before.
    """
    return purpose.signer.sign(f"{user.pk}.{_state(user)}")


def read_password_token(purpose: Purpose, token: str, *, lock: bool = False) -> User | None:
    """Return who may choose a password with this token; None if it was used, or is not whole.

    With `lock`, which needs a transaction, nobody else can use it at the same time. Raises ExpiredError if it is too
    old and was not used.
    """
    try:
        signed = purpose.signer.unsign(token)
    except signing.BadSignature:
        return None
    pk, _, state = signed.partition(".")
    people = User.objects.select_for_update() if lock else User.objects.all()
    user = people.filter(pk=int(pk), is_active=True).first()
    if user is None or state != _state(user):
        return None
    _refuse_old(purpose, token)
    return user


def _state(user: User) -> str:
    """Return what is different once somebody has chosen a password, signed in or got another address.

    The password is there as a hash with a salt, of which nobody can tell anything by this hash of it.
    """
    signed_in = user.last_login.isoformat() if user.last_login else ""
    return sha256(f"{user.pk} {user.password} {signed_in} {user.email}".encode()).hexdigest()[:32]


def address_token(mail: AccountMail) -> str:
    """Return the token of the link in the mail that asks somebody to confirm a new address."""
    return NEW_ADDRESS.signer.sign(str(mail.pk))


def read_address_token(token: str, *, lock: bool = False) -> AccountMail | None:
    """Return the mail by which an address is confirmed; None if that is done, or the link is not whole.

    With `lock`, which needs a transaction, nobody else can use it at the same time. Raises ExpiredError if it is too
    old and was not used.
    """
    try:
        pk = int(NEW_ADDRESS.signer.unsign(token))
    except signing.BadSignature:
        return None
    mails = AccountMail.objects.select_for_update() if lock else AccountMail.objects.all()
    found = mails.filter(pk=pk, kind=AccountMail.Kind.NEW_ADDRESS).exclude(address="").first()
    if found is not None:
        _refuse_old(NEW_ADDRESS, token)
    return found


def _refuse_old(purpose: Purpose, token: str) -> None:
    try:
        purpose.signer.unsign(token, max_age=purpose.lasts)
    except signing.SignatureExpired as error:
        raise ExpiredError from error
