"""When digests are due, whoever asks and on whichever day."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from followers.models import Frequency
from followers.periods import period_end
from whats_on.tests.making import london


@pytest.mark.parametrize("day", range(5, 12))
def test_a_week_of_news_is_due_on_monday_on_each_day_until_the_next(day: int) -> None:
    assert period_end(Frequency.WEEKLY, london(2026, 5, day, 7, 59)) == london(2026, 5, 4, 8)


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "Pacific/Honolulu"])
def test_the_day_is_londons_whatever_the_time_zone_of_who_asks(zone: str) -> None:
    with timezone.override(zone):
        for hour, due in ((7, 3), (8, 4), (9, 4), (15, 4)):
            assert period_end(Frequency.DAILY, london(2026, 5, 4, hour, 30)) == london(2026, 5, due, 8)
        assert period_end(Frequency.WEEKLY, london(2026, 5, 4, 8, 30)) == london(2026, 5, 4, 8)
        assert period_end(Frequency.WEEKLY, datetime(2026, 5, 4, 6, 59, tzinfo=UTC)) == london(2026, 4, 27, 8)
