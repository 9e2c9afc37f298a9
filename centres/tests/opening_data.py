"""Made-up opening hours, and short ways to write them down, for the tests of opening hours."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from centres.opening_hours import ExceptionPeriod, OpeningHours, Session
from core.timezone import LONDON

MIDNIGHT = time(0)
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
EVERY_DAY = range(7)
WORKING_DAYS = range(5)

CLOCKS_GO_FORWARD = date(2026, 3, 29)
CLOCKS_GO_BACK = date(2026, 10, 25)


def clock(text: str) -> time:
    return time.fromisoformat(text)


def session(days: range | list[int], opens: str, closes: str, **rule: Any) -> Session:
    return Session(frozenset(days), clock(opens), clock(closes), **rule)


def weekly(days: range | list[int], *times: str) -> OpeningHours:
    """Hours like weekly(WORKING_DAYS, "09:00-13:00", "14:00-17:00")."""
    return OpeningHours(tuple(session(days, *each.split("-")) for each in times))


def exception(first: str, last: str = "", *times: str, label: str = "", days: Sequence[int] = ()) -> ExceptionPeriod:
    pairs = ((clock(opens), clock(closes)) for opens, closes in (each.split("-") for each in times))
    ends = date.fromisoformat(first), date.fromisoformat(last or first)
    return ExceptionPeriod(*ends, label, tuple(pairs), frozenset(days))


def london(text: str, *, second_time_round: bool = False) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON, fold=int(second_time_round))


def same_instant(one: datetime | None, other: datetime | None) -> bool:
    """Compare in UTC: in one zone Python compares the clocks on the wall."""
    if one is None or other is None:
        return one is other
    return one.astimezone(UTC) == other.astimezone(UTC)


SURGERY = weekly(WORKING_DAYS, "09:00-13:00", "14:00-17:00")
NIGHTS = weekly([FRIDAY, SATURDAY, SUNDAY], "22:00-02:00")
ALWAYS = weekly(EVERY_DAY, "00:00-00:00")
