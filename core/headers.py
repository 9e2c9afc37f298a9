"""The security headers that every answer has, whoever makes it; which answers other sites may use."""

from http import HTTPStatus

from django.conf import settings
from django.http.response import HttpResponseBase

CORP = "Cross-Origin-Resource-Policy"
# The static file that other sites show: the picture of a shared link. Its name goes on with a hash.
SHARED_FILE = "img/share."


def open_to_other_sites(response: HttpResponseBase) -> None:
    """Let other sites read this answer: a feed, a calendar, open data, a picture that is made for sharing."""
    response[CORP] = "cross-origin"


def fill_in(response: HttpResponseBase, path: str) -> None:
    """Give the answer at `path` the headers that it has not set itself, the policy of what it may load aside."""
    if path.startswith(settings.STATIC_URL + SHARED_FILE):
        open_to_other_sites(response)
    if response.status_code in (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT):
        # Browsers keep these for ever (RFC 9110, 15.4.2), but what was renamed can be renamed back.
        response.headers.setdefault("Cache-Control", "no-cache")
    for name, value in _every_answer():
        response.headers.setdefault(name, value)


def _every_answer() -> list[tuple[str, str]]:
    headers = [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", settings.SECURE_REFERRER_POLICY),
        ("Permissions-Policy", settings.PERMISSIONS_POLICY),
        ("X-Frame-Options", settings.X_FRAME_OPTIONS),
        ("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY),
        (CORP, "same-origin"),
    ]
    if settings.POLICY_REPORTS_TO:
        headers.append(("Reporting-Endpoints", f'csp="{settings.POLICY_REPORTS_TO}"'))
    return headers
