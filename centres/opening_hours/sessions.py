"""Sessions and exceptions as editors enter them, and on which days they count."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import NamedTuple

MIDNIGHT = time(0)
ONE_DAY = timedelta(days=1)
# Stands for the last week of a month among the numbers of the others.
LAST_WEEK = 5

# When a session opens and closes; closing at or before opening means on the following day.
Times = tuple[time, time]


class WeekOfMonth(NamedTuple):
    """A choice among the weeks of a month, such as the first, as editors and residents read it."""

    number: int
    name: str


WEEKS_OF_MONTH = tuple(
    WeekOfMonth(*each) for each in ((1, "first"), (2, "second"), (3, "third"), (4, "fourth"), (LAST_WEEK, "last"))
)


@dataclass(frozen=True, slots=True)
class Session:
    """Hours kept on the given days of the week (0 is Monday), belonging to the day on which they open.

    `closes` at 00:00 is the midnight that ends the day; `closes` before `opens` runs past midnight; 00:00 to
    00:00 is open 24 hours, or at no particular time where people come by appointment.

    They are kept every week, or only on the first, third… (`LAST_WEEK`: last) of these days of a month (`weeks`), or
    every second week, counted from a day (`every_second_from`); and from `first` to `last`, where these are known.
    Raises ValueError for a day that is not 0 to 6.
    """

    days: frozenset[int]
    opens: time
    closes: time
    weeks: frozenset[int] = frozenset()
    every_second_from: date | None = None
    first: date | None = None
    last: date | None = None
    by_appointment: bool = False

    def __post_init__(self) -> None:
        if not self.days <= frozenset(range(7)):
            raise ValueError(f"Days are 0 (Monday) to 6 (Sunday), not {sorted(self.days)}")

    @property
    def is_every_week(self) -> bool:
        """Whether no week is left out."""
        return not self.weeks and self.every_second_from is None and self.first is None and self.last is None

    def is_kept_on(self, day: date) -> bool:
        """Tell whether it opens on `day`."""
        return (
            day.weekday() in self.days
            and (self.first is None or self.first <= day)
            and (self.last is None or day <= self.last)
            and (not self.weeks or bool(self.weeks & weeks_of_month(day)))
            and (self.every_second_from is None or _is_every_second(day, self.every_second_from))
        )


@dataclass(frozen=True, slots=True)
class ExceptionPeriod:
    """Days, ends included, that keep other hours than the usual; no sessions means closed all day.

    Of these days, only those count that are one of `days` of the week (0 is Monday). Where there are none, and it is
    open on several days, those count that are usually open: see `is_for_every_day`.
    """

    first: date
    last: date
    label: str = ""
    sessions: tuple[Times, ...] = ()
    days: frozenset[int] = frozenset()

    @property
    def is_for_every_day(self) -> bool:
        """Whether each day that it covers is different, though it be closed in the usual week."""
        return bool(self.days) or not self.sessions or self.first == self.last

    def covers(self, day: date) -> bool:
        """Tell whether `day` is one of this period's."""
        return self.first <= day <= self.last and (not self.days or day.weekday() in self.days)


def weeks_of_month(day: date) -> frozenset[int]:
    """Return which of its weekday in the month `day` is: {1} for the first Monday, {4, LAST_WEEK} for some fourths."""
    number = (day.day - 1) // 7 + 1
    is_last = day.day + 7 > monthrange(day.year, day.month)[1]
    return frozenset({number} - {5} | ({LAST_WEEK} if is_last else set()))


def _is_every_second(day: date, start: date) -> bool:
    mondays = day - day.weekday() * ONE_DAY, start - start.weekday() * ONE_DAY
    return day >= start and (mondays[0] - mondays[1]).days % 14 == 0
