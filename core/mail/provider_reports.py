"""What providers of e-mail report, as django-anymail reads it, and what GOV.UK Notify does."""

import json
from typing import Any

from anymail.signals import tracking
from anymail.urls import urlpatterns as anymail_patterns
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from .reports import Outcome, Report, tell
from .smtp_errors import blames_mailbox, reported_status

LONGEST = 64 * 1024


@receiver(tracking)
def provider_has_reported(event: Any, **_: Any) -> None:
    """Do what a provider's report asks: anymail has looked at its signature."""
    if event.event_type in ("complained", "unsubscribed"):
        tell(Report(event.recipient or "", Outcome.UNWANTED))
    elif event.event_type in ("bounced", "rejected") and _is_dead(event):
        tell(Report(event.recipient or "", Outcome.DEAD))


def _is_dead(event: Any) -> bool:
    """Whether a mail came back because there is no such mailbox: what its server said comes first, if that is known."""
    status = reported_status(str(event.mta_response or ""))
    return blames_mailbox(status) if status else event.reject_reason == "invalid"


@csrf_exempt
@require_POST
def notify_callback(request: HttpRequest) -> HttpResponse:
    """Take a delivery receipt of GOV.UK Notify, which proves itself by a bearer token.

    Source: https://docs.notifications.service.gov.uk/rest-api.html#delivery-receipts
    """
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not (settings.NOTIFY_CALLBACK_TOKEN and constant_time_compare(token, settings.NOTIFY_CALLBACK_TOKEN)):
        return HttpResponse(status=403)
    try:
        receipt = json.loads(request.read(LONGEST))
    except ValueError:
        return HttpResponse(status=400)
    if not isinstance(receipt, dict) or receipt.get("notification_type") != "email":
        return HttpResponse(status=400)
    if receipt.get("status") == "permanent-failure":
        tell(Report(str(receipt.get("to", "")), Outcome.DEAD))
    return HttpResponse(status=204)


def report_urls() -> list[URLPattern]:
    """Return the addresses at which reports come: of the provider in use, if its reports prove themselves."""
    found = [path("notify/", notify_callback, name="notify_callback")]
    if settings.EMAIL_PROVIDER and settings.ANYMAIL.get("WEBHOOK_SECRET"):
        found += [
            pattern
            for pattern in anymail_patterns
            if isinstance(pattern, URLPattern)
            and str(pattern.pattern).startswith(f"{settings.EMAIL_PROVIDER}/")
            and "inbound" not in str(pattern.pattern)
        ]
    return found
