"""Opening hours: the arithmetic, the contradictions an editor may have entered, and the words residents read.

Plain data in, plain data out: nothing here reads the database, and all wall-clock times are Europe/London.
"""

from centres.opening_hours.contradictions import contradictions, exception_contradictions
from centres.opening_hours.doubts import doubts, times_doubts
from centres.opening_hours.hours import Interval, OpeningHours
from centres.opening_hours.rules import RuleLine, rules
from centres.opening_hours.sessions import MIDNIGHT, WEEKS_OF_MONTH, ExceptionPeriod, Session, Times
from centres.opening_hours.summary import (
    ComingException,
    DayLine,
    OpeningSummary,
    coming_exceptions,
    opening_summary,
    week,
)
from centres.opening_hours.timetable import DayTimes, different_days, weekly_times
from centres.opening_hours.wording import (
    MissingBankHoliday,
    OpeningState,
    bank_holiday_warning,
    describe_day,
    describe_sessions,
    describe_weekdays,
    missing_bank_holidays,
    state,
)

__all__ = [
    "MIDNIGHT",
    "WEEKS_OF_MONTH",
    "ComingException",
    "DayLine",
    "DayTimes",
    "ExceptionPeriod",
    "Interval",
    "MissingBankHoliday",
    "OpeningHours",
    "OpeningState",
    "OpeningSummary",
    "RuleLine",
    "Session",
    "Times",
    "bank_holiday_warning",
    "coming_exceptions",
    "contradictions",
    "describe_day",
    "describe_sessions",
    "describe_weekdays",
    "different_days",
    "doubts",
    "exception_contradictions",
    "missing_bank_holidays",
    "opening_summary",
    "rules",
    "state",
    "times_doubts",
    "week",
    "weekly_times",
]
