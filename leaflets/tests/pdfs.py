"""Makes small PDFs, object by object, so that a test can say exactly what is wrong with one."""

import zlib
from collections.abc import Sequence
from io import BytesIO

from pypdf import PdfReader, PdfWriter
from pypdf.constants import UserAccessPermissions

Dictionary = dict[str, str]

HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
A4 = "0 0 595 842"


def build(objects: Sequence[bytes], trailer: str = "") -> bytes:
    """Return a PDF of these objects, numbered from 1; the first is the catalogue."""
    out = BytesIO()
    out.write(HEAD)
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    size = len(objects) + 1
    out.write(f"trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def stream(content: bytes, entries: str = "") -> bytes:
    """Return a stream object that holds `content`."""
    return f"<< /Length {len(content)} {entries} >>\nstream\n".encode() + content + b"\nendstream"


def text_pdf(
    *texts: str, title: str = "How to juggle", language: str = "en-GB", is_tagged: bool = True, box: str = A4
) -> bytes:
    """Return a PDF with a page for each text. As it is without arguments, nothing is wrong with it."""
    texts = texts or ("Take one ball in each hand.", "Throw the first ball.")
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(texts)))
    catalogue = "<< /Type /Catalog /Pages 2 0 R"
    catalogue += f" /Lang ({language})" if language else ""
    catalogue += " /MarkInfo << /Marked true >> /StructTreeRoot 4 0 R >>" if is_tagged else " >>"
    objects = [
        catalogue.encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(texts)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /StructTreeRoot >>",
    ]
    for number, text in enumerate(texts):
        objects += [page(contents=6 + 2 * number, box=box), stream(f"BT /F1 24 Tf 50 700 Td ({text}) Tj ET".encode())]
    objects.append(f"<< /Title ({title}) >>".encode())
    return build(objects, f"/Info {len(objects)} 0 R")


def page(contents: int, box: str = A4, resources: str = "/Font << /F1 3 0 R >>", more: str = "") -> bytes:
    """Return a page whose content stream is the object of this number."""
    entries = f"/MediaBox [{box}] /Contents {contents} 0 R /Resources << {resources} >> {more}"
    return f"<< /Type /Page /Parent 2 0 R {entries} >>".encode()


def one_page(content: bytes, *more: bytes, resources: str = "", catalogue: str = "", box: str = A4) -> bytes:
    """Return a PDF of one page with this content; `more` are objects from number 5 on."""
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>".encode(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page(contents=4, box=box, resources=resources),
        stream(content),
    ]
    return build([*objects, *more])


def scan() -> bytes:
    """Return a page that is one picture."""
    picture = stream(
        zlib.compress(bytes(100)), "/Type /XObject /Subtype /Image /Width 10 /Height 10 /ColorSpace /DeviceGray "
        "/BitsPerComponent 8 /Filter /FlateDecode"
    )  # fmt: skip
    return one_page(b"q 500 0 0 700 50 50 cm /P Do Q", picture, resources="/XObject << /P 5 0 R >>")


def encrypted(password: str, *, may_copy: bool = True) -> bytes:
    """Return a PDF that opens with a password (empty: with none), and perhaps forbids copying."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(text_pdf())))
    writer.encrypt(
        password,
        "of the owner",
        permissions_flag=UserAccessPermissions.all() if may_copy else UserAccessPermissions(0),
        algorithm="RC4-128",
    )
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
