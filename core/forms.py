"""The admin's upload forms, which look into a file before it is kept."""

from collections.abc import Callable
from functools import partial
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

# How files of these types begin. Office files are zip archives; text has no mark of its own.
BEGINNINGS = {
    "pdf": b"%PDF-",
    "docx": b"PK\x03\x04",
    "odt": b"PK\x03\x04",
    "pptx": b"PK\x03\x04",
    "xlsx": b"PK\x03\x04",
}
# Adobe's readers accept a PDF whose mark stands within its first kilobyte.
MARK_WITHIN = 1024


class SafeImageForm(BaseImageForm):
    """Wagtail's image form, refusing a truncated picture beside the field; Wagtail 8.0.1 lets its OSError through."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            field = self.fields["file"]
            field.to_python = partial(_whole_picture, field.to_python)


def _whole_picture(read: Callable[[Any], Any], data: Any) -> Any:
    try:
        return read(data)
    except OSError as error:
        raise ValidationError(
            "This picture is incomplete or damaged. Save it again and upload that.", code="invalid_image"
        ) from error


class SafeDocumentForm(BaseDocumentForm):
    """Wagtail's document form, refusing a file that is not what its name says."""

    def clean_file(self) -> Any:
        """Return the file. Raises ValidationError when its beginning belongs to another type than its name."""
        file = self.cleaned_data["file"]
        extension = str(getattr(file, "name", "")).rpartition(".")[2].lower()
        mark = BEGINNINGS.get(extension)
        if file and "file" in self.changed_data and mark and not _begins_with(file, mark, extension):
            raise ValidationError(
                f"This file is called .{extension} but it is not one inside. Open it in its own program, save it "
                f"as {extension.upper()} again, and upload that.",
                code="disguised",
            )
        return file


def _begins_with(file: BinaryIO, mark: bytes, extension: str) -> bool:
    file.seek(0)
    beginning = file.read(MARK_WITHIN)
    file.seek(0)
    return mark in beginning if extension == "pdf" else beginning.startswith(mark)
