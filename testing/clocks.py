"""A clock that tests move by hand."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest


@dataclass
class Clock:
    """The time by which the site goes, which passes only when it is told to."""

    now: datetime

    def advance(self, **by: float) -> datetime:
        """Let time pass, as `timedelta` says it; return what it is then."""
        self.now += timedelta(**by)
        return self.now

    def run(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let Django go by it: what is now, and when something was signed."""
        monkeypatch.setattr("django.utils.timezone.now", self._now)
        monkeypatch.setattr("django.core.signing.time.time", self._seconds)

    def _now(self) -> datetime:
        return self.now

    def _seconds(self) -> float:
        return self.now.timestamp()
