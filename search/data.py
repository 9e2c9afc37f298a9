"""The results of a search as data, for whoever builds on them; docs/search.md says what each part means."""

from typing import Any

from django.http import HttpRequest

from core.addresses import absolute
from core.models import SiteSettings

from .results import Results, ShownResult
from .retrieval import ResultKind
from .urgent import as_text, urgent_cards


def as_data(request: HttpRequest, found: Results) -> dict[str, Any]:
    """Return one page of results as what JSON can say. Addresses are absolute."""
    page = found.paginator_page
    urgency = found.understood.urgency
    following = f"{found.links['page']}page={page.next_page_number()}&format=json" if page.has_next() else None
    return {
        "query": found.query,
        "corrected_to": found.understood.corrected_to or None,
        "urgent": as_text(urgent_cards(urgency, SiteSettings.for_request(request))) if urgency else None,
        "picks": [{"title": pick.title, "url": absolute(pick.url(request))} for pick in found.promoted],
        "total": found.total,
        "results": [_result(each) for each in found.results],
        "facets": {
            each.name: [
                {
                    "label": option.label,
                    "count": option.count,
                    "active": option.is_active,
                    "url": absolute(f"{request.path}{option.url}&format=json"),
                }
                for option in each.options
            ]
            for each in found.narrowed.filters
        },
        "next": absolute(f"{request.path}{following}") if following else None,
    }


def _result(shown: ShownResult) -> dict[str, Any]:
    result = shown.result
    is_of_centre = result.kind in (ResultKind.SERVICE_AT_CENTRE, ResultKind.CENTRE)
    return {
        "type": result.kind.value,
        "title": shown.title,
        "url": absolute(shown.url),
        "service": result.service or None,
        "centre": result.centres[0].slug if is_of_centre and result.centres else None,
        "status": result.status.value if result.status else None,
        "date": result.day.isoformat() if result.day else None,
        "text": "".join(piece.text for piece in shown.snippet.pieces),
    }
