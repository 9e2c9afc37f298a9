"""A site of many pages of made-up words, made quickly: what `manage.py bench --pages` searches."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, product
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.utils import timezone
from wagtail.models import Collection

from core.factories import SiteDocumentFactory
from core.models import SiteDocument
from home.factories import ContentPageFactory, make_site
from leaflets.factories import LeafletFileFactory, LeafletPageFactory
from leaflets.models import DocumentReading, LeafletFile, ReadingState

from .site import add_pages

WORDS_PER_PAGE = 450
PAGES_PER_PDF = 4
WORDS_PER_TITLE = 4
PAGES_WITH_THE_RARE_WORD = 20
STOP_WORDS = 10
# All end in x, so that stemming leaves them as they are.
SYLLABLES = [first + second for first, second in product("bdfgklmprtvz", "aou")]
VOCABULARY = ["".join(each) + "x" for each in product(SYLLABLES, repeat=3)][:20_000]
RARE, MISSPELT = "quillwhistle", "quilwhistel"


@dataclass(frozen=True)
class SearchSize:
    """How much there is to search: pages of text, and leaflets with the text of one PDF each."""

    pages: int = 10_000
    pdfs: int = 2_000


class Writer:
    """Writes the same made-up text every time: as in a language, a few words are everywhere and most are rare."""

    def __init__(self) -> None:
        self._random = random.Random(8)  # noqa: S311 (not a secret)
        self._vocabulary = self._random.sample(VOCABULARY, len(VOCABULARY))
        # Zipf's law: the word of rank n is written 1/n as often as the first. The first ranks of English are words
        # such as "the", which nobody searches for.
        self._weights = list(accumulate(1 / rank for rank in range(STOP_WORDS + 1, STOP_WORDS + len(VOCABULARY) + 1)))

    @property
    def common(self) -> str:
        """The word that is on nearly every page."""
        return self._vocabulary[0]

    def words(self, number: int) -> str:
        """Return so many words, with spaces between."""
        return " ".join(self._random.choices(self._vocabulary, cum_weights=self._weights, k=number))


@transaction.atomic
def fill_for_search(size: SearchSize) -> dict[str, str]:
    """Fill an empty database with pages and leaflets of made-up words; return a path for each kind of search."""
    site, writer = make_site(), Writer()
    texts = list(_texts(writer, size.pages))
    older, newer = texts[::2], texts[1::2]
    add_pages(site.home, older)
    _add_pdfs(site.leaflets, writer, size.pdfs)
    if newer:
        add_pages(site.home, newer)
    queries = {"rare word": RARE, "common word": writer.common, "no hit": "zyzzyvaquux", "misspelling": MISSPELT}
    return {name: f"/search/?{urlencode({'query': query})}" for name, query in queries.items()}


def _texts(writer: Writer, number: int) -> Iterator[Any]:
    """Yield pages of text, the rare word on some of them, evenly spread."""
    every = max(1, number // PAGES_WITH_THE_RARE_WORD)
    for place in range(number):
        rare = f" {RARE}" if place % every == 0 else ""
        yield ContentPageFactory.build(
            title=writer.words(WORDS_PER_TITLE).capitalize(),
            slug=f"page-{place}",
            summary=writer.words(20),
            body=[("text", f"<p>{writer.words(WORDS_PER_PAGE)}{rare}</p>")],
        )


def _add_pdfs(library: Any, writer: Writer, number: int) -> None:
    """Add leaflets with a PDF each, whose text has been read."""
    today = timezone.localdate()
    leaflets = add_pages(
        library,
        (
            LeafletPageFactory.build(title=writer.words(WORDS_PER_TITLE), slug=f"leaflet-{place}", date=today, body=[])
            for place in range(number)
        ),
    )
    collection = Collection.get_first_root_node()
    documents = SiteDocument.objects.bulk_create(
        SiteDocumentFactory.build(
            title=leaflet.title,
            file=f"documents/{leaflet.slug}.pdf",
            file_size=1_400_000,
            file_hash=f"{place:040}",
            pages=PAGES_PER_PDF,
            collection=collection,
        )
        for place, leaflet in enumerate(leaflets)
    )
    DocumentReading.objects.bulk_create(
        DocumentReading(
            document=document,
            state=ReadingState.READ,
            file_hash=document.file_hash,
            texts=[writer.words(WORDS_PER_PAGE) for _ in range(PAGES_PER_PDF)],
        )
        for document in documents
    )
    LeafletFile.objects.bulk_create(
        LeafletFileFactory.build(leaflet=leaflet, document=document)
        for leaflet, document in zip(leaflets, documents, strict=True)
    )
