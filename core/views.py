"""Plain views that belong to the whole site: robots.txt, security.txt, shared drafts, “not found”, “may not see”."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from wagtail.models import Site

from .addresses import absolute
from .models import SiteSettings
from .page_tools.shared_drafts import draft_of_token
from .robots import disallowed_paths


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Welcome every robot, say what to keep out of, and tell them where the sitemap is."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in disallowed_paths()),
        "",
        f"Sitemap: {absolute(reverse('sitemap'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say where to report a security problem (RFC 9116); 404 until an editor has entered a contact."""
    contact = SiteSettings.for_request(request).security_contact if Site.find_for_request(request) else ""
    if not contact:
        return page_not_found(request)
    if not contact.startswith(("mailto:", "https:")):
        contact = f"mailto:{contact}"
    # RFC 9116 asks for an expiry less than a year ahead; the contact is read from the settings on each request.
    expires = (timezone.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires}",
        "Preferred-Languages: en",
        f"Canonical: {absolute(request.path)}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def shared_draft(request: HttpRequest, token: str) -> HttpResponse:
    """Show the draft that a link leads to, for as long as the link lasts; then 404. Nobody may keep or list it."""
    found = draft_of_token(token)
    if found is None:
        return page_not_found(request)
    draft, ends_at = found
    response: HttpResponse = draft.make_preview_request(request, extra_request_attrs={"shared_until": ends_at})
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response


def may_not_see(request: HttpRequest) -> HttpResponse:
    """Answer 403, to somebody who has signed in, with a page that says so and leads to signing in as somebody else."""
    back = f"{resolve_url(settings.WAGTAIL_FRONTEND_LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}"
    response = render(request, "403.html", {"back": back}, status=403)
    response["Cache-Control"] = "private, no-store"
    return response


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404 with a page that helps."""
    return render(request, "404.html", status=404)
