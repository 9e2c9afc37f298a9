"""How often the forms may be used: counted in the database, so that all processes and machines count together."""

from datetime import datetime, timedelta

from django.db.models import F, Sum
from django.utils import timezone

from core.visitors import keyed_hash

from .models import Tally

KEPT = timedelta(days=1)
AN_HOUR = timedelta(hours=1)


def count(what: str, who: str, *, times: int = 1, now: datetime | None = None) -> None:
    """Count that `who` (any text; a keyed hash of it is kept) did `what`.

    It takes the same queries the first time as later, and none less to count nothing (`times` 0): how long it takes
    says nothing.
    """
    hour = (now or timezone.now()).replace(minute=0, second=0, microsecond=0)
    tally = Tally(what=what, who=keyed_hash(who), hour=hour)
    Tally.objects.bulk_create([tally], ignore_conflicts=True)
    Tally.objects.filter(what=tally.what, who=tally.who, hour=tally.hour).update(count=F("count") + times)


def counted(what: str, who: str, *, within: timedelta = KEPT, now: datetime | None = None) -> int:
    """Return how often `who` did `what` within this time, give or take the beginning of an hour."""
    since = (now or timezone.now()) - within
    found = Tally.objects.filter(what=what, who=keyed_hash(who), hour__gt=since).aggregate(all=Sum("count"))
    return int(found["all"] or 0)


def forget(now: datetime | None = None) -> None:
    """Delete what is no longer counted."""
    Tally.objects.filter(hour__lte=(now or timezone.now()) - KEPT - AN_HOUR).delete()
