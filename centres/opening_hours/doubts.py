"""What an editor has probably not meant: hours in the night, and very long days."""

from collections.abc import Sequence
from datetime import time, timedelta

from centres.opening_hours.sessions import MIDNIGHT, ONE_DAY, Session, Times
from centres.opening_hours.wording import describe_sessions
from core.dates import WEEKDAYS, describe_time

# Before this time of the morning few places are open.
MORNING = time(6)
LONGEST_DAY = timedelta(hours=14)

IF_RIGHT = "If these times are right, tick “Yes, these times are right”. If not, type am or pm after each time."


def doubts(sessions: Sequence[Session]) -> list[tuple[int, str]]:
    """Return what should be asked of a pattern, as (index of the session, question for the editor), in order.

    Sessions in the night or of more than `LONGEST_DAY`, and those that make a day longer than that together.
    """
    found = [(index, text) for index, each in enumerate(sessions) if (text := times_doubts((each.opens, each.closes)))]
    for number, day in enumerate(WEEKDAYS):
        kept = [index for index, session in enumerate(sessions) if number in session.days and session.is_every_week]
        total = sum((length((sessions[index].opens, sessions[index].closes)) for index in kept), timedelta())
        if total > LONGEST_DAY and not {index for index, _ in found} & set(kept):
            found.append((kept[-1], f"With the other times it is open for {_hours(total)} on {day}. {IF_RIGHT}"))
    return sorted(found)


def times_doubts(times: Times) -> str:
    """Return what should be asked of the times of one session; "" if nothing."""
    opens, closes = times
    said = describe_sessions([times])
    if opens == closes == MIDNIGHT:
        return f"That is open day and night. {IF_RIGHT}"
    if closes <= opens and closes != MIDNIGHT:
        return f"{said} ends at {describe_time(closes)} the next morning. {IF_RIGHT}"
    if opens < MORNING:
        return f"{said} begins at {describe_time(opens)}, in the night. {IF_RIGHT}"
    if length(times) > LONGEST_DAY:
        return f"{said} is {_hours(length(times))}. {IF_RIGHT}"
    return ""


def length(times: Times) -> timedelta:
    """Return how long a session lasts; one that closes as it opens lasts a whole day."""
    opens, closes = (timedelta(hours=each.hour, minutes=each.minute) for each in times)
    return (closes - opens) % ONE_DAY or ONE_DAY


def _hours(total: timedelta) -> str:
    hours, minutes = divmod(int(total.total_seconds()) // 60, 60)
    return f"{hours} hours {minutes} minutes" if minutes else f"{hours} hours"
