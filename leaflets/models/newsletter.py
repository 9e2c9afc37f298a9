"""Newsletters: a series, and its issues, which are leaflets of a kind of their own."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index

from centres.models import SubjectMixin
from core.blocks import TEXT_FEATURES
from core.models import BasePage, BodyMixin
from core.notification_choice import notification_panels
from core.visibility import public
from leaflets.page_forms import LATEST, LATEST_IS_TAKEN, IssueCopyForm

from .choices import LeafletKind, NewsletterFrequency
from .leaflet import LeafletPage


class NewsletterPage(RoutablePageMixin, SubjectMixin, BodyMixin, BasePage):
    """A newsletter: what it is about, how often it comes, and its issues.

    Its template shows `leaflets.queries.newsletter_content`.
    """

    frequency = models.CharField(
        "how often it comes",
        max_length=12,
        choices=NewsletterFrequency.choices,
        default=NewsletterFrequency.QUARTERLY,
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

    @path(f"{LATEST}/", name=LATEST)
    def lead_to_latest(self, request: HttpRequest) -> HttpResponse:
        """Lead to the newest issue, for as long as it is the newest; without issues, to the newsletter itself."""
        newest = NewsletterIssuePage.public_issues(self).first()
        return redirect((newest or self).get_url(request))

    @property
    def latest_url(self) -> str:
        """The address that always leads to the newest issue."""
        return f"{self.url}{self.reverse_subpage(LATEST)}"

    @property
    def structured_data(self) -> dict[str, Any]:
        """A page about a periodical."""
        return super().structured_data | {
            "mainEntity": {"@type": "Periodical", "name": self.title, "description": self.summary}
        }


class NewsletterIssuePage(LeafletPage):
    """One issue of a newsletter.

    Its template shows `leaflets.queries.issue_content`.
    """

    needs_check = False

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
        *notification_panels,
    ]

    copy_form_class = IssueCopyForm
    page_description = "One issue of this newsletter: its words to read here, and its files to download."
    parent_page_types: ClassVar[list[str]] = ["leaflets.NewsletterPage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "issue of a newsletter"
        verbose_name_plural = "issues of newsletters"

    def clean(self) -> None:
        """Refuse the address that leads to the newest issue, even of a draft. Raises ValidationError keyed by field."""
        self.kind = LeafletKind.NEWSLETTER
        if self.slug == LATEST:
            raise ValidationError({"slug": LATEST_IS_TAKEN})
        super().clean()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save as the kind of leaflet that it is."""
        self.kind = LeafletKind.NEWSLETTER
        super().save(*args, **kwargs)

    @staticmethod
    def newest_first(issues: "QuerySet[NewsletterIssuePage]") -> "QuerySet[NewsletterIssuePage]":
        """Return issues in order: by date, then by number (as `place`, 0 for none), newest first."""
        return issues.annotate(place=Coalesce("number", Value(0))).order_by("-date", "-place", "-pk")

    @classmethod
    def public_issues(cls, newsletter: Page) -> "QuerySet[NewsletterIssuePage]":
        """Return the issues of a newsletter anyone may see, newest first."""
        return cls.newest_first(public(cls.objects.child_of(newsletter)))

    @property
    def is_shown(self) -> bool:
        """Whether its newsletter is published; `leaflets.queries.hidden_issues` says the same to lists."""
        return bool(self.get_parent().live)

    @property
    def caption(self) -> str:
        """The number and the date, such as "Issue 7, summer 2018"."""
        return f"Issue {self.number}, {self.date_text}" if self.number is not None else f"Issue of {self.date_text}"

    @property
    def document_data(self) -> dict[str, Any]:
        """An issue of a periodical."""
        data = super().document_data | {
            "@type": "PublicationIssue",
            "isPartOf": {"@type": "Periodical", "name": self.get_parent().title},
        }
        if self.number is not None:
            data["issueNumber"] = self.number
        return data
