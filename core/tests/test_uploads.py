"""What the image forms look for in a picture before it is kept."""

import json
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import Settings
from wagtail.models import Collection

from core.models import SiteImage

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the scratch file of a picture it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:[Uu]nclosed file <tempfile.SpooledTemporaryFile"),
]

FORMATS = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def _temporary_media(settings: Settings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def picture(image_format: str = "PNG", size: tuple[int, int] = (80, 80), **values: Any) -> bytes:
    """Return a picture of noise, which no format packs to nothing."""
    content = BytesIO()
    Image.effect_noise(size, 50).convert("RGB").save(content, image_format, **values)
    return content.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    """Return a part of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, *more: bytes, rows: bytes = b"") -> bytes:
    """Return a PNG that says it is of this size; `more` are parts before its pixels, `rows` its pixels."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    parts = [header, *more, chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def gif(size: tuple[int, int] = (80, 80), frames: int = 1) -> bytes:
    content = BytesIO()
    pictures = [Image.new("L", size, number % 256) for number in range(frames)]
    pictures[0].save(content, "GIF", save_all=True, append_images=pictures[1:])
    return content.getvalue()


def huge_gif() -> bytes:
    """Return a GIF of some bytes that says it has four thousand million pixels."""
    return gif().replace(struct.pack("<HH", 80, 80), struct.pack("<HH", 65535, 65535))


def huge_webp() -> bytes:
    """Return a WebP of some bytes, in the extended form, that says it has 268 million pixels."""
    inside = b"VP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + b"\xfe\x3f\0" + b"\xfe\x3f\0"
    inside += b"ANIM" + struct.pack("<IIH", 6, 0, 0)
    return b"RIFF" + struct.pack("<I", 4 + len(inside)) + b"WEBP" + inside


def huge_jpeg() -> bytes:
    """Return a JPEG of some bytes that says it has four thousand million pixels."""
    content = picture("JPEG")
    place = content.index(b"\xff\xc0") + 5
    return content[:place] + struct.pack(">HH", 65535, 65535) + content[place + 4 :]


def disguised(image_format: str) -> bytes:
    content = BytesIO()
    Image.new("RGB", (8, 8)).save(content, image_format)
    return content.getvalue()


TOO_LARGE = "This picture is too large"
DAMAGED = "This picture is incomplete or damaged"
UNKNOWN = "not a picture that we can show"
MOVING = "This moving picture is too large or too long"
BAD_PICTURES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "pixels": ("large.png", lambda: png(8000, 8000), TOO_LARGE),
    "a strip of pixels": ("strip.png", lambda: png(1, 60_000_000), TOO_LARGE),
    "more pixels": ("larger.png", lambda: png(12_000, 12_000), TOO_LARGE),
    "pixels beyond counting": ("largest.png", lambda: png(2_000_000_000, 2_000_000_000), TOO_LARGE),
    "a huge gif": ("large.gif", huge_gif, TOO_LARGE),
    "a huge webp": ("large.webp", huge_webp, ""),
    "a huge jpeg": ("large.jpg", huge_jpeg, TOO_LARGE),
    "text that swells": (
        "text.png",
        lambda: png(8, 8, chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(80_000_000)))),
        DAMAGED,
    ),
    "a profile that swells": (
        "profile.png",
        lambda: png(8, 8, chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(80_000_000)))),
        DAMAGED,
    ),
    "no pixels": ("none.png", lambda: png(0, 0), ""),
    "too few pixels": ("few.png", lambda: png(80, 80), DAMAGED),
    "nothing": ("empty.png", lambda: b"", "empty"),
    "words": ("words.png", lambda: b"Just words.", UNKNOWN),
    "only a mark": ("mark.png", lambda: b"\x89PNG\r\n\x1a\n", ""),
    "an svg": ("drawing.png", lambda: SVG, UNKNOWN),
    "a tiff": ("picture.jpg", lambda: disguised("TIFF"), UNKNOWN),
    "a moving picture of very many dots": ("moving.gif", lambda: gif((2000, 2000), 14), MOVING),
    "an open svg": ("drawing.svg", lambda: SVG, "Not a supported image format"),
    "a photoshop file": ("picture.png", lambda: b"8BPS\0\1" + bytes(200), ""),
} | {
    f"half a {name}": (f"half.{end}", lambda name=name: picture(name)[:2000], DAMAGED) for name, end in FORMATS.items()
}


def upload(client: Client, name: str, content: bytes) -> tuple[bool, str]:
    """Upload a picture on the screen that takes several; return whether it is kept, and why not."""
    data = {"files[]": SimpleUploadedFile(name, content), "title": "Picture"}
    response: Any = client.post(reverse("wagtailimages:add_multiple"), data)
    assert response.status_code == 200
    answer = response.json()
    return answer["success"], answer.get("error_message", "")


def choose(client: Client, name: str, content: bytes) -> tuple[bool, str]:
    """Upload a picture in the chooser that opens from a page."""
    prefix = "image-chooser-upload-"
    data = {"title": "Picture", "file": SimpleUploadedFile(name, content), "tags": "", "description": ""}
    data["collection"] = Collection.get_first_root_node().pk
    url = reverse("wagtailimages_chooser:create")
    response: Any = client.post(url, {prefix + field: value for field, value in data.items()})
    assert response.status_code == 200
    answer = json.loads(response.content)
    return answer["step"] != "reshow_creation_form", answer.get("htmlFragment", "")


@pytest.mark.parametrize("how", [upload, choose])
@pytest.mark.parametrize("kind", BAD_PICTURES)
@pytest.mark.database
def test_a_bad_picture_is_refused_with_the_reason(
    admin_client: Client, how: Callable[..., tuple[bool, str]], kind: str
) -> None:
    name, make, reason = BAD_PICTURES[kind]
    is_kept, said = how(admin_client, name, make())
    assert not is_kept
    assert said.strip()
    assert reason in said
    assert not SiteImage.objects.exists()


@pytest.mark.parametrize("how", [upload, choose])
@pytest.mark.parametrize("image_format", FORMATS)
def test_a_whole_picture_is_kept_and_shown(
    admin_client: Client, how: Callable[..., tuple[bool, str]], image_format: str
) -> None:
    is_kept, said = how(admin_client, f"whole.{FORMATS[image_format]}", picture(image_format))
    assert is_kept, said
    image = SiteImage.objects.get()
    assert (image.width, image.height) == (80, 80)
    assert image.get_rendition("max-40x40").width == 40


def test_a_moving_picture_of_very_many_frames_is_kept_as_it_is(admin_client: Client) -> None:
    is_kept, said = upload(admin_client, "moving.gif", gif(frames=2000))
    assert is_kept, said
    assert SiteImage.objects.get().get_rendition("max-40x40").width == 40


# Pillow says that it found nonsense, and goes on.
@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
@pytest.mark.parametrize("exif", [b"", b"Exif\0\0nonsense", b"Exif\0\0MM\0\x2a\0\0\0\x08\xff\xff" + bytes(20)])
def test_what_a_camera_wrote_wrongly_does_no_harm(admin_client: Client, exif: bytes) -> None:
    is_kept, said = upload(admin_client, "photo.jpg", picture("JPEG", exif=exif))
    assert is_kept, said
    assert SiteImage.objects.get().get_rendition("max-40x40").width == 40


def test_a_picture_is_replaced_by_a_whole_one_only(admin_client: Client) -> None:
    upload(admin_client, "whole.png", picture())
    image = SiteImage.objects.get()
    url = reverse("wagtailimages:edit", args=[image.pk])
    data = {"title": "Picture", "tags": "", "description": "", "collection": image.collection_id}

    refused = admin_client.post(url, data | {"file": SimpleUploadedFile("half.png", picture()[:2000])})
    assert DAMAGED in refused.content.decode()
    assert admin_client.post(url, data).status_code == 302
    kept = admin_client.post(url, data | {"file": SimpleUploadedFile("new.png", picture(size=(90, 90)))})
    assert kept.status_code == 302
    image.refresh_from_db()
    assert image.width == 90


@pytest.mark.parametrize("how", [upload, choose])
def test_a_picture_under_the_wrong_ending_is_kept_under_the_right_one(
    admin_client: Client, how: Callable[..., tuple[bool, str]]
) -> None:
    is_kept, said = how(admin_client, "photo.png", picture("JPEG"))
    assert is_kept, said
    assert SiteImage.objects.get().file.name.endswith("photo.jpg")


@pytest.mark.parametrize("how", [upload, choose])
def test_a_file_that_is_too_large_is_refused_with_the_limit(
    admin_client: Client, settings: Settings, how: Callable[..., tuple[bool, str]]
) -> None:
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 1024
    is_kept, said = how(admin_client, "photo.png", picture())
    assert not is_kept
    assert "too big" in said
    assert "1.0\xa0KB" in said


def test_the_form_says_what_is_taken_and_what_becomes_of_it(admin_client: Client) -> None:
    page = admin_client.get(reverse("wagtailimages:add_multiple")).content.decode()
    assert "AVIF, GIF, HEIC, HEIF, JPG, JPEG, PNG, WEBP, up to 30.0\xa0MB" in page
    assert "A large one is made smaller" in page
