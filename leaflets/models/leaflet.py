"""Leaflets: something to read on the page, and the same as files in several formats and languages."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.models import Orderable
from wagtail.search import index

from centres.models import SubjectMixin
from core.dates import DatePrecision, describe_date
from core.fields import https_validator
from core.models import BasePage, BodyMixin

from .choices import FileFormat, LeafletKind
from .reading import DocumentReading


class LeafletsPage(BodyMixin, BasePage):
    """The library of leaflets and newsletters."""

    content_panels: ClassVar[list[Any]] = [*BasePage.content_panels, *BasePage.summary_panels, *BodyMixin.body_panels]
    search_fields: ClassVar[list[Any]] = [*BasePage.search_fields, *BodyMixin.body_search_fields]

    page_description = "The library of leaflets and newsletters. There is one on the site."
    max_count = 1
    subpage_types: ClassVar[list[str]] = ["leaflets.LeafletPage", "leaflets.NewsletterPage"]

    class Meta:
        verbose_name = "library of leaflets"


class LeafletPage(SubjectMixin, BodyMixin, BasePage):
    """One leaflet. What it says stands on the page, so that a file is never the only way to read it."""

    kind = models.CharField(
        max_length=12,
        choices=LeafletKind.choices,
        default=LeafletKind.INFORMATION,
        help_text="People can narrow the library by it.",
    )
    date = models.DateField(
        db_index=True,
        help_text="When it was published. For less than an exact day, enter any day of that month, season or year.",
    )
    date_precision = models.CharField(
        "what we know of the date",
        max_length=12,
        choices=DatePrecision.choices,
        default=DatePrecision.DAY,
        help_text="Residents see no more than you know: “summer 2018” rather than a day.",
    )

    date_panels: ClassVar[list[Any]] = [FieldRowPanel([FieldPanel("date"), FieldPanel("date_precision")])]
    reading_panels: ClassVar[list[Any]] = [
        FieldPanel(
            "body",
            heading="Read it here",
            help_text="The words of the leaflet. Not everyone can open a file, so put here what it says.",
        ),
        InlinePanel(
            "files",
            heading="Files to download",
            label="File",
            help_text="One row for each format and language. Leave the file empty while it is still to be added: "
            "residents read “not available yet”.",
        ),
    ]
    content_panels: ClassVar[list[Any]] = [
        *BasePage.content_panels,
        FieldPanel("summary", heading="What it is for"),
        FieldPanel("kind"),
        *date_panels,
        *reading_panels,
        *SubjectMixin.subject_panels,
    ]
    search_fields: ClassVar[list[Any]] = [
        *BasePage.search_fields,
        *BodyMixin.body_search_fields,
        index.SearchField("words_of_files"),
    ]

    page_description = "A leaflet, form or report: its words to read here, and its files to download."
    parent_page_types: ClassVar[list[str]] = ["leaflets.LeafletsPage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "leaflet"

    def clean(self) -> None:
        """Refuse a newsletter that belongs to no series. Raises ValidationError keyed by field."""
        super().clean()
        if self.kind == LeafletKind.NEWSLETTER and type(self) is LeafletPage:
            raise ValidationError(
                {"kind": "An issue of a newsletter goes under its newsletter: add it there as a child page."}
            )

    @property
    def date_text(self) -> str:
        """The date as exactly as it is known."""
        return describe_date(self.date, self.date_precision)

    def words_of_files(self) -> str:
        """Return what its files say, for search."""
        readings = DocumentReading.objects.filter(document__in=[file.document_id for file in self.files.all()])
        return "\n".join(reading.text for reading in readings)


class LeafletFile(Orderable):
    """A leaflet in one format and language: a file, or the address of a video. Neither means "to be added"."""

    leaflet = ParentalKey(LeafletPage, on_delete=models.CASCADE, related_name="files")
    format = models.CharField(
        max_length=12,
        choices=FileFormat.choices,
        default=FileFormat.STANDARD,
        help_text="For a translation, choose its format here; its language is set where the file is uploaded.",
    )
    document = models.ForeignKey(
        "core.SiteDocument",
        verbose_name="file",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="A PDF, a text document or a sound file. Leave it empty while it is still to be added.",
    )
    video_url = models.URLField(
        "address of the video",
        blank=True,
        validators=[https_validator],
        help_text="Only for a British Sign Language video: where it can be watched. It must begin with https://",
    )

    panels: ClassVar[list[Any]] = [FieldPanel("format"), FieldPanel("document"), FieldPanel("video_url")]

    def __str__(self) -> str:
        return f"{self.get_format_display()} of {self.leaflet}"

    def clean(self) -> None:
        """Refuse a video address for anything but a video, and both a file and an address.

        Raises ValidationError keyed by field.
        """
        super().clean()
        if self.video_url and self.format != FileFormat.BSL_VIDEO:
            raise ValidationError({"video_url": "Only a British Sign Language video has an address. Choose a file."})
        if self.video_url and self.document_id:
            raise ValidationError({"video_url": "Choose a file or give an address, one of the two."})

    @property
    def is_to_be_added(self) -> bool:
        """Whether there is nothing to download or watch yet."""
        return not (self.document_id or self.video_url)
