"""Rate limits: how often is too often, for each by itself, in both stores, and what is kept of whoever asks."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import Tally
from core.rate_limits import CACHE, DATABASE, HOUR, RateLimit, Store, forget_old_tallies
from testing.clocks import Clock

pytestmark = pytest.mark.database

ADDRESS = "192.0.2.7"


@pytest.fixture
def clock(db: None, monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(datetime(2026, 5, 4, 11, tzinfo=UTC))
    clock.run(monkeypatch)
    return clock


def limit_of(store: Store, most: int = 2) -> RateLimit:
    return RateLimit("juggle", most=most, period=HOUR, store=store)


@pytest.fixture(params=[CACHE, DATABASE], ids=["cache", "database"])
def limit(request: pytest.FixtureRequest, clock: Clock) -> RateLimit:
    return limit_of(request.param)


def test_once_more_than_the_most_is_too_often_for_each_by_itself(limit: RateLimit) -> None:
    assert [limit.is_too_often(ADDRESS) for _ in range(4)] == [False, False, True, True]
    assert not limit.is_too_often("192.0.2.8")


def test_a_limit_is_used_up_at_the_most(limit: RateLimit) -> None:
    limit.count(ADDRESS)
    assert not limit.is_used_up(ADDRESS)
    limit.count(ADDRESS, times=0)
    assert not limit.is_used_up(ADDRESS)
    limit.count(ADDRESS)
    assert limit.is_used_up(ADDRESS)
    assert limit.counted(ADDRESS) == 2


def test_limits_of_other_names_are_counted_apart(limit: RateLimit) -> None:
    limit.count(ADDRESS, times=5)
    assert RateLimit("dance", most=1, period=HOUR, store=limit.store).counted(ADDRESS) == 0


def test_what_the_cache_counts_ends_with_its_period(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = limit_of(CACHE)
    limit.count(ADDRESS)
    monkeypatch.setattr("time.time", lambda: datetime.now(UTC).timestamp() + HOUR.total_seconds() + 1)
    assert limit.counted(ADDRESS) == 0


def test_what_the_database_counts_ends_with_its_period(clock: Clock) -> None:
    limit = limit_of(DATABASE)
    limit.count(ADDRESS)
    clock.advance(minutes=59)
    assert limit.counted(ADDRESS) == 1
    clock.advance(minutes=1)
    assert limit.counted(ADDRESS) == 0


def test_a_limit_in_the_cache_never_writes_to_the_database(clock: Clock) -> None:
    with CaptureQueriesContext(connection) as queries:
        limit_of(CACHE).is_too_often(ADDRESS)
    assert len(queries) == 0


def test_counting_nothing_takes_the_same_queries_as_counting_something(clock: Clock) -> None:
    counts = []
    for times in (1, 1, 0):
        with CaptureQueriesContext(connection) as queries:
            limit_of(DATABASE).count(ADDRESS, times=times)
        counts.append(len(queries))
    assert len(set(counts)) == 1


def test_neither_store_holds_who_it_was(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    keys: list[str] = []
    monkeypatch.setattr(cache, "add", lambda key, *_: keys.append(key))
    for store in (CACHE, DATABASE):
        limit_of(store).count(ADDRESS)
    keys += Tally.objects.values_list("who", flat=True)
    assert len(keys) == 2
    assert not [key for key in keys if ADDRESS in key]


def test_what_was_counted_goes_when_it_is_counted_no_longer(clock: Clock) -> None:
    limit = RateLimit("juggle", most=1, period=timedelta(days=1), store=DATABASE)
    limit.count(ADDRESS)
    clock.advance(hours=23, minutes=59)
    assert limit.counted(ADDRESS) == 1
    clock.advance(hours=1)
    forget_old_tallies()
    assert Tally.objects.exists()
    clock.advance(minutes=1)
    assert limit.counted(ADDRESS) == 0
    forget_old_tallies()
    assert not Tally.objects.exists()
