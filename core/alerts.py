"""Which alerts show on a page now, and which are about to end."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.models import Page

from .models import Alert


def running_alerts(now: datetime) -> "QuerySet[Alert]":
    """Return the alerts that have begun and not ended at `now`, an aware datetime, wherever they show."""
    return Alert.objects.filter(starts_at__lte=now, ends_at__gt=now)


def current_alerts(pages: list[Page], now: datetime | None = None) -> list[Alert]:
    """Return the alerts to show now on a page whose trail is `pages` (itself included), gravest first.

    An alert without pages shows everywhere; one with pages shows on these and on everything beneath them. Pages of
    the trail that are drafts or private do not count: whoever asks for one must not learn of it from its alert.
    `now` is an aware datetime.
    """
    places = [page.pk for page in pages if page.live and not page.is_private]
    running = running_alerts(now or timezone.now())
    alerts = running.filter(Q(places__isnull=True) | Q(places__page__in=places)).distinct()
    return sorted(alerts, key=lambda alert: (alert.rank, alert.ends_at))


def ending_alerts(within: timedelta) -> "QuerySet[Alert]":
    """Return the alerts that run now or will, and end within this time from now, soonest first."""
    now = timezone.now()
    return Alert.objects.filter(ends_at__gt=now, ends_at__lte=now + within).order_by("ends_at")
