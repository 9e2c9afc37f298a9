"""Template tags of the search page."""

from django import template
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.http import urlencode

from centres.geography.map import ATTRIBUTION
from core.addresses import absolute
from search.promoted_results import PromotedResult
from search.retrieval import ResultKind

register = template.Library()


@register.simple_tag
def opened_url(kind: ResultKind, query: str) -> str:
    """Return the address that a browser tells when a result is opened."""
    return absolute(f"{reverse('search_opened')}?{urlencode({'kind': kind.value, 'query': query})}")


@register.simple_tag(takes_context=True)
def promoted_url(context: RequestContext, pick: PromotedResult) -> str:
    """Return where an editors' pick leads."""
    return pick.url(context["request"])


@register.simple_tag
def postcode_attribution() -> str:
    """Return the words that the licence of the postcodes asks for."""
    return ATTRIBUTION
