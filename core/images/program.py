"""Cleans a picture: a program of its own, so that a hostile or huge one can only harm this process.

`python -m core.images.program FILE CLEANED SECONDS` writes a picture into CLEANED that holds nothing but the picture,
turned the right way up, in the colours that every screen shows (sRGB), no larger than `MAX_SIDE`, and prints a line of
JSON about it, or why there is none. `core.images.cleaning` starts it. Nothing here needs Django.
"""

import json
import os
import resource
import struct
import sys
import warnings
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pillow_heif
from PIL import AvifImagePlugin, Image, ImageCms, ImageFile, ImageOps, ImageSequence, UnidentifiedImageError

from core.images.containers import BrokenError, stripped

MEMORY = 1024 * 1024 * 1024
WRITTEN = 64 * 1024 * 1024
# As many dots as the best cameras of phones take; those of all frames of a moving picture together.
MAX_PIXELS = 50_500_000
# The longest side of what is kept, in dots: twice as wide as any picture is shown.
MAX_SIDE = 2560
JPEG_QUALITY = 90

# What is read, as Pillow calls it; of these, what not every browser shows is never kept as it is.
FORMATS = ["AVIF", "GIF", "HEIF", "JPEG", "PNG", "WEBP"]
NOT_EVERYWHERE = {"AVIF", "HEIF"}
# What Pillow raises for pictures that are cut off, damaged or made up.
UNREADABLE = (
    BrokenError,
    EOFError,
    IndexError,
    KeyError,
    OSError,
    OverflowError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
# Modes of more than eight bits; screens show eight, and Pillow would cut the rest off at the wrong end.
DEEP = {"I", "I;16", "I;16B", "I;16L", "I;16N", "F"}
SAVING: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": JPEG_QUALITY, "optimize": True},
    "PNG": {},
    "WEBP": {"quality": JPEG_QUALITY},
}


class RefusedError(Exception):
    """A picture that is not taken; its word says why: "pixels", "moving", "damaged" or "unknown"."""


def limit(seconds: int) -> None:
    """Let this process use no more than it needs, whatever the file makes of it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    # Whoever started it stops it before that, unless that process is gone.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds + 1, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN, WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)


def clean(path: Path, cleaned: Path) -> dict[str, Any]:
    """Write the cleaned picture; return its `format` and `size`, and how much `smaller` it was made (1 for not).

    `is_same` says that it was clean before. Raises `RefusedError`.
    """
    picture = _open(path)
    frames = _frames(picture)
    kind = "JPEG" if picture.format == "MPO" else str(picture.format)
    if frames > 1:
        if max(picture.size) > MAX_SIDE or picture.width * picture.height * frames > MAX_PIXELS:
            raise RefusedError("moving")
        return _keep(path, cleaned, _moving(path, picture, kind), kind, picture.size)
    whole = picture.size
    if kind == "JPEG" and max(whole) > MAX_SIDE:
        # libjpeg unpacks it smaller, in a fraction of the memory and the time.
        picture.draft(None, (MAX_SIDE, MAX_SIDE))
    picture.load()
    if _draws_as_it_is(picture, whole, kind):
        return _keep(path, cleaned, stripped(path.read_bytes(), kind), kind, picture.size)
    return _draw(path, cleaned, picture, kind, whole)


def _draw(path: Path, cleaned: Path, loaded: Image.Image, kind: str, whole: tuple[int, int]) -> dict[str, Any]:
    picture = _drawn(loaded)
    content = BytesIO()
    kept_as = _kept_as(picture, kind)
    # A copy without whatever was known of the one it was made of.
    plain = Image.new(picture.mode, picture.size)
    plain.paste(picture)
    plain.save(content, kept_as, **SAVING[kept_as])
    said = _keep(path, cleaned, stripped(content.getvalue(), kept_as), kept_as, picture.size)
    return said | {"smaller": max(picture.size) / max(whole)}


def _open(path: Path) -> ImageFile.ImageFile:
    try:
        picture = Image.open(path, formats=FORMATS)
    except UnidentifiedImageError as error:
        raise RefusedError("unknown") from error
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise RefusedError("pixels")
    return picture


def _frames(picture: Image.Image) -> int:
    """Return how many frames a moving picture has; of other formats, only the first is kept."""
    if picture.format not in {"GIF", "WEBP"}:
        return 1
    count = int(getattr(picture, "n_frames", 1))
    picture.seek(0)
    return count


def _keep(path: Path, cleaned: Path, content: bytes, kind: str, size: tuple[int, int]) -> dict[str, Any]:
    cleaned.write_bytes(content)
    is_same = len(content) == path.stat().st_size and content == path.read_bytes()
    return {"format": kind, "size": size, "smaller": 1, "is_same": is_same}


def _draws_as_it_is(picture: Image.Image, whole: tuple[int, int], kind: str) -> bool:
    """Whether every browser draws the picture right without what will be taken off it."""
    is_upright = picture.getexif().get(0x0112, 1) == 1
    has_plain_colours = picture.mode not in DEEP | {"CMYK"} and _is_srgb(picture)
    return kind not in NOT_EVERYWHERE and max(whole) <= MAX_SIDE and is_upright and has_plain_colours


def _is_srgb(picture: Image.Image) -> bool:
    profile = picture.info.get("icc_profile")
    if not profile:
        return True
    try:
        return "srgb" in ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(profile))).lower()
    except (ImageCms.PyCMSError, *UNREADABLE):
        return False


def _drawn(picture: Image.Image) -> Image.Image:
    """Return a picture as it is meant to be seen, in eight bits of grey or sRGB, with what can be seen through it."""
    if picture.mode in DEEP:
        highest = max(float(picture.getextrema()[1]), 255)  # type: ignore[arg-type]  # one channel
        highest = 65535 if highest <= 65535 else highest
        picture = picture.convert("F").point(lambda value: value * (255 / highest)).convert("L")
    # Greys are made smaller as they are; a list of colours cannot be.
    if picture.mode not in {"CMYK", "L", "LA", "RGB", "RGBA"}:
        has_alpha = picture.has_transparency_data
        profile = picture.info.get("icc_profile")
        picture = picture.convert("RGBA" if has_alpha else "RGB")
        picture.info["icc_profile"] = profile
    elif picture.mode in {"L", "RGB"} and "transparency" in picture.info:
        picture = picture.convert("RGBA")
    profile = picture.info.get("icc_profile")
    picture.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    ImageOps.exif_transpose(picture, in_place=True)
    return _in_srgb(picture, profile)


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    mode = {"L": "L", "LA": "RGBA", "RGBA": "RGBA"}.get(picture.mode, "RGB")
    if not profile:
        return picture.convert(mode)
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        if picture.mode in {"L", "LA"} and source.profile.xcolor_space.strip() != "GRAY":
            picture = picture.convert("RGB" if picture.mode == "L" else "RGBA")
        out = picture.mode if picture.mode == "RGBA" else "RGB"
        alpha = picture.getchannel("A") if picture.mode in {"LA", "RGBA"} else None
        plain = picture.convert("L") if picture.mode == "LA" else picture
        drawn = ImageCms.profileToProfile(plain, source, target, outputMode="RGB" if plain.mode != "RGBA" else out)
    except (ImageCms.PyCMSError, *UNREADABLE):
        return picture.convert(mode)
    if drawn is None:
        return picture.convert(mode)
    if alpha is not None and drawn.mode == "RGB":
        drawn.putalpha(alpha)
    return drawn


def _kept_as(picture: Image.Image, kind: str) -> str:
    if kind in {"JPEG", "PNG", "WEBP"}:
        return kind
    return "PNG" if kind == "GIF" or picture.mode == "RGBA" else "JPEG"


def _moving(path: Path, picture: Image.Image, kind: str) -> bytes:
    """Return a moving picture with all its frames; only one in colours of its own is written anew."""
    # Each is unpacked, so that one that is cut off is found now, and not by residents.
    is_srgb = _is_srgb(picture)
    frames, times = [], []
    for frame in ImageSequence.Iterator(picture):
        frame.load()
        times.append(frame.info.get("duration", 100))
        if not is_srgb:
            frames.append(_in_srgb(frame.convert("RGBA"), picture.info["icc_profile"]))
    if is_srgb:
        return stripped(path.read_bytes(), kind)
    content = BytesIO()
    loop = picture.info.get("loop", 0)
    frames[0].save(content, kind, save_all=True, append_images=frames[1:], duration=times, loop=loop)
    return stripped(content.getvalue(), kind)


def _say(said: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Clean the file that the command names, and say what became of it."""
    path, cleaned, seconds = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    limit(seconds)
    warnings.simplefilter("ignore")
    # The limits are ours: a picture is refused by what it says before it is unpacked.
    Image.MAX_IMAGE_PIXELS = None
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
    try:
        _say(clean(path, cleaned))
    except RefusedError as error:
        _say({"error": str(error)})
    except MemoryError:
        _say({"error": "pixels"})
    except UNREADABLE:
        _say({"error": "damaged"})


if __name__ == "__main__":
    main()
