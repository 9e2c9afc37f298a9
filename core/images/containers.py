"""What a picture's file holds beside the picture: places, people, devices, comments and whatever is tacked on the end.

`stripped` copies only the parts that draw the picture, byte for byte, so nothing is lost by it; a part that it does not
know is left out. Nothing here needs Django or Pillow.
"""

import re
import struct
from collections.abc import Callable, Iterator

# JPEG (ITU-T T.81, annex B): what ends a run of packed pixels is a mark that is neither a restart nor a stuffing.
JPEG_MARK = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
JPEG_SCAN, JPEG_END = 0xDA, 0xD9
# APP0 to APP15, comments, and what T.81 keeps for later (B.1.1.3).
JPEG_NOT_PICTURE = {*range(0xE0, 0xF0), 0xFE, *range(0xF0, 0xFE)}
# A JFIF heading without a small picture of its own is as long as this; Adobe's says how the colours are kept.
JFIF, JFIF_LENGTH = b"JFIF\0", 16
ADOBE, ADOBE_LENGTH = b"Adobe", 14

# PNG (third edition, 11): what draws the picture, and which colours are meant. What moves it goes: Wagtail takes no
# moving PNG.
PNG_START = b"\x89PNG\r\n\x1a\n"
PNG_PICTURE = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"cICP"}

# WebP (RFC 9649, 2.7): likewise. The flags of what goes (ICC profile, Exif, XMP) are cleared.
WEBP_PICTURE = {b"VP8 ", b"VP8L", b"ALPH", b"ANIM"}
WEBP_FRAME_PICTURE = {b"VP8 ", b"VP8L", b"ALPH"}
WEBP_GONE = 0x20 | 0x08 | 0x04

# GIF (89a): the one extension that says how often a moving picture is shown.
GIF_REPEATS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


class BrokenError(ValueError):
    """A file that does not hold what its first bytes promise."""


def stripped(content: bytes, picture_format: str) -> bytes:
    """Return a JPEG, PNG, GIF or WebP file with nothing in it but the picture. Raises `BrokenError`."""
    try:
        return STRIP[picture_format](content)
    except (IndexError, struct.error) as error:
        raise BrokenError("It ends in the middle of a part.") from error


def is_clean(content: bytes) -> bool:
    """Whether a file is a picture and nothing else. Formats that browsers do not all show never are."""
    picture_format = format_of(content)
    try:
        return bool(picture_format) and stripped(content, picture_format) == content
    except BrokenError:
        return False


def format_of(content: bytes) -> str:
    """Return which of the formats that are kept a file is, by its first bytes; empty if it is none."""
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(PNG_START):
        return "PNG"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    return "WEBP" if content.startswith(b"RIFF") and content[8:12] == b"WEBP" else ""


def _jpeg(content: bytes) -> bytes:
    kept = [content[:2]]
    place = 2
    while True:
        while content[place] == content[place + 1] == 0xFF:  # filling bytes
            place += 1
        if content[place] != 0xFF:
            raise BrokenError("A part does not begin with a mark.")
        mark = content[place + 1]
        if mark == JPEG_END:
            kept.append(content[place : place + 2])
            return b"".join(kept)
        length = struct.unpack_from(">H", content, place + 2)[0]
        part = content[place : place + 2 + length]
        if len(part) != 2 + length:
            raise BrokenError("It ends in the middle of a part.")
        if mark not in JPEG_NOT_PICTURE or _tells_colours(part, mark, is_first=len(kept) == 1):
            kept.append(part)
        place += 2 + length
        if mark == JPEG_SCAN:
            end = JPEG_MARK.search(content, place)
            if end is None:
                raise BrokenError("It has no end.")
            kept.append(content[place : end.start()])
            place = end.start()


def _tells_colours(part: bytes, mark: int, *, is_first: bool) -> bool:
    inside = part[4:]
    if mark == 0xE0:
        return is_first and inside.startswith(JFIF) and len(part) == JFIF_LENGTH + 2
    return mark == 0xEE and inside.startswith(ADOBE) and len(part) == ADOBE_LENGTH + 2


def _png(content: bytes) -> bytes:
    kept = [PNG_START]
    place = len(PNG_START)
    while True:
        length, kind = struct.unpack_from(">I4s", content, place)
        part = content[place : place + 12 + length]
        if len(part) != 12 + length:
            raise BrokenError("It ends in the middle of a part.")
        if kind in PNG_PICTURE:
            kept.append(part)
        place += 12 + length
        if kind == b"IEND":
            return b"".join(kept)


def _gif(content: bytes) -> bytes:
    place = 13 + _colours(content[10])
    kept = [content[:place]]
    while True:
        mark = content[place]
        if mark == 0x3B:
            return b"".join([*kept, b"\x3b"])
        if mark == 0x2C:
            start = place + 10 + _colours(content[place + 9]) + 1
            is_picture = True
        elif mark == 0x21:
            start = place + 2
            label = content[place + 1]
            is_picture = label == 0xF9 or (label == 0xFF and content[place + 3 : place + 14] in GIF_REPEATS)
        else:
            raise BrokenError("A part does not begin with a mark.")
        while content[start]:
            start += content[start] + 1
        if is_picture:
            kept.append(content[place : start + 1])
        place = start + 1


def _colours(flags: int) -> int:
    """Return how many bytes the list of colours takes that these flags announce."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _webp(content: bytes) -> bytes:
    size = struct.unpack_from("<I", content, 4)[0]
    if 8 + size > len(content):
        raise BrokenError("It ends too soon.")
    kept = []
    for kind, inside in _riff(content[12 : 8 + size]):
        if kind == b"VP8X":
            kept.append(_riff_part(kind, bytes([inside[0] & ~WEBP_GONE]) + inside[1:10]))
        elif kind == b"ANMF":
            parts = (_riff_part(*part) for part in _riff(inside[16:]) if part[0] in WEBP_FRAME_PICTURE)
            kept.append(_riff_part(kind, inside[:16] + b"".join(parts)))
        elif kind in WEBP_PICTURE:
            kept.append(_riff_part(kind, inside))
    return _riff_part(b"RIFF", b"WEBP" + b"".join(kept))


def _riff(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 0
    while place < len(content):
        kind, size = struct.unpack_from("<4sI", content, place)
        inside = content[place + 8 : place + 8 + size]
        if len(inside) != size:
            raise BrokenError("It ends in the middle of a part.")
        yield kind, inside
        place += 8 + size + size % 2


def _riff_part(kind: bytes, inside: bytes) -> bytes:
    return struct.pack("<4sI", kind, len(inside)) + inside + b"\0" * (len(inside) % 2)


STRIP: dict[str, Callable[[bytes], bytes]] = {"GIF": _gif, "JPEG": _jpeg, "PNG": _png, "WEBP": _webp}
