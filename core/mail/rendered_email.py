"""E-mails, rendered: plain text and simple HTML from one template each, and the headers that all of ours have.

What many people get is put together once (`SharedEmail`), and what differs between them is filled in.
"""

import quopri
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email import charset
from email.message import Message
from functools import cache, lru_cache
from typing import Any, cast

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, SafeMIMEMultipart
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from wagtail.models import Site

from core.addresses import base_url
from core.models import OwedMail, SiteSettings

# What stands for the recipient and for the Message-ID in an e-mail that goes to many.
ADDRESS = "recipient@placeholder.invalid"
MESSAGE_ID = "message-id-of-a-mail"
# Plain ASCII on its way, in lines that no server breaks: so a signature (DKIM) still fits.
QUOTED_PRINTABLE = charset.Charset("utf-8")
QUOTED_PRINTABLE.body_encoding = charset.QP
END_OF_HEADERS = b"\r\n\r\n"
# A break that is taken away when a text is decoded (RFC 2045, 6.7).
SOFT_BREAK = b"=\r\n"


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

    @property
    def list_id(self) -> str:
        """What mail programs sort our updates by (RFC 2919)."""
        return f"<updates.{self.host}>"

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
    encoding = QUOTED_PRINTABLE

    def message(self, *args: Any, **kwargs: Any) -> Any:
        """Return the message, put together only if it is not printed already."""
        return super().message(*args, **kwargs) if self.printed is None else _Printed(self.printed)


def email_headers(message_id: str, unsubscribe_url: str = "", list_id: str = "") -> dict[str, str]:
    """Return the headers of an e-mail that no person wrote.

    With the link by which its reader stops more of them, and with the name of the list that it belongs to.
    """
    headers = {
        "Message-ID": message_id,
        "Auto-Submitted": "auto-generated",
        # For Exchange, which does not know the header above. Reports of failed delivery are wanted.
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }
    if unsubscribe_url:
        # RFC 8058: one press in the mail program, and nothing more comes.
        headers |= {"List-Unsubscribe": f"<{unsubscribe_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    if list_id:
        headers["List-Id"] = list_id
    return headers


# A file of an e-mail: its name, its bytes, its type.
Attachment = tuple[str, bytes, str]


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
    email = _email(subject, render_to_string(text_template, context), to, email_headers(message_id, unsubscribe_url))
    if html_template:
        email.attach_alternative(render_to_string(html_template, context), "text/html")
    return email


def _email(subject: str, text: str, to: str, headers: dict[str, str]) -> RenderedEmail:
    reply_to = [settings.REPLY_TO] if settings.REPLY_TO else None
    return RenderedEmail(subject, text, to=[to], headers=headers, reply_to=reply_to)


@dataclass(frozen=True)
class SharedEmail:
    """An e-mail as many get it, with placeholders for what differs; putting it together once saves most of the work."""

    email: RenderedEmail
    html: str
    printed: bytes
    unsubscribe_placeholder: str
    sender: Sender
    attachments: tuple[Attachment, ...] = ()

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
        attachments: Iterable[Attachment] = (),
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
        email.extra_headers["List-Id"] = sender.list_id
        attachments = tuple(attachments)
        for attachment in attachments:
            email.attach(*attachment)
        printed = cast(SafeMIMEMultipart, email.message()).as_bytes(linesep="\r\n")
        html = str(email.alternatives[0][0])
        return cls(email, html, printed, unsubscribe_placeholder, sender, attachments)

    def fill_in(self, *, to: str, message_id: str, values: Mapping[str, str]) -> RenderedEmail:
        """Return the e-mail to one address; `values` says what stands in the place of each placeholder."""
        headers = email_headers(message_id, values[self.unsubscribe_placeholder], self.sender.list_id)
        text = _filled(str(self.email.body), values)
        email = _email(str(self.email.subject), text, to, headers)
        email.attach_alternative(_filled(self.html, values), "text/html")
        for attachment in self.attachments:
            email.attach(*attachment)
        in_headers = {
            self.unsubscribe_placeholder: values[self.unsubscribe_placeholder],
            ADDRESS: to,
            f"<{MESSAGE_ID}@{self.sender.host}>": message_id,
        }
        # What was folded or encoded on the way cannot be found again: Django puts such an e-mail together anew.
        head = self.printed.partition(END_OF_HEADERS)[0]
        if to.isascii() and all(placeholder.encode() in head for placeholder in in_headers):
            email.printed = _filled_bytes(self.printed, in_headers, values)
        return email


def _filled(text: str, values: Mapping[str, str]) -> str:
    for placeholder, value in values.items():
        text = text.replace(placeholder, value)
    return text


def _filled_bytes(printed: bytes, in_headers: Mapping[str, str], in_body: Mapping[str, str]) -> bytes:
    """Return a printed e-mail with these values in its headers and, encoded, in its texts."""
    head, end, body = printed.partition(END_OF_HEADERS)
    for placeholder, value in in_headers.items():
        head = head.replace(placeholder.encode(), value.encode())
    for placeholder, value in in_body.items():
        # What is put in is taken letter by letter: it holds no backslash that means something to `sub`.
        encoded = (SOFT_BREAK + _quoted(value) + SOFT_BREAK).replace(b"\\", rb"\\")
        body = _broken(placeholder).sub(encoded, body)
    return head + end + body


@cache
def _broken(placeholder: str) -> re.Pattern[bytes]:
    """Return what finds a placeholder in an encoded text, wherever its line was broken."""
    return re.compile(b"(?:=\r\n)?".join(re.escape(bytes([sign])) for sign in placeholder.encode()))


@lru_cache(maxsize=1000)
def _quoted(text: str) -> bytes:
    """Return a text as it stands in lines of its own in an encoded text."""
    raw = text.encode()
    # Even where every sign takes three, a line stays within the 76 that are allowed (RFC 2045, 6.7).
    pieces = [raw[start : start + 24] for start in range(0, len(raw), 24)]
    return SOFT_BREAK.join(quopri.encodestring(piece) for piece in pieces)
