"""Newsletters: a series, and its issues, which are leaflets of a kind of their own."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.fields import RichTextField
from wagtail.search import index

from centres.models import SubjectMixin
from core.blocks import TEXT_FEATURES
from core.models import BasePage, BodyMixin

from .choices import Frequency, LeafletKind
from .leaflet import LeafletPage

# The step of the address that always leads to the newest issue.
LATEST = "latest"


class NewsletterPage(RoutablePageMixin, SubjectMixin, BodyMixin, BasePage):
    """A newsletter: what it is about, how often it comes, and its issues."""

    frequency = models.CharField(
        "how often it comes",
        max_length=12,
        choices=Frequency.choices,
        default=Frequency.QUARTERLY,
        help_text="Residents see it on the newsletter’s page.",
    )
    older_copies = RichTextField(
        features=TEXT_FEATURES,
        blank=True,
        help_text="Where people can find issues that are not here. Leave it empty if there are none.",
    )

    content_panels: ClassVar[list[Any]] = [
        *BasePage.content_panels,
        FieldPanel("summary", heading="What it is about"),
        FieldPanel("frequency"),
        *BodyMixin.body_panels,
        FieldPanel("older_copies"),
        *SubjectMixin.subject_panels,
    ]
    search_fields: ClassVar[list[Any]] = [
        *BasePage.search_fields,
        *BodyMixin.body_search_fields,
        index.SearchField("older_copies"),
    ]

    page_description = "A newsletter that comes out again and again. Its issues go beneath it."
    parent_page_types: ClassVar[list[str]] = ["leaflets.LeafletsPage"]
    subpage_types: ClassVar[list[str]] = ["leaflets.NewsletterIssuePage"]

    class Meta:
        verbose_name = "newsletter"


class NewsletterIssuePage(LeafletPage):
    """One issue of a newsletter."""

    number = models.PositiveIntegerField(
        null=True, blank=True, help_text="For example: 7. Leave it empty if issues have no numbers."
    )

    content_panels: ClassVar[list[Any]] = [
        *BasePage.content_panels,
        FieldPanel("summary", heading="What is in it"),
        FieldPanel("number"),
        *LeafletPage.date_panels,
        *LeafletPage.reading_panels,
        *SubjectMixin.subject_panels,
    ]

    page_description = "One issue of this newsletter: its words to read here, and its files to download."
    parent_page_types: ClassVar[list[str]] = ["leaflets.NewsletterPage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "issue of a newsletter"
        verbose_name_plural = "issues of newsletters"

    def clean(self) -> None:
        """Refuse the address that leads to the newest issue. Raises ValidationError keyed by field."""
        self.kind = LeafletKind.NEWSLETTER
        super().clean()
        if self.slug == LATEST:
            raise ValidationError({"slug": f"“{LATEST}” always leads to the newest issue. Choose another word."})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save as the kind of leaflet that it is."""
        self.kind = LeafletKind.NEWSLETTER
        super().save(*args, **kwargs)

    @property
    def number_text(self) -> str:
        """The number and the date, such as "Issue 7, summer 2018"."""
        return f"Issue {self.number}, {self.date_text}" if self.number is not None else self.date_text
