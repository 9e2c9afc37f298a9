"""What followers would be told if the draft of a page were published now, for its editor to read before."""

from dataclasses import dataclass
from typing import cast

from wagtail.models import Page

from core.mail.rendered_email import RenderedEmail
from core.models import BasePage

from .changes import MODELS
from .emails import email_of_item
from .items import planned_item
from .models import PublishedFacts
from .notices import Plan
from .queries import follower_count, follower_count_text
from .topics import topics_of


@dataclass(frozen=True)
class Preview:
    """The e-mail, if there would be one; and in words who would get it, or why nobody would."""

    email: RenderedEmail | None
    text: str


NOBODY = "Nobody would be told: you chose “Tell nobody”."
NO_NEWS = (
    "Nobody would be told: the draft has no news. If followers should know of the change, choose “Tell them what I "
    "write below” in the box “Tell followers”."
)


def preview_of(page: Page) -> Preview | None:
    """Return what would be told of the newest draft of a page; None of a page of which nobody is ever told."""
    revision = page.latest_revision
    if page.alias_of_id or not issubclass(page.specific_class or Page, MODELS):
        return None
    if revision is None:
        return Preview(None, NO_NEWS)
    draft = cast(BasePage, revision.as_object())
    before = PublishedFacts.objects.filter(page=page.pk).first()
    if before is None and not page.live:
        # A page that is published for the first time.
        before = PublishedFacts(page=page, revision_id=None)
    plan = Plan(draft, revision, before)
    if not plan.is_told:
        return Preview(None, NOBODY if plan.choice == "nobody" else NO_NEWS)
    topics = topics_of(draft)
    item = planned_item(plan.notice(revision), draft, topics)
    text = follower_count_text(follower_count(topics))
    return Preview(email_of_item(item, "") if item else None, text if item else NO_NEWS)
