"""What a search finds: live, public pages."""

import re
from typing import Any

from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from wagtail.models import Page, Site

from centres.models import CentreServicePage
from core.queries import hidden_pages

PER_PAGE = 10
# Longer than any sensible question; more only costs time.
MAX_LENGTH = 200
NOT_IN_WORDS = re.compile(r"[^\w'’-]+")


def clean_query(text: str) -> str:
    """Return what a person typed as one line without control characters, at most `MAX_LENGTH` characters."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.split())[:MAX_LENGTH].strip()


def find_pages(query: str, site: Site, number: str | None) -> "PaginatorPage[Any]":
    """Return one page (`number`) of the live, public pages of `site` that match `query`, best first.

    Wagtail's own `public()` is used here, because a search engine outside the database cannot follow the subquery
    of `core.queries.public`.
    """
    pages = Page.objects.descendant_of(site.root_page, inclusive=True).live().public()
    pages = pages.exclude(pk__in=list(hidden_pages().values_list("pk", flat=True)))
    # Quotation marks and other signs mean something to the search engine that nobody meant.
    words = NOT_IN_WORDS.sub(" ", query).strip()
    found = pages.specific().search(words, operator="and") if words else []
    page = Paginator(found, PER_PAGE).get_page(number)
    page.object_list = list(page.object_list)
    at_centres = [each for each in page.object_list if isinstance(each, CentreServicePage)]
    prefetch_related_objects(at_centres, "service", "centre")
    return page
