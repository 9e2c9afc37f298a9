"""Security headers, what is typed as it comes in, what a request remembers, and access to pages in the admin."""

import re
from collections.abc import Callable
from itertools import chain
from typing import Any, cast

from csp.constants import SELF
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from wagtail.admin.auth import permission_denied

from cleaning.addresses import clean_entry

from .permissions import may_know_of_all
from .visibility import remembered_for_request

# How Wagtail's addresses call the page they are about.
PAGE_IN_ADDRESS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id")
# Screens that take the numbers of pages as `id`.
TICKED_PAGES = {"wagtailadmin_choose_page_chosen_multiple", "wagtail_bulk_action"}
# A report of every page type's latest page, whoever may see that page; it is of use to developers only.
NOT_FOR_EDITORS = {"page_types_usage", "page_types_usage_results"}
# The largest number that PostgreSQL takes for a row of any table of Wagtail's.
LARGEST_NUMBER = 2**31 - 1
# What these parameters of the admin look like: the page of a list, and where to go afterwards.
IGNORED_UNLESS = {"p": re.compile(r"[1-9][0-9]{0,8}\Z"), "next": re.compile(r".*/", re.DOTALL)}
# Wagtail's rich text editor sends its text so; the ranges of what is bold or a link count its letters.
RICH_TEXT = re.compile(r'\s*\{.*"(blocks|entityMap)"', re.DOTALL)


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The strict policy everywhere, except on the admin's own screens.

    Wagtail's admin writes inline scripts and styles (date choosers, inline panels, the rich text editor), so
    addresses under it get CONTENT_SECURITY_POLICY_ADMIN. A signed-in editor's user bar on a public page works
    within the strict policy. A page in the editor's preview keeps the strict policy too, but the admin may frame it.
    """

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """Return django-csp's policy parts for this response."""
        parts = super().get_policy_parts(request, response, report_only)
        if report_only:
            return parts
        if getattr(request, "is_preview", False):
            parts.replace = {"frame-ancestors": [SELF]}
        elif request.path_info.startswith(reverse("wagtailadmin_home")):
            parts.config = settings.CONTENT_SECURITY_POLICY_ADMIN
        return parts


class PermissionsPolicyMiddleware:
    """Tells browsers that the site uses none of the device's powers (camera, position, payment…)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return response


class VisibilityMiddleware:
    """Lets every request ask once what is private, whatever answers it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with remembered_for_request():
            return self.get_response(request)


class EntryMiddleware:
    """Cleans what people type where it comes in: all that an address or a form says, whoever reads it.

    Control characters, among them the null character that PostgreSQL refuses, and signs that nobody can see are left
    out (`cleaning.text`); e-mail and web addresses, telephone numbers and postcodes come in plain letters
    (`cleaning.addresses`). A password is taken as it is. So is the JSON of the rich text editor, which counts letters;
    `core.rich_text.CleanRichTextArea` cleans the text that is made of it.

    A number in a path that no database can hold is the number of nothing: 404.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.GET = cast(Any, _clean_entries(request.GET))
        # No cookie of ours has a null character; PostgreSQL refuses to look for the session of one that has.
        for name in [name for name, value in request.COOKIES.items() if "\0" in value]:
            del request.COOKIES[name]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Clean what a form sends; refuse numbers that are too large. Raises Http404."""
        if any(isinstance(value, int) and value > LARGEST_NUMBER for value in kwargs.values()):
            raise Http404
        if request.method == "POST":
            request.POST = cast(Any, _clean_entries(request.POST))
        return None


class AdminNumbersMiddleware:
    """Answers 400, in plain words, where an address of the admin says something else than a number in its place.

    Several of Wagtail's own screens (8.0.1: choosers, actions on ticked rows, the API) look for the row of whatever is
    there, and fail. What is no page of a list shows its first one, and what is no path leads nowhere.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(reverse("wagtailadmin_home")):
            if not all(_may_be_number(name, value) for name, values in request.GET.lists() for value in values):
                return render(request, "400.html", status=400)
            lost = [
                name
                for name, form in IGNORED_UNLESS.items()
                if name in request.GET and not form.match(request.GET[name])
            ]
            if lost:
                others = request.GET.copy()
                for name in lost:
                    del others[name]
                request.GET = cast(Any, others)
        return self.get_response(request)


def _may_be_number(name: str, value: str) -> bool:
    """Whether a parameter of this name, if it is one for a key, has one; a filter that nobody chose has none."""
    is_key = name.rpartition("_")[2] == "id"
    if not is_key and name != "target_pages[]":
        return True
    if name == "id" and value == "all":
        return True
    if not value:
        return is_key and name != "id"
    return value.isascii() and value.isdecimal() and len(value) <= 10 and int(value) <= LARGEST_NUMBER


def _clean_entries(entries: QueryDict) -> QueryDict:
    """Return what an address or a form says as it is kept; the same object where nothing is to be done."""
    if all(each.isascii() and each.isprintable() for each in chain(entries, *(each for _, each in entries.lists()))):
        return entries
    cleaned = QueryDict(mutable=True, encoding=entries.encoding)
    for name, values in entries.lists():
        cleaned.setlist(name.replace("\0", ""), [_clean_value(name, value) for value in values])
    return cleaned


def _clean_value(name: str, value: str) -> str:
    if "password" in name or RICH_TEXT.match(value):
        return value.replace("\0", "")
    return clean_entry(value)


class PageAccessMiddleware:
    """Keeps editors from the drafts of others.

    Wagtail 8.0 checks what somebody may do with a page, but some of its screens (choosing, moving, actions on ticked
    pages) show the title of any page whose number is in the address.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Refuse, as Wagtail does, if the address names a draft that is nowhere near what this editor works on."""
        is_admin = request.path_info.startswith(reverse("wagtailadmin_home"))
        if not is_admin or not request.user.is_authenticated or request.user.is_superuser:
            return None
        name = request.resolver_match.url_name if request.resolver_match else ""
        numbers = {str(kwargs[key]) for key in PAGE_IN_ADDRESS if key in kwargs}
        if name in TICKED_PAGES and kwargs.get("model_name", "page") == "page":
            numbers |= set(request.GET.getlist("id"))
        pages = {int(number) for number in numbers if number.isdecimal()}
        if name in NOT_FOR_EDITORS or not may_know_of_all(request.user, pages):
            return cast(HttpResponse, permission_denied(request))
        return None
