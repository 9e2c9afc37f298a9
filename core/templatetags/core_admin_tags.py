"""Template tags of the admin's own screens."""

from typing import Any

from django import template
from django.db.models import Model
from django.template.context import RequestContext

from core.page_tools.redirects import RedirectForm
from core.page_tools.usage import Usage, usage_of

register = template.Library()

# What Wagtail's screens call the thing they are about.
NAMES = ("page", "object", "instance")


@register.simple_tag(takes_context=True)
def uses(context: RequestContext) -> Usage | None:
    """Return the pages that use what this screen is about; None on a screen about several things."""
    found: Any = next((context[name] for name in NAMES if isinstance(context.get(name), Model)), None)
    return usage_of([found], context["request"].user).get(found.pk, Usage()) if found else None


@register.simple_tag(takes_context=True)
def redirect_form(context: RequestContext) -> RedirectForm:
    """Return the form that asks where people are sent once the page of this screen is gone, as it was sent."""
    request = context["request"]
    return RedirectForm(request.POST or None, page=context["page"], user=request.user)
