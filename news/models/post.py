"""Posts: what news and forum updates have in common, so that both are found together by one query."""

from typing import Any, ClassVar

from django.db import models
from django.forms import CheckboxSelectMultiple
from django.utils import timezone
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from centres.models import SubjectMixin
from core.dates import describe_day
from core.editorial_rules.validators import FieldErrors
from core.models import BasePage, BodyMixin
from core.visibility import is_public
from news.blocks import CorrectionsBlock


class PostPage(SubjectMixin, BodyMixin, BasePage):
    """A dated post. Editors make its two kinds, `NewsPage` and `ForumUpdatePage`, never this itself."""

    needs_check = False

    date = models.DateField(
        default=timezone.localdate,
        db_index=True,
        help_text="The day shown on the post. Posts are listed by it, newest first.",
    )
    topics = ParentalManyToManyField(
        "news.Topic", blank=True, related_name="+", help_text="People can narrow the news by these."
    )
    corrections = StreamField(
        CorrectionsBlock(),
        blank=True,
        help_text="When something was wrong: put it right in the text, and say here what was changed, and when.",
    )
    # The forum above an update, kept here so that lists can join it; `sync_from_forum` sets it and nobody edits it.
    forum = models.ForeignKey(
        "news.ForumPage", null=True, editable=False, on_delete=models.RESTRICT, related_name="updates"
    )

    date_panels: ClassVar[list[Any]] = [FieldPanel("date")]
    topic_panels: ClassVar[list[Any]] = [FieldPanel("topics", widget=CheckboxSelectMultiple)]
    correction_panels: ClassVar[list[Any]] = [FieldPanel("corrections")]
    search_fields: ClassVar[list[Any]] = [
        *BasePage.search_fields,
        *BodyMixin.body_search_fields,
        index.FilterField("date"),
        index.SearchField("corrections"),
    ]

    is_creatable = False
    page_description = "What news and forum updates have in common."
    parent_page_types: ClassVar[list[str]] = []
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "post"

    def publish_errors(self) -> FieldErrors:
        """Refuse a day to come, unless the post waits for it."""
        found = super().publish_errors()
        today = timezone.localdate()
        appears = timezone.localtime(self.go_live_at).date() if self.go_live_at else today
        if self.date and self.date > max(today, appears):
            found["date"] = [
                "This day has not come yet. To publish later, set a schedule: open “Status” and choose “Set schedule”."
            ]
        return found

    @property
    def is_shown(self) -> bool:
        """Whether the forum of an update can be seen."""
        return self.forum is None or is_public(self.forum)

    @property
    def corrections_newest_first(self) -> list[Any]:
        """The corrections as blocks, the newest first."""
        return sorted(self.corrections, key=lambda block: block.value["date"], reverse=True)

    @property
    def date_text(self) -> str:
        """The day as "29 September 2020"."""
        return describe_day(self.date)

    @property
    def structured_data(self) -> dict[str, Any]:
        """A news article of its day."""
        return {
            **super().structured_data,
            "@type": "NewsArticle",
            "headline": self.heading[:110],
            "datePublished": self.date.isoformat(),
        }
