"""What an error of a mail server means for a mail, and that nobody's address is repeated."""

import smtplib

import pytest

from core.mail.smtp_errors import ErrorKind, delivery_error

ADDRESS = "juggler@example.com"
SAID = f"<{ADDRESS}> is odd".encode()


@pytest.mark.parametrize(
    ("error", "outcome", "blames_address"),
    [
        (smtplib.SMTPRecipientsRefused({ADDRESS: (550, SAID)}), ErrorKind.REFUSED, True),
        (smtplib.SMTPRecipientsRefused({ADDRESS: (451, SAID)}), ErrorKind.AGAIN, True),
        (smtplib.SMTPRecipientsRefused({ADDRESS: (421, SAID)}), ErrorKind.SERVER, True),
        (smtplib.SMTPDataError(554, SAID), ErrorKind.REFUSED, False),
        (smtplib.SMTPDataError(452, SAID), ErrorKind.AGAIN, False),
        (smtplib.SMTPSenderRefused(550, SAID, ADDRESS), ErrorKind.SERVER, False),
        (smtplib.SMTPAuthenticationError(535, SAID), ErrorKind.SERVER, False),
        (smtplib.SMTPServerDisconnected(SAID.decode()), ErrorKind.SERVER, False),
        (ConnectionRefusedError(SAID.decode()), ErrorKind.SERVER, False),
        (TimeoutError(), ErrorKind.SERVER, False),
        (smtplib.SMTPNotSupportedError(SAID.decode()), ErrorKind.REFUSED, True),
        (UnicodeEncodeError("ascii", ADDRESS, 0, 1, "odd"), ErrorKind.REFUSED, True),
        (ValueError(SAID.decode()), ErrorKind.AGAIN, False),
        (RuntimeError(SAID.decode()), ErrorKind.AGAIN, False),
    ],
)
def test_an_error_is_the_address_the_message_or_the_servers(
    error: Exception, outcome: ErrorKind, blames_address: bool
) -> None:
    problem = delivery_error(error)
    assert (problem.kind, problem.blames_address) == (outcome, blames_address)
    assert problem.reason.endswith(".")
    assert ADDRESS not in problem.reason
