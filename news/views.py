"""The addresses of feeds, each in three formats."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from .feeds import CentreFeed, ForumFeed, PostsFeed


@require_safe
def feed(request: HttpRequest, ending: str) -> HttpResponse:
    """Answer with all posts."""
    return PostsFeed(ending)(request)


@require_safe
def centre_feed(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """Answer with the posts about a centre; 404 if not everyone may see it."""
    return CentreFeed(ending)(request, pk=pk)


@require_safe
def forum_feed(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """Answer with the updates of a forum; 404 if not everyone may see it."""
    return ForumFeed(ending)(request, pk=pk)
