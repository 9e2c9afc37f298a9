"""The site's own image and document models, from the first migration, so that they can grow."""

from io import BytesIO
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import models
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition, Filter, Image, SourceImageIOError
from wagtail.search import index

from core.images.cleaning import UNREADABLE, CleanPictureFile, clean_picture
from core.images.containers import is_clean


class Language(models.TextChoices):
    """Languages of files, English first; the codes are those of HTML (BCP 47)."""

    ENGLISH = "en", "English"
    ALBANIAN = "sq", "Albanian"
    ARABIC = "ar", "Arabic"
    BENGALI = "bn", "Bengali"
    BULGARIAN = "bg", "Bulgarian"
    CHINESE = "zh", "Chinese"
    CZECH = "cs", "Czech"
    DUTCH = "nl", "Dutch"
    FARSI = "fa", "Farsi (Persian)"
    FRENCH = "fr", "French"
    GERMAN = "de", "German"
    GREEK = "el", "Greek"
    GUJARATI = "gu", "Gujarati"
    HINDI = "hi", "Hindi"
    HUNGARIAN = "hu", "Hungarian"
    IGBO = "ig", "Igbo"
    ITALIAN = "it", "Italian"
    KURDISH = "ku", "Kurdish"
    LATVIAN = "lv", "Latvian"
    LITHUANIAN = "lt", "Lithuanian"
    NEPALI = "ne", "Nepali"
    PASHTO = "ps", "Pashto"
    POLISH = "pl", "Polish"
    PORTUGUESE = "pt", "Portuguese"
    PUNJABI = "pa", "Punjabi"
    ROMANIAN = "ro", "Romanian"
    RUSSIAN = "ru", "Russian"
    SHONA = "sn", "Shona"
    SLOVAK = "sk", "Slovak"
    SOMALI = "so", "Somali"
    SPANISH = "es", "Spanish"
    TAMIL = "ta", "Tamil"
    TURKISH = "tr", "Turkish"
    UKRAINIAN = "uk", "Ukrainian"
    URDU = "ur", "Urdu"
    VIETNAMESE = "vi", "Vietnamese"
    YORUBA = "yo", "Yoruba"


class SiteImage(AbstractImage):
    """A picture that editors uploaded."""

    admin_form_fields = Image.admin_form_fields
    # Wagtail's chooser fails where a tag is chosen and words are searched for: the search engine must know the tags.
    search_fields: ClassVar[list[Any]] = [
        *AbstractImage.search_fields,
        index.RelatedFields("tags", [index.FilterField("name")]),
    ]

    class Meta(AbstractImage.Meta):
        verbose_name = "image"
        verbose_name_plural = "images"

    def generate_rendition_file(self, filter: Filter, *, source: "File[Any] | None" = None) -> "File[Any]":  # noqa: A002
        """Return a size of the picture; of one that was not cleaned when it came in, made of a cleaned copy.

        Wagtail asks for several sizes in threads at once and gives each the content: the one open file is not theirs to
        share. Raises SourceImageIOError if it cannot be read, which the templates' tags show as a missing picture.
        """
        try:
            content = self._original_bytes() if source is None else source.read()
            clean = BytesIO(content) if is_clean(content) else clean_picture(ContentFile(content, self.file.name))
            return super().generate_rendition_file(filter, source=clean)
        except (*UNREADABLE, ValidationError) as error:
            raise SourceImageIOError(str(error)) from error

    def _original_bytes(self) -> bytes:
        with self.open_file() as original:
            return original.read()


# Wagtail's own field, as migrations know it; but nothing gets into storage through it that is not cleaned.
SiteImage._meta.get_field("file").attr_class = CleanPictureFile


class SiteRendition(AbstractRendition):
    """One size of a picture, made when first asked for."""

    image = models.ForeignKey(SiteImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta(AbstractRendition.Meta):
        unique_together = (("image", "filter_spec", "focal_point_key"),)


class SiteDocument(AbstractDocument):
    """A file that editors uploaded for people to download.

    `pages` is filled in by whoever reads the file (the app `leaflets`).
    """

    language = models.CharField(
        max_length=8,
        choices=Language.choices,
        default=Language.ENGLISH,
        help_text="The language the file is written or spoken in. Residents see it beside the link.",
    )
    pages = models.PositiveIntegerField("number of pages", null=True, blank=True, editable=False)

    admin_form_fields = ("title", "file", "language", "collection", "tags")
    search_fields: ClassVar[list[Any]] = [*AbstractDocument.search_fields, index.FilterField("language")]

    class Meta(AbstractDocument.Meta):
        verbose_name = "document"
        verbose_name_plural = "documents"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save it; a new file is measured first, wherever it comes from, so that its hash never tells of another."""
        if self.file and not self.file._committed:
            self._set_document_file_metadata()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Check the type of the file, unless the form has refused it already and said why."""
        if self.file:
            super().clean()
