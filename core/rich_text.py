"""Links to pages in rich text: looked up once for a whole page, and only to pages that anyone may see."""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import Model
from django.utils.html import escape
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from .queries import public

LINK = re.compile(r'<a (?=[^>]*linktype="page")[^>]*\bid="(\d+)"')

# What is known of the pages linked: None for one that the public may not see.
_linked_pages: ContextVar[dict[int, Page | None] | None] = ContextVar("linked_pages", default=None)


def rich_texts(*instances: Model | None) -> Iterator[str]:
    """Yield the stored rich text of every field of these pages, as one string for each field."""
    for instance in instances:
        for field in instance._meta.fields if instance is not None else []:
            if isinstance(field, RichTextField):
                yield getattr(instance, field.name)
            elif isinstance(field, StreamField):
                stored = json.dumps(list(getattr(instance, field.name).raw_data))
                yield stored.replace('\\"', '"')


@contextmanager
def linked_pages(texts: Iterable[str]) -> Iterator[None]:
    """While this lasts, links in `texts` cost no query of their own: one finds all of them, none if there are none."""
    ids = {int(found) for text in texts for found in LINK.findall(text)}
    token = _linked_pages.set(_find(ids))
    try:
        yield
    finally:
        _linked_pages.reset(token)


def _find(ids: set[int]) -> dict[int, Page | None]:
    found = {page.pk: page for page in public(Page.objects.filter(pk__in=ids))} if ids else {}
    return dict.fromkeys(ids) | found


class PublicPageLinkHandler(PageLinkHandler):
    """Writes links to pages; a page that not everyone may see keeps its words and loses its address.

    Wagtail's own asks the database for each text, and for each page type in it, and links drafts.
    """

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, Any]]) -> list[Page | None]:
        """Return the public page each link leads to."""
        ids = [int(attrs["id"]) if str(attrs.get("id", "")).isdigit() else 0 for attrs in attrs_list]
        pages = _linked_pages.get() or {}
        # A text that `linked_pages` was not told of, such as one in the site settings.
        pages = pages | _find(set(ids) - set(pages) - {0})
        return [pages.get(pk) for pk in ids]

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        """Return the opening tag of each link."""
        return [f'<a href="{escape(page.url)}">' if page else "<a>" for page in cls.get_many(attrs_list)]
