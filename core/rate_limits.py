"""Rate limits: how often one visitor, or everybody, may do something.

Who it is stands in both stores as a keyed hash alone. There are two, because a visitor's GET never writes to the
database, and a cache may forget (it is emptied, or each process has its own):

- `CACHE` for what visitors only read, and for what is asked with every key they press;
- `DATABASE` for forms that have mail sent: all processes and machines count together, and nothing is forgotten.
"""

import logging
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pickle import PickleError
from typing import Protocol

from django.core.cache import cache
from django.db.models import F, Sum
from django.utils import timezone
from redis.exceptions import RedisError

from .models import Tally
from .visitors import keyed_hash

logger = logging.getLogger(__name__)

# A server that is away, a disk that is full, a file that was cut off, an answer that is none.
CACHE_FAILS = (OSError, RedisError, ValueError, TypeError, EOFError, PickleError, zlib.error)
HOUR = timedelta(hours=1)
# The longest period of a limit that is counted in the database.
KEPT = timedelta(days=1)


class Store(Protocol):
    """Where it is counted. `who` is a keyed hash."""

    def count(self, name: str, who: str, times: int, period: timedelta) -> None:
        """Count that something was done so many times more."""

    def counted(self, name: str, who: str, period: timedelta) -> int:
        """Return how often it was done within the period."""


class CacheStore:
    """Counts in Django's cache; a period begins with the first time, and is counted anew when it is over.

    While the cache cannot be reached, or says nothing that can be understood, nothing is too often.
    """

    def count(self, name: str, who: str, times: int, period: timedelta) -> None:
        """Count that something was done so many times more."""
        key = self._key(name, who)
        try:
            cache.add(key, 0, period.total_seconds())
            cache.incr(key, times)
        except CACHE_FAILS as error:  # or it ended between the two lines above
            logger.debug("A visit was not counted: %r", error)

    def counted(self, name: str, who: str, period: timedelta) -> int:
        """Return how often it was done since the period began."""
        try:
            return int(cache.get(self._key(name, who), 0))
        except CACHE_FAILS as error:
            logger.warning("The cache does not say how often %s was done: %r", name, error)
            return 0

    def _key(self, name: str, who: str) -> str:
        return f"limit:{name}:{who}"


class DatabaseStore:
    """Counts in rows, one for each hour, so that a period is right give or take the beginning of an hour.

    Counting takes the same queries the first time as later, and none less to count nothing (`times` 0): how long it
    takes says nothing.
    """

    def count(self, name: str, who: str, times: int, period: timedelta) -> None:
        """Count that something was done so many times more."""
        hour = timezone.now().replace(minute=0, second=0, microsecond=0)
        Tally.objects.bulk_create([Tally(what=name, who=who, hour=hour)], ignore_conflicts=True)
        Tally.objects.filter(what=name, who=who, hour=hour).update(count=F("count") + times)

    def counted(self, name: str, who: str, period: timedelta) -> int:
        """Return how often it was done within the period, which is KEPT at most."""
        since = timezone.now() - period
        found = Tally.objects.filter(what=name, who=who, hour__gt=since).aggregate(all=Sum("count"))
        return int(found["all"] or 0)


CACHE, DATABASE = CacheStore(), DatabaseStore()


@dataclass(frozen=True)
class RateLimit:
    """That something (`name`, of 12 characters at most) may be done `most` times within a period, by each who does it.

    Who it is may be any text: a network address, an e-mail address, or nothing for everybody together.
    """

    name: str
    most: int
    period: timedelta
    store: Store

    def count(self, who: str, times: int = 1) -> None:
        """Count that somebody did it."""
        self.store.count(self.name, keyed_hash(who), times, self.period)

    def counted(self, who: str) -> int:
        """Return how often somebody did it within the period."""
        return self.store.counted(self.name, keyed_hash(who), self.period)

    def is_used_up(self, who: str) -> bool:
        """Whether somebody has done it as often as may be."""
        return self.counted(who) >= self.most

    def is_too_often(self, who: str) -> bool:
        """Count that somebody does it, and return whether that is once too often."""
        self.count(who)
        return self.counted(who) > self.most


def forget_old_tallies(now: datetime | None = None) -> None:
    """Delete from the database what is no longer counted. `now` is aware."""
    Tally.objects.filter(hour__lte=(now or timezone.now()) - KEPT - HOUR).delete()
