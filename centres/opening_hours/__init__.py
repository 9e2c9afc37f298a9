"""Opening hours: the arithmetic, the contradictions an editor may have entered, and the words residents read.

Plain data in, plain data out: nothing here reads the database, and all wall-clock times are Europe/London.
"""

from centres.opening_hours.contradictions import contradictions, exception_contradictions
from centres.opening_hours.doubts import doubts, times_doubts
from centres.opening_hours.hours import Interval, OpeningHours
from centres.opening_hours.rules import RuleLine, rules
from centres.opening_hours.schema_org import special_hours, usual_hours
from centres.opening_hours.sessions import MIDNIGHT, WEEKS_OF_MONTH, ExceptionPeriod, Session, Times
from centres.opening_hours.summary import (
    ComingException,
    DayLine,
    OpeningSummary,
    coming_exceptions,
    opening_summary,
    week,
)
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
    "doubts",
    "exception_contradictions",
    "missing_bank_holidays",
    "opening_summary",
    "rules",
    "special_hours",
    "state",
    "times_doubts",
    "usual_hours",
    "week",
]
