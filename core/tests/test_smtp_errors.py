"""What an error of a mail server means for a mail, and that nobody's address is repeated."""

import smtplib

import pytest

from core.mail.smtp_errors import BrokenOffError, ErrorKind, delivery_error, opening_error

ADDRESS = "juggler@example.com"
SAID = f"<{ADDRESS}> is odd".encode()


def at_recipient(code: int, said: bytes = SAID) -> Exception:
    return smtplib.SMTPRecipientsRefused({ADDRESS: (code, said)})


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        # There is no such mailbox, or none that takes mail any more (RFC 3463).
        (at_recipient(550, b"5.1.1 User unknown"), ErrorKind.REFUSED),
        (at_recipient(550, b"5.1.10 Recipient not found"), ErrorKind.REFUSED),
        (at_recipient(550, b"5.2.1 Mailbox disabled\n5.2.1 for ever"), ErrorKind.REFUSED),
        # The sender's own address, and what the server refuses to pass on.
        (at_recipient(553, b"5.1.8 Sender domain not found"), ErrorKind.SERVER),
        (at_recipient(554, b"5.7.1 Relay access denied"), ErrorKind.SERVER),
        (at_recipient(550, b"5.7.1 5.1.1 is what it says later"), ErrorKind.SERVER),
        (at_recipient(554), ErrorKind.SERVER),
        (at_recipient(530, b"5.7.0 Must issue a STARTTLS command first"), ErrorKind.SERVER),
        (at_recipient(552, b"5.2.2 Mailbox full"), ErrorKind.AGAIN),
        # A bare refusal may be either.
        (at_recipient(550), ErrorKind.UNCLEAR),
        (at_recipient(553, b"no such user"), ErrorKind.UNCLEAR),
        (at_recipient(451), ErrorKind.AGAIN),
        (at_recipient(450, b"4.1.1 Not yet"), ErrorKind.AGAIN),
        (at_recipient(421), ErrorKind.SERVER),
        # What is said of the message is never the address's.
        (smtplib.SMTPDataError(554, SAID), ErrorKind.SERVER),
        (smtplib.SMTPDataError(552, SAID), ErrorKind.SERVER),
        (smtplib.SMTPDataError(550, b"5.1.1 User unknown"), ErrorKind.SERVER),
        (smtplib.SMTPDataError(452, SAID), ErrorKind.AGAIN),
        (smtplib.SMTPSenderRefused(550, SAID, ADDRESS), ErrorKind.SERVER),
        (smtplib.SMTPAuthenticationError(535, SAID), ErrorKind.SERVER),
        (smtplib.SMTPServerDisconnected(SAID.decode()), ErrorKind.SERVER),
        (BrokenOffError(), ErrorKind.UNCERTAIN),
        (ConnectionRefusedError(SAID.decode()), ErrorKind.SERVER),
        (TimeoutError(), ErrorKind.SERVER),
        (smtplib.SMTPNotSupportedError(SAID.decode()), ErrorKind.AGAIN),
        (UnicodeEncodeError("ascii", ADDRESS, 0, 1, "odd"), ErrorKind.AGAIN),
        (ValueError(SAID.decode()), ErrorKind.AGAIN),
        (RuntimeError(SAID.decode()), ErrorKind.AGAIN),
    ],
)
def test_an_error_is_the_address_the_message_or_the_servers(error: Exception, outcome: ErrorKind) -> None:
    problem = delivery_error(error)
    assert problem.kind == outcome
    assert problem.reason.endswith(".")
    assert ADDRESS not in problem.reason


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPNotSupportedError("STARTTLS extension not supported by server."),
        smtplib.SMTPNotSupportedError("SMTP AUTH extension not supported by server."),
        smtplib.SMTPException("No suitable authentication method found."),
        smtplib.SMTPAuthenticationError(535, b"no"),
        ValueError("a certificate that is none"),
    ],
)
def test_what_goes_wrong_before_a_mail_is_handed_over_is_the_servers(error: Exception) -> None:
    assert opening_error(error).kind is ErrorKind.SERVER
