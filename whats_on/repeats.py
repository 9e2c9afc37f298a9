"""When a date comes round again: arithmetic on London's wall clock, without the database."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count, islice, takewhile

from django.db import models

from core.dates import LAST_YEAR, add_months
from core.timezone import LONDON

MOST_REPEATS = 60
# A fifth Monday is not in every month, so it stands for the last one.
WEEKS_IN_EVERY_MONTH = 4


class Repeat(models.TextChoices):
    """How often a date comes round."""

    WEEKLY = "weekly", "Every week"
    FORTNIGHTLY = "fortnightly", "Every two weeks"
    FOUR_WEEKLY = "four_weekly", "Every four weeks"
    MONTHLY_WEEKDAY = "monthly_weekday", "Every month, on the same weekday"
    MONTHLY_DAY = "monthly_day", "Every month, on the same day of the month"


WEEKS = {Repeat.WEEKLY: 1, Repeat.FORTNIGHTLY: 2, Repeat.FOUR_WEEKLY: 4}


def repeated(
    starts_at: datetime, ends_at: datetime, repeat: Repeat, *, times: int | None = None, until: date | None = None
) -> list[tuple[datetime, datetime]]:
    """Return the beginnings and ends (aware, in London) of the dates that follow the one given, at most 61 of them.

    `times` is how many, `until` the last day on which one may begin; one of the two is given. All begin and end at the
    wall-clock times of the first, across the clock changes; a time that does not exist on a day (01:30 on the last
    Sunday of March) becomes the one an hour later. The 31st is the last day of a shorter month, and a fifth Monday is
    the last of each month. None begins after the year `LAST_YEAR`. One more than `MOST_REPEATS` says that there would
    be more.
    """
    start, end = starts_at.astimezone(LONDON), ends_at.astimezone(LONDON)
    length = end.date() - start.date()
    last = min(until or date.max, date(LAST_YEAR, 12, 31), date.max - max(length, timedelta()))
    if start.date() >= last:
        return []
    days = takewhile(lambda day: day <= last, _days(start.date(), repeat))
    found = islice(days, MOST_REPEATS + 1 if times is None else min(times, MOST_REPEATS + 1))
    return [(_on(day, start), _on(day + length, end)) for day in found]


def _days(first: date, repeat: Repeat) -> Iterator[date]:
    """Yield the days that follow the first one, without end."""
    for number in count(1):
        if repeat in WEEKS:
            yield first + timedelta(weeks=WEEKS[repeat] * number)
        elif repeat == Repeat.MONTHLY_DAY:
            yield add_months(first, number)
        else:
            yield _same_weekday(first, add_months(first.replace(day=1), number))


def _same_weekday(first: date, month: date) -> date:
    """Return the day of the month beginning with `month` that is the same weekday: its second Tuesday, say."""
    week = (first.day - 1) // 7
    if week < WEEKS_IN_EVERY_MONTH:
        return month + timedelta(days=(first.weekday() - month.weekday()) % 7 + 7 * week)
    last = add_months(month, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - first.weekday()) % 7)


def _on(day: date, moment: datetime) -> datetime:
    """Return the moment's wall-clock time on another day."""
    naive = datetime.combine(day, moment.time())
    # There and back through UTC, so that a time that does not exist becomes the one that clocks show instead.
    return naive.replace(tzinfo=LONDON).astimezone(UTC).astimezone(LONDON)
