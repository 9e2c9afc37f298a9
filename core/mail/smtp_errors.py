"""What an error of a mail server means for a mail: try again, never again, or leave the server alone for a while."""

import smtplib
from dataclasses import dataclass, replace
from enum import Enum


class ErrorKind(Enum):
    """What is to be done with a mail that was not taken."""

    AGAIN = "again"
    REFUSED = "refused"
    SERVER = "server"


@dataclass(frozen=True)
class DeliveryError:
    """What is to be done, and why. The reason never holds what the server said, which may name the person.

    `blames_address` is whether it is the address that was refused, and not what was written to it.
    """

    kind: ErrorKind
    reason: str
    blames_address: bool = False


# What has no code of a server's, the narrower first: Python's SMTPException is an OSError.
OTHERS: tuple[tuple[type[Exception], DeliveryError], ...] = (
    (smtplib.SMTPServerDisconnected, DeliveryError(ErrorKind.SERVER, "The mail server broke off.")),
    (
        smtplib.SMTPNotSupportedError,
        DeliveryError(ErrorKind.REFUSED, "The mail server cannot write to such an address.", True),
    ),
    (UnicodeError, DeliveryError(ErrorKind.REFUSED, "The address cannot be written to.", True)),
    (smtplib.SMTPException, DeliveryError(ErrorKind.AGAIN, "The mail server did something unexpected.")),
    (OSError, DeliveryError(ErrorKind.SERVER, "The mail server did not answer.")),
)


def delivery_error(error: Exception) -> DeliveryError:
    """Return what an error means (RFC 5321, 4.2.1: 4yz for now, 5yz for good)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return replace(_on_code(next(iter(error.recipients.values()))[0], "the address"), blames_address=True)
    if isinstance(error, smtplib.SMTPDataError):
        return _on_code(error.smtp_code, "the message")
    if isinstance(error, smtplib.SMTPResponseException):
        return DeliveryError(ErrorKind.SERVER, f"The mail server refused the website itself (code {error.smtp_code}).")
    for error_type, meaning in OTHERS:
        if isinstance(error, error_type):
            return meaning
    return DeliveryError(ErrorKind.AGAIN, f"Something unexpected went wrong ({type(error).__name__}).")


def _on_code(code: int, what: str) -> DeliveryError:
    if code == 421:  # the server closes the connection
        return DeliveryError(ErrorKind.SERVER, "The mail server has no time now (code 421).")
    if 500 <= code < 600:
        return DeliveryError(ErrorKind.REFUSED, f"The mail server refused {what} for good (code {code}).")
    return DeliveryError(ErrorKind.AGAIN, f"The mail server refused {what} for now (code {code}).")
