"""The e-mails to people who follow, or want to: what they say, and to whom which links lead."""

import time
from typing import Any

from core.mail.rendered_email import RenderedEmail, Sender, SharedEmail, render_email
from core.mail.smtp_errors import delivery_error

from .items import DigestSection, Item, item_of
from .models import Delivery, Follower, FollowRequest, Notice, RequestKind
from .tokens import confirm_path, manage_path, unsubscribe_path
from .topics import topic_groups

# What stands for the links of a person in an e-mail that goes to many.
MANAGE = "/manage-link-of-a-follower/"
UNSUBSCRIBE = "/unsubscribe-link-of-a-follower/"


def _templates(name: str) -> dict[str, str]:
    return {
        f"{kind}_template": f"followers/mail/{name}.{ending}" for kind, ending in (("text", "txt"), ("html", "html"))
    }


def email_to(follower: Follower, shared: SharedEmail, delivery: Delivery) -> RenderedEmail:
    """Return the e-mail of a delivery, from what many get, with the follower's own address and links."""
    root = shared.sender.root
    return shared.fill_in(
        to=follower.email,
        message_id=shared.sender.message_id(delivery),
        values={MANAGE: root + manage_path(follower.key), UNSUBSCRIBE: root + unsubscribe_path(follower.key)},
    )


class SharedEmails:
    """The e-mails of one batch, each rendered once for all who get the same."""

    def __init__(self) -> None:
        self.sender = Sender.now()
        self._notices: dict[tuple[int, tuple[str, ...]], SharedEmail] = {}

    def of_notice(self, item: Item, reasons: tuple[str, ...]) -> SharedEmail:
        """Return the e-mail about one thing, to those who follow it for these reasons."""
        key = (item.notice.pk, reasons)
        if key not in self._notices:
            context = {"item": item, "reasons": reasons}
            self._notices[key] = self._render("notice", item.subject, context)
        return self._notices[key]

    def of_digest(self, groups: list[DigestSection]) -> SharedEmail:
        """Return a digest; its subject is what is newest in it."""
        items = [item for group in groups for item in group.items]
        newest = max(items, key=lambda item: item.notice.released_at)
        more = len(items) - 1
        subject = f"{newest.subject}, and {more} more" if more else newest.subject
        return self._render("digest", subject, {"groups": groups, "number": len(items)})

    def _render(self, name: str, subject: str, context: dict[str, Any]) -> SharedEmail:
        own = {"subject": subject, "sender": self.sender, "manage_url": MANAGE, "unsubscribe_url": UNSUBSCRIBE}
        return SharedEmail.render(
            subject=subject,
            context={**context, **own},
            unsubscribe_placeholder=UNSUBSCRIBE,
            sender=self.sender,
            **_templates(name),
        )


def request_email(request: FollowRequest, sender: Sender) -> RenderedEmail | None:
    """Return the e-mail that was asked for with an address; None if nothing is to confirm, or nobody follows."""
    context: dict[str, Any]
    if request.kind == RequestKind.LINK:
        follower = Follower.objects.filter(email=request.email).first()
        if follower is None:
            return None
        subject, name = "Your link to what you follow", "link"
        context = {"manage_url": sender.root + manage_path(follower.key)}
    else:
        groups = topic_groups(request.pages.values_list("pk", flat=True))
        if not groups:
            return None
        subject, name = "Please confirm that you want updates", "confirm"
        context = {"groups": groups, "confirm_url": sender.root + confirm_path(request.key), "request": request}
    subject = f"{subject} – {sender.organisation}"
    return render_email(
        subject=subject,
        context={**context, "subject": subject, "sender": sender},
        to=request.email,
        message_id=sender.message_id(request),
        **_templates(name),
    )


def email_to_oneself(notice: Notice, email: str) -> RenderedEmail | None:
    """Return a notice as an e-mail to an editor's own address; None if nobody would be told now.

    Its links to change or stop are those of nobody.
    """
    item = item_of(notice)
    if item is None:
        return None
    shared = SharedEmails().of_notice(item, tuple(item.topics.values()))
    # No delivery has a key below 0, and no two tests have the same.
    delivery = Delivery(pk=-int(time.time() * 1000), notice=notice)
    return email_to(Follower(email=email), shared, delivery)


def send_to_oneself(notice: Notice, email: str) -> str:
    """Send a notice to an editor's own address at once; return in words what went wrong, or nothing."""
    if not email:
        return "Your account has no e-mail address. Add one in your profile, at the bottom of the menu."
    message = email_to_oneself(notice, email)
    if message is None:
        return "There is nothing to send: not everyone can see the page now, or it no longer says what was new."
    try:
        message.send()
    except Exception as error:  # noqa: BLE001 - a backend may raise anything; its words may name the address
        return f"The test was not sent. {delivery_error(error).reason}"
    return ""
