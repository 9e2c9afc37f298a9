"""Template tags that every page uses: navigation, alerts, dates, structured data."""

import json
from datetime import date, datetime

from django import template
from django.http import HttpRequest
from django.template.context import RequestContext
from django.utils.html import format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page

from core.addresses import absolute
from core.alerts import current_alerts
from core.dates import describe_day, describe_moment
from core.models import Alert, BasePage, SiteSettings
from core.navigation import Navigation, NavigationLink, get_navigation
from core.rich_text import public_url
from core.structured_data import SharedPicture, page_data
from core.telephones import telephone_uri
from core.visibility import public

register = template.Library()
register.filter(telephone_uri)
register.filter(absolute)

# What says which of its lists a page shows.
LIST_KINDS = ("when",)
# What could end the script element or start a comment in it is written as a JSON escape.
JSON_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag(takes_context=True)
def navigation(context: RequestContext) -> Navigation:
    """Return the trail, menu and footer links of the page being shown.

    A preview, and an error page drawn without a request, have no address of their own: the one gets the trail of
    the page it previews, the other nothing.
    """
    request: HttpRequest | None = context.get("request")
    if request is None:
        return Navigation()
    page = context.get("page")
    if getattr(request, "is_preview", False) and isinstance(page, Page):
        nav = get_navigation(request, path="")
        ancestors = page.get_ancestors().filter(depth__gt=1) if page.path else Page.objects.none()
        if getattr(request, "shared_until", None):
            # Whoever was shown one draft must not learn of others above it.
            ancestors = public(ancestors)
        nav.trail = [NavigationLink(title=each.title, url=each.get_url(request) or "") for each in ancestors]
        return nav
    return get_navigation(request)


@register.simple_tag(takes_context=True)
def alerts(context: RequestContext) -> list[Alert]:
    """Return the alerts to show on the page being shown, gravest first."""
    request: HttpRequest | None = context.get("request")
    around = get_navigation(request) if request else Navigation()
    return current_alerts(around.pages) if around.is_any_alert else []


@register.simple_tag(takes_context=True)
def structured_data(
    context: RequestContext, page: BasePage, search_url: str, picture: SharedPicture | None
) -> SafeString:
    """Return the page's schema.org data, and what is around it, as JSON-LD script elements, which no browser runs.

    `search_url` is the path of the search; `picture` what `sharing_picture` gave.
    """
    request: HttpRequest | None = context.get("request")
    settings = SiteSettings.for_request(request) if request else None
    things = page_data(
        page,
        url=canonical_url(context, page),
        settings=settings,
        trail=navigation(context).trail if request else [],
        picture=picture,
        search_url=search_url,
    )
    scripts = []
    for thing in things:
        text = json.dumps(thing, ensure_ascii=False, separators=(",", ":")).translate(JSON_ESCAPES)
        scripts.append((mark_safe(text),))  # noqa: S308 (escaped on the line above)
    return format_html_join("\n  ", '<script type="application/ld+json">{}</script>', scripts)


@register.simple_tag(takes_context=True)
def canonical_url(context: RequestContext, page: Page | None = None) -> str:
    """Return the one absolute address of a page, or of the plain view being shown without its query.

    A copy that is kept alike (an "alias") has that of its original; the second page of a list, and so on, its own.
    """
    request: HttpRequest | None = context.get("request")
    if page is not None and isinstance(page, Page):
        original = page.alias_of if page.alias_of_id else page
        return f"{original.get_full_url(request) or ''}{list_query(context, page)}"
    return absolute(request.path) if request else ""


def list_query(context: RequestContext, page: Page) -> str:
    """Return what the address of this page of a list asks for; nothing where it is narrowed, or the first."""
    number = list_page(context, page)
    request: HttpRequest | None = context.get("request")
    kept = {name: request.GET[name] for name in LIST_KINDS if name in request.GET} if request else {}
    query = kept | ({"page": str(number)} if number > 1 else {})
    is_narrowed = request is not None and set(request.GET) - {"page", *LIST_KINDS}
    return f"?{urlencode(query)}" if isinstance(page, BasePage) and page.is_list and query and not is_narrowed else ""


@register.simple_tag(takes_context=True)
def list_page(context: RequestContext, page: Page) -> int:
    """Return which page of its list this is, as far as the address says so."""
    request: HttpRequest | None = context.get("request")
    asked = request.GET.get("page", "") if request and isinstance(page, BasePage) and page.is_list else ""
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 and int(asked) else 1


@register.simple_tag
def sharing_picture(page: Page | None) -> SharedPicture | None:
    """Return the page's own picture in the size in which the page itself shows it; None if it has none."""
    picture = page.sharing_picture if isinstance(page, BasePage) else None
    if picture is None or page is None:
        return None
    rendition = picture.get_rendition("width-960" if picture.width > 480 else "original")
    return SharedPicture(
        absolute(rendition.url), rendition.width, rendition.height, getattr(page, "picture_alt_text", "")
    )


@register.filter
def day(value: date | None) -> str:
    """Return a date as "29 September 2020", or nothing."""
    return describe_day(value) if value else ""


@register.filter
def parent_url(page: Page) -> str:
    """Return the address of the page above, with which a page's own address begins."""
    return (page.url or "").rstrip("/").rpartition("/")[0] + "/"


@register.filter
def public_address(page: Page | None) -> str:
    """Return the address of a page that anyone may see; nothing for another, or for one that was deleted."""
    return public_url(page) if page else ""


@register.filter
def moment(value: datetime) -> str:
    """Return a moment in London as "Tuesday 4 May 2027, 2pm"."""
    return describe_moment(value)
