"""Template tags of the search page."""

from django import template
from django.http import HttpRequest
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.http import urlencode

from centres.geography.map import ATTRIBUTION
from search.promoted_results import PromotedResult
from search.retrieval import ResultKind

register = template.Library()


@register.simple_tag(takes_context=True)
def opened_url(context: RequestContext, kind: ResultKind, query: str) -> str:
    """Return the address that a browser tells when a result is opened."""
    request: HttpRequest = context["request"]
    return request.build_absolute_uri(f"{reverse('search_opened')}?{urlencode({'kind': kind.value, 'query': query})}")


@register.simple_tag(takes_context=True)
def promoted_url(context: RequestContext, pick: PromotedResult) -> str:
    """Return where an editors' pick leads."""
    return pick.url(context["request"])


@register.simple_tag
def postcode_attribution() -> str:
    """Return the words that the licence of the postcodes asks for."""
    return ATTRIBUTION
