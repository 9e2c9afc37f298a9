"""Reads the bounce mailbox by IMAP (RFC 3501): what was understood is deleted, all else stays there, marked as read."""

import imaplib
from urllib.parse import unquote, urlsplit

from django.conf import settings

from .reports import read_report, tell

# How many reports are read at a time, and the longest one, in bytes: of a longer one that much.
MOST = 200
LONGEST = 256 * 1024


class MailboxError(Exception):
    """The bounce mailbox cannot be read; the message says why, and names nobody."""


def read_mailbox() -> int:
    """Read the reports that have come and do what they ask; return how many there were. Raises MailboxError."""
    url = urlsplit(settings.BOUNCE_IMAP_URL)
    try:
        with _connected(url.scheme, url.hostname or "", url.port) as mailbox:
            mailbox.login(unquote(url.username or ""), unquote(url.password or ""))
            mailbox.select(unquote(url.path.strip("/")) or "INBOX")
            return _read(mailbox)
    except (imaplib.IMAP4.error, OSError, ValueError) as error:
        raise MailboxError(f"The bounce mailbox cannot be read ({type(error).__name__}).") from None


def _connected(scheme: str, host: str, port: int | None) -> imaplib.IMAP4:
    if scheme == "imaps":
        return imaplib.IMAP4_SSL(host, port or 993, timeout=settings.EMAIL_TIMEOUT)
    mailbox = imaplib.IMAP4(host, port or 143, timeout=settings.EMAIL_TIMEOUT)
    mailbox.starttls()
    return mailbox


def _read(mailbox: imaplib.IMAP4) -> int:
    _, found = mailbox.uid("SEARCH", "UNSEEN")
    keys = (found[0] or b"").decode().split()[:MOST]
    for key in keys:
        _, answer = mailbox.uid("FETCH", key, f"(BODY.PEEK[]<0.{LONGEST}>)")
        content = next((part[1] for part in answer if isinstance(part, tuple)), b"")
        report = read_report(content)
        if report:
            tell(report)
        # What nobody understood is for a person to read.
        mailbox.uid("STORE", key, "+FLAGS", r"(\Seen \Deleted)" if report else r"(\Seen)")
    if keys:
        mailbox.expunge()
    return len(keys)
