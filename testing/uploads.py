"""Hostile and odd files, posted to every screen that takes one; what became of them, in figures.

`try_uploads` is for a drill as well: with `is_quick=False` it adds files as large as are taken, and larger.
"""

import ctypes
import gc
import json
import random
import struct
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.models import Collection

from core.models import SiteDocument, SiteImage
from leaflets.tests.bad_files import bad_files
from leaflets.tests.pdfs import text_pdf

from .pictures import TELLING, four_corners, jpeg, png_part, traces

MEGABYTE = 1024 * 1024
# Only Linux says how much memory a process took.
STATUS = Path("/proc/self/status")
BOUNDARY = "----a-boundary"
PDF, PNG = ".pdf", ".png"


@dataclass(frozen=True)
class Upload:
    """A file as a browser sends it: its name, what is in it, and whether it says it is a picture."""

    name: str
    content: Callable[[], bytes]
    is_picture: bool


@dataclass
class Figures:
    """What came of uploads: files and requests, errors of the server, bare refusals, and memory taken, in megabytes."""

    files: int = 0
    requests: int = 0
    kept: int = 0
    errors: list[str] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)
    growth: float = 0


def saved(picture: Image.Image, kind: str, **values: Any) -> bytes:
    """Return a picture in one format."""
    content = BytesIO()
    picture.save(content, kind, **values)
    return content.getvalue()


def half_of(make: Callable[[], bytes]) -> bytes:
    """Return the first half of a file."""
    content = make()
    return content[: len(content) // 2]


def noise(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    """Return a picture that packs to nothing, the same each time."""
    letters = random.Random(5).randbytes(size[0] * size[1] * len(mode))  # noqa: S311 (not for secrets)
    return Image.frombytes(mode, size, letters)


def said_png(width: int, height: int, *more: bytes, rows: bytes = b"") -> bytes:
    """Return a PNG that says it is of this size, whatever is in it."""
    head = png_part(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    parts = [head, *more, png_part(b"IDAT", zlib.compress(rows)), png_part(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def strip(width: int, height: int) -> bytes:
    """Return a whole grey PNG, one dot wide or high, which packs to very little."""
    return said_png(width, height, rows=bytes((width + 1) * height))


def moving_gif(frames: int, size: tuple[int, int] = (40, 40)) -> bytes:
    """Return a GIF of this many frames."""
    pictures = [Image.new("L", size, number % 256) for number in range(frames)]
    return saved(pictures[0], "GIF", save_all=True, append_images=pictures[1:])


NAMES = [
    "x" * 400, "word " * 100, "dots." * 60, "." + "e" * 300, "صورة المركز الصحي الجديد " * 12, "中心的照片" * 60,
    "photo\u202egpj", "a\u200bb\u200dc\u00adphoto", "\U0001f600" * 90, "a\0b", "../../etc/passwd", "..\\..\\boot",
    "...hidden", "CON", "lpt1", "   ", "a:b?c*d|e<f>g", 'q"uote', "new\nline", "e\u0301" * 120, "\u202e", "%00%2f", "",
]  # fmt: skip


def corpus(*, is_quick: bool = True) -> list[Upload]:
    """Return the files: each a name, what is in it, and the screens it is for."""
    pictures: dict[str, Callable[[], bytes]] = {
        **TELLING,
        **{f"half of a {name}": partial(half_of, make) for name, make in TELLING.items()},
        "nothing.png": bytes,
        "words.png": lambda: b"Just words.",
        "page.jpg": lambda: b"<!DOCTYPE html><script>alert(1)</script>",
        "drawing.svg": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        "program.jpg": lambda: b"MZ" + bytes(900),
        "leaflet.jpg": text_pdf,
        "photo.png": jpeg,
        "photo.gif": TELLING["photo.heic"],
        "drawing.jpeg": TELLING["drawing.png"],
        "endless.png": lambda: said_png(2_000_000_000, 2_000_000_000),
        "none.png": lambda: said_png(0, 0),
        "large.png": lambda: said_png(9000, 9000),
        "strip.png": lambda: strip(1, 60_000_000),
        "text.png": lambda: said_png(8, 8, png_part(b"zTXt", b"a\0\0" + zlib.compress(bytes(80 * MEGABYTE)))),
        "profile.png": lambda: said_png(8, 8, png_part(b"iCCP", b"a\0\0" + zlib.compress(bytes(80 * MEGABYTE)))),
        "frames.gif": lambda: moving_gif(2000),
        "large frames.gif": lambda: moving_gif(14, (2000, 2000)),
        "press.jpg": lambda: saved(Image.new("CMYK", (64, 64), (255, 0, 0, 0)), "JPEG"),
        "deep.png": lambda: saved(Image.new("I;16", (64, 64), 30_000), "PNG"),
        "see-through.png": lambda: saved(four_corners().convert("RGBA"), "PNG"),
        "list of colours.png": lambda: saved(four_corners().convert("P"), "PNG", transparency=0),
        "two colours.png": lambda: saved(four_corners().convert("1"), "PNG"),
        "print.tiff": lambda: saved(four_corners(), "TIFF"),
        "print.jpg": lambda: saved(four_corners(), "TIFF"),
        "nonsense.heic": lambda: b"\0\0\0\x18ftypheic" + bytes(2000),
        "nonsense.webp": lambda: b"RIFF\xff\xff\xff\xffWEBPVP8X" + bytes(200),
        "nonsense.gif": lambda: b"GIF89a" + b"\xff" * 500,
    }
    if not is_quick:
        pictures |= {
            "whole strip.png": lambda: strip(1, 50_000_000),
            "50 million.jpg": lambda: saved(noise((8160, 6120)), "JPEG", quality=55),
            "50 million.png": lambda: saved(four_corners((8160, 6120)), "PNG"),
            "50 million.webp": lambda: saved(four_corners((8160, 6120)), "WEBP", method=0),
            "50 million.avif": lambda: saved(four_corners((8160, 6120)), "AVIF", speed=10),
            "29 megabytes.png": lambda: saved(noise((3200, 3150)), "PNG", compress_level=0),
            "31 megabytes.jpg": lambda: jpeg() + bytes(31 * MEGABYTE),
        }
    small = saved(four_corners(), "PNG")
    named = [Upload(name + PNG, lambda: small, is_picture=True) for name in NAMES]
    # Documents differ, or the second would be refused for being here already.
    named += [
        Upload(name + PDF, partial(text_pdf, f"Number {number}"), is_picture=False) for number, name in enumerate(NAMES)
    ]
    documents = [Upload(bad.name, bad.content, is_picture=False) for bad in bad_files()]
    if is_quick:
        # What these cost, their own tests pay (leaflets/tests/test_bad_files.py).
        documents = documents[::4]
    return [*(Upload(name, make, is_picture=True) for name, make in pictures.items()), *named, *documents]


def multipart(fields: dict[str, str], key: str, name: str, content: bytes) -> bytes:
    """Return a form with a file, with its name written as browsers do, whatever is in it (WHATWG HTML, 4.10.21.8)."""
    quoted = name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in fields.items()
    ]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"; filename="{quoted}"\r\n'
    kind = b"Content-Type: application/octet-stream\r\n\r\n"
    return b"".join([*parts, head.encode(errors="surrogatepass"), kind, content, f"\r\n--{BOUNDARY}--\r\n".encode()])


def post(client: Client, url: str, fields: dict[str, str], key: str, upload: Upload) -> Any:
    """Post a form with a file, and return the answer; what is posted takes no memory, as from a real browser."""
    with TemporaryFile() as body:
        size = body.write(multipart(fields, key, upload.name, upload.content()))
        body.seek(0)
        _reset_peak()
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        sent: dict[str, Any] = {"CONTENT_TYPE": kind, "CONTENT_LENGTH": str(size), "wsgi.input": body}
        return client.generic("POST", url, **sent)


def add_several(client: Client, upload: Upload) -> Any:
    """Post a file to the screen that takes several."""
    address = "wagtailimages:add_multiple" if upload.is_picture else "wagtaildocs:add_multiple"
    return post(client, reverse(address), {"title": "A file"}, "files[]", upload)


def add(client: Client, upload: Upload) -> Any:
    """Post a file to the screen of one."""
    address = "wagtailimages:add" if upload.is_picture else "wagtaildocs:add"
    root = str(Collection.get_first_root_node().pk)
    fields = {"title": "A file", "collection": root, "tags": "", "description": "", "language": "en"}
    return post(client, reverse(address), fields, "file", upload)


def choose(client: Client, upload: Upload) -> Any:
    """Post a file in the chooser of a page."""
    kind, address = ("image", "wagtailimages") if upload.is_picture else ("document", "wagtaildocs")
    prefix = f"{kind}-chooser-upload-"
    root = str(Collection.get_first_root_node().pk)
    fields = {"title": "A file", "collection": root, "tags": "", "description": "", "language": "en"}
    named = {prefix + key: value for key, value in fields.items()}
    return post(client, reverse(f"{address}_chooser:create"), named, prefix + "file", upload)


WAYS: dict[str, Callable[[Client, Upload], Any]] = {"several": add_several, "one": add, "chooser": choose}


def refusal(answer: Any) -> str | None:
    """Return why a file was refused, as an editor reads it; None if it was kept, empty if nothing is said."""
    if answer.status_code == 302:
        return None
    if not answer.headers["Content-Type"].startswith("application/json"):
        return _errors(answer.content.decode())
    said = json.loads(answer.content)
    if "success" in said:
        return None if said["success"] else str(said.get("error_message", ""))
    return _errors(said["htmlFragment"]) if said["step"] == "reshow_creation_form" else None


def _errors(html: str) -> str:
    return " ".join(
        each.get_text(" ", strip=True) for each in BeautifulSoup(html, "html.parser").select(".error-message")
    )


def try_uploads(
    client: Client, uploads: Iterable[Upload], ways: Iterable[str] = tuple(WAYS), *, forget: bool = True
) -> Figures:
    """Post each file in each way; return the figures. With `forget`, what was kept is deleted at once.

    An answer must be a success or say something; else it is bare, whatever its number.
    """
    client.raise_request_exception = False
    figures = Figures()
    before = forget_peak()
    highest = before
    for upload in uploads:
        figures.files += 1
        for way in ways:
            figures.requests += 1
            answer = WAYS[way](client, upload)
            highest = max(highest, peak())
            what = f"{way}: {upload.name[:40]!r} {answer.status_code}"
            if answer.status_code >= 500:
                figures.errors.append(what)
            elif answer.status_code not in {200, 302} or refusal(answer) == "":
                figures.bare.append(what)
            elif refusal(answer) is None:
                figures.kept += 1
            if forget:
                SiteImage.objects.all().delete()
                SiteDocument.objects.all().delete()
    figures.growth = (highest - before) / MEGABYTE
    return figures


def peak() -> int:
    """Return the most memory this process had, in bytes, since it was last forgotten; 0 where none is told."""
    if not STATUS.exists():
        return 0
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def forget_peak() -> int:
    """Give back what is free and let the peak be what is in use now; return it (proc(5), /proc/pid/clear_refs)."""
    if STATUS.exists():
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)
    _reset_peak()
    return peak()


def _reset_peak() -> None:
    if STATUS.exists():
        Path("/proc/self/clear_refs").write_text("5")


def traces_left(client: Client, folder: Path) -> dict[str, list[str]]:
    """Upload a picture of each format that tells where it was taken; return what is left of it in anything in `folder`.

    Sizes are made of each as pages do.
    """
    left: dict[str, list[str]] = {}
    for name, make in TELLING.items():
        before = set(folder.rglob("*"))
        add_several(client, Upload(name, make, is_picture=True))
        image = SiteImage.objects.order_by("pk").last()
        if image is None:
            left[name] = ["not kept"]
            continue
        for size in ("max-165x165", "width-480|format-webp", "original"):
            image.get_rendition(size)
        made = [path for path in set(folder.rglob("*")) - before if path.is_file()]
        left[name] = [trace for path in made for trace in traces(path.read_bytes())]
    return left
