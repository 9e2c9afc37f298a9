"""Searching the texts of public pages with Wagtail's search: what they say, and which words they have."""

import re
from typing import Any

from django.db.models import Count, Max
from wagtail.models import Page, Site
from wagtail.query import PageQuerySet

from core.visibility import hidden_ids

from .normalisation import FILLERS, stems, words_of
from .snippets import texts_of

# Nobody turns so many pages; more only costs time.
MOST = 100
# Enough of a page to say what it is and to link it.
LISTED = ("title", "slug", "url_path", "content_type")
# How many pages are read to see whether they really have a word.
READ = 3


# The words of titles, by how many public pages there were and when the last was published.
_remembered: dict[tuple[Any, ...], frozenset[str]] = {}


class Texts:
    """The public pages of a site, for one search: what hides some of them is asked once.

    Wagtail's own `public()` is used here, because a search engine outside the database cannot follow the subquery of
    `core.visibility.public`.
    """

    def __init__(self, site: Site) -> None:
        pages = Page.objects.descendant_of(site.root_page, inclusive=True).live().public()
        self.pages: PageQuerySet = pages.exclude(pk__in=hidden_ids(with_copies=True))
        self._found: dict[tuple[str, ...], list[Page]] = {}

    def find(self, words: tuple[str, ...]) -> list[Page]:
        """Return the pages that have all these words, at most `MOST`: those whose titles have most of them first.

        Else they come as the search engine ranks them, and not every engine gives a title more weight than a mention.
        """
        if words and words not in self._found:
            wanted = set(stems(words))
            found = list(self.pages.only(*LISTED).search(" ".join(words), operator="and")[:MOST])
            self._found[words] = sorted(found, key=lambda page: -len(wanted & set(stems(words_of(page.title)))))
        return self._found.get(words, [])

    def is_known(self, word: str) -> bool:
        """Whether a public page has this very word.

        A search engine also finds words of the same stem, such as "council" for "counciling", so the first few pages
        are read.
        """
        written = re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE)
        # One by one, because the first nearly always has it.
        return any(written.search(text) for page in self.find((word,))[:READ] for text in texts_of(page.specific))

    def title_words(self) -> frozenset[str]:
        """Return the words of the titles of public pages, as they were when pages were last published.

        Whoever shows one of them asks `is_known` first: the page may be private by now.
        """
        state = tuple(self.pages.aggregate(Count("pk"), Max("last_published_at")).values())
        if state not in _remembered:
            titles = self.pages.order_by().values_list("title", flat=True)
            words = {word for title in titles for word in words_of(title)}
            _remembered.clear()
            _remembered[state] = frozenset(word for word in words if word.isalpha() and word not in FILLERS)
        return _remembered[state]
