"""When digests are due: each day, or each Monday, at eight in the morning in London."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from core.timezone import LONDON

from .models import Frequency

AT = time(8)
MONDAY = 0
# Nothing is due later than this. What says so was written while the clock was wrong, and is due now.
LATEST = timedelta(days=8)


def due_at(frequency: str, released_at: datetime) -> datetime:
    """Return when somebody who wants mail this often is told of what could be read at `released_at` (aware)."""
    if frequency == Frequency.NOW:
        return released_at
    day = timezone.localtime(released_at, LONDON).date()
    if frequency == Frequency.WEEKLY:
        day -= timedelta(days=(day.weekday() - MONDAY) % 7)
    due = datetime.combine(day, AT, tzinfo=LONDON)
    step = timedelta(days=1 if frequency == Frequency.DAILY else 7)
    return due if due >= released_at else datetime.combine(day + step, AT, tzinfo=LONDON)
