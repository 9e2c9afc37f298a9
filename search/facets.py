"""The facets by which results are narrowed: kind, centre, status and year."""

from core.facets import Choice, Facet

from .retrieval import Result


def _kind(result: Result) -> list[Choice]:
    return [Choice(result.kind.value, result.kind.value, str(result.kind.label))]


def _centres(result: Result) -> list[Choice]:
    return [Choice(centre.slug, centre.slug, centre.short_name) for centre in result.centres]


def _status(result: Result) -> list[Choice]:
    return [Choice(result.status.value, result.status.value, result.status.info.label)] if result.status else []


def _year(result: Result) -> list[Choice]:
    return [Choice(result.day.year, str(result.day.year), str(result.day.year))] if result.day else []


FACETS = (
    Facet("kind", "What it is", values=_kind),
    Facet("centre", "Centre", values=_centres),
    Facet("status", "Status", values=_status),
    Facet("year", "Year", values=_year),
)
