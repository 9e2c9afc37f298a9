"""What in an office file could do harm to whoever opens it: programs inside, and things it fetches from elsewhere."""

import re
import zipfile
from collections.abc import Iterator

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.core.exceptions import ValidationError

# As much of one part as is looked at: real texts are shorter.
MAX_PART = 32 * 1024 * 1024
CHUNK = 1024 * 1024
# Longer than anything that is looked for.
OVERLAP = 256

# Objects of other programs and controls (ECMA-376 part 1, 15.2), and those of OpenDocument (part 2, 3.16). Another
# office file inside, which charts need, is none.
OBJECTS = re.compile(r"(^|/)(activeX/|embeddings/(?!.*\.(docx|pptx|xlsx)$)|ObjectReplacements/.*\.bin$)", re.IGNORECASE)
OBJECT_TYPES = re.compile(
    rb"vnd\.ms-office\.activeX|vnd\.openxmlformats-officedocument\.oleObject|sun\.star\.oleobject"
)
# Commands that ask another program for what is shown (DDE), and queries of databases.
COMMANDS = re.compile(
    rb"(instrText[^>]*>|:instr=\")\s*DDE(AUTO)?\b|<ddeLink|dde-(connection|source)|vnd\.sun\.star\.script",
    re.IGNORECASE,
)
CONNECTIONS = re.compile(r"^xl/(connections\.xml|queryTables/)", re.IGNORECASE)
TEXTS = re.compile(r"^(word/.*|xl/externalLinks/.*|xl/worksheets/.*|content|styles|meta|settings)\.xml$", re.IGNORECASE)
# What an OpenDocument file may fetch by itself; a link that is followed when it is chosen is none.
FETCHED = re.compile(
    rb"<(meta:template|text:section-source|draw:image|draw:object|draw:plugin|draw:floating-frame|table:table-source|"
    rb"meta:auto-reload)\b[^>]*xlink:href=\"(https?|ftp|file|smb):/*[^/\"]",
    re.IGNORECASE,
)
# An address on another machine; a template on the writer's own is not fetched by anybody else.
ELSEWHERE = re.compile(r"(https?|ftp|smb|webdav|mhtml):|\\\\|//|file:(//|\\\\)*[^/\\]|file:[/\\]{4}", re.IGNORECASE)
EXTERNAL = "External"
LINK = "/hyperlink"

MACROS = (
    "There are macros (small programs) in this file, which can harm people’s computers. Save it without macros, and "
    "upload that."
)
REMOTE = (
    "When somebody opens this file, it fetches something from another place, such as a template or a picture. Put that "
    "into the file itself, or save it as PDF, and upload that."
)
INSIDE = (
    "Something of another program is inside this file, such as a control or an embedded object. Take it out, or save "
    "the file as PDF, and upload that."
)
DATA = (
    "This file gets data from another program or database when somebody opens it. Save it with the figures only, and "
    "upload that."
)


def check_dangers(archive: zipfile.ZipFile) -> None:
    """Raise ValidationError, in plain words, if an office file could do harm. Raises what zipfile does."""
    names = archive.namelist()
    if any(OBJECTS.search(name) for name in names):
        raise ValidationError(INSIDE, code="object")
    if any(CONNECTIONS.search(name) for name in names):
        raise ValidationError(DATA, code="data")
    for name in names:
        if name.endswith(".rels"):
            _check_relations(archive, name)
        elif name in {"[Content_Types].xml", "META-INF/manifest.xml"} and _found(archive, name, OBJECT_TYPES):
            raise ValidationError(INSIDE, code="object")
        elif TEXTS.match(name):
            if _found(archive, name, COMMANDS):
                raise ValidationError(DATA, code="data")
            if _found(archive, name, FETCHED):
                raise ValidationError(REMOTE, code="remote")


def _check_relations(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse what is fetched from another machine without anybody choosing it (ECMA-376 part 2, 6.5)."""
    with archive.open(name) as part:
        content = part.read(CHUNK)
    try:
        relations = fromstring(content)
    except (DefusedXmlException, ParseError) as error:
        raise ValueError("A list of relations is not XML.") from error
    for relation in relations:
        kind, target = relation.get("Type", ""), relation.get("Target", "")
        is_external = relation.get("TargetMode") == EXTERNAL
        if is_external and not kind.endswith(LINK) and ELSEWHERE.match(target.strip()):
            raise ValidationError(REMOTE, code="remote")


def _found(archive: zipfile.ZipFile, name: str, what: "re.Pattern[bytes]") -> bool:
    return any(what.search(chunk) for chunk in _chunks(archive, name))


def _chunks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield a part of the archive in overlapping pieces, one byte for each letter whatever its spelling."""
    with archive.open(name) as part:
        read, end = 0, b""
        while read < MAX_PART and (chunk := part.read(CHUNK)):
            read += len(chunk)
            # UTF-16 has one between the letters that matter here.
            piece = chunk.replace(b"\0", b"")
            yield end + piece
            end = piece[-OVERLAP:]
