"""The queue of mails about accounts; registered when `AccountsConfig` is ready."""

from core.mail.queues import MailQueue, Writer, register_queue
from core.mail.rendered_email import RenderedEmail, Sender
from users.models import User

from .emails import email_of
from .models import AccountMail
from .services import note_sent


def write_account_mails(leased: list[AccountMail]) -> Writer[AccountMail]:
    """Return what renders each of these mails; none where nobody signs in with the address, or may no longer."""
    sender = Sender.now()
    people = User.objects.filter(is_active=True).in_bulk([mail.user_id for mail in leased if mail.user_id])

    def write(mail: AccountMail) -> RenderedEmail | None:
        user = people.get(mail.user_id)
        return email_of(mail, user, sender) if user else None

    return write


# Before all others: somebody sits and waits for it.
register_queue(MailQueue(AccountMail, order=5, writer=write_account_mails, note_sent=note_sent))
