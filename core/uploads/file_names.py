"""Names of uploaded files: short enough for every disk and column, nothing unseen in them, and with their words."""

import re
from pathlib import PurePath
from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler

from cleaning.addresses import folded

# Storage adds its folder and, where a name is taken, eight letters; the column holds 100.
MAX_LETTERS = 80
# File systems count bytes, 255 at most, and a letter takes up to four.
MAX_BYTES = 200
MAX_ENDING = 10
# What Windows keeps for its devices, with any ending (Naming Files, Paths, and Namespaces).
WINDOWS_NAMES = re.compile(r"(aux|con|nul|prn|com\d|lpt\d)$", re.IGNORECASE)
# What one system or another takes for something else than a letter of a name.
SIGNS = re.compile(r'[<>:"/\\|?*\s]+')
WORDS = re.compile(r"[^\W_]")
DOTS = re.compile(r"\.{2,}")
NO_NAME = "file"


def ending_of(name: str) -> str:
    """Return the ending of a file's name, in small letters and without its dot."""
    return PurePath(name).suffix[1:].lower()


def short_name(name: str) -> str:
    """Return a name that can be kept anywhere, of the same words as far as they go, and with the same ending."""
    name = folded(name.replace("\\", "/").rpartition("/")[2])
    name = DOTS.sub(".", SIGNS.sub(" ", name)).strip()
    # Nothing but an ending is one all the same; with a dot in front, files are hidden.
    if name.startswith("."):
        name = name.lstrip(". ") if "." in name[1:] else NO_NAME + name
    path = PurePath(name.rstrip(". ") or NO_NAME)
    ending = path.suffix if 1 < len(path.suffix) <= MAX_ENDING + 1 else ""
    stem = (path.stem if ending else path.name).strip(". ")
    # Storage takes out what no address can show, such as emoji.
    if not WORDS.search(stem):
        stem = NO_NAME
    if WINDOWS_NAMES.match(stem):
        stem = f"{NO_NAME}-{stem}"
    return (_cut(stem, MAX_LETTERS - len(ending), MAX_BYTES) or NO_NAME) + ending


def _cut(stem: str, letters: int, size: int) -> str:
    """Return the beginning of a name, ending with a whole word where there is one."""
    short = stem[:letters].encode(errors="ignore")[:size].decode(errors="ignore")
    if short == stem:
        return stem
    whole_words = re.sub(r"[\s_-]+[^\s_-]*$", "", short)
    # One long word is cut all the same.
    return (whole_words if len(whole_words) > letters // 2 else short).strip(". ")


class ShortNameInMemory(MemoryFileUploadHandler):
    """Django's handler of small files, which gives each a name that can be kept."""

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        """Expect a file."""
        super().new_file(field_name, short_name(file_name), *args, **kwargs)


class ShortNameOnDisk(TemporaryFileUploadHandler):
    """Django's handler of larger files, likewise: a long ending would be too long for the temporary one."""

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        """Expect a file."""
        super().new_file(field_name, short_name(file_name), *args, **kwargs)
