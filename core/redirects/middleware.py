"""Leads visitors on from addresses at which nothing is, in the place of Wagtail's middleware of redirects."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect

from core.addresses import is_in_admin

from .lookup import where_to


class RedirectMiddleware:
    """Answers a visitor who asked for nothing with a redirect, where one is known or the address was nearly right.

    Wagtail's drops what was asked for after "?", leads through several redirects one by one, and in a circle. Whoever
    was redirected for good asks again each time (`core.headers`): editors can rename a page back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.NOT_FOUND or is_in_admin(request) or "\0" in request.path_info:
            return response
        found = where_to(request) if request.method in ("GET", "HEAD") else None
        if found is None:
            return response
        url, is_for_good = found
        return HttpResponsePermanentRedirect(url) if is_for_good else HttpResponseRedirect(url)
