"""Opening hours: the arithmetic, the contradictions an editor may have entered, and the words residents read.

Plain data in, plain data out: nothing here reads the database, and all wall-clock times are Europe/London.
"""

from centres.opening_hours.contradictions import contradictions, exception_contradictions
from centres.opening_hours.hours import ExceptionPeriod, Interval, OpeningHours, Session, Times
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
    describe_sessions,
    missing_bank_holidays,
    state,
)

__all__ = [
    "ComingException",
    "DayLine",
    "ExceptionPeriod",
    "Interval",
    "MissingBankHoliday",
    "OpeningHours",
    "OpeningState",
    "OpeningSummary",
    "Session",
    "Times",
    "bank_holiday_warning",
    "coming_exceptions",
    "contradictions",
    "describe_sessions",
    "exception_contradictions",
    "missing_bank_holidays",
    "opening_summary",
    "state",
    "week",
]
