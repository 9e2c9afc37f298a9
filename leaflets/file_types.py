"""Whether a file is what its name says: its ending, its first bytes and what is inside must agree.

What the first bytes of PDFs and archives say is left to the package filetype; what it does not look into is asked here
(decision 59). Nothing is unpacked but two small parts of office files, and no more of these than `MAX_PART` bytes.
"""

import codecs
import re
import zipfile
import zlib
from collections.abc import Callable
from typing import BinaryIO

import filetype
from django.core.exceptions import ValidationError

from core.uploads.file_names import ending_of

from .office_dangers import MACROS, check_dangers
from .read_pdf import danger_in

# An ending within a name that would be run, or shown as a web page, by whoever looks only at that.
HIDDEN_ENDINGS = re.compile(
    r"\.(apk|bat|cmd|docm|exe|hta|html?|jar|jse?|lnk|msi|php\d?|pptm|ps1|scr|svg|vbs?|wsf|xlsm|zip)\.", re.IGNORECASE
)

PDF_DANGERS = {
    "launch": (
        "This PDF can start another program on people’s computers. Save it again as an ordinary PDF, without actions, "
        "and upload that."
    ),
    "program": (
        "A program is attached to this PDF, which can harm people’s computers. Save it without attachments, and upload "
        "that."
    ),
}

# How office files before 2007 begin, and newer ones with a password.
OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The first frame of MPEG audio, layer III (ISO 11172-3, 2.4.1.3), after an ID3v2 tag if there is one. To filetype any
# tag is an MP3, whatever follows it, and a frame of MPEG 2.5 or with a checksum is none.
MP3_FRAME = re.compile(rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb][\x10-\xef]")
MARKUP = re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype|\?xml|html|svg|script)", re.IGNORECASE)
TEXT_BYTES = bytes([9, 10, 12, 13, *range(32, 256)])

# What the list of contents of an Office Open XML file calls its main part (ECMA-376, part 1).
MAIN_PARTS = {
    "docx": b"wordprocessingml.document.main+xml",
    "pptx": b"presentationml.presentation.main+xml",
    "xlsx": b"spreadsheetml.sheet.main+xml",
}
ODT_TYPE = b"application/vnd.oasis.opendocument.text"
PROGRAM_PARTS = re.compile(r"vbaProject|^Basic/|^Scripts/", re.IGNORECASE)
# The ways of packing that office files use; of the others, some ask for as much memory as they like.
PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


# What zipfile raises for archives that are damaged, encrypted or made up.
UNREADABLE = (EOFError, KeyError, OSError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error)

CHUNK = 1024 * 1024
# As many bytes as filetype looks at.
HEAD = 8192
MAX_PART = 1024 * 1024
# The heading of each entry in an archive's list. A long list alone would fill the memory.
ENTRY_MARK = b"PK\x01\x02"
MAX_ENTRIES = 10_000
# Real documents stay far below these: what they would take up unpacked, and how much smaller packing made them.
MAX_UNPACKED = 400 * 1024 * 1024
MAX_RATIO = 200


def check_file(name: str, file: BinaryIO) -> None:
    """Raise ValidationError, in one sentence or two, if a file is not what its name says or could do harm.

    The ending must be one of `CHECKS`; the model refuses all others.
    """
    if hidden := HIDDEN_ENDINGS.search(name):
        raise ValidationError(
            f"The name of this file has two endings, .{hidden[1]} and .{ending_of(name)}. "
            "Give it a name with only one, and upload it again.",
            code="two_endings",
        )
    ending = ending_of(name)
    file.seek(0)
    try:
        if check := CHECKS.get(ending):
            check(file, ending)
    finally:
        file.seek(0)


def _disguised(ending: str) -> ValidationError:
    return ValidationError(
        f"This file is called .{ending} but it is not one inside. Open it in its own program, save it "
        f"as {ending.upper()} again, and upload that.",
        code="disguised",
    )


def _check_pdf(file: BinaryIO, ending: str) -> None:
    # Readers let blank lines come first, filetype does not.
    if filetype.guess_extension(file.read(HEAD).removeprefix(codecs.BOM_UTF8).lstrip()) != "pdf":
        raise _disguised(ending)
    if danger := danger_in(file):
        raise ValidationError(PDF_DANGERS[danger], code=danger)


def _check_csv(file: BinaryIO, ending: str) -> None:
    if MARKUP.match(file.read(HEAD)):
        raise _disguised(ending)
    file.seek(0)
    while chunk := file.read(CHUNK):
        if chunk.translate(None, TEXT_BYTES):
            raise _disguised(ending)


def _check_mp3(file: BinaryIO, ending: str) -> None:
    head = file.read(HEAD)
    if not head.startswith(b"ID3"):
        found = MP3_FRAME.match(head)
    else:
        # The size of the tag, in four bytes of seven bits each (ID3v2.4, 3.1). What follows may be padded.
        file.seek(10 + sum(byte << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=False)))
        found = MP3_FRAME.search(file.read(HEAD))
    if not found:
        raise _disguised(ending)


def _check_office(file: BinaryIO, ending: str) -> None:
    head = file.read(HEAD)
    if head.startswith(OLE_MARK):
        raise ValidationError(
            f"This file has a password, or it comes from an old program. Save it as {ending.upper()} without a "
            "password, and upload that.",
            code="locked",
        )
    # A document whose parts are in an unusual order is any archive to filetype: what it is, its list of contents says.
    if filetype.guess_extension(head) not in {"zip", ending}:
        raise _disguised(ending)
    _check_entries(file)
    try:
        with zipfile.ZipFile(file) as archive:
            if not all(entry.compress_type in PACKED for entry in archive.infolist()):
                raise _disguised(ending)
            _check_size(archive)
            _check_parts(archive, ending)
    except UNREADABLE as error:
        raise _disguised(ending) from error


def _check_entries(file: BinaryIO) -> None:
    file.seek(0)
    entries = 0
    while chunk := file.read(CHUNK):
        entries += chunk.count(ENTRY_MARK)
    if entries > MAX_ENTRIES:
        raise _too_large()
    file.seek(0)


def _check_size(archive: zipfile.ZipFile) -> None:
    unpacked = sum(entry.file_size for entry in archive.infolist())
    packed = sum(entry.compress_size for entry in archive.infolist())
    if unpacked > MAX_UNPACKED or unpacked > max(MAX_PART, MAX_RATIO * packed):
        raise _too_large()


def _too_large() -> ValidationError:
    return ValidationError(
        "This file is small, but would be far too large once it is opened. Save it again in its own program, with "
        "fewer or smaller pictures, and upload that.",
        code="bomb",
    )


def _check_parts(archive: zipfile.ZipFile, ending: str) -> None:
    if ending == "odt":
        is_right = _part(archive, "mimetype").strip() == ODT_TYPE
        is_locked = b"encryption-data" in _part(archive, "META-INF/manifest.xml")
        has_program = False
    else:
        contents = _part(archive, "[Content_Types].xml")
        is_right = MAIN_PARTS[ending] in contents
        is_locked = False
        has_program = b"macroEnabled" in contents
    if has_program or any(PROGRAM_PARTS.search(entry.filename) for entry in archive.infolist()):
        raise ValidationError(MACROS, code="macros")
    if is_locked:
        raise ValidationError(
            "This file has a password, so people cannot open it. Save it without a password, and upload that.",
            code="locked",
        )
    if not is_right:
        raise _disguised(ending)
    check_dangers(archive)


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(MAX_PART)


CHECKS: dict[str, Callable[[BinaryIO, str], None]] = {
    "csv": _check_csv,
    "docx": _check_office,
    "mp3": _check_mp3,
    "odt": _check_office,
    "pdf": _check_pdf,
    "pptx": _check_office,
    "xlsx": _check_office,
}
