"""What was found in a file: its words page by page, its language, and what is wrong with it for readers."""

from typing import Any

from django.db import models

from leaflets.problems import in_words


class ReadingState(models.TextChoices):
    """How far the reading of a file has come."""

    WAITING = "waiting", "Waiting to be read"
    READ = "read", "Read"
    FAILED = "failed", "Could not be read"


class DocumentReading(models.Model):
    """What a document's file says, found by reading it (`leaflets.services.read_document`).

    `problems` holds keys of `leaflets.problems`; `texts` the words of each page, in order; `file_hash` the file
    that was read, so that a replaced file is read again.
    """

    document = models.OneToOneField("core.SiteDocument", on_delete=models.CASCADE, related_name="reading")
    state = models.CharField(max_length=8, choices=ReadingState.choices, default=ReadingState.WAITING)
    file_hash = models.CharField(max_length=40, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    title = models.CharField(max_length=255, blank=True)
    language = models.CharField(max_length=35, blank=True)
    is_tagged = models.BooleanField(null=True, blank=True)
    texts: Any = models.JSONField(default=list, blank=True)
    problems: Any = models.JSONField(default=list, blank=True)
    # Not an ImageField: that would look into the picture, which a program of its own made of a file nobody vouches for.
    cover = models.FileField(upload_to="covers", blank=True)
    cover_width = models.PositiveIntegerField(null=True, blank=True)
    cover_height = models.PositiveIntegerField(null=True, blank=True)

    # Who uses a document is asked of pages, not of what was read in it.
    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return f"What {self.document} says"

    @property
    def text(self) -> str:
        """The words of all pages."""
        return "\n".join(self.texts)

    @property
    def problem_texts(self) -> list[str]:
        """What is wrong with the file, in words for editors."""
        return in_words(self.problems)
