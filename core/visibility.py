"""The one rule of what the public may see."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from wagtail.documents.models import AbstractDocument
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Page,
    PageViewRestriction,
    ReferenceIndex,
)

P = TypeVar("P", bound=Page)


@dataclass
class _RequestMemory:
    """What is remembered while one request is answered; `private_paths` is None until it was asked for."""

    private_paths: tuple[str, ...] | None = None


# None outside of a request: what runs for long, such as sending mail, looks again each time.
_memory: ContextVar[_RequestMemory | None] = ContextVar("visibility", default=None)


@contextmanager
def remembered_for_request() -> Iterator[None]:
    """While this lasts, what is private is asked of the database once; the middleware opens it for every request."""
    token = _memory.set(_RequestMemory())
    try:
        yield
    finally:
        _memory.reset(token)


def remember_private_paths(paths: tuple[str, ...] | None) -> None:
    """Have `private_paths` answer with `paths` until the end of the request; None has it ask again."""
    if memory := _memory.get():
        memory.private_paths = paths


def private_paths() -> tuple[str, ...]:
    """Return the tree paths of the pages that editors made private; everything beneath them is private too."""
    memory = _memory.get()
    if memory is not None and memory.private_paths is not None:
        return memory.private_paths
    paths = tuple(PageViewRestriction.objects.values_list("page__path", flat=True))
    remember_private_paths(paths)
    return paths


def private_q(prefix: str = "") -> Q:
    """Return a condition that is true of a page which it, an ancestor or the page it mirrors makes private.

    `prefix` leads to the page from the queryset that uses the condition ("service__" for the page that a foreign
    key points to). It is empty of work while nothing is private.
    """
    condition = Q(pk__in=[])
    for path in private_paths():
        condition |= Q(**{f"{prefix}path__startswith": path})
        mirrored = f"{prefix}alias_of__"
        condition |= Q(**{f"{prefix}alias_of__isnull": False, f"{mirrored}path__startswith": path})
    return condition


def is_private(path: str, mirrored_path: str | None = None, paths: tuple[str, ...] | None = None) -> bool:
    """Whether a page at this tree path is private, or mirrors one that is; `paths` are the private ones, if known."""
    paths = private_paths() if paths is None else paths
    return path.startswith(paths) or bool(mirrored_path and mirrored_path.startswith(paths))


def public(pages: QuerySet[P]) -> QuerySet[P]:
    """Return those of `pages` that anyone may see: live, and neither private nor below a private page."""
    live = pages.filter(live=True)
    return live.exclude(private_q()) if private_paths() else live


def once(pages: QuerySet[P]) -> QuerySet[P]:
    """Return those of `pages` that are no copies kept alike ("aliases"): lists and feeds name their originals."""
    return pages.filter(alias_of__isnull=True)


def is_public(page: Page) -> bool:
    """Whether anyone may see this page: live, and neither private nor below a private page.

    For one page at hand; lists use `public`.
    """
    return page.live and not is_private(page.path, page.alias_of.path if page.alias_of_id else None)


# Rules of the apps above for live, public pages that nobody may see all the same, because of another page.
_hiding_rules: list[Callable[[], "QuerySet[Any]"]] = []


def hides(rule: Callable[[], "QuerySet[Any]"]) -> Callable[[], "QuerySet[Any]"]:
    """Register a rule: a function that returns the live pages of one type that are hidden because of another page."""
    _hiding_rules.append(rule)
    return rule


def hidden_pages() -> "QuerySet[Page]":
    """Return the pages that the rules of all apps hide; the page itself says the same as `BasePage.is_shown`."""
    hidden = Q(pk__in=[])
    for rule in _hiding_rules:
        hidden |= Q(pk__in=rule().order_by().values("pk"))
    return Page.objects.filter(hidden)


def hidden_ids(*, with_copies: bool = False) -> list[int]:
    """Return the keys of the pages that the rules of all apps hide, in one query that reads no other page.

    `with_copies` adds the pages that are kept like another ("aliases").
    """
    hidden = [rule().order_by() for rule in _hiding_rules]
    if with_copies:
        hidden.append(Page.objects.filter(alias_of__isnull=False).order_by())
    first, *others = [pages.values_list("pk", flat=True) for pages in hidden]
    return list(first.union(*others))


def private_collections() -> "QuerySet[Collection]":
    """Return the collections whose files only some people get: those made private, and all beneath them."""
    here = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    above = CollectionViewRestriction.objects.annotate(here=here).filter(here__startswith=F("collection__path"))
    return Collection.objects.filter(Exists(above))


def is_document_public(document: AbstractDocument) -> bool:
    """Whether anyone may have a document's file, its collection aside: something that anyone may see uses it.

    That is a page that is public and shown, or anything that is not a page, such as the site's settings. What only
    drafts use, or nothing yet, is not public.
    """
    page_type = ContentType.objects.get_for_model(Page).pk
    uses = ReferenceIndex.get_references_to(document).values_list("base_content_type", "object_id").distinct()
    pages = [pk for content_type, pk in uses if content_type == page_type]
    if len(pages) < len(uses):
        return True
    return public(Page.objects.filter(pk__in=pages)).exclude(pk__in=hidden_pages()).exists()
