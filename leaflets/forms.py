"""The admin's form of a document, wherever one is uploaded: it looks into the file, and says what was read in it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail.documents.forms import BaseDocumentForm
from wagtail.utils.file import hash_filelike

from core.models import Language, SiteDocument
from core.uploads.file_names import ending_of
from core.uploads.virus_scanner import check_for_viruses

from .file_types import check_file
from .models import DocumentReading, ReadingState


class DocumentForm(BaseDocumentForm):
    """Refuses a file that is not what its name says, that is here already, or of another type than the one it replaces.

    What is wrong with a PDF stands beside the file, or beside the title where there is no file field; it refuses
    nothing.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user = kwargs.get("user")
        super().__init__(*args, **kwargs)
        # The screen that uploads several files sends no language, and asks for it once the file is here.
        self.fields["language"].required = False
        if self.instance.pk:
            field = self.fields.get("file") or self.fields["title"]
            field.help_text = format_html("{}{}", field.help_text or "", what_was_read(self.instance))

    def clean_language(self) -> str:
        """Return the chosen language, or English."""
        return str(self.cleaned_data["language"] or Language.ENGLISH)

    def clean_file(self) -> Any:
        """Return the file. Raises ValidationError in plain words if it is refused."""
        file = self.cleaned_data["file"]
        if file and "file" in self.changed_data:
            self._check_type(file.name)
            check_file(file.name, file)
            self._check_new(hash_filelike(file))
            check_for_viruses(file)
        return file

    def _check_type(self, name: str) -> None:
        """Refuse to replace a file by one of another type: its address, which people keep, ends in its type."""
        if not self.original_file:
            return
        old, new = ending_of(self.original_file.name), ending_of(name)
        if old != new:
            raise ValidationError(
                f"This document is a .{old} file and its address says so. Choose a .{old} file, or add the .{new} "
                "file as a new document.",
                code="other_type",
            )

    def _check_new(self, file_hash: str) -> None:
        """Refuse a file that is here already, where this editor can see it."""
        visible = SiteDocument.objects.all()
        if self.user is not None:
            visible = self.permission_policy.instances_user_has_any_permission_for(
                self.user, ["add", "change", "delete", "choose"]
            )
        same = visible.filter(file_hash=file_hash).exclude(pk=self.instance.pk).select_related("collection").first()
        if same:
            raise ValidationError(
                f"This file is here already, as “{same.title}” in the collection “{same.collection}”. Use that one.",
                code="duplicate",
            )


def what_was_read(document: SiteDocument) -> SafeString:
    """Return, for editors, what is wrong with a document's file; empty if it is not a PDF or was never read."""
    reading = DocumentReading.objects.defer("texts").filter(document=document.pk).first()
    if reading is None or ending_of(document.filename) != "pdf":
        return SafeString("")
    if reading.state == ReadingState.WAITING:
        return format_html("<p>{}</p>", "This PDF has not been read yet. Look again in a few minutes.")
    if not reading.problems:
        return format_html("<p>{}</p>", "We read this PDF and found nothing wrong with it.")
    return format_html(
        "<p>{}</p><ul>{}</ul>",
        "We read this PDF. Please mend this:",
        format_html_join("", '<li class="w-my-2">{}</li>', ((text,) for text in reading.problem_texts)),
    )
