"""What an error of a mail server means for a mail, and that nobody's address is repeated."""

import smtplib

import pytest

from core.mail.smtp_errors import Outcome, verdict_on

ADDRESS = "juggler@example.com"
SAID = f"<{ADDRESS}> is odd".encode()


@pytest.mark.parametrize(
    ("error", "outcome", "blames_address"),
    [
        (smtplib.SMTPRecipientsRefused({ADDRESS: (550, SAID)}), Outcome.REFUSED, True),
        (smtplib.SMTPRecipientsRefused({ADDRESS: (451, SAID)}), Outcome.AGAIN, True),
        (smtplib.SMTPRecipientsRefused({ADDRESS: (421, SAID)}), Outcome.SERVER, True),
        (smtplib.SMTPDataError(554, SAID), Outcome.REFUSED, False),
        (smtplib.SMTPDataError(452, SAID), Outcome.AGAIN, False),
        (smtplib.SMTPSenderRefused(550, SAID, ADDRESS), Outcome.SERVER, False),
        (smtplib.SMTPAuthenticationError(535, SAID), Outcome.SERVER, False),
        (smtplib.SMTPServerDisconnected(SAID.decode()), Outcome.SERVER, False),
        (ConnectionRefusedError(SAID.decode()), Outcome.SERVER, False),
        (TimeoutError(), Outcome.SERVER, False),
        (smtplib.SMTPNotSupportedError(SAID.decode()), Outcome.REFUSED, True),
        (UnicodeEncodeError("ascii", ADDRESS, 0, 1, "odd"), Outcome.REFUSED, True),
        (ValueError(SAID.decode()), Outcome.AGAIN, False),
        (RuntimeError(SAID.decode()), Outcome.AGAIN, False),
    ],
)
def test_an_error_is_the_address_the_message_or_the_servers(
    error: Exception, outcome: Outcome, blames_address: bool
) -> None:
    verdict = verdict_on(error)
    assert (verdict.outcome, verdict.blames_address) == (outcome, blames_address)
    assert verdict.reason.endswith(".")
    assert ADDRESS not in verdict.reason
