"""Reads the bounce mailbox now; `tick` does it each time."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from core.acting import ActsForOthers
from core.mail.bounce_mailbox import MailboxError, read_mailbox


class Command(ActsForOthers):
    help = "Reads what could not be delivered from the bounce mailbox (BOUNCE_IMAP_URL), and does what it asks."

    def handle(self, *args: Any, **options: Any) -> None:
        """Read it. Raises CommandError if there is none, or it cannot be read."""
        if not settings.BOUNCE_IMAP_URL:
            raise CommandError("There is no bounce mailbox: set BOUNCE_ADDRESS and BOUNCE_IMAP_URL.")
        try:
            number = read_mailbox()
        except MailboxError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{number} messages read.")
