"""When digests are due: each day, or each Monday, at eight in the morning in London."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from core.timezone import LONDON

from .models import Frequency

AT = time(8)
MONDAY = 0
# What is published while a digest is prepared may be kept a little later, with an earlier time. Each digest looks back
# so far beyond the one before; nothing is told twice by that.
OVERLAP = timedelta(minutes=10)


def period_end(frequency: str, now: datetime) -> datetime:
    """Return the last moment, not after `now` (aware), at which digests of this frequency were due.

    Raises ValueError for a frequency without digests.
    """
    if frequency not in (Frequency.DAILY, Frequency.WEEKLY):
        raise ValueError(f"There are no digests for {frequency!r}.")
    day = timezone.localtime(now, LONDON).date()
    if frequency == Frequency.WEEKLY:
        day -= timedelta(days=(day.weekday() - MONDAY) % 7)
    step = timedelta(days=1 if frequency == Frequency.DAILY else 7)
    return _at(day) if _at(day) <= now else _at(day - step)


def _at(day: date) -> datetime:
    return datetime.combine(day, AT, tzinfo=LONDON)
