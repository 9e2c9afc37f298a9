"""Scheduled jobs for the site as a whole."""

from django.conf import settings

from .mail.bounce_mailbox import MailboxError, read_mailbox
from .mail.sending import send
from .rate_limits import forget_old_tallies
from .scheduler.locks import exclusive_lock
from .scheduler.publishing import publish_scheduled_content
from .scheduler.registry import scheduled_job
from .security.log import forget_old_events


@scheduled_job("publish what was scheduled", order=10)
def publish_scheduled() -> list[str]:
    """Publish and unpublish what editors have scheduled."""
    return publish_scheduled_content()


@scheduled_job("delete old counts of rate limits", order=80)
def delete_old_tallies() -> None:
    """Keep what rate limits count no longer than they need it."""
    forget_old_tallies()


@scheduled_job("delete old entries of the security log", order=81)
def delete_old_security_events() -> None:
    """Keep what matters for safety for a year. The history of pages stays."""
    forget_old_events()


@scheduled_job("send e-mails", order=90, is_shared=True)
def send_mails() -> None:
    """Send the mails that are owed, of every app."""
    send()


# After all that is sent, and never in its way: a mailbox that does not answer is waited for.
@scheduled_job("read the bounce mailbox", order=95, is_shared=True)
def read_bounces() -> list[str]:
    """Learn what could not be delivered, where there is a mailbox for it."""
    if not settings.BOUNCE_IMAP_URL:
        return []
    with exclusive_lock("bounces") as is_mine:
        try:
            if is_mine:
                read_mailbox()
        except MailboxError as error:
            return [str(error)]
    return []
