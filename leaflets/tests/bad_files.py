"""Makes bad uploads: broken, disguised, locked, endless and overfull files, and strange names."""

import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from pypdf import PdfReader, PdfWriter

from leaflets.problems import Problem

from .pdfs import HEAD, build, encrypted, one_page, page, scan, stream, text_pdf

REFUSED = "refused"
KEPT = "kept"
# Flagged with one thing or another: what pdfium makes of the file may differ between its versions.
FLAGGED = "flagged"

DDE = b'<w:instrText xml:space="preserve"> DDEAUTO c:\\\\windows\\\\cmd.exe "/k x" </w:instrText>'
SWELLING = b'<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><Relationships>&c;</Relationships>'
HTML = b"<!DOCTYPE html><title>x</title><script>alert(1)</script>"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class BadFile:
    """A file to upload, and what should become of it: refused, kept under a safe name, or flagged with a problem."""

    name: str
    content: Callable[[], bytes]
    outcome: str


def noise(size: int) -> bytes:
    """Return bytes that mean nothing, the same each time."""
    return random.Random(5).randbytes(size)  # noqa: S311 (not for secrets)


def page_tree_that_contains_itself() -> bytes:
    """Return a PDF whose list of pages is one of its own pages."""
    return build([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"])


def xref_that_contains_itself() -> bytes:
    """Return a PDF whose table of objects says that an earlier one stands where it stands itself."""
    content = text_pdf()
    start = content.rindex(b"xref\n0")
    return content.replace(b"trailer\n<<", b"trailer\n<< /Prev %d" % start)


def object_stream_that_contains_itself() -> bytes:
    """Return a PDF whose catalogue is in a stream of objects that is said to be in itself."""
    inner = zlib.compress(b"1 0 << /Type /Catalog /Pages 2 0 R >>")
    objects = stream(inner, "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Extends 1 0 R")
    # Type 2: the object is in a stream. The stream itself is said to be in the stream.
    rows = b"".join(struct.pack(">BHB", 2, 1, 0) for _ in range(3))
    table = stream(rows, "/Type /XRef /Size 3 /W [1 2 1] /Root 1 0 R")
    first = HEAD + b"1 0 obj\n" + objects + b"\nendobj\n"
    return first + b"2 0 obj\n" + table + b"\nendobj\nstartxref\n%d\n%%%%EOF" % len(first)


def stream_that_swells() -> bytes:
    """Return a PDF of a few kilobytes whose page takes up gigabytes unpacked: it is packed twice."""
    packer = zlib.compressobj(9)
    once = b"".join(packer.compress(b"0 0 m 9 9 l S\n" * 70_000) for _ in range(400)) + packer.flush()
    content = stream(zlib.compress(once, 9), "/Filter [/FlateDecode /FlateDecode]")
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return build([b"<< /Type /Catalog /Pages 2 0 R >>", pages, page(contents=4), content])


def picture_that_swells() -> bytes:
    """Return a PDF with a picture that says it has ten thousand million pixels."""
    picture = stream(
        zlib.compress(bytes(MEGABYTE)),
        "/Type /XObject /Subtype /Image /Width 100000 /Height 100000 /ColorSpace /DeviceRGB /BitsPerComponent 8 "
        "/Filter /FlateDecode",
    )
    return one_page(b"q 500 0 0 700 50 50 cm /P Do Q", picture, resources="/XObject << /P 5 0 R >>")


def form_that_draws_itself() -> bytes:
    """Return a PDF whose drawing contains itself, twice."""
    itself = "/Resources << /XObject << /F 5 0 R >> >>"
    form = stream(b"/F Do /F Do", f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] {itself}")
    return one_page(b"/F Do", form, resources="/XObject << /F 5 0 R >>")


def thousands_of_pages() -> bytes:
    """Return a PDF of more pages than anyone reads."""
    kids = " ".join(f"{4 + number} 0 R" for number in range(3000))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count 3000 >>".encode()]
    words = stream(b"BT /F1 24 Tf 50 700 Td (Juggle) Tj ET")
    font = "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    return build([*objects, words, *[page(contents=3, resources=font)] * 3000])


def more_pages_than_there_are() -> bytes:
    """Return a PDF that says it has a thousand million pages."""
    return text_pdf().replace(b"/Count 2", b"/Count 999999999")


def drawing_without_end() -> bytes:
    """Return a PDF whose one page is drawn over and over with see-through patterns."""
    return one_page(b"0 0 595 842 re W n " + b"0 0 m 595 842 100 900 300 20 c f* " * 500_000)


def deep_nesting() -> bytes:
    """Return a PDF with lists in lists in lists."""
    return one_page(b"", b"[" * 200_000 + b"]" * 200_000, catalogue="/Names 5 0 R")


def xfa_form() -> bytes:
    """Return a form of the kind that only Adobe's program opens."""
    form = b"<< /Fields [] /XFA [(template) 6 0 R] >>"
    return one_page(b"", form, stream(b"<template/>"), catalogue="/AcroForm 5 0 R")


def opening(action: str) -> str:
    """Return what makes a PDF do something when it is opened."""
    return f"/OpenAction << /S {action} >>"


def packed(action: str) -> bytes:
    """Return a PDF that does something when it is opened, with its objects packed and locked with an empty password."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(one_page(b"", catalogue=opening(action)))))
    writer.encrypt("", "of the owner", algorithm="AES-128")
    writer.compress_identical_objects()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def attached(name: str, content: bytes) -> bytes:
    """Return a PDF with a file attached."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(text_pdf())))
    writer.add_attachment(name, content)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def related(kind: str, target: str, encoding: str = "utf-8") -> bytes:
    """Return a Word document that takes something of this kind from elsewhere."""
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    inside = f'<Relationship Id="r1" Type="{kinds}/{kind}" Target="{target}" TargetMode="External"/>'
    relations = f'<?xml version="1.0" encoding="{encoding}"?><Relationships>{inside}</Relationships>'
    return word(more={"word/_rels/settings.xml.rels": relations.encode(encoding)})


def sheet(more: dict[str, bytes]) -> bytes:
    """Return a spreadsheet with more parts."""
    return archive({"[Content_Types].xml": b"spreadsheetml.sheet.main+xml", **more})


def archive(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive of these parts."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def word(*, content_type: str = "document.main", more: dict[str, bytes] | None = None, method: int = 8) -> bytes:
    """Return a Word document; with another content type, or with more parts, one that is not quite right."""
    main = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{content_type}+xml"
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    return archive({"[Content_Types].xml": types.encode(), "word/document.xml": b"<w/>", **(more or {})}, method)


def open_document(**parts: bytes) -> bytes:
    """Return an OpenDocument text; `mimetype` and `manifest` may say something else."""
    kind = parts.get("mimetype", b"application/vnd.oasis.opendocument.text")
    more = {f"{name}.xml": parts.get(name, b"<c/>") for name in ("content", "meta")}
    return archive({"mimetype": kind, "META-INF/manifest.xml": parts.get("manifest", b"<m/>"), **more})


def many_parts() -> bytes:
    """Return a Word document with so many parts that their list fills the memory."""
    return word(more={f"word/{number}": b"" for number in range(20_000)}, method=zipfile.ZIP_STORED)


def bad_files() -> list[BadFile]:
    """Return them all."""
    return [
        # PDFs that are none
        BadFile("empty.pdf", lambda: b"", REFUSED),
        BadFile("zeros.pdf", lambda: bytes(1000), REFUSED),
        BadFile("page.pdf", lambda: HTML, REFUSED),
        BadFile("words.pdf", lambda: b"Just words.", REFUSED),
        BadFile("picture.pdf", lambda: PNG, REFUSED),
        BadFile("archive.pdf", lambda: archive({"a": b"a"}), REFUSED),
        BadFile("program.pdf", lambda: b"MZ" + noise(500), REFUSED),
        BadFile("both.pdf", lambda: HTML + b"\n" + text_pdf(), REFUSED),
        BadFile("huge.pdf", lambda: text_pdf() + bytes(21 * MEGABYTE), REFUSED),
        # PDFs that are broken, locked or endless
        BadFile("beginning.pdf", lambda: HEAD, Problem.BROKEN),
        BadFile("truncated.pdf", lambda: text_pdf()[:600], Problem.BROKEN),
        BadFile("noise.pdf", lambda: HEAD + noise(20_000), Problem.BROKEN),
        # Damaged in a way that readers put right: everything in them can be read.
        BadFile("damaged.pdf", lambda: text_pdf().replace(b"endobj", bytes(6)), KEPT),
        BadFile("xref.pdf", xref_that_contains_itself, KEPT),
        BadFile("no-pages.pdf", more_pages_than_there_are, KEPT),
        BadFile("password.pdf", lambda: encrypted("secret"), Problem.LOCKED),
        BadFile("no-copying.pdf", lambda: encrypted("", may_copy=False), Problem.NO_COPYING),
        BadFile("tree.pdf", page_tree_that_contains_itself, FLAGGED),
        BadFile("objects.pdf", object_stream_that_contains_itself, FLAGGED),
        BadFile("itself.pdf", form_that_draws_itself, FLAGGED),
        BadFile("swelling.pdf", stream_that_swells, FLAGGED),
        BadFile("swelling-picture.pdf", picture_that_swells, FLAGGED),
        BadFile("endless.pdf", drawing_without_end, FLAGGED),
        BadFile("nested.pdf", deep_nesting, FLAGGED),
        BadFile("pages.pdf", thousands_of_pages, Problem.LONG),
        BadFile("large-page.pdf", lambda: one_page(b"", box="0 0 99999999 99999999"), Problem.NO_WORDS),
        BadFile("thin-page.pdf", lambda: one_page(b"", box="0 0 99999 0.001"), Problem.NO_WORDS),
        BadFile("inside-out.pdf", lambda: one_page(b"", box="500 500 -500 -500"), Problem.NO_WORDS),
        # PDFs that people cannot use
        BadFile("scan.pdf", scan, Problem.SCAN),
        BadFile("script.pdf", lambda: one_page(b"", catalogue=opening("/JavaScript /JS (x)")), Problem.ACTIONS),
        BadFile("launch.pdf", lambda: one_page(b"", catalogue=opening("/Launch /F (x)")), REFUSED),
        BadFile("packed-launch.pdf", lambda: packed("/Launch /F (x)"), REFUSED),
        BadFile("packed-script.pdf", lambda: packed("/JavaScript /JS (x)"), Problem.ACTIONS),
        BadFile("spelled-launch.pdf", lambda: one_page(b"", catalogue=opening("/L#61unch /F (x)")), REFUSED),
        BadFile("tool.pdf", lambda: attached("tool.exe", b"x"), REFUSED),
        BadFile("renamed-tool.pdf", lambda: attached("letter.txt", b"MZ" + bytes(90)), REFUSED),
        BadFile("attached.pdf", lambda: attached("table.csv", b"a,b"), Problem.ATTACHMENTS),
        BadFile("sends.pdf", lambda: one_page(b"", catalogue=opening("/SubmitForm /F (http://a.b)")), Problem.SENDS),
        BadFile("xfa.pdf", xfa_form, Problem.DYNAMIC_FORM),
        BadFile("strange.pdf", lambda: text_pdf(title="\\000\\377x" * 99, language="<script>"), Problem.OTHER_LANGUAGE),
        # Office files
        BadFile("page.docx", lambda: HTML, REFUSED),
        BadFile("archive.docx", lambda: archive({"a.txt": b"a"}), REFUSED),
        BadFile("words.xlsx", word, REFUSED),
        BadFile("truncated.docx", lambda: word()[:-30], REFUSED),
        BadFile("old.docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), REFUSED),
        BadFile("macros.docx", lambda: word(content_type="document.macroEnabled.main"), REFUSED),
        BadFile("hidden-macros.docx", lambda: word(more={"word/vbaProject.bin": b"x"}), REFUSED),
        BadFile("bomb.docx", lambda: word(more={"word/media/x": bytes(50 * MEGABYTE)}), REFUSED),
        BadFile("packed-otherwise.docx", lambda: word(method=zipfile.ZIP_LZMA), REFUSED),
        BadFile("many.docx", many_parts, REFUSED),
        BadFile("presentation.odt", lambda: open_document(mimetype=b"application/x-other"), REFUSED),
        BadFile("locked.odt", lambda: open_document(manifest=b"<encryption-data/>"), REFUSED),
        # Office files that fetch or bring something harmful
        BadFile("template.docx", lambda: related("attachedTemplate", "https://example.org/x.dotm"), REFUSED),
        BadFile("share.docx", lambda: related("attachedTemplate", r"file:///\\10.0.0.1\x\y.dotx"), REFUSED),
        BadFile("wide.docx", lambda: related("frame", "HTTP://example.org/", "utf-16"), REFUSED),
        BadFile("picture.docx", lambda: related("image", "http://example.org/x.png"), REFUSED),
        BadFile("object.docx", lambda: word(more={"word/embeddings/oleObject1.bin": b"x"}), REFUSED),
        BadFile("package.docx", lambda: word(more={"word/embeddings/Tool.exe": b"MZ"}), REFUSED),
        BadFile("control.docx", lambda: word(more={"word/activeX/activeX1.xml": b"<a/>"}), REFUSED),
        BadFile("command.docx", lambda: word(more={"word/header1.xml": DDE}), REFUSED),
        BadFile("wide-command.docx", lambda: word(more={"word/header1.xml": DDE.decode().encode("utf-16")}), REFUSED),
        BadFile("query.xlsx", lambda: sheet({"xl/connections.xml": b"<c/>"}), REFUSED),
        BadFile("exchange.xlsx", lambda: sheet({"xl/externalLinks/externalLink1.xml": b"<ddeLink/>"}), REFUSED),
        BadFile("not-xml.docx", lambda: word(more={"word/_rels/document.xml.rels": b"<Relation"}), REFUSED),
        BadFile("swelling-xml.docx", lambda: word(more={"word/_rels/document.xml.rels": SWELLING}), REFUSED),
        BadFile("template.odt", lambda: open_document(meta=b'<meta:template xlink:href="http://a.b/x.ott"/>'), REFUSED),
        BadFile("picture.odt", lambda: open_document(content=b'<draw:image a="" xlink:href="https://a.b/"/>'), REFUSED),
        BadFile("script.odt", lambda: open_document(content=b'<x xlink:href="vnd.sun.star.script:a"/>'), REFUSED),
        BadFile("object.odt", lambda: open_document(manifest=b'"application/vnd.sun.star.oleobject"'), REFUSED),
        # Tables and sound
        BadFile("noise.csv", lambda: noise(2000), REFUSED),
        BadFile("page.csv", lambda: b"\xef\xbb\xbf  " + HTML, REFUSED),
        BadFile("words.mp3", lambda: b"Just words.", REFUSED),
        BadFile("words-with-tag.mp3", lambda: b"ID3\x04\x00\x00\x00\x00\x00\x05tag..Just words.", REFUSED),
        # Names
        BadFile("page.html", lambda: HTML, REFUSED),
        BadFile("drawing.svg", lambda: b"<svg/>", REFUSED),
        BadFile("no-ending", text_pdf, REFUSED),
        BadFile("letter.exe.pdf", text_pdf, REFUSED),
        BadFile("letter.pdf.exe", text_pdf, REFUSED),
    ]
