"""Real opening times can be entered, and what is said of them at any moment agrees with itself and with the list."""

import json
import random
import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from wagtail.blocks import StreamBlock

from centres.blocks import ExceptionsBlock, OpeningHoursBlock, exceptions_of, sessions_of
from centres.opening_hours import OpeningHours, opening_summary
from core.dates import describe_time
from core.timezone import LONDON

MINUTE = timedelta(minutes=1)
CLOCKS = {describe_time(at): at for at in (time(*divmod(minute, 60)) for minute in range(24 * 60))}
PHARMACIES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "data/pharmacy_opening_times.json").read_text(encoding="utf-8")
)
CLOCK = r"(?:\d{1,2}(?::\d\d)?[ap]m|midday|midnight)"


def minutes_of(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def entered(block: StreamBlock, rows: list[tuple[str, dict[str, Any]]]) -> Any:
    """Return rows as the form cleans them once what it asks about is said to be right; times are typed as text."""
    return block.clean(block.normalize(rows))


def hours_of(pharmacy: dict[str, Any]) -> OpeningHours:
    """Return the hours as an editor would enter them: days with the same times in one row."""
    days: dict[str, list[str]] = {}
    for number, sessions in enumerate(pharmacy["week"]):
        for times in sessions:
            days.setdefault(times, []).append(str(number))
    week = [("session", {"days": ticked, **typed(times)}) for times, ticked in days.items()]
    different = [
        ("exception", {"label": "Holiday", "first": day, "last": None, "times": [typed(times) for times in sessions]})
        for day, sessions in pharmacy["different"].items()
    ]
    return OpeningHours(
        sessions_of(entered(OpeningHoursBlock(), week)), exceptions_of(entered(ExceptionsBlock(), different))
    )


def typed(times: str) -> dict[str, Any]:
    opens, closes = (describe_time(time.fromisoformat(each)).replace(":", ".") for each in times.split("-"))
    return {"opens": opens, "closes": closes, "is_right": True}


def is_open_by_the_list(pharmacy: dict[str, Any], at: datetime) -> bool:
    """Tell from the list alone whether it is open; none of its sessions goes past midnight."""
    now = at.astimezone(LONDON)
    sessions = pharmacy["different"].get(now.date().isoformat(), pharmacy["week"][now.weekday()])
    return any(
        minutes_of(opens) <= now.hour * 60 + now.minute < (minutes_of(closes) or 24 * 60)
        for opens, closes in (times.split("-") for times in sessions)
    )


def is_open_by_todays_text(text: str, at: datetime) -> bool:
    now = at.astimezone(LONDON).time()
    spans = [(CLOCKS[opens], CLOCKS[closes]) for opens, closes in re.findall(f"({CLOCK}) to ({CLOCK})", text)]
    return text == "Open 24 hours" or any(
        opens <= now and (now < closes or closes == time()) for opens, closes in spans
    )


def disagreements(pharmacy: dict[str, Any], hours: OpeningHours, at: datetime) -> list[str]:
    """Return what of all that is said at a moment does not agree with the rest."""
    said, is_open, change = opening_summary(hours, at), hours.is_open(at), hours.next_change(at)
    checks = {"the arithmetic agrees with the list": is_open == is_open_by_the_list(pharmacy, at)}
    if change is not None:
        checks["it changes when it should"] = hours.is_open(change) != is_open == hours.is_open(change - MINUTE)
    if said.is_open is None:
        checks["no more is said than known"] = said.today_text == said.state_text and (
            not said.state_text or said.state_text.endswith("check before you travel")
        )
    else:
        checks |= {
            f"“{said.state_text}” is true": said.state_text.startswith("Open" if is_open else "Closed"),
            f"“{said.state_text}” has the time of the change": change is None
            or said.state_text == "Open 24 hours"
            or describe_time(change.time()) in said.state_text,
            f"“{said.today_text}” agrees with “{said.state_text}”": is_open
            == is_open_by_todays_text(said.today_text, at),
        }
    return [check for check, is_right in checks.items() if not is_right]


@pytest.mark.parametrize("number", range(len(PHARMACIES)))
def test_real_hours_can_be_entered_and_what_is_said_of_them_agrees_with_itself(number: int) -> None:
    pharmacy = PHARMACIES[number]
    hours = hours_of(pharmacy)
    moments = random.Random(number)  # noqa: S311 (the same moments each time)
    # A thousand, around the days that are different and in any year.
    days = [date.fromisoformat(day) for day in pharmacy["different"]] or [date(2016, 6, 1)]
    for turn in range(1000):
        day = moments.choice(days) if turn % 2 else date(2016, 1, 1)
        ahead = moments.randint(-2 * 24 * 60, 2 * 24 * 60) if turn % 2 else moments.randint(0, 3650 * 24 * 60)
        at = datetime(day.year, day.month, day.day, tzinfo=UTC) + ahead * MINUTE
        assert not disagreements(pharmacy, hours, at), at
