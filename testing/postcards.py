"""The plainest mails that can be owed, to test the outbox by itself."""

from core.mail.queues import HeldBackError, Writer
from core.mail.rendered_email import RenderedEmail, Sender, email_headers
from testing.models import Postcard

ADDRESSES = ("ann@example.com", "bob@example.com", "zoe@example.com")


def write_postcards(leased: list[Postcard]) -> Writer[Postcard]:
    """Return what renders a postcard: nothing without a line; "Not yet" waits, and "Broken" cannot be written."""
    sender = Sender.now()

    def write(card: Postcard) -> RenderedEmail | None:
        if card.line == "Not yet":
            raise HeldBackError
        if card.line == "Broken":
            raise RuntimeError
        headers = email_headers(sender.message_id(card))
        return RenderedEmail("Greetings", card.line, to=[card.email], headers=headers) if card.line else None

    return write


def states() -> list[str]:
    """Return what became of each postcard, in the order in which they were made."""
    return [str(each) for each in Postcard.objects.order_by("pk").values_list("state", flat=True)]
