"""Template tags of the admin's own screens."""

from typing import Any

from django import template
from django.db.models import Model
from django.template.context import RequestContext
from wagtail.models import Page

from core.page_tools.redirects import RedirectForm
from core.page_tools.usage import Usage, usage_of
from core.permissions import is_draft_title_known

register = template.Library()

# What Wagtail's screens call the thing they are about.
NAMES = ("page", "object", "instance")


@register.simple_tag(takes_context=True)
def uses(context: RequestContext) -> Usage | None:
    """Return what uses the thing that this screen, or this entry of a list of ticked ones, is about; else None."""
    request = context["request"]
    found: Any = next((context[name] for name in NAMES if isinstance(context.get(name), Model)), None)
    if found:
        return usage_of([found], request.user).get(found.pk, Usage())
    item: Any = next((context[name]["item"] for name in NAMES if isinstance(context.get(name), dict)), None)
    if item is None:
        return None
    # Looked up once for all that were ticked, which go together.
    if not hasattr(request, "usage_of_ticked"):
        request.usage_of_ticked = usage_of([each["item"] for each in context["items"]], request.user)
    usages: dict[int, Usage] = request.usage_of_ticked
    return usages.get(item.pk, Usage())


@register.simple_tag(takes_context=True)
def redirect_form(context: RequestContext) -> RedirectForm:
    """Return the form that asks where people are sent once the page of this screen is gone, as it was sent."""
    request = context["request"]
    return RedirectForm(request.POST or None, page=context["page"], user=request.user)


@register.simple_tag
def known_title(page: Page) -> str:
    """Return the title of a page as whoever asks may know it: of a draft, of what residents read, or "" of neither."""
    if is_draft_title_known(page):
        return str(page.get_admin_display_title())
    return page.title if page.live else ""
