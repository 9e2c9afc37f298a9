"""What an editor decides about telling people: it is part of a draft, and is done when that draft is published."""

from typing import Any

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel

LONGEST_LINE = 200


class NotificationChoice(models.TextChoices):
    """Whether those who follow a page are told when a draft of it is published."""

    NEWS = "news", "Tell them what is new"
    LINE = "line", "Tell them what I write below"
    NOBODY = "nobody", "Tell nobody"


def stored_choice(choice: str, line: str) -> dict[str, str] | None:
    """Return a decision as a draft keeps it; None for the usual one, to tell what is new by itself."""
    return None if choice in ("", NotificationChoice.NEWS) else {"choice": choice, "line": line}


def choice_in_revision(content: dict[str, Any], page: Any) -> dict[str, str] | None:
    """Return the decision in the content of a revision, unless it was about the page that this one is a copy of."""
    decided: dict[str, Any] | None = content.get("telling")
    return decided if decided and decided.get("page") == page.pk else None


def notification_choices(*, is_published: bool, news: str) -> list[tuple[str, str]]:
    """Return what an editor can choose, in words: `news` is what is told by itself of a page that is published."""
    nobody, line = (
        (NotificationChoice.NOBODY.value, "Tell nobody"),
        (NotificationChoice.LINE.value, "Tell them what I write below"),
    )
    if not is_published:
        return [(NotificationChoice.NEWS.value, "Tell them when it is published"), nobody]
    if not news:
        return [(NotificationChoice.NEWS.value, "Tell nobody of this change"), line]
    return [(NotificationChoice.NEWS.value, f"Tell them only if there is {news}"), line, nobody]


class FormFieldPanel(FieldPanel):
    """A field that belongs to the form and not to the page, so that there is nothing of it to compare."""

    class BoundPanel(FieldPanel.BoundPanel):
        """The panel in one form."""

        def get_comparison(self) -> list[Any]:
            """Return no comparison."""
            return []


class CountPanel(Panel):
    """Says how many people follow what the page is about. Its template asks the app that knows, by a tag."""

    class BoundPanel(Panel.BoundPanel):
        """The panel in one form."""

        template_name = "core/admin/follower_count_panel.html"


notification_panels: list[Any] = [
    MultiFieldPanel(
        [CountPanel(), FormFieldPanel("tell"), FormFieldPanel("tell_line")],
        heading="Tell followers",
        help_text="Some people follow this site by e-mail. They get a mail when you publish, and not before.",
    )
]
