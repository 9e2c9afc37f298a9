"""Reads a PDF and draws its first page: a program of its own, so that a hostile file can only harm this process.

`python reader.py FILE COVER SECONDS` prints a line of JSON with what the file says about itself, then one with the
size of the picture that it drew into COVER. With - for COVER it only says whether the file
is dangerous. `leaflets.read_pdf` starts it, and stops it after SECONDS. The limits it
sets on itself hold for memory, processor time and what it may write. Nothing here needs Django.
"""

import ctypes
import json
import os
import re
import resource
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

MEMORY = 1024 * 1024 * 1024
WRITTEN = 16 * 1024 * 1024
MAX_PAGES = 1000
MAX_CHARACTERS = 1_000_000
MAX_NAME = 255

# The first page is drawn within this box, in pixels, however large the page says it is.
COVER_BOX = (400, 600)
COVER_QUALITY = 70

# What signs that stand for no letter become: those of fonts that do not say what their signs mean.
NONSENSE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd-\uffff\ue000-\uf8ff]")
# What a file may do when it is opened or something in it is chosen (ISO 32000-1, 12.6.4): start a program, run a
# script, send what was typed. They are looked for in what pdfium writes: unpacked, decrypted and in one spelling.
LAUNCH = re.compile(rb"/S\s*/Launch\b")
SCRIPT = re.compile(rb"/S\s*/JavaScript\b|/JS\b")
SEND = re.compile(rb"/S\s*/(SubmitForm|ImportData)\b")
STREAM = re.compile(rb"\bstream\r?\n.*?endstream", re.DOTALL)
# Attached files that are run by whoever opens them, by their names and by how they begin.
PROGRAM_NAMES = re.compile(
    r"\.(apk|app|bat|cmd|com|cpl|dll|dmg|exe|hta|iso|jar|js|jse|lnk|msi|pif|pkg|ps1|py|reg|scr|sh|settingcontent-ms|vb|"
    r"vbe|vbs|wsf|docm|dotm|xlsm|xltm|pptm|zip|rar|7z|img)\.?$",
    re.IGNORECASE,
)
PROGRAM_STARTS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
# Permission to copy what the file says (ISO 32000-1, table 22: bit 5).
MAY_COPY = 1 << 4


def limit(seconds: int) -> None:
    """Let this process use no more than it needs, whatever the file makes of it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    # Whoever started it stops it before that, unless that process is gone.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds + 1, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN, WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)


def describe(pdf: pdfium.PdfDocument, path: Path) -> dict[str, Any]:
    """Return what a PDF says about itself, and its words."""
    return {
        "pages": len(pdf),
        "title": _string(lambda buffer, size: pdfium_c.FPDF_GetMetaText(pdf, b"Title", buffer, size)),
        "language": _string(lambda buffer, size: pdfium_c.FPDFCatalog_GetLanguage(pdf, buffer, size)),
        "is_tagged": bool(pdfium_c.FPDFCatalog_IsTagged(pdf)),
        "may_copy": bool(pdfium_c.FPDF_GetDocPermissions(pdf) & MAY_COPY),
        "is_dynamic_form": pdf.get_formtype() in {pdfium_c.FORMTYPE_XFA_FULL, pdfium_c.FORMTYPE_XFA_FOREGROUND},
        **_actions(pdf, path),
        **_words(pdf),
    }


def _actions(pdf: pdfium.PdfDocument, path: Path) -> dict[str, Any]:
    written = _written(pdf, path)
    return {
        "has_scripts": pdfium_c.FPDFDoc_GetJavaScriptActionCount(pdf) > 0 or bool(SCRIPT.search(written)),
        "sends_forms": bool(SEND.search(written)),
        "has_attachments": pdf.count_attachments() > 0,
    }


def _written(pdf: pdfium.PdfDocument, path: Path) -> bytes:
    """Return the objects of a file as pdfium writes them, and as they stand in it, without their streams."""
    out = BytesIO()
    try:
        pdf.save(out, flags=pdfium_c.FPDF_REMOVE_SECURITY)
    except pdfium.PdfiumError:
        out = BytesIO()
    return STREAM.sub(b"", out.getvalue()) + STREAM.sub(b"", path.read_bytes())


def danger(pdf: pdfium.PdfDocument, path: Path) -> str:
    """Return what makes a file dangerous to whoever opens it: "launch", "program" or nothing."""
    for number in range(min(pdf.count_attachments(), MAX_PAGES)):
        attached = pdf.get_attachment(number)
        try:
            starts = bytes(attached.get_data()[:4])
        except pdfium.PdfiumError:
            starts = b""
        if PROGRAM_NAMES.search(attached.get_name()) or starts.startswith(PROGRAM_STARTS):
            return "program"
    return "launch" if LAUNCH.search(_written(pdf, path)) else ""


def _string(get: Callable[[Any, int], int]) -> str:
    """Return what pdfium writes as UTF-16 into a buffer, asked once for its size and once to write."""
    size = get(None, 0)
    buffer = (ctypes.c_ushort * (size // 2))()
    get(buffer, size)
    text = bytes(buffer).decode("utf-16-le", errors="ignore")
    return NONSENSE.sub("", text).strip()[:MAX_NAME]


def _words(pdf: pdfium.PdfDocument) -> dict[str, Any]:
    """Return the words of each page; how many pages show something but say nothing; how much is nonsense."""
    texts: list[str] = []
    silent = broken = nonsense = 0
    room = MAX_CHARACTERS
    for number in range(min(len(pdf), MAX_PAGES)):
        try:
            page = pdf[number]
            textpage = page.get_textpage()
        except pdfium.PdfiumError:
            broken += 1
            texts.append("")
            continue
        if textpage.count_chars() > room:
            break
        raw = textpage.get_text_bounded()
        text = NONSENSE.sub("", raw).replace("\r\n", "\n").strip()
        texts.append(text)
        room -= len(raw)
        nonsense += len(NONSENSE.findall(raw))
        silent += not raw.strip() and pdfium_c.FPDFPage_CountObjects(page) > 0
        textpage.close()
        page.close()
    return {
        "texts": texts,
        "silent_pages": silent,
        "broken_pages": broken,
        "nonsense": nonsense / (MAX_CHARACTERS - room or 1),
        "is_cut": len(texts) < len(pdf),
    }


def draw(pdf: pdfium.PdfDocument, cover: Path) -> dict[str, int]:
    """Draw the first page into `cover`, as WebP; return its size. A page too thin to be seen is not drawn."""
    page = pdf[0]
    scale = min(room / max(side, 1) for room, side in zip(COVER_BOX, page.get_size(), strict=True))
    if min(page.get_size()) * scale < 1:
        return {}
    # pdfium rounds up, so the picture may stick out of its box by one pixel.
    picture = page.render(scale=scale).to_pil().convert("RGB")
    width, height = (min(room, side) for room, side in zip(COVER_BOX, picture.size, strict=True))
    picture.crop((0, 0, width, height)).save(cover, "WEBP", quality=COVER_QUALITY)
    return {"cover_width": width, "cover_height": height}


def _say(said: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Read the file that the command names. What is found first is said first, in case the rest takes too long."""
    path, cover, seconds = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    limit(seconds)
    try:
        pdf = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        _say({"error": "locked" if error.err_code == pdfium_c.FPDF_ERR_PASSWORD else "broken"})
        return
    if str(cover) == "-":
        _say({"danger": danger(pdf, path)})
        return
    if not len(pdf):
        _say({"error": "broken"})
        return
    _say(describe(pdf, path))
    _say(draw(pdf, cover))


if __name__ == "__main__":
    main()
