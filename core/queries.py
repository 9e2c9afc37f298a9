"""The one rule of what the public may see, and the reads that every page needs."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Page,
    PageViewRestriction,
    ReferenceIndex,
    Site,
)

from .models import Alert, SiteDocument, SiteSettings

P = TypeVar("P", bound=Page)

# A page's address is made of slugs; anything longer or stranger is nobody's page.
MAX_DEPTH = 12
STEP = re.compile(r"[\w-]{1,255}")


# A page has some thirty columns; these are enough to find, name and link those around a page.
AROUND_A_PAGE = (
    *("title", "slug", "path", "depth", "url_path", "live", "show_in_menus"),
    *("alias_of", "content_type", "locale"),
)
SOMETHING_IS_PRIVATE = Exists(PageViewRestriction.objects.all())
# The tree paths of private pages while a page is drawn, so that all its lists ask for them once.
_private_paths: ContextVar[tuple[str, ...] | None] = ContextVar("private_paths", default=None)


def private_paths() -> tuple[str, ...]:
    """Return the tree paths of the pages that editors made private; everything beneath them is private too."""
    known = _private_paths.get()
    return tuple(PageViewRestriction.objects.values_list("page__path", flat=True)) if known is None else known


@contextmanager
def known_private_paths(paths: tuple[str, ...] | None = None) -> Iterator[None]:
    """While this lasts, `private_paths` answers with `paths`, or asks the database once if it is None."""
    token = _private_paths.set(private_paths() if paths is None else paths)
    try:
        yield
    finally:
        _private_paths.reset(token)


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


def is_private(path: str, mirrored_path: str | None = None) -> bool:
    """Whether a page at this tree path is private, or mirrors one that is."""
    paths = private_paths()
    return path.startswith(paths) or bool(mirrored_path and mirrored_path.startswith(paths))


def public(pages: QuerySet[P]) -> QuerySet[P]:
    """Return those of `pages` that anyone may see: live, and neither private nor below a private page."""
    live = pages.filter(live=True)
    return live.exclude(private_q()) if private_paths() else live


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


def hidden_ids() -> list[int]:
    """Return the keys of the pages that the rules of all apps hide, in one query that reads no other page."""
    first, *others = [rule().order_by().values_list("pk", flat=True) for rule in _hiding_rules]
    return list(first.union(*others))


def private_collections() -> "QuerySet[Collection]":
    """Return the collections whose files only some people get: those made private, and all beneath them."""
    here = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    above = CollectionViewRestriction.objects.annotate(here=here).filter(here__startswith=F("collection__path"))
    return Collection.objects.filter(Exists(above))


def is_document_public(document: SiteDocument) -> bool:
    """Whether anyone may have a document's file, its collection aside: something that anyone may see uses it.

    That is a page that is public and shown, or anything that is not a page, such as the site's settings. What only
    drafts use, or nothing yet, is not public.
    """
    page_type = ContentType.objects.get_for_model(Page).pk
    uses = ReferenceIndex.get_references_to(document).values_list("base_content_type", "object_id").distinct()
    pages = [pk for content_type, pk in uses if content_type == page_type]
    if len(pages) < len(uses):
        return True
    with known_private_paths():
        return public(Page.objects.filter(pk__in=pages)).exclude(pk__in=hidden_pages()).exists()


@dataclass(frozen=True)
class NavigationLink:
    """A link in the trail, the menu or the footer."""

    title: str
    url: str
    is_current: bool = False


@dataclass
class Navigation:
    """What surrounds a page: its ancestors, the menu, the footer.

    `pages` is the trail as pages, root first; `private_paths` what was private when it was looked up;
    `is_any_alert` whether any alert of the site runs now.
    """

    trail: list[NavigationLink] = field(default_factory=list)
    menu: list[NavigationLink] = field(default_factory=list)
    footer: list[NavigationLink] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    private_paths: tuple[str, ...] = ()
    is_any_alert: bool = False


def get_navigation(request: HttpRequest, path: str | None = None) -> Navigation:
    """Return the navigation of the page at `path` (the request's own when None).

    It takes one query, and another if any page of the site is private.
    The pages of the trail carry `is_private` (bool), so that serving them needs no further look. The last of
    them is the page asked for only if its `url_path` says so; an unknown path gives a shorter trail. The result
    is kept on the request.
    """
    cached: Navigation | None = getattr(request, "_bctt_navigation", None)
    if cached is not None:
        return cached
    site = Site.find_for_request(request)
    if site is None:
        return Navigation()
    root_path = site.root_page.url_path
    steps = [step for step in (request.path_info if path is None else path).split("/") if step]
    is_possible = len(steps) <= MAX_DEPTH and all(STEP.fullmatch(step) for step in steps)
    if not is_possible:
        steps = []  # no page can live there
    url_paths = [root_path + "".join(f"{step}/" for step in steps[:depth]) for depth in range(len(steps) + 1)]
    footer = SiteSettings.for_request(request).footer_items
    footer_ids = [item["page"] for item in footer if item["page"]]

    found = Page.objects.filter(
        # The slug has an index and the address has none, so it is asked first.
        Q(slug__in=[*steps, site.root_page.slug], url_path__in=url_paths)
        | Q(path__startswith=site.root_page.path, depth=site.root_page.depth + 1, show_in_menus=True, live=True)
        | Q(pk__in=footer_ids, live=True)
    )
    found = found.annotate(
        mirrored_path=F("alias_of__path"),
        is_any_private=SOMETHING_IS_PRIVATE,
        is_any_alert=Exists(running_alerts(timezone.now())),
    )
    pages = list(found.only(*AROUND_A_PAGE).order_by("path"))
    paths = private_paths() if any(page.is_any_private for page in pages) else ()
    with known_private_paths(paths):
        for page in pages:
            page.is_private = is_private(page.path, page.mirrored_path)
    navigation = Navigation(
        private_paths=paths,
        pages=[page for page in pages if page.url_path in url_paths],
        is_any_alert=any(page.is_any_alert for page in pages),
    )
    here = url_paths[-1] if is_possible else ""

    def link(page: Page, title: str = "") -> NavigationLink:
        return NavigationLink(
            title=title or page.title,
            url=page.get_url(request) or "",
            is_current=here.startswith(page.url_path),
        )

    navigation.trail = [
        link(page) for page in navigation.pages if page.live and not page.is_private and page.url_path != here
    ]
    open_pages = {page.pk: page for page in pages if page.live and not page.is_private}
    navigation.menu = [
        link(page) for page in open_pages.values() if page.depth == site.root_page.depth + 1 and page.show_in_menus
    ]
    for item in footer:
        if item["page"] in open_pages:
            navigation.footer.append(link(open_pages[item["page"]], item["text"]))
        elif item["url"] and item["text"]:
            navigation.footer.append(NavigationLink(title=item["text"], url=item["url"]))
    request._bctt_navigation = navigation  # type: ignore[attr-defined]  # kept for this request only
    return navigation


def running_alerts(now: datetime) -> "QuerySet[Alert]":
    """Return the alerts that have begun and not ended at `now`, an aware datetime, wherever they show."""
    return Alert.objects.filter(starts_at__lte=now, ends_at__gt=now)


def current_alerts(pages: list[Page], now: datetime | None = None) -> list[Alert]:
    """Return the alerts to show now on a page whose trail is `pages` (itself included), gravest first.

    An alert without pages shows everywhere; one with pages shows on these and on everything beneath them. Pages of
    the trail that are drafts or private do not count: whoever asks for one must not learn of it from its alert.
    `now` is an aware datetime.
    """
    places = [page.pk for page in pages if page.live and not page.is_private]
    running = running_alerts(now or timezone.now())
    alerts = running.filter(Q(places__isnull=True) | Q(places__page__in=places)).distinct()
    return sorted(alerts, key=lambda alert: (alert.rank, alert.ends_at))
