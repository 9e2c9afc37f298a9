"""How well the search understands: queries with the service that should come first, and how often it does."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.test import RequestFactory
from wagtail.models import Site

from .results import ShownResult, search

URGENT = "urgent-help"
FIRST_FEW = 3


class EvaluationError(Exception):
    """A relevance file is not in the form it must have; the message says where and why."""


@dataclass(frozen=True)
class Expectation:
    """A query and what should come first: a service or role (or one of others as good), at a centre if one is named.

    The service "urgent-help" stands for the urgent-help card, no service for the centre itself.
    """

    query: str
    services: tuple[str, ...]
    centre: str | None

    @property
    def is_urgent(self) -> bool:
        """Whether the urgent-help card is what should come first."""
        return URGENT in self.services


@dataclass(frozen=True)
class EvaluatedQuery:
    """Where what was expected came: 1 for first, None for nowhere; and what came first instead."""

    expected: Expectation
    place: int | None
    first: str


def read_expectations(rows: Any) -> list[Expectation]:
    """Return the expectations of a relevance file. Raises EvaluationError for what is not in its form."""
    if not isinstance(rows, list):
        raise EvaluationError("The file must hold a list of queries.")
    found = []
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict) or not isinstance(row.get("query"), str) or not row["query"].strip():
            raise EvaluationError(f"Entry {number} has no query.")
        service, centre = row.get("service"), row.get("centre")
        if not (service or centre):
            raise EvaluationError(f"Entry {number} ({row['query']}) has neither a service nor a centre.")
        services = (service, *(row.get("also") or ())) if service else ()
        found.append(Expectation(row["query"], tuple(services), centre))
    return found


def evaluate(expectations: Iterable[Expectation]) -> Iterator[EvaluatedQuery]:
    """Ask the search each query, as a visitor of the site would, and return what came of it."""
    site = Site.objects.get(is_default_site=True)
    for expected in expectations:
        host = settings.ALLOWED_HOSTS[0] if "*" not in settings.ALLOWED_HOSTS else site.hostname
        request = RequestFactory().get("/search/", {"query": expected.query}, headers={"host": host})
        found = search(request, site, expected.query)
        first = found.results[0].title if found.results else "nothing"
        if expected.is_urgent:
            yield EvaluatedQuery(expected, 1 if found.understood.urgency else None, first)
            continue
        places = (place for place, each in enumerate(found.results, start=1) if _is_expected(each, expected))
        yield EvaluatedQuery(expected, next(places, None), first)


def _is_expected(result: ShownResult, expected: Expectation) -> bool:
    centres = {centre.slug for centre in result.result.centres}
    if not expected.services:
        return expected.centre in centres
    at_another = expected.centre and centres and expected.centre not in centres
    return result.result.service in expected.services and not at_another
