"""Guessing is slow: after five wrong tries in a row one must wait, and longer each time.

What is guessed is a password or a code of an account, or the password of a private page, each from one network address
(`host_of`): nobody elsewhere can keep somebody out. It is counted in the database, so all processes count together and
nothing is forgotten when a cache is emptied. Who it is stands there as a keyed hash.

A try is counted before it is looked at, and taken back if it was right. So several at once get no more than one after
the other, and while somebody must wait nothing is looked at, a right password neither.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from math import ceil

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from core.rate_limits import DATABASE, HOUR, RateLimit
from core.visitors import address_of, keyed_hash

from .models import FailedSignIns

FREE_TRIES = 5
# How long one must wait after the fifth wrong try in a row, the sixth and so on; the last is for all that follow.
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
# After that long without a try it begins anew.
KEPT = timedelta(days=1)
# Wrong tries from one address, whatever is guessed: an office or a library has one for all.
FROM_ONE_ADDRESS = RateLimit("sign-in", 100, HOUR, DATABASE)
# Wrong codes for one account from wherever they come: only somebody who knows its password gets to try them.
CODES_OF_ONE = RateLimit("codes", 100, timedelta(days=1), DATABASE)


class LockedOutError(Exception):
    """No try is taken now; `wait` is how long that lasts."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.wait = wait

    def __str__(self) -> str:
        return f"There were too many wrong tries. Try again in {in_words(self.wait)}."


@dataclass(frozen=True)
class Guess:
    """What is guessed (`kind`, such as "password"), whose (`subject`, any text) and from which address."""

    kind: str
    subject: str
    host: str

    @property
    def who(self) -> str:
        """What stands for it in the database."""
        return keyed_hash(f"{self.kind}:{self.subject}:{self.host}")

    def count(self) -> int:
        """Count a try, and return how many in a row that makes.

        Raises LockedOutError, and counts nothing, if it is too early.

        From the fifth on it says at once how long one must wait, should this one be wrong.
        """
        if FROM_ONE_ADDRESS.is_used_up(self.host):
            raise LockedOutError(HOUR)
        now = timezone.now()
        with transaction.atomic():
            FailedSignIns.objects.bulk_create([FailedSignIns(who=self.who, failed_at=now)], ignore_conflicts=True)
            row = FailedSignIns.objects.select_for_update().get(who=self.who)
            if row.locked_until and row.locked_until > now:
                raise LockedOutError(row.locked_until - now)
            row.failures = 1 if row.failed_at < now - KEPT else row.failures + 1
            row.failed_at = now
            row.locked_until = now + wait_after(row.failures) if row.failures >= FREE_TRIES else None
            row.save()
        return row.failures

    def was_wrong(self) -> None:
        """Count for the address that a try was wrong; the try itself is counted already."""
        FROM_ONE_ADDRESS.count(self.host)

    def was_right(self) -> None:
        """Begin anew."""
        FailedSignIns.objects.filter(who=self.who).delete()

    def wait(self) -> timedelta | None:
        """Return how long one must wait now; None if no longer."""
        row = FailedSignIns.objects.filter(who=self.who).first()
        if row is None or row.locked_until is None or row.locked_until <= timezone.now():
            return None
        return row.locked_until - timezone.now()


def guess_at(kind: str, subject: str, request: HttpRequest) -> Guess:
    """Return what somebody guesses with a request."""
    return Guess(kind, subject, host_of(request))


def host_of(request: HttpRequest) -> str:
    """Return the address a request is from; of IPv6 what one house or one telephone has (/64, RFC 6177)."""
    address = address_of(request).strip()
    try:
        found = ip_address(address)
    except ValueError:
        return address[:100]
    if found.version == 6 and found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def wait_after(failures: int) -> timedelta:
    """Return how long one must wait after so many wrong tries in a row, which are at least FREE_TRIES."""
    return WAITS[min(failures - FREE_TRIES, len(WAITS) - 1)]


def in_words(wait: timedelta) -> str:
    """Return such as "5 minutes", never too short."""
    minutes = max(1, ceil(wait.total_seconds() / 60))
    if minutes >= 60:
        return "1 hour" if minutes == 60 else f"{ceil(minutes / 60)} hours"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def forget_old_tries(now: datetime | None = None) -> None:
    """Delete what no longer counts. `now` is aware."""
    now = now or timezone.now()
    ended = Q(locked_until=None) | Q(locked_until__lte=now)
    FailedSignIns.objects.filter(ended, failed_at__lt=now - KEPT).delete()
