"""What to show of a text that was found: a few words around the first that was asked for, with these marked."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from wagtail.models import Page
from wagtail.search.index import SearchField

from core.visibility import private_collections
from leaflets.models import LeafletFile

from .normalisation import normalise, stem

WORDS = re.compile(r"[\w'’&.-]*\w")
# How many words are shown, and how many of them before the first that was asked for.
SHOWN, BEFORE = 32, 8
# Characters of a text that are looked through; the words of a snippet are seldom farther on.
MOST = 20_000
STOPS = (".", "!", "?", ":", ";", ",", "…")
# Shown otherwise, or said by files, which are looked through page by page.
NOT_SHOWN = {"title", "heading", "also_known_as", "words_of_files"}


@dataclass(frozen=True)
class Piece:
    """Some words of a snippet, and whether they were asked for."""

    text: str
    is_marked: bool


@dataclass(frozen=True)
class Snippet:
    """Words of a page in pieces, and where they stand if not on the page itself, such as "in the leaflet, page 3"."""

    pieces: tuple[Piece, ...] = ()
    where: str = ""


def snippets(pages: Iterable[Page], words: Iterable[str]) -> dict[int, Snippet]:
    """Return for each page by its key the words to show of it. It takes one query, for what files say."""
    pages = list(pages)
    wanted = frozenset(map(stem, words))
    found: dict[int, Snippet] = {}
    for page in pages:
        texts = [text[:MOST] for text in texts_of(page, without=NOT_SHOWN)]
        best = next((text for text in texts if _first(text, wanted) is not None), None)
        if best is not None:
            found[page.pk] = Snippet(_pieces(best, wanted))
    for pk, number, text in _said_by_files([page.pk for page in pages if page.pk not in found]):
        if pk not in found and _first(text, wanted) is not None:
            found[pk] = Snippet(_pieces(text, wanted), f"in the leaflet, page {number}")
    return {page.pk: found.get(page.pk) or plain(getattr(page, "summary", "")) for page in pages}


def plain(text: str) -> Snippet:
    """Return the beginning of a text as a snippet in which nothing is marked."""
    return Snippet(_pieces(text, frozenset()))


def texts_of(page: Page, *, without: Collection[str] = ()) -> Iterator[str]:
    """Yield the texts of a page that search knows, its summary first, but for those of the fields in `without`."""
    fields = [each for each in page.get_search_fields() if isinstance(each, SearchField)]
    for field in sorted(fields, key=lambda each: each.field_name != "summary"):
        if field.field_name not in without:
            yield _plain(field.get_value(page))


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return value
    if not isinstance(value, list | tuple):
        return ""
    parts = [_plain(each).strip() for each in value]
    # A block need not end with a stop, and would run into the next one.
    return " ".join(part if part.endswith(STOPS) else f"{part}." for part in parts if part)


def _said_by_files(leaflets: Collection[int]) -> Iterator[tuple[int, int, str]]:
    """Return what the files of leaflets say that anyone may get: the leaflet's key, the page's number, its words."""
    if not leaflets:
        return
    files = LeafletFile.objects.filter(leaflet__in=leaflets, document__reading__isnull=False)
    open_to_all = files.exclude(document__collection__in=private_collections().values("pk"))
    for pk, texts in open_to_all.order_by("leaflet", "sort_order").values_list("leaflet", "document__reading__texts"):
        for number, text in enumerate(texts, start=1):
            yield pk, number, text[:MOST]


@lru_cache(maxsize=50_000)
def _stems(word: str) -> frozenset[str]:
    """Return the stems of a word as it is written; of one with a hyphen there may be several."""
    return frozenset(map(stem, normalise(word).split()))


def _is_wanted(word: str, wanted: frozenset[str]) -> bool:
    return not wanted.isdisjoint(_stems(word))


def _first(text: str, wanted: frozenset[str]) -> int | None:
    """Return the number of the first word that was asked for."""
    return next((number for number, word in enumerate(WORDS.findall(text)) if _is_wanted(word, wanted)), None)


def _pieces(text: str, wanted: frozenset[str]) -> tuple[Piece, ...]:
    """Return the words around the first that was asked for, in pieces that were asked for and others."""
    spans = [found.span() for found in WORDS.finditer(text)]
    if not spans:
        return ()
    start = max(0, (_first(text, wanted) or 0) - BEFORE)
    shown = spans[start : start + SHOWN]
    marked: list[tuple[str, bool]] = []
    at = shown[0][0]
    for begin, end in shown:
        marked += [(text[at:begin], False), (text[begin:end], _is_wanted(text[begin:end], wanted))]
        at = end
    rest = text[at : at + 1].strip()
    marked += [(rest if start + SHOWN >= len(spans) else " …", False)]
    if start:
        marked.insert(0, ("… ", False))
    return tuple(
        Piece(joined, is_marked)
        for is_marked, group in groupby(marked, key=lambda each: each[1])
        if (joined := "".join(part for part, _ in group))
    )
