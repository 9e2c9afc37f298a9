"""The admin's form of a picture, which looks into the file before it is kept, and that of a page that goes away."""

import struct
import zlib
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from PIL import Image
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

# The kinds of picture that WAGTAILIMAGES_EXTENSIONS lets in, as Pillow calls them.
FORMATS = ["GIF", "JPEG", "PNG", "WEBP"]
# What Pillow raises for pictures that are cut off, damaged or made up.
UNREADABLE = (
    EOFError,
    IndexError,
    KeyError,
    MemoryError,
    OSError,
    OverflowError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class SafeImageForm(BaseImageForm):
    """Wagtail's image form, refusing beside the field what Wagtail 8.0.1 fails on.

    It unpacks a picture before it counts the pixels, and lets the error that a damaged one causes through.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            field = self.fields["file"]
            field.to_python = partial(_whole_picture, field, field.to_python)


def _whole_picture(field: WagtailImageField, read: Callable[[Any], Any], data: Any) -> Any:
    if data:
        _check_pixels(data, field.max_image_pixels)
    try:
        return read(data)
    except TOO_LARGE as error:
        raise _too_large(field.max_image_pixels) from error
    except UNREADABLE as error:
        raise ValidationError(
            "This picture is incomplete or damaged. Save it again and upload that.", code="invalid_image"
        ) from error


def _check_pixels(file: Any, limit: int) -> None:
    """Refuse a picture that says, in its first bytes, that it has more pixels than the limit; unpack nothing."""
    file.seek(0)
    try:
        with Image.open(file, formats=FORMATS) as picture:
            width, height = picture.size
    except TOO_LARGE as error:
        raise _too_large(limit) from error
    except UNREADABLE:
        return  # what is wrong with it is said when it is read
    finally:
        file.seek(0)
    if width * height > limit:
        raise _too_large(limit)


def _too_large(limit: int) -> ValidationError:
    return ValidationError(
        f"This picture is too large: it has more than {limit // 1_000_000} million pixels (dots). Save a smaller copy, "
        "such as one 2,000 pixels wide, and upload that.",
        code="file_too_many_pixels",
    )
