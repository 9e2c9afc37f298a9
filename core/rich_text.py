"""Rich text: cleaned when it is typed; links to pages looked up once for a whole page, and only to public ones."""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import Model
from django.utils.html import escape
from wagtail.admin.rich_text import DraftailRichTextArea
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from cleaning.text import clean_text

from .visibility import public

# A link in rich text, and the page of an action link.
LINKS = re.compile(r'<a (?=[^>]*linktype="page")[^>]*\bid="(\d+)"|"internal_page": (\d+)')

# What is known of the pages linked: None for one that the public may not see.
_linked_pages: ContextVar[dict[int, Page | None] | None] = ContextVar("linked_pages", default=None)


class CleanRichTextArea(DraftailRichTextArea):
    """Wagtail's editor of rich text, whose text is cleaned like that of any other field (`EntryMiddleware`)."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        """Return the HTML that is stored."""
        html = super().value_from_datadict(data, files, name)
        return None if html is None else clean_text(html)


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
    ids = {int(text_link or action_link) for text in texts for text_link, action_link in LINKS.findall(text)}
    token = _linked_pages.set(_find(ids))
    try:
        yield
    finally:
        _linked_pages.reset(token)


def _find(ids: set[int]) -> dict[int, Page | None]:
    found = {page.pk: page for page in public(Page.objects.filter(pk__in=ids))} if ids else {}
    return dict.fromkeys(ids) | found


def public_url(page: Page) -> str:
    """Return the address of a page that anyone may see; nothing for another."""
    [found] = PublicPageLinkHandler.get_many([{"id": page.pk}])
    return (found.url or "") if found else ""


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
        addresses = [page.url if page else None for page in cls.get_many(attrs_list)]
        return [f'<a href="{escape(address)}">' if address else "<a>" for address in addresses]
