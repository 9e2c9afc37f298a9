"""What an error of a mail server means for a mail, for its address, and for the server.

A server's fault is never an address's. Only what RFC 3463 says of a mailbox (5.1.x and 5.2.1), said when the
recipient was named (RCPT), counts against an address. A bare 550 may be either: the mail is tried again for two days
before it counts.
"""

import re
import smtplib
from dataclasses import dataclass
from enum import Enum


class ErrorKind(Enum):
    """What is to be done with a mail that was not taken.

    AGAIN: try it again. UNCLEAR: the same, and if it is never taken, count that against the address. REFUSED: the
    address does not exist. SERVER: the server cannot be used, or refuses what anybody would get: leave it alone for a
    while. UNCERTAIN: the same, but the mail may have arrived.
    """

    AGAIN = "again"
    UNCLEAR = "unclear"
    REFUSED = "refused"
    SERVER = "server"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True)
class DeliveryError:
    """What is to be done, and why. The reason never holds what the server said, which may name the person."""

    kind: ErrorKind
    reason: str

    @property
    def is_of_server(self) -> bool:
        """Whether no other mail can be sent now either."""
        return self.kind in (ErrorKind.SERVER, ErrorKind.UNCERTAIN)


class BrokenOffError(smtplib.SMTPException):
    """The connection broke, or nothing was answered in time, after a mail was handed over: it may have arrived."""


# A status of RFC 3463 at the beginning of an answer, such as 5.1.1.
ENHANCED = re.compile(rb"\s*([245])\.(\d{1,3})\.(\d{1,3})(?!\d|\.)")
# What stands before it in a report (RFC 3464, 2.3.6): the kind of answer, and its code.
REPORTED = re.compile(r"^\s*(?:smtp;)?\s*(?:[245][0-9]{2}[ -])?", re.IGNORECASE)
# Of X.1 (addressing status) these two are about the sender's address.
SENDERS_OWN = {7, 8}
# Codes by which servers refuse a mailbox without saying more (RFC 5321, 4.2.3).
BARE_REFUSALS = {550, 551, 553}

# What has no code of a server's, the narrower first: Python's SMTPException is an OSError.
OTHERS: tuple[tuple[type[Exception], DeliveryError], ...] = (
    (BrokenOffError, DeliveryError(ErrorKind.UNCERTAIN, "The mail server broke off while it took the message.")),
    (smtplib.SMTPServerDisconnected, DeliveryError(ErrorKind.SERVER, "The mail server broke off.")),
    (
        smtplib.SMTPNotSupportedError,
        DeliveryError(ErrorKind.AGAIN, "The mail server cannot write to such an address."),
    ),
    (UnicodeError, DeliveryError(ErrorKind.AGAIN, "The address cannot be written to.")),
    (smtplib.SMTPException, DeliveryError(ErrorKind.AGAIN, "The mail server did something unexpected.")),
    (OSError, DeliveryError(ErrorKind.SERVER, "The mail server did not answer.")),
)


def enhanced_status(said: bytes | str) -> tuple[int, int, int] | None:
    """Return the status of RFC 3463 with which a server's answer begins; None if it has none."""
    found = ENHANCED.match(said if isinstance(said, bytes) else said.encode())
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def reported_status(said: str) -> tuple[int, int, int] | None:
    """Return the status in what a server said, as a report repeats it: "smtp; 550 5.1.1 User unknown"."""
    return enhanced_status(REPORTED.sub("", said, count=1))


def blames_mailbox(status: tuple[int, int, int] | None) -> bool:
    """Whether a status says for good that there is no such mailbox, or none that takes mail any more."""
    if status is None or status[0] != 5:
        return False
    return (status[1] == 1 and status[2] not in SENDERS_OWN) or status[1:] == (2, 1)


def opening_error(error: Exception) -> DeliveryError:
    """Return what an error means that came before any mail was handed over: whatever it is, it is the server's.

    A server that offers no STARTTLS or no AUTH for a while raises what a server without SMTPUTF8 raises later.
    """
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return DeliveryError(ErrorKind.SERVER, "The mail server offers no encryption, or no signing in, at the moment.")
    meaning = delivery_error(error)
    return meaning if meaning.kind is ErrorKind.SERVER else DeliveryError(ErrorKind.SERVER, meaning.reason)


def delivery_error(error: Exception) -> DeliveryError:
    """Return what an error means (RFC 5321, 4.2.1: 4yz for now, 5yz for good)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _on_recipient(*next(iter(error.recipients.values())))
    if isinstance(error, smtplib.SMTPDataError):
        return _on_message(error.smtp_code)
    if isinstance(error, smtplib.SMTPResponseException):
        return DeliveryError(ErrorKind.SERVER, f"The mail server refused the website itself (code {error.smtp_code}).")
    for error_type, meaning in OTHERS:
        if isinstance(error, error_type):
            return meaning
    return DeliveryError(ErrorKind.AGAIN, f"Something unexpected went wrong ({type(error).__name__}).")


def _on_recipient(code: int, said: bytes | str) -> DeliveryError:
    if code == 421:  # the server closes the connection
        return DeliveryError(ErrorKind.SERVER, "The mail server has no time now (code 421).")
    if not 500 <= code < 600:
        return DeliveryError(ErrorKind.AGAIN, f"The mail server refused the address for now (code {code}).")
    status = enhanced_status(said)
    shown = f"code {code}" if status is None else f"code {code}, {'.'.join(map(str, status))}"
    if blames_mailbox(status):
        return DeliveryError(ErrorKind.REFUSED, f"There is no such address any more ({shown}).")
    if status is None and code in BARE_REFUSALS:
        return DeliveryError(ErrorKind.UNCLEAR, f"The mail server refused the address without saying why ({shown}).")
    if status is not None and status[1] == 2:
        return DeliveryError(ErrorKind.AGAIN, f"The mailbox takes no mail at the moment ({shown}).")
    return DeliveryError(ErrorKind.SERVER, f"The mail server refuses to pass on our mail ({shown}).")


def _on_message(code: int) -> DeliveryError:
    if code == 421:
        return DeliveryError(ErrorKind.SERVER, "The mail server has no time now (code 421).")
    if 500 <= code < 600:
        return DeliveryError(ErrorKind.SERVER, f"The mail server refused the message (code {code}).")
    return DeliveryError(ErrorKind.AGAIN, f"The mail server refused the message for now (code {code}).")
