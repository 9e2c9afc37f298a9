"""Every write about somebody's account: invitations, passwords, sign-in addresses, and the mails that are owed.

No mail is sent here: a row is written, and `manage.py tick` sends it (`accounts.mail_queues`).
"""

from datetime import datetime, timedelta
from enum import Enum, auto

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from core.models import MailState
from core.rate_limits import DATABASE, HOUR, RateLimit
from core.security.log import log_security_event
from core.visitors import network_of
from users.models import User

from .models import AccountMail
from .queries import is_invited
from .security_events import (
    ADDRESS_CHANGED,
    INVITATION_ACCEPTED,
    INVITED,
    LINK_PRINTED,
    PASSWORD_CHANGED,
    RESET_ASKED,
    RESET_SENT,
    RESET_USED,
)
from .tokens import INVITATION, NEW_ADDRESS, RESET, ExpiredError, Purpose, read_address_token, read_password_token

Kind = AccountMail.Kind

# Rows count by the hour and forget an hour as a whole, so three within any hour takes a period of two.
RESETS = RateLimit("reset mail", most=3, period=2 * HOUR, store=DATABASE)
# A council's whole office may be one network.
RESETS_OF_NETWORK = RateLimit("reset net", most=30, period=HOUR, store=DATABASE)
NEW_ADDRESSES = RateLimit("new address", most=3, period=2 * HOUR, store=DATABASE)
# Whoever finds a browser that somebody left open must not find the password by trying. Wagtail's account screen looks
# at a wrong one twice.
WRONG_PASSWORDS = RateLimit("own password", most=20, period=HOUR, store=DATABASE)
# How long it can be seen that a mail was owed.
MAILS_KEPT = timedelta(days=30)


class Confirmation(Enum):
    """What became of an address that somebody wanted to confirm."""

    DONE = auto()
    TAKEN = auto()
    GONE = auto()


def owe_mail(kind: AccountMail.Kind, user: User | None, address: str = "") -> AccountMail:
    """Note that a mail is to be sent, and return the row; to `address`, or else to the user's own.

    Without a user it is dropped when its turn comes.
    """
    return AccountMail.objects.create(kind=kind, user=user, address=address, due_at=timezone.now())


def invite(user: User) -> None:
    """Owe somebody who cannot sign in yet an invitation."""
    owe_mail(Kind.INVITATION, user)
    log_security_event(INVITED, about=user)


def ask_for_reset(address: str, request: HttpRequest) -> None:
    """Owe whoever signs in with an address a link to choose a new password, if not asked for too often.

    Whether he or she may is looked at when the mail is written, and the log is written when it was sent. So this takes
    the same for every address. What was asked too often is not done, and nobody is told: only the address and the
    network decide.
    """
    # Each counts, whatever the other says.
    if any([RESETS.is_too_often(address), RESETS_OF_NETWORK.is_too_often(network_of(request))]):
        return
    owe_mail(Kind.PASSWORD_RESET, User.objects.filter(email__iexact=address).first())


def send_reset(user: User) -> None:
    """Owe somebody a link to choose a new password, because an administrator wants it."""
    owe_mail(Kind.PASSWORD_RESET, user)
    log_security_event(RESET_ASKED, about=user)


def note_sent(mail: AccountMail) -> None:
    """Note in the log that a link to a new password was sent, whoever asked for it."""
    if mail.kind == Kind.PASSWORD_RESET:
        log_security_event(RESET_SENT, about=mail.user)


@transaction.atomic
def choose_password(purpose: Purpose, token: str, password: str, request: HttpRequest) -> User | None:
    """Set the password that somebody chose with a link (RESET or INVITATION), and return who.

    None, and nothing is changed, if the link was used or became too old while the form was open. All sessions of the
    person end, as Django ends them when a password changes. The second factor stays as it is.
    """
    try:
        user = read_password_token(purpose, token, lock=True)
    except ExpiredError:
        return None
    if user is None:
        return None
    user.set_password(password)
    user.save(update_fields=["password"])
    if purpose is INVITATION:
        log_security_event(INVITATION_ACCEPTED, about=user, user=user, request=request)
    else:
        owe_mail(Kind.PASSWORD_CHANGED, user)
        log_security_event(RESET_USED, about=user, user=user, request=request)
    return user


@transaction.atomic
def change_own_password(user: User, password: str) -> None:
    """Set the password that somebody who is signed in chose; who has changed it is told."""
    user.set_password(password)
    user.save(update_fields=["password"])
    owe_mail(Kind.PASSWORD_CHANGED, user)
    log_security_event(PASSWORD_CHANGED, about=user, user=user)


def may_try_own_password(user: User) -> bool:
    """Whether somebody who is signed in has not typed the password wrongly too often of late."""
    return not WRONG_PASSWORDS.is_used_up(str(user.pk))


def is_own_password(user: User, typed: str) -> bool:
    """Whether somebody who is signed in typed his or her own password; if not, that is counted."""
    if user.check_password(typed):
        return True
    WRONG_PASSWORDS.count(str(user.pk))
    return False


@transaction.atomic
def ask_for_address(user: User, address: str) -> bool:
    """Owe a new address the link that makes it the user's, and tell the present one; False if too often.

    Whether somebody else has the address is looked at when the mail is written and when the link is used.
    """
    if NEW_ADDRESSES.is_too_often(str(user.pk)):
        return False
    _end_address_links(user)
    owe_mail(Kind.NEW_ADDRESS, user, address)
    owe_mail(Kind.ADDRESS_CHANGED, user, user.email)
    return True


@transaction.atomic
def confirm_address(token: str, user: User) -> Confirmation:
    """Make the address in a link that of `user`, who asked for it."""
    try:
        mail = read_address_token(token, lock=True)
    except ExpiredError:
        return Confirmation.GONE
    if mail is None or mail.user_id != user.pk:
        return Confirmation.GONE
    if User.objects.filter(email__iexact=mail.address).exclude(pk=user.pk).exists():
        return Confirmation.TAKEN
    before, user.email = user.email, mail.address
    user.save(update_fields=["email"])
    note_address_change(user, before)
    return Confirmation.DONE


@transaction.atomic
def note_address_change(user: User, before: str) -> None:
    """Do what follows from another sign-in address, which is saved: tell the old one, and end what was meant for it.

    Somebody who was invited and has not come yet gets the invitation at the new address.
    """
    _end_address_links(user)
    # The library for signing in keeps addresses too, and would know somebody by the old one.
    EmailAddress.objects.filter(user=user).delete()
    owe_mail(Kind.ADDRESS_CHANGED, user, before)
    log_security_event(ADDRESS_CHANGED, about=user)
    if is_invited(user):
        invite(user)


def _end_address_links(user: User) -> None:
    """Let no link that confirms an address work any more, neither those that were sent nor those that wait."""
    AccountMail.objects.filter(user=user, kind=Kind.NEW_ADDRESS).update(address="")


def invite_administrator(address: str, *, first_name: str = "", last_name: str = "") -> User:
    """Make or find the account with an address, let it do everything, note that its link is printed, and return it.

    An account that was switched off is switched on. No mail is owed.
    """
    with transaction.atomic():
        user = User.objects.filter(email__iexact=address).first()
        if user is None:
            user = User.objects.create_superuser(address, None, first_name=first_name, last_name=last_name)
        elif not (user.is_superuser and user.is_active):
            user.is_superuser = user.is_staff = user.is_active = True
            user.save(update_fields=["is_superuser", "is_staff", "is_active"])
        log_security_event(LINK_PRINTED, about=user)
    return user


def forget_old_mails(now: datetime | None = None) -> None:
    """Delete the mails that were owed long ago, and the addresses of those whose links are over. `now` is aware."""
    now = now or timezone.now()
    done = AccountMail.objects.exclude(state=MailState.WAITING)
    done.filter(created_at__lt=now - MAILS_KEPT).delete()
    # A link that confirms an address lasts from when it was sent, which is after it was owed.
    done.filter(Q(sent_at=None) | Q(sent_at__lt=now - NEW_ADDRESS.lasts)).exclude(address="").update(address="")


def purpose_of(user: User) -> Purpose | None:
    """Return by which kind of link somebody may choose a password; None for who signs in by the directory alone."""
    if is_invited(user):
        return INVITATION
    return RESET if user.has_usable_password() else None
