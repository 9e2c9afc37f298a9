"""Has a picture cleaned by the program in `core.images.program`, on every way by which one comes into storage."""

import json
import struct
import subprocess
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.db.models.fields.files import ImageFieldFile
from PIL import Image

# The longest that cleaning one may take. An editor waits for it, and gunicorn for longer.
SECONDS = 25
ENDINGS = {"GIF": ".gif", "JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
SAME_ENDINGS = {".jpeg": ".jpg"}
MIME = {"GIF": "image/gif", "JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
# What Pillow raises, when it reads only the first bytes, for those that are no picture or half of one.
UNREADABLE = (OSError, SyntaxError, TypeError, ValueError, struct.error, Image.DecompressionBombError)
# Why one is refused: the codes of the program, in words for whoever uploads it.
REFUSALS = {
    "pixels": (
        "This picture is too large: it has more than 50 million dots (pixels). Save a smaller copy, such as one "
        "2,000 dots wide, and upload that."
    ),
    "moving": (
        "This moving picture is too large or too long. Save a smaller or shorter one, such as one 600 dots wide, and "
        "upload that."
    ),
    "damaged": "This picture is incomplete or damaged. Save it again and upload that.",
    "unknown": (
        "This file is not a picture that we can show, whatever its name says. Save it as a JPEG or PNG picture, and "
        "upload that."
    ),
    "slow": "This picture takes too long to open. Save it again as a smaller JPEG, and upload that.",
}


class CleanPicture(InMemoryUploadedFile):
    """A picture that holds nothing but the picture.

    `smaller` is how much smaller it was made (1 for not at all); `is_same`, that it was clean before.
    """

    def __init__(self, content: bytes, name: str, content_type: str, *, smaller: float, is_same: bool) -> None:
        super().__init__(BytesIO(content), None, name, content_type, len(content), None)
        self.smaller = smaller
        self.is_same = is_same


@dataclass(frozen=True)
class _Said:
    error: str = ""
    format: str = ""
    smaller: float = 1
    is_same: bool = False
    size: tuple[int, int] = (0, 0)


def clean_picture(file: File[Any]) -> CleanPicture:
    """Return a picture cleaned: nothing in it of place, time, people or device, upright, in sRGB, not too large.

    What browsers do not all show becomes a JPEG or PNG; the ending of its name follows. The file is left at its
    start. Raises ValidationError, in words for whoever uploads it, if it is not a picture that can be taken.
    """
    name = PurePath(file.name or "picture").name
    with TemporaryDirectory(prefix="picture") as folder:
        cleaned = Path(folder) / "cleaned"
        said = _ask(_on_disk(file, Path(folder)), cleaned)
        if said.error:
            raise ValidationError(REFUSALS[said.error], code=said.error)
        content = cleaned.read_bytes()
    ending = PurePath(name).suffix
    if SAME_ENDINGS.get(ending.lower(), ending.lower()) != ENDINGS[said.format]:
        name = f"{PurePath(name).stem}{ENDINGS[said.format]}"
    return CleanPicture(content, name, MIME[said.format], smaller=said.smaller, is_same=said.is_same)


def _on_disk(file: File[Any], folder: Path) -> Path:
    """Return the path of a file that was uploaded to this disk, or of a copy."""
    if path := getattr(file, "temporary_file_path", None):
        return Path(path())
    copy = folder / "copy"
    with copy.open("wb") as written:
        file.seek(0)
        for chunk in file.chunks():
            written.write(chunk)
        file.seek(0)
    return copy


def _ask(path: Path, cleaned: Path) -> _Said:
    # What it prints goes into a file, which has a size that it cannot exceed; it gets none of our secrets.
    with TemporaryFile() as printed:
        try:
            subprocess.run(  # noqa: S603 (our own program; the file is only read)
                [sys.executable, "-E", "-s", "-m", "core.images.program", path, cleaned, str(SECONDS)],
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.DEVNULL,
                env={},
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return _Said(error="slow")
        printed.seek(0)
        try:
            return _Said(**json.loads(printed.read()))
        except (TypeError, ValueError):
            return _Said(error="damaged")


class CleanPictureFile(ImageFieldFile):
    """The file of a picture: what is to be stored is cleaned first, whoever stores it.

    A form cleans it before, to say beside the field what is wrong with it; that one is not cleaned again.
    """

    def save(self, name: str, content: File[Any], save: bool = True) -> None:
        """Store a picture. Raises ValidationError if it cannot be taken."""
        inside = getattr(content, "file", content)
        if not isinstance(content, CleanPicture):
            content = inside if isinstance(inside, CleanPicture) else clean_picture(content)
            name = str(PurePath(name).with_suffix(PurePath(content.name or "").suffix))
        super().save(name, content, save)

    def _get_image_dimensions(self) -> tuple[int | None, int | None]:
        """Return width and height by what its first bytes say; unpack nothing."""
        if not hasattr(self, "_dimensions_cache"):
            was_closed = self.closed
            self.open()
            try:
                self._dimensions_cache: tuple[int | None, int | None] = Image.open(self).size
            except UNREADABLE:
                # It is not kept: cleaning it says why.
                self._dimensions_cache = (None, None)
            finally:
                if was_closed:
                    self.close()
                else:
                    self.seek(0)
        return self._dimensions_cache
