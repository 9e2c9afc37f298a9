"""Opening hours as stream field values, for pages in tests."""

from datetime import date, time
from typing import Any

WEEKDAYS = ["0", "1", "2", "3", "4"]


def open_on(days: list[str], opens: str, closes: str) -> tuple[str, dict[str, Any]]:
    """Return a row of the weekly pattern; days are "0" (Monday) to "6", times "09:00"."""
    return "session", {"days": days, "opens": time.fromisoformat(opens), "closes": time.fromisoformat(closes)}


def nine_to_five() -> list[tuple[str, dict[str, Any]]]:
    """Return the weekly pattern of an office."""
    return [open_on(WEEKDAYS, "09:00", "17:00")]


def closed_on(day: date, label: str = "Training day") -> tuple[str, dict[str, Any]]:
    """Return a day on which it is closed."""
    return "exception", {"label": label, "first": day, "last": None, "times": []}


def open_differently_on(day: date, opens: str, closes: str, label: str = "Late evening") -> tuple[str, dict[str, Any]]:
    """Return a day with other hours."""
    times = [{"opens": time.fromisoformat(opens), "closes": time.fromisoformat(closes)}]
    return "exception", {"label": label, "first": day, "last": None, "times": times}
