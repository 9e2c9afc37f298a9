"""Security headers of public pages and of the admin, what a request remembers, and access to pages in the admin."""

import re
from collections.abc import Callable
from typing import Any, cast

from csp.constants import SELF
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from wagtail.admin.auth import permission_denied

from users.models import User

from .headers import fill_in
from .permissions import may_know_of_all
from .security_log import EXPORTED, log_security_event
from .security_signals import newest_rights, note_newer_rights
from .visibility import remembered_for_request

# How Wagtail's addresses call the page they are about.
PAGE_IN_ADDRESS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id")
# Screens that take the numbers of pages as `id`.
TICKED_PAGES = {"wagtailadmin_choose_page_chosen_multiple", "wagtail_bulk_action"}
# A report of every page type's latest page, whoever may see that page; it is of use to developers only.
NOT_FOR_EDITORS = {"page_types_usage", "page_types_usage_results"}

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
        elif request.path_info.startswith(reverse("wagtailadmin_home")):
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
        if name and request.path_info.startswith(reverse("wagtailadmin_home")) and request.user.is_authenticated:
            log_security_event(
                EXPORTED, user=request.user, data={"what": f"{name[1]}, at {request.path_info}"}, request=request
            )
        return response


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
