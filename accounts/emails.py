"""The mails about accounts: what each says, and the links in them, which are made when it is written."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from core.dates import describe_moment
from core.mail.rendered_email import RenderedEmail, Sender, render_email
from users.models import User

from .models import AccountMail
from .queries import is_invited
from .tokens import INVITATION, NEW_ADDRESS, RESET, Purpose, address_token, password_token

Kind = AccountMail.Kind
FORGOTTEN = "wagtailadmin_password_reset"
NOT_YOU = (
    "If this was you, you need do nothing. If it was not, choose a new password at once, and tell an administrator."
)


@dataclass(frozen=True)
class Link:
    """A link in a letter: what it is for, its address, and until when it works, in words (empty: for ever)."""

    label: str
    url: str
    until: str = ""


@dataclass(frozen=True)
class Letter:
    """What a mail says: paragraphs, a link, and more paragraphs."""

    subject: str
    before: list[str]
    link: Link
    after: list[str]


def end_of(purpose: Purpose) -> str:
    """Return until when a link works that is made now, in words."""
    return describe_moment(timezone.now() + purpose.lasts)


def password_link(purpose: Purpose, user: User) -> Link:
    """Return the link by which somebody chooses a password (RESET or INVITATION)."""
    name = "accounts_invitation" if purpose is INVITATION else "accounts_choose_password"
    path = reverse(name, args=[password_token(purpose, user)])
    return Link("Choose a password", Sender.now().root + path, end_of(purpose))


def email_of(mail: AccountMail, user: User, sender: Sender) -> RenderedEmail | None:
    """Return an owed mail to somebody; None if there is no longer a reason to send it."""
    letter = LETTERS[AccountMail.Kind(mail.kind)](mail, user, sender)
    if letter is None:
        return None
    subject = f"{letter.subject} – {sender.organisation}"
    return render_email(
        subject=subject,
        text_template="accounts/mail/letter.txt",
        html_template="accounts/mail/letter.html",
        context={"subject": subject, "letter": letter, "sender": sender, "name": user.first_name},
        to=mail.address or user.email,
        message_id=sender.message_id(mail),
    )


def _invitation(mail: AccountMail, user: User, sender: Sender) -> Letter | None:
    if not is_invited(user):
        return None
    return Letter(
        "You are invited to edit the website",
        [
            f"You can now help to keep the website of {sender.organisation} up to date.",
            f"You sign in with this email address: {user.email}",
            "First choose a password. Open this link:",
        ],
        password_link(INVITATION, user),
        ["If you do not know what this is about, you can ignore this email. Nobody can sign in without the link."],
    )


def _password_reset(mail: AccountMail, user: User, sender: Sender) -> Letter | None:
    if not user.has_usable_password():
        return None
    return Letter(
        "Choose a new password",
        [
            f"Somebody, probably you, asked for a new password for the website of {sender.organisation}.",
            "Open this link to choose one:",
        ],
        password_link(RESET, user),
        ["If you did not ask for this, you can ignore this email. Your password stays as it is."],
    )


def _new_address(mail: AccountMail, user: User, sender: Sender) -> Letter | None:
    taken = User.objects.filter(email__iexact=mail.address).exclude(pk=user.pk)
    if not mail.address or taken.exists():
        return None
    path = reverse("accounts_confirm_address", args=[address_token(mail)])
    return Letter(
        "Confirm your new sign-in address",
        [
            f"You asked to sign in to the website of {sender.organisation} with this email address.",
            "Open this link, and press the button there. If you have to sign in, do so with the address until now:",
        ],
        Link("Confirm the new address", sender.root + path, end_of(NEW_ADDRESS)),
        ["If you did not ask for this, you can ignore this email. Nothing changes."],
    )


def _address_changed(mail: AccountMail, user: User, sender: Sender) -> Letter:
    """Tell the old address what is true when this is written: that it is no longer used, or that somebody wants so."""
    is_done = user.email != mail.address
    what = "was changed" if is_done else "may change"
    happened = (
        f"You no longer sign in to the website of {sender.organisation} with this email address. Another address has "
        "taken its place."
        if is_done
        else f"Somebody, probably you, asked to sign in to the website of {sender.organisation} with another email "
        "address. It changes when a link that we sent to that address is used."
    )
    return Letter(
        f"Your sign-in address {what}",
        [happened],
        _way_out(sender, "Choose a new password"),
        [
            "If this was you, you need do nothing. If it was not, tell an administrator of the website at once."
            + ("" if is_done else " Choose a new password as well: somebody knows yours.")
        ],
    )


def _password_changed(mail: AccountMail, user: User, sender: Sender) -> Letter:
    return Letter(
        "Your password was changed",
        [f"Your password for the website of {sender.organisation} was changed. You were signed out everywhere else."],
        _way_out(sender, "Choose a new password"),
        [NOT_YOU],
    )


def _second_factor_changed(mail: AccountMail, user: User, sender: Sender) -> Letter:
    return Letter(
        "How you sign in was changed",
        [
            "The second step of signing in (a passkey, an app or recovery codes) was added, removed or reset.",
            f"It is that of your account on the website of {sender.organisation}.",
        ],
        _way_out(sender, "Choose a new password"),
        [NOT_YOU],
    )


def _locked_out(mail: AccountMail, user: User, sender: Sender) -> Letter:
    return Letter(
        "Too many wrong passwords",
        [
            f"Somebody often typed a wrong password for your account on the website of {sender.organisation}.",
            "From where that was, nobody can sign in as you for a while. From elsewhere you can.",
            "If it was you and you have forgotten your password, choose a new one:",
        ],
        _way_out(sender, "Choose a new password"),
        ["If it was not you, you need do nothing. Your password was not found."],
    )


def _way_out(sender: Sender, label: str) -> Link:
    return Link(label, sender.root + reverse(FORGOTTEN))


LETTERS = {
    Kind.INVITATION: _invitation,
    Kind.PASSWORD_RESET: _password_reset,
    Kind.NEW_ADDRESS: _new_address,
    Kind.ADDRESS_CHANGED: _address_changed,
    Kind.PASSWORD_CHANGED: _password_changed,
    Kind.SECOND_FACTOR_CHANGED: _second_factor_changed,
    Kind.LOCKED_OUT: _locked_out,
}
