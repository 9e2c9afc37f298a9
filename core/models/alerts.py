"""Alerts: short messages at the top of pages that end by themselves."""

from datetime import timedelta
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.models import Orderable, Page, PreviewableMixin

from core.dates import describe_moment
from core.editorial_rules.forms import ConfirmedDatesForm
from core.editorial_rules.validators import capitals_errors, link_text_errors
from core.panels import SentencePanel

# An alert is about something that passes: longer, or farther ahead, is seldom meant.
LONGEST, FARTHEST_AHEAD = timedelta(days=92), timedelta(days=366)


class Severity(models.TextChoices):
    """How grave an alert is, gravest first."""

    EMERGENCY = "emergency", "Emergency: people could come to harm"
    WARNING = "warning", "Warning: a closure or a change of times"
    INFORMATION = "information", "Information: good to know"


class Alert(PreviewableMixin, ClusterableModel):
    """A message shown at the top of pages until its end."""

    severity = models.CharField(
        max_length=12,
        choices=Severity.choices,
        default=Severity.INFORMATION,
        help_text="Graver alerts are shown first.",
    )
    title = models.CharField(
        max_length=100, help_text="What has happened. For example: Tilbury centre is closed today."
    )
    text = models.TextField(
        validators=[MaxLengthValidator(500)],
        blank=True,
        help_text="What people should do now, in one or two plain sentences.",
    )
    link_url = models.CharField(
        "link",
        max_length=500,
        blank=True,
        help_text="Where to read more: an address on this site such as /centres/, or one that begins https://",
    )
    link_text = models.CharField(
        "words of the link", max_length=80, blank=True, help_text="For example: Opening times of other centres"
    )
    starts_at = models.DateTimeField(
        "show from", default=timezone.now, help_text="London time. It shows by itself from then on."
    )
    ends_at = models.DateTimeField(
        "show until", help_text="London time. It goes away by itself; every alert must have an end."
    )

    base_form_class = ConfirmedDatesForm
    panels: ClassVar[list[Any]] = [
        FieldPanel("severity"),
        FieldPanel("title"),
        FieldPanel("text"),
        FieldRowPanel([FieldPanel("link_url"), FieldPanel("link_text")]),
        MultiFieldPanel(
            [SentencePanel("schedule_text"), FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")])],
            heading="When to show it",
        ),
        InlinePanel(
            "places",
            heading="Only on these pages",
            label="Page",
            help_text="Leave empty to show the alert on the whole site. Choose a centre to show it on the "
            "centre's page and on everything beneath it.",
        ),
    ]

    class Meta:
        ordering: ClassVar[list[str]] = ["-ends_at"]

    def __str__(self) -> str:
        return self.title

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        """Return the page on which editors see the alert before residents do."""
        return "core/alert_preview.html"

    def unusual_dates(self) -> dict[str, str]:
        """Return what is seldom meant, by field, in words that say why."""
        found = {}
        if self.starts_at - timezone.now() > FARTHEST_AHEAD:
            found["starts_at"] = f"{describe_moment(self.starts_at)} is more than a year ahead."
        if (shown := self.ends_at - self.starts_at) > LONGEST:
            found["ends_at"] = f"It would show for {shown.days} days."
        return found

    @property
    def rank(self) -> int:
        """0 for the gravest severity."""
        return Severity.values.index(self.severity)

    @property
    def severity_word(self) -> str:
        """The severity in one word, for residents."""
        return Severity(self.severity).label.split(":")[0]

    @property
    def schedule_text(self) -> str:
        """When it shows, and that it does so by itself."""
        start, end = describe_moment(self.starts_at), describe_moment(self.ends_at)
        now = timezone.now()
        if self.ends_at <= now:
            return f"It ended by itself: {end}, London time."
        if self.starts_at <= now:
            return f"It shows now, and goes away by itself: {end}, London time."
        return f"It shows by itself from {start} until {end}, London time."

    def clean(self) -> None:
        """Refuse an end before the start, half a link, and words that are hard to read.

        Raises ValidationError keyed by field.
        """
        errors: dict[str, str | list[str]] = {}
        if shouting := capitals_errors(self.title):
            errors["title"] = shouting
        if self.link_text and (vague := link_text_errors(self.link_text)):
            errors["link_text"] = vague
        if self.ends_at and self.starts_at and self.ends_at <= self.starts_at:
            errors["ends_at"] = "The end must be later than the start."
        if self.link_url and not self.link_url.startswith(("/", "https://")):
            errors["link_url"] = "The link must begin with / (a page of this site) or https://"
        elif self.link_url.startswith(("//", "/\\")):
            errors["link_url"] = "A page of this site begins with a single /"
        if bool(self.link_url) != bool(self.link_text):
            errors["link_text" if self.link_url else "link_url"] = "A link needs both an address and words."
        if errors:
            raise ValidationError(errors)


class AlertPlace(Orderable):
    """A page on which, and beneath which, an alert shows."""

    alert = ParentalKey(Alert, on_delete=models.CASCADE, related_name="places")
    # A deleted page leaves its place behind, so that the alert does not show on the whole site instead.
    page = models.ForeignKey(Page, null=True, on_delete=models.SET_NULL, related_name="+")

    panels: ClassVar[list[Any]] = [PageChooserPanel("page")]

    def __str__(self) -> str:
        return str(self.page or "a deleted page")
