"""Fixtures of core's tests."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def london_time_is(monkeypatch: pytest.MonkeyPatch) -> Callable[..., datetime]:
    """Return a function that stops the clock at a year, month, day, hour and minute in London."""

    def stop(year: int, month: int, day: int, hour: int = 12, minute: int = 0, second: int = 0) -> datetime:
        now = datetime(year, month, day, hour, minute, second, tzinfo=LONDON)
        monkeypatch.setattr(timezone, "now", lambda: now)
        return now

    return stop
