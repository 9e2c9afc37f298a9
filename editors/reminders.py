"""Reminds editors by e-mail, once a week, of the pages they look after that are due a check.

Its mails are not in the outbox (decision 52): who was reminded when stands with each user already, what a mail says is
worked out when it goes, and one process alone sends them.
"""

import logging
from datetime import datetime, time, timedelta

from django.core.mail import get_connection
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.mail.rendered_email import RenderedEmail, Sender, render_email
from core.mail.sending import close, deliver
from core.mail.smtp_errors import ErrorKind
from users.models import User

from .dashboard import checks

logger = logging.getLogger(__name__)

# On Mondays, London time. Whoever could not be reminded then is reminded as soon as mail goes.
AT = time(8)
MOST_NAMED = 20
# After so many failures in one go the server is left alone until the next.
FAILURES = 3


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
    server, problems = get_connection(), []
    try:
        for user in editors.order_by("pk"):
            email = _reminder(user, local) if user.has_perm("wagtailadmin.access_admin") else None
            problem = deliver(email, server) if email else None
            if problem and problem.kind not in (ErrorKind.REFUSED, ErrorKind.UNCLEAR):
                # It may be about this one address after all: the others are still to be reminded.
                problems.append(f"Could not remind editors of checks. {problem.reason}")
                if len(problems) == FAILURES:
                    break
                continue
            if problem:
                # Tried again next week: an administrator may have mended the address by then.
                logger.warning("User %s could not be reminded: %s", user.pk, problem.reason)
            User.objects.filter(pk=user.pk).update(reminded_on=local.date())
    finally:
        close(server)
    return problems[:1]


def _reminder(user: User, now: datetime) -> RenderedEmail | None:
    """Return the message; None if nothing is due."""
    due = checks(user, now.date())
    if not due:
        return None
    sender = Sender.now()
    context = {
        "user": user,
        "items": due[:MOST_NAMED],
        "others": len(due[MOST_NAMED:]),
        "number": len(due),
        "organisation": sender.organisation,
        "url": sender.root + reverse("editors_to_do", args=["checks"]),
    }
    year, week, _ = now.isocalendar()
    return render_email(
        subject="1 page is due a check" if len(due) == 1 else f"{len(due)} pages are due a check",
        text_template="editors/reminder.txt",
        context=context,
        to=user.email,
        message_id=sender.message_id_of("editors", f"reminder {user.pk} {year}-{week}"),
    )
