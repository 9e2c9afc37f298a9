"""What an editor may have entered that cannot be: hours that overlap, last no time, or are never kept."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from itertools import combinations, product

from centres.opening_hours.sessions import LAST_WEEK, MIDNIGHT, ONE_DAY, ExceptionPeriod, Session, Times
from centres.opening_hours.wording import describe_sessions, describe_weekdays
from core.dates import WEEKDAYS, describe_days, describe_time, describe_weekday

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
        if _share_a_day(one, other)
    ]
    return sorted(found)


def _mistakes_within(session: Session) -> list[str]:
    messages = []
    if not session.days:
        messages.append("Choose at least one day.")
    if _lasts_no_time(session):
        messages.append(_same_time_twice(session.opens))
    if session.first and session.last and session.last < session.first:
        messages.append("The last day is before the first day.")
    if session.weeks and session.every_second_from:
        messages.append("Choose either weeks of the month or every second week, not both.")
    start = session.every_second_from
    if start and session.days and start.weekday() not in session.days:
        messages.append(f"{describe_weekday(start)} is none of the days that are ticked.")
    return messages


def _mistakes_in(period: ExceptionPeriod) -> list[str]:
    if period.last < period.first:
        return ["The last day is before the first day."]
    if period.days and not any(period.covers(day) for day in _first_week(period)):
        return [f"There is no {describe_weekdays(period.days)} on {describe_days(period.first, period.last)}."]
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


def _first_week(period: ExceptionPeriod) -> list[date]:
    days = min((period.last - period.first).days + 1, 7)
    return [period.first + ahead * ONE_DAY for ahead in range(days)]


def _share_a_day(one: ExceptionPeriod, other: ExceptionPeriod) -> bool:
    first, last = max(one.first, other.first), min(one.last, other.last)
    if first > last:
        return False
    both = ExceptionPeriod(first, last)
    return any(one.covers(day) and other.covers(day) for day in _first_week(both))


def _can_meet(one: Session, other: Session) -> bool:
    """Tell whether two sessions may be kept on the same day."""
    if (one.first and other.last and one.first > other.last) or (other.first and one.last and other.first > one.last):
        return False
    if one.every_second_from and other.every_second_from:
        mondays = [each - each.weekday() * ONE_DAY for each in (one.every_second_from, other.every_second_from)]
        return (mondays[0] - mondays[1]).days % 14 == 0
    if not one.weeks or not other.weeks:
        return True
    # The last of a month is its fourth as well, or its fifth.
    return bool(one.weeks & other.weeks) or any(
        LAST_WEEK in weeks and 4 in others for weeks, others in ((one.weeks, other.weeks), (other.weeks, one.weeks))
    )


def _first_clash(one: Session, other: Session) -> tuple[int, int] | None:
    """Return the first days (of `one`, of `other`) on which two sessions overlap, or None."""
    if _lasts_no_time(one) or _lasts_no_time(other) or one.by_appointment != other.by_appointment:
        return None
    can_meet = _can_meet(one, other)
    for first_day, second_day in product(sorted(one.days), sorted(other.days)):
        if first_day == second_day and not can_meet:
            continue
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
        f"It opens and closes at {describe_time(value)}. If it is open day and night, choose “Open 24 hours” instead."
    )


def _overlap(later: str, earlier: str) -> str:
    return f"{later} overlaps {earlier}. Change one of the two."


def _describe(session: Session) -> str:
    times: Times = (session.opens, session.closes)
    return describe_sessions([times])
