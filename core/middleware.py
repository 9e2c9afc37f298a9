"""Security headers, what is typed as it comes in, what a request remembers, and access to pages in the admin."""

import re
from collections.abc import Callable
from http import HTTPStatus
from itertools import chain
from typing import Any, cast
from urllib.parse import urlsplit

from csp.constants import SELF
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.core.paginator import InvalidPage
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.chooser import page_models_from_string
from wagtail.models import Page
from wagtail.query import PageQuerySet

from cleaning.addresses import clean_entry
from users.models import User

from .addresses import is_in_admin
from .headers import fill_in
from .page_tools.own_tags import complete_tag
from .permissions import asked_by, known_pages, may_know_of_all
from .security.log import EXPORTED, log_security_event
from .security.signals import newest_rights, note_newer_rights
from .views import may_not_see
from .visibility import remembered_for_request

# How Wagtail's addresses call the page they are about.
PAGE_IN_ADDRESS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id")
# The screen that takes the numbers of pages as `id`.
CHOSEN_PAGES = "wagtailadmin_choose_page_chosen_multiple"
# The screen that begins where all pages of a type are.
BROWSED_PAGES = "wagtailadmin_choose_page"
# What completes tags from all there are.
TYPED_TAGS = {"wagtailadmin_tag_autocomplete", "wagtailadmin_tag_model_autocomplete"}
# What fits a key of the database.
LONGEST_NUMBER = 18
# A report of every page type's latest page, whoever may see that page; it is of use to developers only.
NOT_FOR_EDITORS = {"page_types_usage", "page_types_usage_results"}
# The largest number that PostgreSQL takes for a row of any table of Wagtail's.
LARGEST_NUMBER = 2**31 - 1
# What these parameters of the admin look like: the page of a list, and where to go afterwards.
IGNORED_UNLESS = {"p": re.compile(r"[1-9][0-9]{0,8}\Z"), "next": re.compile(r".*/", re.DOTALL)}
# Wagtail's rich text editor sends its text so; the ranges of what is bold or a link count its letters.
RICH_TEXT = re.compile(r'\s*\{.*"(blocks|entityMap)"', re.DOTALL)
# A table that is downloaded: the name of its file.
TABLE = re.compile(r'filename="?([^";]+\.(?:csv|xlsx))')


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
        elif is_in_admin(request):
            parts.config = settings.CONTENT_SECURITY_POLICY_ADMIN
        return parts


class SecurityHeadersMiddleware:
    """Gives every answer its security headers: files, redirects, refusals and errors too.

    It stands outside all others, with the policy above, so that what they answer themselves has them as well.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        fill_in(response, request.path_info)
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
        # A block's preview calls the name of the block `id`.
        is_preview = request.path_info == reverse("wagtailadmin_block_preview")
        if is_in_admin(request) and not is_preview:
            # Actions on ticked rows take all rows.
            others = {"all"} if "/bulk/" in request.path_info else set()
            entries = ((name, value) for name, values in request.GET.lists() for value in values)
            if not all(_may_be_number(name, value) or (name == "id" and value in others) for name, value in entries):
                return render(request, "400.html", status=400)
            lost = [
                name
                for name, form in IGNORED_UNLESS.items()
                if name in request.GET and not form.match(request.GET[name])
            ]
            if lost:
                kept = request.GET.copy()
                for name in lost:
                    del kept[name]
                request.GET = cast(Any, kept)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Show the first page of a list that has no such page, where Wagtail's screen fails."""
        if isinstance(exception, InvalidPage) and is_in_admin(request) and request.method == "GET":
            return redirect(request.path)
        return None


def _may_be_number(name: str, value: str) -> bool:
    """Whether a parameter of this name, if it is one for a key, has one; a filter that nobody chose has none."""
    is_key = name.rpartition("_")[2] == "id"
    if not is_key and name != "target_pages[]":
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


class SecurityLogMiddleware:
    """Notes what no signal tells: tables that are downloaded from the admin, and rights that a form gives together."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        gives_rights = request.method == "POST" and request.path_info.startswith(reverse("wagtailusers_groups:index"))
        before = newest_rights() if gives_rights else []
        response = self.get_response(request)
        if gives_rights:
            note_newer_rights(before, cast(User, request.user))
        name = TABLE.search(response.headers.get("Content-Disposition", ""))
        if name and is_in_admin(request) and request.user.is_authenticated:
            log_security_event(
                EXPORTED, user=request.user, data={"what": f"{name[1]}, at {request.path_info}"}, request=request
            )
        return response


class PageAccessMiddleware:
    """Keeps editors from the drafts and the private pages of others.

    Wagtail 8.0 checks what somebody may do with a page, but some of its screens (choosing, moving) show the title of
    any page whose number is in the address, and lists show the titles that others' drafts have. On the site, it sends
    a signed-in person whom a private page or file is not for to the login, which sends him or her back, for ever.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_for_editor(request):
            response = self.get_response(request)
            return may_not_see(request) if _leads_back(request, response) else response
        with asked_by(cast(User, request.user)):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Refuse, as Wagtail does, if the address names a page of which this editor may not know."""
        if not _is_for_editor(request):
            return None
        user = cast(User, request.user)
        name = request.resolver_match.url_name if request.resolver_match else ""
        numbers = {str(kwargs[key]) for key in PAGE_IN_ADDRESS if key in kwargs}
        if name == CHOSEN_PAGES:
            numbers |= set(request.GET.getlist("id"))
        pages = {int(number) for number in numbers if number.isdecimal() and len(number) <= LONGEST_NUMBER}
        if name in NOT_FOR_EDITORS or not may_know_of_all(user, pages):
            return cast(HttpResponse, permission_denied(request))
        if name in TYPED_TAGS and user.has_perm("wagtailadmin.access_admin"):
            return complete_tag(request, user)
        page_type = request.GET.get("page_type") if name == BROWSED_PAGES else None
        if page_type and (start := _where_to_browse(user, page_type)):
            kwargs["parent_page_id"] = start
        return None


def _is_for_editor(request: HttpRequest) -> bool:
    """Whether this is for a screen of the admin, from somebody who does not know everything."""
    return is_in_admin(request) and request.user.is_authenticated and not request.user.is_superuser


def _leads_back(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether this answer sends somebody to the login who has signed in."""
    if response.status_code != HTTPStatus.FOUND or is_in_admin(request):
        return False
    path = urlsplit(response["Location"]).path
    return path == resolve_url(settings.WAGTAIL_FRONTEND_LOGIN_URL) and request.user.is_authenticated


def _where_to_browse(user: User, page_type: str) -> int | None:
    """Return the key of the page above all pages of a type of which an editor may know; None if there is no such type.

    Wagtail would begin at the page above all pages of the type, whosever it is.
    """
    try:
        models = page_models_from_string(page_type)
    except (LookupError, ValueError):
        return None
    known: PageQuerySet = known_pages(Page.objects.type(*models), user)
    start = known.first_common_ancestor()
    return int(start.pk if may_know_of_all(user, [start.pk]) else Page.get_first_root_node().pk)
