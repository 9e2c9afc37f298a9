"""How many queries pages take, and how long: the work behind `manage.py bench`."""

import statistics
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

# A page so slow that its turns would take longer gets fewer of them.
SECONDS_PER_PAGE = 10


class BenchError(Exception):
    """A page could not be timed; the message says which and why."""


@dataclass(frozen=True)
class Timing:
    """What one page costs an anonymous visitor of a warm process: queries, and milliseconds of the server."""

    name: str
    path: str
    queries: int
    median_ms: float
    p95_ms: float

    @property
    def pages_per_second(self) -> float:
        """How many such pages one process makes in a second."""
        return 1000 / self.median_ms


def measure(paths: dict[str, str], *, requests: int) -> Iterator[Timing]:
    """Ask for each path `requests` times in this process, after warming up, and say what it costs.

    A page stops after SECONDS_PER_PAGE. Raises BenchError for an answer other than 200.
    """
    call_command("update_index", verbosity=0)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # What PostgreSQL does by itself within minutes: count what the tables hold, to plan by, and tidy them,
            # which it cannot in a transaction.
            cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM ANALYZE")
    client = Client()
    for name, path in paths.items():
        answer = client.get(path)
        if answer.status_code != 200:
            raise BenchError(f"{name}: {path} answered {answer.status_code}.")
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
            count = len(queries)
        times = sorted(_milliseconds(client, path, requests))
        yield Timing(
            name=name,
            path=path,
            queries=count,
            median_ms=statistics.median(times),
            p95_ms=times[min(len(times) - 1, int(len(times) * 0.95))],
        )


def _milliseconds(client: Client, path: str, requests: int) -> Iterator[float]:
    until = time.monotonic() + SECONDS_PER_PAGE
    for _ in range(requests):
        start = time.perf_counter()
        client.get(path)
        yield (time.perf_counter() - start) * 1000
        if time.monotonic() > until:
            break


def table(timings: Iterable[Timing]) -> Iterator[str]:
    """Return the lines of a table of timings, one by one as they arrive."""
    yield f"{'Page':<22}{'Queries':>8}{'Median ms':>11}{'95% ms':>9}{'Pages/s':>9}"
    for each in timings:
        yield (
            f"{each.name:<22}{each.queries:>8}{each.median_ms:>11.1f}{each.p95_ms:>9.1f}{each.pages_per_second:>9.0f}"
        )
