"""The links by which people confirm, look after and stop what they follow, without an account.

Each purpose has a signature of its own, so that a link for one thing does nothing else.
"""

from datetime import timedelta
from functools import cache
from uuid import UUID

from django.core import signing
from django.urls import reverse

CONFIRM_FOR = timedelta(hours=48)
CONFIRM, MANAGE, STARTED = "followers.confirm", "followers.manage", "followers.started"
# As in the links of mails that were sent.
UNSUBSCRIBE = "followers.leave"
SIGNATURES = {purpose: signing.TimestampSigner(salt=purpose, sep=".") for purpose in (CONFIRM, STARTED)}
LASTING = {purpose: signing.Signer(salt=purpose, sep=".") for purpose in (MANAGE, UNSUBSCRIBE)}
# What stands for a token in a path.
PLACE = "place-of-a-token"


class ExpiredError(Exception):
    """The link was good once."""


def confirm_path(key: UUID) -> str:
    """Return the path that confirms a request; it expires."""
    return reverse("follow_confirm", args=[SIGNATURES[CONFIRM].sign(key.hex)])


def manage_path(key: UUID) -> str:
    """Return the path at which a follower looks after what he or she follows."""
    return _path("follow_manage", LASTING[MANAGE].sign(key.hex))


def unsubscribe_path(key: UUID) -> str:
    """Return the path by which a follower unsubscribes from everything (RFC 8058)."""
    return _path("follow_unsubscribe", LASTING[UNSUBSCRIBE].sign(key.hex))


def _path(name: str, token: str) -> str:
    """Return the path of a view that takes a token. Looking it up takes longer than signing, so it is done once."""
    return _path_of(name).replace(PLACE, token)


@cache
def _path_of(name: str) -> str:
    return reverse(name, args=[PLACE])


def read_confirm(token: str) -> UUID | None:
    """Return the key of the request in a link; None if it was tampered with. Raises ExpiredError if it is too old."""
    try:
        return UUID(SIGNATURES[CONFIRM].unsign(token, max_age=CONFIRM_FOR))
    except signing.SignatureExpired as error:
        raise ExpiredError from error
    except signing.BadSignature:
        return None


def read_lasting(purpose: str, token: str) -> UUID | None:
    """Return the follower's key in a link of this purpose (MANAGE or UNSUBSCRIBE); None if it was tampered with."""
    try:
        return UUID(LASTING[purpose].unsign(token))
    except signing.BadSignature:
        return None


def started() -> str:
    """Return the present moment, signed, for a form to send back."""
    return SIGNATURES[STARTED].sign("now")


def has_been(seconds: int, token: str) -> bool:
    """Whether it is so long since `started` gave this token; never if it did not, or on another day."""
    signer = SIGNATURES[STARTED]
    try:
        signer.unsign(token, max_age=timedelta(days=1))
    except signing.BadSignature:
        return False
    try:
        signer.unsign(token, max_age=seconds)
    except signing.SignatureExpired:
        return True
    return False
