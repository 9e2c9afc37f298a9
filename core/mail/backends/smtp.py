"""Django's way to send mail by SMTP, with patience where RFC 5321 asks for it.

A server may look at a mail for spam before it says that it has it. Who hangs up meanwhile sends it again, and the
reader has it twice: the end of DATA is waited for as long as section 4.5.3.2.6 says.
"""

import smtplib
from typing import Any

from django.conf import settings
from django.core.mail.backends import smtp

from core.mail.smtp_errors import BrokenOffError


class _PatientMixin:
    """Gives a mail server minutes to take a message, and tells when it broke off after it was asked to."""

    def data(self: Any, message: Any) -> tuple[int, bytes]:
        """Hand over a message. Raises BrokenOffError if nobody knows whether it was taken."""
        usual = self.sock.gettimeout()
        self.sock.settimeout(settings.EMAIL_DATA_TIMEOUT)
        try:
            taken: tuple[int, bytes] = super().data(message)  # type: ignore[misc]
        except smtplib.SMTPResponseException:
            raise
        except OSError as error:
            self.close()
            raise BrokenOffError from error
        finally:
            if self.sock:
                self.sock.settimeout(usual)
        return taken


class PatientSMTP(_PatientMixin, smtplib.SMTP):
    """A connection to a mail server."""


class PatientSMTPOverTLS(_PatientMixin, smtplib.SMTP_SSL):
    """A connection to a mail server that is encrypted from the beginning."""


class PatientEmailBackend(smtp.EmailBackend):
    """Sends mails by SMTP."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """Return the kind of connection."""
        return PatientSMTPOverTLS if self.use_ssl else PatientSMTP
