"""What is written down of an error of a mail server: why, in words that name nobody."""

import smtplib

import pytest

from core.mail.smtp_errors import ErrorKind, delivery_error

ADDRESS = "juggler@example.com"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (
            smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"5.1.1 No.")}),
            "There is no such address any more (code 550, 5.1.1).",
        ),
        (
            smtplib.SMTPRecipientsRefused({ADDRESS: (550, b"No.")}),
            "The mail server refused the address without saying why (code 550).",
        ),
        (
            smtplib.SMTPRecipientsRefused({ADDRESS: (552, b"5.2.2 No.")}),
            "The mailbox takes no mail at the moment (code 552, 5.2.2).",
        ),
        (
            smtplib.SMTPRecipientsRefused({ADDRESS: (554, b"5.7.1 No.")}),
            "The mail server refuses to pass on our mail (code 554, 5.7.1).",
        ),
        (
            smtplib.SMTPRecipientsRefused({ADDRESS: (450, b"No.")}),
            "The mail server refused the address for now (code 450).",
        ),
        (smtplib.SMTPDataError(554, b"No."), "The mail server refused the message (code 554)."),
        (smtplib.SMTPDataError(452, b"No."), "The mail server refused the message for now (code 452)."),
        (smtplib.SMTPDataError(421, b"No."), "The mail server has no time now (code 421)."),
        (
            smtplib.SMTPAuthenticationError(535, b"No."),
            "The mail server refused the website itself (code 535).",
        ),
        (smtplib.SMTPServerDisconnected("No."), "The mail server broke off."),
        (smtplib.SMTPNotSupportedError("No."), "The mail server cannot write to such an address."),
        (smtplib.SMTPException("No."), "The mail server did something unexpected."),
        (UnicodeError("No."), "The address cannot be written to."),
        (TimeoutError("No."), "The mail server did not answer."),
        (RuntimeError("No."), "Something unexpected went wrong (RuntimeError)."),
    ],
)
def test_the_reason_says_who_refused_what_and_for_how_long(error: Exception, reason: str) -> None:
    assert delivery_error(error).reason == reason


@pytest.mark.parametrize(
    ("code", "outcome"),
    [(499, ErrorKind.AGAIN), (500, ErrorKind.SERVER), (599, ErrorKind.SERVER), (600, ErrorKind.AGAIN)],
)
def test_only_codes_from_500_to_599_are_for_good(code: int, outcome: ErrorKind) -> None:
    assert delivery_error(smtplib.SMTPDataError(code, b"No.")).kind == outcome
