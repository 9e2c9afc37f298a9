"""The e-mails to people who follow, or want to: what they say, and to whom which links lead."""

import time
from typing import Any

from django.db.models import Q
from wagtail.models import Site

from core.addresses import absolute
from core.mail.rendered_email import RenderedEmail, Sender, SharedEmail, render_email
from core.mail.smtp_errors import delivery_error
from whats_on.calendars import calendar_of
from whats_on.queries import calendar_dates

from .items import DigestSection, Item, item_of
from .models import Delivery, Follower, FollowRequest, Notice, RequestKind
from .tokens import confirm_path, manage_path, unsubscribe_path
from .topics import asked_topics

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
    """The e-mails of one batch, each put together once for all who get the same."""

    def __init__(self) -> None:
        self.sender = Sender.now()
        self._rendered: dict[tuple[object, ...], SharedEmail] = {}

    def of_notice(self, item: Item, reasons: tuple[str, ...]) -> SharedEmail:
        """Return the e-mail about one thing, to those who follow it for these reasons."""
        key = (item.notice.pk, reasons)
        context = {"item": item, "reasons": reasons}
        return self._of(key, "notice", item.subject, context, [item])

    def of_digest(self, sections: list[DigestSection]) -> SharedEmail:
        """Return an e-mail about several things; its subject is what is newest in it."""
        key = tuple((section.heading, *(item.notice.pk for item in section.items)) for section in sections)
        items = [item for section in sections for item in section.items]
        newest = max(items, key=lambda item: (item.notice.released_at, item.notice.pk))
        context = {"groups": sections, "number": len(items)}
        return self._of(key, "digest", f"{newest.subject}, and {len(items) - 1} more", context, items)

    def _of(
        self, key: tuple[object, ...], name: str, subject: str, context: dict[str, Any], items: list[Item]
    ) -> SharedEmail:
        if key not in self._rendered:
            own = {"subject": subject, "sender": self.sender, "manage_url": MANAGE, "unsubscribe_url": UNSUBSCRIBE}
            self._rendered[key] = SharedEmail.render(
                subject=subject,
                context={**context, **own},
                unsubscribe_placeholder=UNSUBSCRIBE,
                sender=self.sender,
                attachments=calendar_of_events([item.event for item in items if item.event]),
                **_templates(name),
            )
        return self._rendered[key]


def calendar_of_events(events: list[int]) -> list[tuple[str, bytes, str]]:
    """Return the calendar entries of these events (keys) as attachments of an e-mail: one, or none."""
    dates = calendar_dates(Q(pk__in=events)) if events else []
    if not dates:
        return []
    root = Site.objects.get(is_default_site=True).root_page.url_path
    entries = ((date, absolute(f"/{date.url_path.removeprefix(root)}")) for date in dates)
    return [("event.ics", calendar_of(dates[0].title, entries), "text/calendar")]


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
        asked = asked_topics(request)
        if not asked:
            return None
        subject, name = "Please confirm that you want updates", "confirm"
        context = {"asked": asked, "confirm_url": sender.root + confirm_path(request.key)}
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
    return email_of_item(item, email) if item else None


def email_of_item(item: Item, email: str) -> RenderedEmail:
    """Return the e-mail about one thing as an editor's own, for everyone's reasons."""
    shared = SharedEmails().of_notice(item, tuple(item.topics.values()))
    # No delivery has a key below 0, and no two tests have the same.
    delivery = Delivery(pk=-int(time.time() * 1000))
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
