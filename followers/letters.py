"""The mails themselves: plain text and simple HTML, from one template each."""

from dataclasses import dataclass
from email.message import Message
from typing import Any, cast

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, SafeMIMEMultipart
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from wagtail.models import Site

from core.models import SiteSettings

from .items import Group, Item
from .models import Follower, FollowRequest, Outgoing, RequestKind
from .tokens import confirm_path, leave_path, manage_path
from .topics import topic_groups

# What stands for the person in a mail that goes to many. Each is replaced where it stands, whatever the mail says.
ADDRESS = "somebody-who-follows@followers.invalid"
MESSAGE_ID = "message-id-of-a-delivery"
MANAGE = "/manage-link-of-a-follower/"
LEAVE = "/leave-link-of-a-follower/"


@dataclass(frozen=True)
class Sender:
    """Who the mails are from, and the address that links in them begin with."""

    organisation: str
    root: str

    @classmethod
    def now(cls) -> "Sender":
        """Return it as the site's settings say now."""
        site = Site.objects.get(is_default_site=True)
        return cls(SiteSettings.for_site(site).organisation_name, settings.WAGTAILADMIN_BASE_URL)

    @property
    def host(self) -> str:
        """The name of the site's host."""
        return self.root.partition("://")[2].partition(":")[0]


class _Printed(Message):
    """A message that is bytes already."""

    def __init__(self, printed: bytes) -> None:
        super().__init__()
        self._printed = printed

    def as_bytes(self, unixfrom: bool = False, policy: Any = None, linesep: str = "\r\n") -> bytes:
        """Return the bytes, as a mail server takes them."""
        return self._printed if linesep == "\r\n" else self._printed.replace(b"\r\n", linesep.encode())


class Letter(EmailMultiAlternatives):
    """A mail to one person, with `printed` if it was made from a form that many get."""

    printed: bytes | None = None

    def message(self, *args: Any, **kwargs: Any) -> Any:
        """Return the message, put together only if it is not printed already."""
        return super().message(*args, **kwargs) if self.printed is None else _Printed(self.printed)


def message_id(row: Outgoing, host: str) -> str:
    """Return the Message-ID of a mail: the same whenever it is tried again, so that others can tell that it is."""
    return f"<{salted_hmac('followers.message', row.identity).hexdigest()[:24]}@{host}>"


@dataclass(frozen=True)
class Form:
    """A mail as many get it, with places for what differs between them; putting it together once saves most of it."""

    subject: str
    text: str
    html: str
    printed: bytes

    def letter(self, follower: Follower, row: Outgoing, sender: Sender) -> Letter:
        """Return the mail to one follower."""
        manage, leave = sender.root + manage_path(follower.key), sender.root + leave_path(follower.key)
        identity = message_id(row, sender.host)
        places = {MANAGE: manage, LEAVE: leave}
        letter = Letter(
            self.subject,
            _filled(self.text, places),
            to=[follower.email],
            headers=_headers(identity, leave),
        )
        letter.attach_alternative(_filled(self.html, places), "text/html")
        places |= {ADDRESS: follower.email, f"<{MESSAGE_ID}@{sender.host}>": identity}
        if follower.email.isascii() and all(place.encode() in self.printed for place in places):
            letter.printed = _filled_bytes(self.printed, places)
        return letter


def _filled(text: str, places: dict[str, str]) -> str:
    for place, value in places.items():
        text = text.replace(place, value)
    return text


def _filled_bytes(text: bytes, places: dict[str, str]) -> bytes:
    for place, value in places.items():
        text = text.replace(place.encode(), value.encode())
    return text


def _headers(identity: str, leave: str = "") -> dict[str, str]:
    headers = {"Message-ID": identity, "Auto-Submitted": "auto-generated"}
    if leave:
        # RFC 8058: one press in the mail program, and nothing more comes.
        headers |= {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return headers


def _form(name: str, subject: str, sender: Sender, context: dict[str, Any]) -> Form:
    context = {
        **context,
        "subject": subject,
        "sender": sender,
        "manage_url": MANAGE,
        "leave_url": LEAVE,
    }
    text = render_to_string(f"followers/mail/{name}.txt", context)
    html = render_to_string(f"followers/mail/{name}.html", context)
    mail = EmailMultiAlternatives(subject, text, to=[ADDRESS], headers=_headers(f"<{MESSAGE_ID}@{sender.host}>", LEAVE))
    mail.attach_alternative(html, "text/html")
    printed = cast(SafeMIMEMultipart, mail.message()).as_bytes(linesep="\r\n")
    return Form(subject, text, html, printed)


class Forms:
    """The forms of one batch, each made once for all who get the same."""

    def __init__(self) -> None:
        self.sender = Sender.now()
        self._notices: dict[tuple[int, tuple[str, ...]], Form] = {}

    def of_notice(self, item: Item, reasons: tuple[str, ...]) -> Form:
        """Return the mail about one thing, to those who follow it for these reasons."""
        key = (item.notice.pk, reasons)
        if key not in self._notices:
            context = {"item": item, "reasons": reasons}
            self._notices[key] = _form("notice", item.subject, self.sender, context)
        return self._notices[key]

    def of_digest(self, groups: list[Group]) -> Form:
        """Return a digest; its subject is what is newest in it."""
        items = [item for group in groups for item in group.items]
        newest = max(items, key=lambda item: item.notice.released_at)
        more = len(items) - 1
        subject = f"{newest.subject}, and {more} more" if more else newest.subject
        return _form("digest", subject, self.sender, {"groups": groups, "number": len(items)})


def request_letter(request: FollowRequest, sender: Sender) -> Letter | None:
    """Return the mail that was asked for with an address; None if there is nothing to confirm, or no such person."""
    if request.kind == RequestKind.LINK:
        follower = Follower.objects.filter(email=request.email).first()
        if follower is None:
            return None
        subject, name = "Your link to what you follow", "link"
        context: dict[str, Any] = {"manage_url": sender.root + manage_path(follower.key)}
    else:
        groups = topic_groups(request.pages.values_list("pk", flat=True))
        if not groups:
            return None
        subject, name = "Please confirm that you want updates", "confirm"
        context = {"groups": groups, "confirm_url": sender.root + confirm_path(request.key), "request": request}
    context |= {"subject": f"{subject} – {sender.organisation}", "sender": sender}
    letter = Letter(
        context["subject"],
        render_to_string(f"followers/mail/{name}.txt", context),
        to=[request.email],
        headers=_headers(message_id(request, sender.host)),
    )
    letter.attach_alternative(render_to_string(f"followers/mail/{name}.html", context), "text/html")
    return letter
