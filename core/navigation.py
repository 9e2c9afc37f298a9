"""What surrounds a page: its ancestors, the menu and the footer, found with one query."""

import re
from dataclasses import dataclass, field

from django.db.models import Exists, F, Q
from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site

from .alerts import running_alerts
from .models import SiteSettings
from .visibility import is_private, private_paths, remember_private_paths

# A page's address is made of slugs; anything longer or stranger is nobody's page.
MAX_DEPTH = 12

STEP = re.compile(r"[\w-]{1,255}")

# A page has some thirty columns; these are enough to find, name and link those around a page.
AROUND_A_PAGE = (
    *("title", "slug", "path", "depth", "url_path", "live", "show_in_menus"),
    *("alias_of", "content_type", "locale"),
)

SOMETHING_IS_PRIVATE = Exists(PageViewRestriction.objects.all())


@dataclass(frozen=True)
class NavigationLink:
    """A link in the trail, the menu or the footer."""

    title: str
    url: str
    is_current: bool = False


@dataclass
class Navigation:
    """What surrounds a page: its ancestors, the menu, the footer.

    `pages` is the trail as pages, root first; `is_any_alert` whether any alert of the site runs now.
    """

    trail: list[NavigationLink] = field(default_factory=list)
    menu: list[NavigationLink] = field(default_factory=list)
    footer: list[NavigationLink] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
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
    # Pages say that nothing is private; that there are none says nothing.
    paths = () if pages and not pages[0].is_any_private else private_paths()
    remember_private_paths(paths)
    for page in pages:
        page.is_private = is_private(page.path, page.mirrored_path, paths)
    navigation = Navigation(
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
