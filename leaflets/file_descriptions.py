"""How files are described to readers, such as "PDF, 1.4 MB, 8 pages, English"; and how to ask for another format."""

from collections.abc import Iterable
from urllib.parse import quote, urlencode

from django.conf.locale import LANG_INFO
from django.template.defaultfilters import filesizeformat

from core.models import SiteDocument
from core.models.media import Language

from .models import FileFormat, LeafletFile

# Types whose ending few readers know; the others are known by it, such as "PDF".
TYPES = {
    "csv": "CSV table",
    "docx": "Word document",
    "mp3": "MP3 sound file",
    "odt": "ODT text document",
    "pptx": "PowerPoint slides",
    "xlsx": "Excel spreadsheet",
}
# Django's own way from a stored value to its name goes through all of them each time, which lists notice.
LANGUAGE_NAMES = dict(Language.choices)
FORMAT_NAMES = dict(FileFormat.choices)
# What readers of a language call it, where Django does not say or says it in English.
OWN_NAMES: dict[str, str] = {
    Language.CHINESE: "中文",
    Language.GUJARATI: "ગુજરાતી",
    Language.PASHTO: "پښتو",
    Language.PUNJABI: "ਪੰਜਾਬੀ",
    Language.SHONA: "chiShona",
    Language.SOMALI: "Soomaali",
    Language.YORUBA: "Yorùbá",
}


def describe_file(document: SiteDocument) -> str:
    """Return the type, size, pages and language of a file, each where it is known. It asks the database nothing."""
    extension = document.file_extension.lower()
    parts = [TYPES.get(extension, extension.upper())]
    if document.file_size:
        parts.append(filesizeformat(document.file_size))
    if document.pages:
        parts.append(f"{document.pages} page" if document.pages == 1 else f"{document.pages} pages")
    parts.append(LANGUAGE_NAMES.get(document.language, ""))
    return ", ".join(part for part in parts if part)


def describe_files(files: Iterable[LeafletFile]) -> str:
    """Return files of one leaflet in a few words: one in full, of the others what is different about them.

    For example "PDF, 1.4 MB, English; Easy Read; Polish". Files in English come first, videos last.
    """
    words: list[str] = []
    for file in sorted(files, key=lambda file: (not file.document, _language(file) != Language.ENGLISH.label)):
        parts = [] if file.format == FileFormat.STANDARD else [FORMAT_NAMES[file.format]]
        if words:
            language = _language(file)
            parts += [language] if language and (language != Language.ENGLISH.label or not parts) else []
        else:
            parts.append(describe_file(file.document) if file.document else f"on {file.video_host}")
        words.append((" in " if words else ", ").join(parts))
    return "; ".join(dict.fromkeys(words))


def _language(file: LeafletFile) -> str:
    return LANGUAGE_NAMES.get(file.document.language, "") if file.document else ""


def own_name(language: str) -> str:
    """Return what readers of a language call it, such as "polski" for "pl"; empty if not known, or English."""
    if language == Language.ENGLISH:
        return ""
    return OWN_NAMES.get(language) or str(LANG_INFO.get(language, {}).get("name_local", ""))


def request_link(email: str, title: str, url: str) -> str:
    """Return the link that begins an e-mail asking for a leaflet in another format (RFC 6068)."""
    lines = [
        "Hello,",
        "",
        f"Please send me this leaflet in another format: {title}",
        url,
        "",
        "The format or language I need:",
        "",
        "Where to send it:",
        "",
    ]
    fields = urlencode({"subject": f"Another format: {title}", "body": "\r\n".join(lines)}, quote_via=quote, safe="")
    return f"mailto:{quote(email, safe='@')}?{fields}"
