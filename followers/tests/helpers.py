"""Does what people do with the forms and the mails, by a clock that is moved by hand."""

import re
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db.models import Model
from django.http.response import HttpResponseBase
from django.test import Client
from wagtail.models import Page

from core.mail.sending import send
from core.models import Mailing, Tally
from followers.models import Follower
from followers.tokens import started
from testing.clocks import Clock
from testing.html import soup_of, words

ADDRESS = "juggler@example.com"
# What programs put in the place of a signed token.
STRANGE = ("x", ".", "..x", "🤹", "%00", "%ff", "x" * 5000, "1.2.3", "<b>", "0" * 32)


@dataclass(frozen=True)
class Visitor:
    """Somebody who fills in the forms as slowly as people do, and reads the mail."""

    client: Client
    clock: Clock

    def started(self, seconds: float = 5) -> str:
        """Return what a form sends back that was shown so long ago."""
        self.clock.advance(seconds=-seconds)
        token = started()
        self.clock.advance(seconds=seconds)
        return token

    def answers(self, *pages: Page, **fields: Any) -> dict[str, Any]:
        """Return a form filled in to follow these pages; `fields` says what else, or otherwise."""
        ticks = [page.pk for page in pages]
        filled = {"email": ADDRESS, "frequency": "now", "leave_empty": "", "started": self.started(), "pages": ticks}
        return filled | fields

    def follow(self, *pages: Page, **fields: Any) -> HttpResponseBase:
        """Ask to follow these pages; return the answer."""
        return self.client.post("/follow/", self.answers(*pages, **fields))

    def ask_for_link(self, **fields: Any) -> HttpResponseBase:
        """Ask for the link to what is followed; return the answer."""
        return self.client.post("/follow/link/", self.answers(**fields))

    def press(self, path: str, client: Client | None = None) -> HttpResponseBase:
        """Open a link in a mail and press the button there, if there is one; return the answer."""
        browser = client or self.client
        sent: dict[str, list[str]] = {}
        for field in soup_of(browser.get(path)).select("main form input[type=hidden]"):
            sent.setdefault(str(field["name"]), []).append(str(field["value"]))
        return browser.post(path, sent)

    def confirm(self, *pages: Page, **fields: Any) -> Follower:
        """Ask to follow these pages and use the link in the mail; return who follows them now."""
        self.follow(*pages, **fields)
        assert self.press(link_in(only(new_mails()), "confirm")).status_code == 200
        return Follower.objects.get(email=fields.get("email", ADDRESS))


def new_mails() -> list[EmailMultiAlternatives]:
    """Send what is due, and return it."""
    before = len(mail.outbox)
    send()
    return [each for each in mail.outbox[before:] if isinstance(each, EmailMultiAlternatives)]


def only(mails: list[EmailMultiAlternatives]) -> EmailMultiAlternatives:
    """Return the one mail there is."""
    assert len(mails) == 1
    return mails[0]


def link_in(message: EmailMultiAlternatives, purpose: str) -> str:
    """Return the path of the link with this purpose (confirm, manage, leave) in a mail's text."""
    found = re.search(rf"http://testserver(/follow/{purpose}/\S+)", str(message.body))
    assert found, message.body
    return found[1]


def tampered_with(token: str) -> list[str]:
    """Return what a signed token may be made into; each must be refused."""
    key, _, rest = token.partition(".")
    first, last = "1" if token[0] == "0" else "0", "B" if token[-1] == "A" else "A"
    return [
        *(first + token[1:], token[:-1] + last),
        *(token[1:], token[:-1], token + "x", token.upper()),
        *(key, f"{key}.", f".{rest}", f"{key}.{'A' * len(rest)}", token.replace(".", ":")),
    ]


def kept() -> dict[str, list[dict[str, Any]]]:
    """Return everything that the database has of those who follow, to see that nothing was changed."""
    models: list[type[Model]] = [
        *apps.get_app_config("followers").get_models(include_auto_created=True),
        Mailing,
        Tally,
    ]
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}


def html_of(answer: HttpResponseBase) -> str:
    """Return an answer as it came."""
    content: bytes = getattr(answer, "content")  # noqa: B009 (streamed answers have none)
    return content.decode()


def ticks(answer: HttpResponseBase) -> dict[str, bool]:
    """Return what can be ticked and whether it is."""
    found = soup_of(answer)
    labels = {str(label["for"]): words(label) for label in found.select("label")}
    return {labels[str(each["id"])]: each.has_attr("checked") for each in found.select("[name=pages]")}
