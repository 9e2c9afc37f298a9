"""The one rule of what the public may see, and the reads that every page needs."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site

from .models import Alert, SiteSettings

P = TypeVar("P", bound=Page)

# A page's address is made of slugs; anything longer or stranger is nobody's page.
MAX_DEPTH = 12
STEP = re.compile(r"[\w-]{1,255}")


def is_restricted(prefix: str = "") -> Exists:
    """Return a condition that is true of a page which it, an ancestor or the page it mirrors makes private.

    `prefix` leads to the page from the queryset that uses the condition ("service__" for the page that a foreign
    key points to). It is one subquery, where Wagtail's own `public()` asks the database first for every restriction.
    """
    paths = {
        "own_path": ExpressionWrapper(OuterRef(f"{prefix}path"), output_field=CharField()),
        "mirrored_path": ExpressionWrapper(OuterRef(f"{prefix}alias_of__path"), output_field=CharField()),
    }
    return Exists(
        PageViewRestriction.objects.annotate(**paths).filter(
            Q(own_path__startswith=F("page__path")) | Q(mirrored_path__startswith=F("page__path"))
        )
    )


def public(pages: QuerySet[P]) -> QuerySet[P]:
    """Return those of `pages` that anyone may see: live, and neither private nor below a private page."""
    return pages.filter(~is_restricted(), live=True)


@dataclass(frozen=True)
class NavigationLink:
    """A link in the trail, the menu or the footer."""

    title: str
    url: str
    is_current: bool = False


@dataclass
class Navigation:
    """What surrounds a page: its ancestors, the menu, the footer. `pages` is the trail as pages, root first."""

    trail: list[NavigationLink] = field(default_factory=list)
    menu: list[NavigationLink] = field(default_factory=list)
    footer: list[NavigationLink] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)


def get_navigation(request: HttpRequest, path: str | None = None) -> Navigation:
    """Return the navigation of the page at `path` (the request's own when None), in one query.

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
    if len(steps) > MAX_DEPTH or not all(STEP.fullmatch(step) for step in steps):
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
    pages = list(found.annotate(is_private=is_restricted()).order_by("path"))
    navigation = Navigation(pages=[page for page in pages if page.url_path in url_paths])
    here = url_paths[-1]

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


def current_alerts(pages: list[Page], now: datetime | None = None) -> list[Alert]:
    """Return the alerts to show now on a page whose trail is `pages` (itself included), gravest first.

    An alert without pages shows everywhere; one with pages shows on these and on everything beneath them. Pages of
    the trail that are drafts or private do not count: whoever asks for one must not learn of it from its alert.
    `now` is an aware datetime.
    """
    now = now or timezone.now()
    places = [page.pk for page in pages if page.live and not page.is_private]
    alerts = (
        Alert.objects.filter(starts_at__lte=now, ends_at__gt=now)
        .filter(Q(places__isnull=True) | Q(places__page__in=places))
        .distinct()
    )
    return sorted(alerts, key=lambda alert: (alert.rank, alert.ends_at))
