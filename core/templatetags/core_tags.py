"""Template tags that every page uses: navigation, alerts, dates, structured data."""

import json
from datetime import date, datetime
from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import RequestContext
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page

from core.addresses import absolute
from core.alerts import current_alerts
from core.dates import describe_day, describe_moment
from core.models import Alert, BasePage, SiteSettings
from core.navigation import Navigation, NavigationLink, get_navigation
from core.rich_text import public_url
from core.telephones import telephone_uri
from core.visibility import public

register = template.Library()
register.filter(telephone_uri)
register.filter(absolute)

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
def structured_data(context: RequestContext, page: BasePage) -> SafeString:
    """Return the page's schema.org data as a JSON-LD script element, which no browser runs."""
    request: HttpRequest | None = context.get("request")
    data: dict[str, Any] = {"@context": "https://schema.org", "url": page.get_full_url(request)}
    data |= page.structured_data
    if request and data.get("@type") in ("WebPage", "NewsArticle"):
        settings = SiteSettings.for_request(request)
        data["publisher"] = {"@type": "Organization", "name": settings.organisation_name}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(JSON_ESCAPES)
    return format_html(
        '<script type="application/ld+json">{}</script>',
        mark_safe(text),  # noqa: S308 (escaped on the line above)
    )


@register.simple_tag(takes_context=True)
def canonical_url(context: RequestContext, page: Page | None = None) -> str:
    """Return the one absolute address of a page, or of the plain view being shown without its query."""
    request: HttpRequest | None = context.get("request")
    if page is not None and isinstance(page, Page):
        return page.get_full_url(request) or ""
    return absolute(request.path) if request else ""


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
