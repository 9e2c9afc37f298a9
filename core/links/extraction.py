"""The links that stand in texts, blocks and fields, and the rows that remember those of live pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urldefrag, urljoin

from django.db.models import Field, Model, URLField
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.blocks import Block, ListBlock, PageChooserBlock, RichTextBlock, StreamBlock, StructBlock, URLBlock
from wagtail.contrib.typed_table_block.blocks import BaseTypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from cleaning.addresses import clean_url
from core.addresses import base_url
from core.models import Alert, SiteSettings

# Fields that hold an address without being a URLField, because they may hold something else.
ADDRESS_FIELDS = {"link_url", "security_contact"}
# PostgreSQL indexes no more than 2,700 bytes; who types such an address by hand?
LONGEST = 2000
LONGEST_WORDS = 100


@dataclass(frozen=True)
class FoundLink:
    """A link as it stands: the words people click on, and a page, a document (their keys) or a web address."""

    words: str
    page: int | None = None
    document: int | None = None
    address: str = ""


def web_address(typed: str) -> str:
    """Return where a typed address leads on the web, without its fragment; empty if it is not for the web.

    An address on this site, such as /centres/, becomes a whole one.
    """
    address = clean_url(typed)
    try:
        if address.startswith("/"):
            address = urljoin(base_url(), address)
        address = urldefrag(address).url
    except ValueError:
        pass  # such as brackets that do not close: nobody can follow it, which the check will say
    is_for_the_web = address.lower().startswith(("http://", "https://"))
    return address if is_for_the_web and len(address.encode()) <= LONGEST else ""


def _key(value: Any) -> int | None:
    return int(value) if str(value or "").isdecimal() else None


class _TextLinks(HTMLParser):
    """Collects the links of stored rich text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[FoundLink] = []
        self.open: dict[str, str | None] | None = None
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.open, self.words = dict(attrs), ""

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_endtag(self, tag: str) -> None:
        if tag != "a" or self.open is None:
            return
        kind, key = self.open.get("linktype"), _key(self.open.get("id"))
        if kind == "page":
            self.found.append(FoundLink(self.words, page=key))
        elif kind == "document":
            self.found.append(FoundLink(self.words, document=key))
        else:
            self.found.append(FoundLink(self.words, address=web_address(self.open.get("href") or "")))
        self.open = None


def text_links(html: str) -> list[FoundLink]:
    """Return the links of stored rich text, in order."""
    parser = _TextLinks()
    parser.feed(html)
    parser.close()
    return parser.found


def _block_links(block: Block, value: Any, words: str = "") -> Iterator[FoundLink]:
    """Yield the links of a block from its stored value, which needs no query; `words` are those beside it."""
    match block:
        case RichTextBlock():
            yield from text_links(value or "")
        case URLBlock():
            yield FoundLink(words, address=web_address(value or ""))
        case PageChooserBlock():
            yield FoundLink(words, page=_key(value))
        case DocumentChooserBlock():
            yield FoundLink(words, document=_key(value))
        case _:
            for child, inner, beside in _children(block, value or {}):
                yield from _block_links(child, inner, beside)


def _children(block: Block, value: Any) -> Iterator[tuple[Block, Any, str]]:
    """Yield the blocks within a block, each with its stored value and the words that stand beside it."""
    match block:
        case StreamBlock():
            known = [item for item in value if item["type"] in block.child_blocks]
            yield from ((block.child_blocks[item["type"]], item["value"], "") for item in known)
        case ListBlock():
            for item in value:
                # Lists of before Wagtail 2.16 hold bare values.
                is_wrapped = isinstance(item, dict) and item.keys() >= {"type", "value"}
                yield block.child_block, item["value"] if is_wrapped else item, ""
        case StructBlock():
            beside = value.get("text") or value.get("title") or ""
            for name, child in block.child_blocks.items():
                yield child, value.get(name), beside if isinstance(beside, str) else ""
        case BaseTypedTableBlock():
            columns = [block.child_blocks[column["type"]] for column in value.get("columns", [])]
            cells = [pair for row in value.get("rows", []) for pair in zip(columns, row["values"], strict=False)]
            yield from ((column, cell, "") for column, cell in cells)


def _field_links(field: "Field[Any, Any]", instance: Model) -> Iterator[FoundLink]:
    value = getattr(instance, field.attname)
    if isinstance(field, RichTextField):
        yield from text_links(value or "")
    elif isinstance(field, StreamField):
        yield from _block_links(field.stream_block, list(value.raw_data))
    elif isinstance(field, URLField) or field.name in ADDRESS_FIELDS:
        yield FoundLink(str(field.verbose_name), address=web_address(value or ""))


def _rows_with_links(model: type[Model]) -> Iterator[str]:
    """Yield the names under which a page or an alert has rows of its own that may hold links."""
    for relation in model._meta.related_objects:
        fields = relation.related_model._meta.fields
        may_hold_links = any(isinstance(field, RichTextField | StreamField | URLField) for field in fields)
        if isinstance(relation.field, ParentalKey) and may_hold_links and (name := relation.get_accessor_name()):
            yield name


def links_of(instance: Model) -> set[FoundLink]:
    """Return the links of a page, an alert or the settings as they are stored, those of its rows included.

    Choosers that are fields are no links: lists show what they name only while the public may see it.
    """
    found = {link for field in instance._meta.fields for link in _field_links(field, instance)}
    for name in _rows_with_links(type(instance)):
        for row in getattr(instance, name).all():
            found |= links_of(row)
    return {
        FoundLink(" ".join(link.words.split())[:LONGEST_WORDS], link.page, link.document, link.address)
        for link in found
        if link.page or link.document or link.address
    }


def live_pages() -> Iterator[Page]:
    """Yield the pages whose links count, as their own types; a page that mirrors another has no texts of its own."""
    yield from Page.objects.filter(live=True, alias_of=None, depth__gt=1).specific().iterator()


def sources_beside_pages() -> Iterator[Alert | SiteSettings]:
    """Yield what is not a page and shows links: the alerts that run or will, and the settings of each site."""
    yield from Alert.objects.filter(ends_at__gt=timezone.now())
    yield from SiteSettings.objects.select_related("site")
