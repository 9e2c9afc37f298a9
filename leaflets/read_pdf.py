"""Has a PDF read by the program in `leaflets.reader`, which can be stopped and cannot take this process with it."""

import json
import subprocess
import sys
from dataclasses import dataclass, field, fields
from pathlib import Path
from shutil import copyfileobj
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import Any, BinaryIO

PROGRAM = Path(__file__).with_name("reader.py")
# In place of where the cover goes: only look for what is dangerous. An editor waits for that.
DANGERS = "-"
SECONDS_FOR_DANGERS = 8
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
    has_scripts: bool = False
    sends_forms: bool = False
    has_attachments: bool = False
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
    lines, was_stopped = _said_by([path, cover, str(seconds)], seconds)
    facts = _facts(lines)
    if not facts:
        return Found(error="slow" if was_stopped else "broken")
    return Found(**facts, cover=_picture(cover) if facts.get("cover_width") else b"")


def _said_by(words: list[Path | str], seconds: int) -> tuple[list[str], bool]:
    """Return what the program said to these words, and whether it had to be stopped."""
    # What it prints goes into a file, which has a size that it cannot exceed; it gets none of our secrets.
    with TemporaryFile() as said:
        try:
            subprocess.run(  # noqa: S603 (our own program; the file is only read)
                [sys.executable, "-I", PROGRAM, *words],
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
        return said.read().decode(errors="replace").splitlines(), was_stopped


def danger_in(file: BinaryIO) -> str:
    """Return what makes a PDF dangerous, "launch" or "program"; empty if nothing is seen. The file may be anywhere."""
    with NamedTemporaryFile(suffix=".pdf") as copy:
        file.seek(0)
        copyfileobj(file, copy)
        copy.flush()
        lines = _said_by([Path(copy.name), DANGERS, str(SECONDS_FOR_DANGERS)], SECONDS_FOR_DANGERS)[0]
    try:
        return str(json.loads(lines[-1])["danger"])
    except (IndexError, KeyError, ValueError):
        # It could not be read at all, which its reading says.
        return ""


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
