"""Reminds editors by e-mail, once a week, of the pages they look after that are due a check."""

import logging
from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from core.mail.smtp_errors import DeliveryError, ErrorKind, delivery_error
from core.models import SiteSettings
from users.models import User

from .dashboard import checks

logger = logging.getLogger(__name__)

# On Mondays, London time. Whoever could not be reminded then is reminded as soon as mail goes.
AT = time(8)
MOST_NAMED = 20


def remind(now: datetime | None = None) -> list[str]:
    """Send a message to each editor who looks after pages that are due a check, unless it has gone this week.

    Returns a sentence if the mail server cannot be used; the others are reminded the next time. Killed after a message
    and before it was noted, it sends that one again.
    """
    local = timezone.localtime(now)
    monday = local.date() - timedelta(days=local.weekday())
    if local.date() == monday and local.time() < AT:
        return []
    # Whoever joined this week has seen the dashboard, and is reminded from the next.
    never = Q(reminded_on=None, date_joined__date__lt=monday)
    editors = User.objects.filter(never | Q(reminded_on__lt=monday), is_active=True)
    connection = get_connection()
    try:
        for user in editors.order_by("pk"):
            letter = _letter(user, local) if user.has_perm("wagtailadmin.access_admin") else None
            verdict = _send(letter, connection) if letter else None
            if verdict and verdict.outcome is not ErrorKind.REFUSED:
                return [f"Could not remind editors of checks. {verdict.reason}"]
            if verdict:
                # Tried again next week: an administrator may have mended the address by then.
                logger.warning("User %s could not be reminded: %s", user.pk, verdict.reason)
            User.objects.filter(pk=user.pk).update(reminded_on=local.date())
    finally:
        connection.close()
    return []


def _send(letter: EmailMessage, connection: BaseEmailBackend) -> DeliveryError | None:
    """Send a message over a connection that stays open; return why that was not possible, if it was not."""
    try:
        connection.open()
        connection.send_messages([letter])
    except Exception as error:  # noqa: BLE001 - a backend may raise anything; its words may name the address
        return delivery_error(error)
    return None


def _letter(user: User, now: datetime) -> EmailMessage | None:
    """Return the message; None if nothing is due."""
    due = checks(user, now.date())
    if not due:
        return None
    site = Site.objects.select_related("root_page").get(is_default_site=True)
    context = {
        "user": user,
        "items": due[:MOST_NAMED],
        "others": len(due[MOST_NAMED:]),
        "number": len(due),
        "organisation": SiteSettings.for_site(site).organisation_name,
        "url": settings.WAGTAILADMIN_BASE_URL + reverse("editors_to_do", args=["checks"]),
    }
    subject = "1 page is due a check" if len(due) == 1 else f"{len(due)} pages are due a check"
    return EmailMessage(subject, render_to_string("editors/reminder.txt", context), to=[user.email])
