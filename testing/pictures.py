"""Pictures that say more than they show: where, when, by whom and with what they were taken; and whether it is left.

Everything is made by Pillow and by hand, so that no photo of anybody is kept here.
"""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO

import pillow_heif
from PIL import Image

# What must not be found in anything that is published; it stands in every place of a file where words may stand.
SECRET = b"SECRET-FLAT-4"
WORDS = SECRET.decode()
RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 200, 40), (30, 40, 220), (250, 250, 250)
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="51,28.7N" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="%b"/></rdf:RDF></x:xmpmeta>' % SECRET
)


def four_corners(size: tuple[int, int] = (120, 80), mode: str = "RGB") -> Image.Image:
    """Return a picture with red, green, blue and white corners, from which one sees how it lies."""
    picture = Image.new("RGB", size, WHITE)
    width, height = size
    picture.paste(RED, (0, 0, width // 2, height // 2))
    picture.paste(GREEN, (width // 2, 0, width, height // 2))
    picture.paste(BLUE, (0, height // 2, width // 2, height))
    return picture.convert(mode)


def corners(picture: Image.Image) -> list[tuple[int, ...]]:
    """Return the colours of the corners: top left, top right, bottom left, bottom right."""
    shown = picture.convert("RGB")
    width, height = shown.size
    places = [(4, 4), (width - 5, 4), (4, height - 5), (width - 5, height - 5)]
    return [shown.getpixel(place) for place in places]  # type: ignore[misc]  # a tuple for each, as it is RGB


def exif(orientation: int = 1, thumbnail: bytes = b"") -> bytes:
    """Return what a camera notes: place, time, owner, device, and how it was held."""
    notes = Image.Exif()
    notes[0x0112] = orientation
    notes[0x010F], notes[0x0110], notes[0x013B], notes[0x9C9D] = WORDS, WORDS, WORDS, SECRET
    notes.get_ifd(0x8825).update({1: "N", 2: (51.0, 28.0, 42.0), 3: "E", 4: (0.0, 19.0, 30.0), 29: "2021:05:04"})
    notes.get_ifd(0x8769).update({0x9286: SECRET, 0xA430: WORDS, 0x9003: "2021:05:04 10:00:00"})
    return notes.tobytes() + thumbnail


def _saved(picture: Image.Image, kind: str, **values: object) -> bytes:
    content = BytesIO()
    picture.save(content, kind, **values)
    return content.getvalue()


def _jpeg_part(mark: int, inside: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, mark, len(inside) + 2) + inside


def jpeg(orientation: int = 1, picture: Image.Image | None = None, profile: bytes = b"") -> bytes:
    """Return a JPEG as phones and editors leave it: Exif, XMP, IPTC, a comment, a second picture, a film behind."""
    small = _saved(four_corners((32, 32)), "JPEG", comment=SECRET)
    whole = _saved(
        picture or four_corners(), "JPEG", quality=95, exif=exif(orientation, small), xmp=XMP, comment=SECRET,
        icc_profile=profile or None,
    )  # fmt: skip
    iptc = b"\x1c\x02\x50" + struct.pack(">H", len(SECRET)) + SECRET
    photoshop = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", len(iptc)) + iptc
    other = _jpeg_part(0xED, photoshop) + _jpeg_part(0xE5, SECRET) + _jpeg_part(0xE2, b"MPF\0" + SECRET)
    return whole[:2] + other + whole[2:] + small + b"\0\0\0\x18ftypmp42" + SECRET


def mpo() -> bytes:
    """Return a JPEG with a second one behind it, as phones keep depth or light (CIPA DC-007)."""
    content = BytesIO()
    second = four_corners((60, 40))
    four_corners().save(content, "MPO", save_all=True, append_images=[second], exif=exif())
    return content.getvalue() + SECRET


def png_part(kind: bytes, inside: bytes) -> bytes:
    """Return a part of a PNG."""
    return struct.pack(">I", len(inside)) + kind + inside + struct.pack(">I", zlib.crc32(kind + inside))


def _with_png_parts(content: bytes, orientation: int = 1) -> bytes:
    parts = [
        png_part(b"tEXt", b"Author\0" + SECRET),
        png_part(b"zTXt", b"Comment\0\0" + zlib.compress(SECRET)),
        png_part(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP),
        png_part(b"eXIf", exif(orientation).removeprefix(b"Exif\0\0")),
        png_part(b"tIME", b"\x07\xe5\x05\x04\x0a\0\0"),
        png_part(b"prIv", SECRET),
    ]
    return content[:33] + b"".join(parts) + content[33:] + SECRET


def png(orientation: int = 1, picture: Image.Image | None = None) -> bytes:
    """Return a PNG with words in every part that takes some."""
    return _with_png_parts(_saved(picture or four_corners(), "PNG"), orientation)


def moving_png() -> bytes:
    """Return a moving PNG, likewise."""
    frames = [four_corners(), four_corners().rotate(180)]
    return _with_png_parts(_saved(frames[0], "PNG", save_all=True, append_images=frames[1:], duration=200))


def _gif(frames: list[Image.Image]) -> bytes:
    content = _saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=200, loop=0, comment=SECRET)
    xmp = b"\x21\xff\x0bXMP DataXMP" + bytes([len(SECRET)]) + SECRET + b"\0"
    return content[:-1] + xmp + b"\x3b" + SECRET


def gif() -> bytes:
    """Return a GIF with a comment."""
    return _gif([four_corners()])


def moving_gif() -> bytes:
    """Return a moving GIF, likewise."""
    return _gif([four_corners(), four_corners().rotate(180), four_corners((120, 80)).rotate(90)])


def webp(orientation: int = 1) -> bytes:
    """Return a WebP with Exif, XMP and something behind it."""
    return _saved(four_corners(), "WEBP", quality=95, exif=exif(orientation), xmp=XMP) + SECRET


def moving_webp() -> bytes:
    """Return a moving WebP, likewise."""
    frames = [four_corners(), four_corners().rotate(180)]
    return _saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=200, exif=exif(), xmp=XMP)


def heic(orientation: int = 1, picture: Image.Image | None = None) -> bytes:
    """Return a photo as iPhones keep it."""
    content = BytesIO()
    pillow_heif.from_pillow(picture or four_corners()).save(content, quality=95, exif=exif(orientation), xmp=XMP)
    return content.getvalue()


def avif(orientation: int = 1, picture: Image.Image | None = None) -> bytes:
    """Return a photo as newer Android phones may keep it."""
    return _saved(picture or four_corners(), "AVIF", quality=95, speed=10, exif=exif(orientation), xmp=XMP)


# A name and a maker for each format that is taken, still and moving.
TELLING: dict[str, Callable[[], bytes]] = {
    "photo.jpg": jpeg,
    "two in one.jpg": mpo,
    "drawing.png": png,
    "moving.png": moving_png,
    "drawing.gif": gif,
    "moving.gif": moving_gif,
    "photo.webp": webp,
    "moving.webp": moving_webp,
    "photo.heic": heic,
    "photo.avif": avif,
}
TURNED: dict[str, Callable[[int], bytes]] = {
    "photo.jpg": jpeg, "drawing.png": png, "photo.webp": webp, "photo.heic": heic, "photo.avif": avif,
}  # fmt: skip


def traces(content: bytes) -> list[str]:
    """Return what a published picture still tells: our secret, or anything that Pillow finds beside the picture."""
    found = ["words"] if SECRET in content or b"GPSLatitude" in content else []
    with Image.open(BytesIO(content)) as picture:
        picture.load()
        told = {"exif", "xmp", "XML:com.adobe.xmp", "comment", "photoshop", "icc_profile", "mp", "Author", "Comment"}
        found += sorted(told & set(picture.info))
        found += ["text"] if getattr(picture, "text", None) else []
        found += ["exif"] if dict(picture.getexif()) else []
        found += ["second picture"] if picture.format == "MPO" else []
    return found


def _profile(space: bytes, connection: bytes, tags: list[tuple[bytes, bytes]]) -> bytes:
    """Return a colour profile (ICC.1:2004-10, 7) with these tags."""
    start = 128 + 4 + 12 * len(tags)
    table, data = struct.pack(">I", len(tags)), b""
    for name, inside in tags:
        table += name + struct.pack(">II", start + len(data), len(inside))
        data += inside + bytes(-len(inside) % 4)
    kind = b"prtr" if space == b"CMYK" else b"mntr"
    head = struct.pack(">I4sI4s4s4s", start + len(data), b"\0\0\0\0", 0x02400000, kind, space, connection)
    head += struct.pack(">6H", 2021, 5, 4, 10, 0, 0) + b"acsp" + bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + table + data


def _description() -> bytes:
    return b"desc\0\0\0\0" + struct.pack(">I", len(SECRET) + 1) + SECRET + b"\0" + bytes(78)


def wide_profile() -> bytes:
    """Return the profile of screens that show more colours than sRGB (Display P3: SMPTE EG 432-1, adapted to D50)."""

    def xyz(*values: float) -> bytes:
        return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(value * 65536) for value in values))

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)) + b"\0\0"
    return _profile(
        b"RGB ",
        b"XYZ ",
        [
            (b"desc", _description()),
            (b"wtpt", xyz(0.9642, 1, 0.8249)),
            (b"rXYZ", xyz(0.5151, 0.2412, -0.0011)),
            (b"gXYZ", xyz(0.2919, 0.6922, 0.0419)),
            (b"bXYZ", xyz(0.1572, 0.0666, 0.7841)),
            (b"rTRC", curve),
            (b"gTRC", curve),
            (b"bTRC", curve),
        ],
    )


def ink_profile() -> bytes:
    """Return a profile of a made-up press whose first ink is red, so that one sees whether it is obeyed."""
    grid = b""
    for cyan in (0, 1):
        for magenta in (0, 1):
            for yellow in (0, 1):
                for black in (0, 1):
                    light = 0 if black else 255 - 100 * (cyan or magenta or yellow)
                    grid += bytes([light, 128 + 70 * cyan * (1 - black), 128 + 50 * cyan * (1 - black)])
    line = bytes(range(256))
    table = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    table += line * 4 + grid + line * 3
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    return _profile(b"CMYK", b"Lab ", [(b"desc", _description()), (b"wtpt", white), (b"A2B0", table)])
