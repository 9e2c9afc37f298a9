"""The security headers of every answer."""

from collections.abc import Callable

from csp.constants import SELF
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from core.addresses import is_in_admin
from core.headers import fill_in


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
