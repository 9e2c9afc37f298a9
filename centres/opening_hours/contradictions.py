"""What an editor may have entered that cannot be: hours that overlap, or last no time."""

from collections.abc import Sequence
from datetime import time, timedelta
from itertools import combinations, product

from centres.opening_hours.hours import MIDNIGHT, ONE_DAY, ExceptionPeriod, Session, Times
from centres.opening_hours.wording import describe_sessions
from core.dates import WEEKDAYS, describe_days, describe_time

ONE_WEEK = 7 * ONE_DAY


def contradictions(sessions: Sequence[Session]) -> list[tuple[int, str]]:
    """Return what is wrong with a weekly pattern, as (index of the session, sentence for the editor).

    Sessions that last no time or name no day, and sessions that overlap: those past midnight reach into the
    next day, Sunday's into Monday. Of two that overlap the later one is named. Touching is not overlapping.
    """
    found = [(index, message) for index, session in enumerate(sessions) for message in _mistakes_within(session)]
    for (_, one), (index, other) in combinations(enumerate(sessions), 2):
        clash = _first_clash(one, other)
        if clash:
            first_day, second_day = clash
            later = f"{_describe(other)} on {WEEKDAYS[second_day]}"
            found.append((index, _overlap(later, f"{_describe(one)} on {WEEKDAYS[first_day]}")))
    return sorted(found)


def exception_contradictions(exceptions: Sequence[ExceptionPeriod]) -> list[tuple[int, str]]:
    """Return what is wrong with a list of exceptions, as (index of the exception, sentence for the editor).

    Periods that end before they begin or share a day with another, and sessions that overlap or last no time.
    """
    found = [(index, message) for index, period in enumerate(exceptions) for message in _mistakes_in(period)]
    found += [
        (index, _overlap(describe_days(other.first, other.last), describe_days(one.first, one.last)))
        for (_, one), (index, other) in combinations(enumerate(exceptions), 2)
        if max(one.first, other.first) <= min(one.last, other.last)
    ]
    return sorted(found)


def _mistakes_within(session: Session) -> list[str]:
    messages = []
    if not session.days:
        messages.append("Choose at least one day.")
    if _lasts_no_time(session):
        messages.append(_same_time_twice(session.opens))
    return messages


def _mistakes_in(period: ExceptionPeriod) -> list[str]:
    if period.last < period.first:
        return ["The last day is before the first day."]
    # A period of several days repeats its sessions every day, so one past midnight can meet the next day's.
    days = frozenset(range(7)) if period.first < period.last else frozenset({period.first.weekday()})
    sessions = [Session(days, opens, closes) for opens, closes in period.sessions]
    messages = [_same_time_twice(session.opens) for session in sessions if _lasts_no_time(session)]
    messages += [
        _overlap(_describe(other), _describe(one))
        for one, other in combinations(sessions, 2)
        if _first_clash(one, other)
    ]
    return messages


def _first_clash(one: Session, other: Session) -> tuple[int, int] | None:
    """Return the first days (of `one`, of `other`) on which two weekly sessions overlap, or None."""
    if _lasts_no_time(one) or _lasts_no_time(other):
        return None
    for first_day, second_day in product(sorted(one.days), sorted(other.days)):
        opens, closes = _in_the_week(one, first_day)
        other_opens, other_closes = _in_the_week(other, second_day)
        # The week is a circle: Sunday night is just before Monday and a week after the last.
        for turn in (-ONE_WEEK, timedelta(0), ONE_WEEK):
            if opens < other_closes + turn and other_opens + turn < closes:
                return first_day, second_day
    return None


def _in_the_week(session: Session, day: int) -> tuple[timedelta, timedelta]:
    """Return when the session of that day opens and closes, counted from Monday's first midnight."""
    opens, closes = _since_midnight(session.opens), _since_midnight(session.closes)
    if closes <= opens:
        closes += ONE_DAY
    return day * ONE_DAY + opens, day * ONE_DAY + closes


def _since_midnight(value: time) -> timedelta:
    return timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)


def _lasts_no_time(session: Session) -> bool:
    return session.opens == session.closes != MIDNIGHT


def _same_time_twice(value: time) -> str:
    return (
        f"It opens and closes at {describe_time(value)}. If it is open day and night, enter midnight (00:00) for both."
    )


def _overlap(later: str, earlier: str) -> str:
    return f"{later} overlaps {earlier}. Change one of the two."


def _describe(session: Session) -> str:
    times: Times = (session.opens, session.closes)
    return describe_sessions([times])
