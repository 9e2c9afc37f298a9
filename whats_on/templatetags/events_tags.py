"""Template tags through which pages show events."""

from django import template
from django.template.context import RequestContext

from centres.models import CentrePage
from news.models import ForumPage
from whats_on import content, facets, queries
from whats_on.models import EventPage

register = template.Library()


@register.simple_tag(takes_context=True)
def events_content(context: RequestContext) -> facets.EventsContent:
    """Return the list of events, narrowed as the address says."""
    return facets.events_content(context["request"].GET)


@register.simple_tag
def event_content(page: EventPage) -> content.EventContent:
    """Return what an event's page shows."""
    return content.event_content(page)


@register.simple_tag
def dates_on_home() -> list[queries.EventRow]:
    """Return the next dates of the site."""
    return queries.dates_on_home()


@register.simple_tag
def dates_about_centre(centre: CentrePage) -> list[queries.EventRow]:
    """Return the next dates at or about a centre."""
    return queries.dates_about_centre(centre)


@register.simple_tag
def forum_events(forum: ForumPage) -> queries.ForumEvents:
    """Return a forum's next dates and its last events that are over."""
    return queries.forum_events(forum)
