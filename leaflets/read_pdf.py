"""Has a PDF read by the program in `leaflets.reader`, which can be stopped and cannot take this process with it."""

import json
import subprocess
import sys
from dataclasses import dataclass, field, fields
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

PROGRAM = Path(__file__).with_name("reader.py")
# A cover is some 20 KB; what is larger than this is not one.
MAX_COVER = 1024 * 1024


@dataclass(frozen=True)
class Found:
    """What reading a PDF found. With an `error` ("locked", "broken" or "slow") there is nothing else.

    `texts` holds the words of each page; `silent_pages` counts those that show something and say nothing; `nonsense`
    is how much of the text (0 to 1) are signs without a meaning; `cover` is a WebP picture of the first page.
    """

    error: str = ""
    pages: int | None = None
    title: str = ""
    language: str = ""
    is_tagged: bool | None = None
    may_copy: bool = True
    is_dynamic_form: bool = False
    has_actions: bool = False
    texts: list[str] = field(default_factory=list)
    silent_pages: int = 0
    broken_pages: int = 0
    nonsense: float = 0
    is_cut: bool = False
    cover: bytes = b""
    cover_width: int | None = None
    cover_height: int | None = None


def read_pdf(path: Path, cover: Path, seconds: int) -> Found:
    """Return what is in the PDF at `path`, read within this many seconds.

    `cover` is a path to which the picture of the first page may be written. Whatever the file is, this returns: the
    program is stopped when it takes too long, and what it said until then is used.
    """
    # What it prints goes into a file, which has a size that it cannot exceed; it gets none of our secrets.
    with TemporaryFile() as said:
        try:
            subprocess.run(  # noqa: S603 (our own program; the file is only read)
                [sys.executable, "-I", PROGRAM, path, cover, str(seconds)],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.DEVNULL,
                env={},
                timeout=seconds,
                check=False,
            )
            was_stopped = False
        except subprocess.TimeoutExpired:
            was_stopped = True
        said.seek(0)
        facts = _facts(said.read().decode(errors="replace").splitlines())
    if not facts:
        return Found(error="slow" if was_stopped else "broken")
    return Found(**facts, cover=_picture(cover) if facts.get("cover_width") else b"")


def _facts(lines: list[str]) -> dict[str, Any]:
    """Return what the program said, leaving out a line that it could not finish."""
    known = {each.name for each in fields(Found)}
    facts: dict[str, Any] = {}
    for line in lines:
        try:
            facts |= {name: value for name, value in json.loads(line).items() if name in known}
        except ValueError:
            break
    return facts


def _picture(cover: Path) -> bytes:
    return cover.read_bytes() if cover.exists() and cover.stat().st_size <= MAX_COVER else b""
