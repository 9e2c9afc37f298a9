"""Django's way to send mail, by GOV.UK Notify in place of a mail server.

Notify holds a template of ours with two fields, ((subject)) and ((body)), and puts in what a mail says. It takes plain
text only, and has a From address of its own. Whatever it answers is raised as the error that a mail server would have
caused, so that core.mail.smtp_errors understands it. No error repeats Notify's words, which may name the person.

Source of the fields, the form of the key and the errors: https://docs.notifications.service.gov.uk/python.html
"""

import re
import smtplib
from collections.abc import Sequence
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

# A key ends with the identifiers of the service and of the key itself, which is the secret.
KEY = re.compile(r".+(-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}){2}", re.IGNORECASE)
# Of the addresses that a List-Unsubscribe header lists (RFC 2369, 2), the one that Notify takes.
SECURE_LINK = re.compile(r"<(https://[^>\s]+)>")


class NotifyBackend(BaseEmailBackend):
    """Sends mails by GOV.UK Notify. Like Notify's client, one is for one thread.

    Raises ImproperlyConfigured when it is made without NOTIFY_API_KEY or NOTIFY_TEMPLATE_ID.
    """

    def __init__(self, fail_silently: bool = False, **kwargs: Any) -> None:
        super().__init__(fail_silently=fail_silently, **kwargs)
        if not KEY.fullmatch(settings.NOTIFY_API_KEY):
            raise ImproperlyConfigured("NOTIFY_API_KEY must be a whole API key of GOV.UK Notify.")
        if not settings.NOTIFY_TEMPLATE_ID:
            raise ImproperlyConfigured("NOTIFY_TEMPLATE_ID must name the e-mail template in GOV.UK Notify.")
        self._client: NotificationsAPIClient | None = None

    def open(self) -> bool:
        """Make the client, whose session keeps its connection; return False if there is one already."""
        if self._client:
            return False
        self._client = NotificationsAPIClient(
            settings.NOTIFY_API_KEY, base_url=settings.NOTIFY_BASE_URL, timeout=settings.EMAIL_TIMEOUT
        )
        return True

    def close(self) -> None:
        """Drop the client and its connection, if there is one."""
        if self._client:
            self._client.request_session.close()
            self._client = None

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send mails to each of their recipients, and return how many were sent.

        Raises an SMTPException for the first that was not, as error_for says; with fail_silently it is not counted.
        """
        is_ours = self.open()
        try:
            return sum(self._send(message) for message in email_messages)
        finally:
            if is_ours:
                self.close()

    def _send(self, message: EmailMessage) -> bool:
        recipients = message.recipients()
        try:
            for address in recipients:
                self._send_to(address, message)
        except smtplib.SMTPException:
            if not self.fail_silently:
                raise
            return False
        return bool(recipients)

    def _send_to(self, address: str, message: EmailMessage) -> None:
        headers = message.extra_headers
        link = SECURE_LINK.search(headers.get("List-Unsubscribe", ""))
        try:
            cast(NotificationsAPIClient, self._client).send_email_notification(
                address,
                settings.NOTIFY_TEMPLATE_ID,
                personalisation={"subject": str(message.subject), "body": str(message.body)},
                reference=headers.get("Message-ID", "").strip("<>"),
                one_click_unsubscribe_url=link and link[1],
            )
        except APIError as error:
            raise error_for(error, address, message.from_email) from None


def error_for(error: APIError, address: str, sender: str) -> smtplib.SMTPException:
    """Return the error of a mail server that says the same as an error of Notify's.

    What is wrong with the address is the recipient's; a key, template or service that is not right is the website's,
    and says nothing about the mail. Notify's client counts an answer that never came as a 503.
    """
    status = error.status_code
    if status in {401, 403}:
        return smtplib.SMTPAuthenticationError(535, b"GOV.UK Notify does not accept the API key.")
    if status == 429:  # too many in a minute, or in a day: it is left alone for a while, as a server that hangs up
        return smtplib.SMTPRecipientsRefused({address: (421, b"GOV.UK Notify takes no more for now.")})
    if status == 400 and _is_about_address(error.message):
        return smtplib.SMTPRecipientsRefused({address: (550, b"5.1.3 GOV.UK Notify does not send to this address.")})
    if 400 <= status < 500:
        return smtplib.SMTPSenderRefused(550, b"GOV.UK Notify refused what the website asked.", sender)
    return smtplib.SMTPServerDisconnected("GOV.UK Notify failed or did not answer.")


def _is_about_address(problems: object) -> bool:
    """Whether a refusal is about the address and nothing else."""
    return isinstance(problems, list) and bool(problems) and all(map(_names_address, problems))


def _names_address(problem: object) -> bool:
    """Whether one of the problems is the address.

    Notify asks nobody to rely on its words, but gives no other sign. Should they change, the website is to blame, and
    the mail is tried again.
    """
    match problem:
        case {"error": "InvalidEmailError"}:
            return True
        case {"error": "ValidationError", "message": str(words)}:
            return words.startswith("email_address ")
    return False
