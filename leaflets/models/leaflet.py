"""Leaflets: something to read on the page, and the same as files in several formats and languages."""

from dataclasses import dataclass, field
from itertools import chain
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.models import Orderable
from wagtail.search import index

from centres.models import SubjectMixin
from core.dates import DatePrecision, describe_date
from core.editorial_rules.validators import FieldErrors, text_of_stream
from core.fields import https_validator
from core.models import BasePage, BodyMixin
from core.visibility import private_collections
from leaflets.page_forms import LeafletPageForm
from leaflets.panels import FilesToMendPanel

from .choices import FileFormat, LeafletKind
from .reading import DocumentReading

# How schema.org writes a date of which no more is known. A season has no such form.
ISO_DATES: dict[str, str] = {
    DatePrecision.DAY: "%Y-%m-%d",
    DatePrecision.MONTH: "%Y-%m",
    DatePrecision.YEAR: "%Y",
    DatePrecision.END_OF_YEAR: "%Y",
}

# Characters. PostgreSQL refuses to index more than a megabyte of different words, whatever the alphabet.
MAX_SEARCHED = 250_000


@dataclass(frozen=True)
class FileToMend:
    """A file that is not as it should be: still to be added, or with problems in words."""

    name: str
    document_id: int | None = None
    problems: list[str] = field(default_factory=list)
    to_be_added: bool = False


class LeafletsPage(BodyMixin, BasePage):
    """The library of leaflets and newsletters.

    Its template shows `leaflets.facets.library_content`.
    """

    content_panels: ClassVar[list[Any]] = [*BasePage.content_panels, *BasePage.summary_panels, *BodyMixin.body_panels]
    search_fields: ClassVar[list[Any]] = [*BasePage.search_fields, *BodyMixin.body_search_fields]

    is_list = True
    page_description = "The library of leaflets and newsletters. There is one on the site."
    max_count = 1
    subpage_types: ClassVar[list[str]] = ["leaflets.LeafletPage", "leaflets.NewsletterPage"]

    class Meta:
        verbose_name = "library of leaflets"


class LeafletPage(SubjectMixin, BodyMixin, BasePage):
    """One leaflet. What it says stands on the page, so that a file is never the only way to read it.

    Its template shows `leaflets.queries.leaflet_content`.
    """

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
        FilesToMendPanel(heading="Files to mend or to add"),
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

    base_form_class = LeafletPageForm
    page_description = "A leaflet, form or report: its words to read here, and its files to download."
    parent_page_types: ClassVar[list[str]] = ["leaflets.LeafletsPage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "leaflet"

    def publish_errors(self) -> FieldErrors:
        """Refuse a leaflet without words to read on its page, and a newsletter that belongs to no series."""
        found = super().publish_errors()
        if not text_of_stream(self.body, without=("document", "image")):
            found["body"] = ["Not everyone can open a file. Put here what the leaflet says, or at least what is in it."]
        if self.kind == LeafletKind.NEWSLETTER and type(self) is LeafletPage:
            found["kind"] = ["An issue of a newsletter goes under its newsletter: add it there as a child page."]
        return found

    @property
    def date_text(self) -> str:
        """The date as exactly as it is known."""
        return describe_date(self.date, self.date_precision)

    @property
    def caption(self) -> str:
        """What it is, and from when, such as "Information leaflet, May 2020"."""
        return f"{LeafletKind(self.kind).label}, {self.date_text}"

    @property
    def structured_data(self) -> dict[str, Any]:
        """A page about a document; of its date, only what is known."""
        return super().structured_data | {"mainEntity": self.document_data}

    @property
    def document_data(self) -> dict[str, Any]:
        """The leaflet itself as schema.org data."""
        data: dict[str, Any] = {"@type": "DigitalDocument", "name": self.title, "description": self.summary}
        if published := ISO_DATES.get(self.date_precision, ""):
            data["datePublished"] = self.date.strftime(published)
        return data

    def words_of_files(self) -> str:
        """Return what those of its files say that anyone may get, for search.

        It takes one query, and none without files.
        """
        documents = [file.document_id for file in self.files.all() if file.document_id]
        if not documents:
            return ""
        open_to_all = DocumentReading.objects.filter(document__in=documents).exclude(
            document__collection__in=private_collections().values("pk")
        )
        texts = open_to_all.order_by("document").values_list("texts", flat=True)
        return "\n".join(chain.from_iterable(texts))[:MAX_SEARCHED]

    def files_to_mend(self) -> list[FileToMend]:
        """Return, for editors, the files that are not as they should be, in one query; those of the draft at hand."""
        files = self.files.all()
        readings = {
            reading.document_id: reading
            for reading in DocumentReading.objects.defer("texts")
            .select_related("document")
            .filter(document__in=[file.document_id for file in files if file.document_id])
        }
        found = []
        for file in files:
            reading = readings.get(file.document_id)
            if file.is_to_be_added:
                found.append(FileToMend(file.get_format_display(), to_be_added=True))
            elif reading and reading.problem_texts:
                found.append(FileToMend(reading.document.title, reading.document_id, reading.problem_texts))
        return found


class LeafletFile(Orderable):
    """A leaflet in one format and language: a file, or the address of a video. Neither means "to be added".

    `is_unfinished` is set while a draft is saved.
    """

    is_unfinished = False

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
        """Refuse a video address for anything but a video, and a file for a video.

        Raises ValidationError keyed by field.
        """
        super().clean()
        if self.is_unfinished:
            return
        if self.video_url and self.format != FileFormat.BSL_VIDEO:
            raise ValidationError({"video_url": "Only a British Sign Language video has an address. Choose a file."})
        if self.document_id and self.format == FileFormat.BSL_VIDEO:
            raise ValidationError(
                {"document": "A video is not uploaded here. Give the address where it can be watched."}
            )

    @property
    def is_to_be_added(self) -> bool:
        """Whether there is nothing to download or watch yet."""
        return not (self.document_id or self.video_url)

    @property
    def video_host(self) -> str:
        """Where the video is, such as "youtube.com"."""
        return (urlsplit(self.video_url).hostname or "").removeprefix("www.")
