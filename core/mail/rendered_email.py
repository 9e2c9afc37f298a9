"""E-mails, rendered: plain text and simple HTML from one template each, and the headers that all of ours have.

What many people get is put together once (`SharedEmail`), and what differs between them is filled in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any, cast

from django.core.mail import EmailMultiAlternatives, SafeMIMEMultipart
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from wagtail.models import Site

from core.addresses import base_url
from core.models import OwedMail, SiteSettings

# What stands for the recipient and for the Message-ID in an e-mail that goes to many.
ADDRESS = "recipient@placeholder.invalid"
MESSAGE_ID = "message-id-of-a-mail"


@dataclass(frozen=True)
class Sender:
    """Who the e-mails are from (the organisation's name), and the address that links in them begin with (`root`)."""

    organisation: str
    root: str

    @classmethod
    def now(cls) -> "Sender":
        """Return it as the site's settings say now."""
        site = Site.objects.get(is_default_site=True)
        return cls(SiteSettings.for_site(site).organisation_name, base_url())

    @property
    def host(self) -> str:
        """The name of the site's host."""
        return self.root.partition("://")[2].partition(":")[0]

    def message_id(self, mail: OwedMail) -> str:
        """Return the Message-ID of an owed mail: the same whenever it is tried, so that others can tell that it is."""
        return self.message_id_of(mail._meta.app_label, mail.identity)

    def message_id_of(self, app_label: str, identity: str) -> str:
        """Return the Message-ID of what an app sends; `identity` is what tells it from all else that the app sends."""
        return f"<{salted_hmac(f'{app_label}.message', identity).hexdigest()[:24]}@{self.host}>"


class _Printed(Message):
    """A message that is bytes already."""

    def __init__(self, printed: bytes) -> None:
        super().__init__()
        self._printed = printed

    def as_bytes(self, unixfrom: bool = False, policy: Any = None, linesep: str = "\r\n") -> bytes:
        """Return the bytes, as a mail server takes them."""
        return self._printed if linesep == "\r\n" else self._printed.replace(b"\r\n", linesep.encode())


class RenderedEmail(EmailMultiAlternatives):
    """An e-mail to one person, with `printed` (its bytes) if it was made from one that many get."""

    printed: bytes | None = None

    def message(self, *args: Any, **kwargs: Any) -> Any:
        """Return the message, put together only if it is not printed already."""
        return super().message(*args, **kwargs) if self.printed is None else _Printed(self.printed)


def email_headers(message_id: str, unsubscribe_url: str = "") -> dict[str, str]:
    """Return the headers of an e-mail that no person wrote, with the link by which its reader stops more of them."""
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    if unsubscribe_url:
        # RFC 8058: one press in the mail program, and nothing more comes.
        headers |= {"List-Unsubscribe": f"<{unsubscribe_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return headers


def render_email(
    *,
    subject: str,
    text_template: str,
    html_template: str = "",
    context: dict[str, Any],
    to: str,
    message_id: str,
    unsubscribe_url: str = "",
) -> RenderedEmail:
    """Return an e-mail to one person, from a template for its text and, if there is one, for its HTML."""
    headers = email_headers(message_id, unsubscribe_url)
    email = RenderedEmail(subject, render_to_string(text_template, context), to=[to], headers=headers)
    if html_template:
        email.attach_alternative(render_to_string(html_template, context), "text/html")
    return email


@dataclass(frozen=True)
class SharedEmail:
    """An e-mail as many get it, with placeholders for what differs; putting it together once saves most of the work."""

    email: RenderedEmail
    html: str
    printed: bytes
    unsubscribe_placeholder: str
    sender: Sender

    @classmethod
    def render(
        cls,
        *,
        subject: str,
        text_template: str,
        html_template: str,
        context: dict[str, Any],
        unsubscribe_placeholder: str,
        sender: Sender,
    ) -> "SharedEmail":
        """Render it once. What stands for something in `context` is replaced for each person, whatever else is said.

        `unsubscribe_placeholder` stands for the link by which its reader stops more of them.
        """
        email = render_email(
            subject=subject,
            text_template=text_template,
            html_template=html_template,
            context=context,
            to=ADDRESS,
            message_id=f"<{MESSAGE_ID}@{sender.host}>",
            unsubscribe_url=unsubscribe_placeholder,
        )
        printed = cast(SafeMIMEMultipart, email.message()).as_bytes(linesep="\r\n")
        html = str(email.alternatives[0][0])
        return cls(email, html, printed, unsubscribe_placeholder, sender)

    def fill_in(self, *, to: str, message_id: str, values: Mapping[str, str]) -> RenderedEmail:
        """Return the e-mail to one address; `values` says what stands in the place of each placeholder."""
        headers = email_headers(message_id, values[self.unsubscribe_placeholder])
        email = RenderedEmail(self.email.subject, _filled(str(self.email.body), values), to=[to], headers=headers)
        email.attach_alternative(_filled(self.html, values), "text/html")
        values = {**values, ADDRESS: to, f"<{MESSAGE_ID}@{self.sender.host}>": message_id}
        # What was folded or encoded on the way cannot be found again: Django puts such an e-mail together anew.
        if to.isascii() and all(placeholder.encode() in self.printed for placeholder in values):
            email.printed = _filled_bytes(self.printed, values)
        return email


def _filled(text: str, values: Mapping[str, str]) -> str:
    for placeholder, value in values.items():
        text = text.replace(placeholder, value)
    return text


def _filled_bytes(text: bytes, values: Mapping[str, str]) -> bytes:
    for placeholder, value in values.items():
        text = text.replace(placeholder.encode(), value.encode())
    return text
