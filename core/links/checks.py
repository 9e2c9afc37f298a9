"""Keeps what came back when a web address was asked for, and decides when it is dead."""

from datetime import datetime
from urllib.parse import urlsplit

from django.db.models import F, QuerySet
from django.utils import timezone

from cleaning.addresses import clean_host
from core.models import LinkCheck

from .internal import check_internal_url
from .requests import LinkChecker, LinkResult, LinkState, RunOverError

# A site that is out of order for a day or two is not dead.
DEAD_AFTER_DAYS = 3


def record_result(check: LinkCheck, result: LinkResult, now: datetime) -> None:
    """Keep what came back at `now`, an aware datetime: gone is dead at once, doubtful on the third day in a row."""
    today = timezone.localdate(now)
    is_another_day = check.checked_at is None or timezone.localdate(check.checked_at) != today
    if result.state is LinkState.FINE:
        check.failing_since, check.failures, check.is_dead = None, 0, False
    else:
        check.failing_since = check.failing_since or today
        check.failures += 1 if is_another_day or not check.failures else 0
        check.is_dead = check.is_dead or result.state is LinkState.GONE or check.failures >= DEAD_AFTER_DAYS
    check.answer, check.checked_at = result.words, now
    check.save()


def waiting_longest_first() -> "QuerySet[LinkCheck]":
    """Return the addresses to ask, so that a run that ends early leaves none behind for ever."""
    return LinkCheck.objects.order_by(F("checked_at").asc(nulls_first=True), "pk")


class NothingReachedError(Exception):
    """No site at all replied, so it is this machine that reaches none."""


def check_links(checker: LinkChecker) -> tuple[int, bool]:
    """Ask for every address that is remembered; return how many were asked, and whether time was left for all.

    Pages of this site are looked up without asking, and do not count. Raises NothingReachedError, and keeps nothing
    more, when several sites were asked and none replied.
    """
    asked, is_reached, is_done = 0, False, True
    unsure: list[tuple[LinkCheck, LinkResult, datetime]] = []
    for check in list(waiting_longest_first()):
        is_ours = _host(check.address) in checker.internal_hosts
        if is_ours and (own := check_internal_url(check.address)):
            record_result(check, own, timezone.now())
            continue
        try:
            result = checker.check(check.address)
        except RunOverError:
            is_done = False
            break
        asked += 1
        is_reached = is_reached or result.is_reply
        unsure.append((check, result, timezone.now()))
        if is_reached:
            _record_all(unsure)
            unsure.clear()
    if len({_host(check.address) for check, *_ in unsure}) > 1:
        raise NothingReachedError
    _record_all(unsure)
    return asked, is_done


def _host(address: str) -> str:
    """Return the name of the host; empty for what is no address, which nobody can follow."""
    try:
        return clean_host(urlsplit(address).hostname or "")
    except ValueError:
        return ""


def _record_all(results: list[tuple[LinkCheck, LinkResult, datetime]]) -> None:
    for result in results:
        record_result(*result)
