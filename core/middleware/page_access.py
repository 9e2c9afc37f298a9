"""Who may see which pages: what is private is asked once a request, and the admin names no page of others."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.chooser import page_models_from_string
from wagtail.models import Page
from wagtail.query import PageQuerySet

from core.addresses import is_in_admin
from core.page_tools.own_tags import complete_tag
from core.permissions import asked_by, known_pages, may_know_of_all
from core.views import may_not_see
from core.visibility import remembered_for_request
from users.models import User

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


class VisibilityMiddleware:
    """Lets every request ask once what is private, whatever answers it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with remembered_for_request():
            return self.get_response(request)


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
