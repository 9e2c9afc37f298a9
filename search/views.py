"""The search page, the same as data, suggestions while typing, and which kind of result was opened."""

from dataclasses import asdict
from datetime import timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from wagtail.models import Site

from core.headers import open_to_other_sites
from core.models import SiteSettings
from core.navigation import get_navigation
from core.rate_limits import CACHE, RateLimit
from core.visitors import address_of

from .data import as_data
from .facets import FACETS
from .log import remember
from .models import Urgency
from .normalisation import MAX_LENGTH, clean_query, one_line
from .results import Results
from .results import search as find
from .retrieval import ResultKind
from .suggestions import suggest
from .urgent import urgent_cards

EMPTY = "Enter what you are looking for, such as blood tests."
TOO_LONG = f"Your search was longer than {MAX_LENGTH} characters. We searched for the beginning of it."
TOO_OFTEN = "Many searches came from your connection in the last minute. Please wait a minute, then search again."
# From one address. A person who types fast asks about one a second; a family shares one address.
SUGGESTIONS_LIMIT = RateLimit("suggestions", most=120, period=timedelta(minutes=1), store=CACHE)
# As many as fifty people in a library, who share one address, when each searches every ten seconds. Two workers answer
# several times as many.
SEARCH_LIMIT = RateLimit("search", most=300, period=timedelta(minutes=1), store=CACHE)
OPENED_LIMIT = RateLimit("opened", most=60, period=timedelta(minutes=1), store=CACHE)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what `query` finds, as a page or (`format=json`) as data; without a query, only the form."""
    typed = request.GET.get("query", "")
    query = clean_query(typed)
    if query and SEARCH_LIMIT.is_too_often(address_of(request)):
        return _too_often(request, query)
    site = Site.find_for_request(request)
    found = None
    if site and query:
        # Asked before the results, because it says whether anything is private: they need not ask again.
        get_navigation(request)
        found = find(request, site, query)
    if request.GET.get("format") == "json":
        data = as_data(request, found) if found else {"error": EMPTY}
        response = JsonResponse(data, status=200 if found else 400, json_dumps_params={"ensure_ascii": False})
        open_to_other_sites(response)
        return response
    if found:
        _remember(request, found)
    is_too_long = max(len(typed), len(one_line(typed))) > MAX_LENGTH
    error = TOO_LONG if is_too_long else EMPTY if "query" in request.GET and not query else ""
    urgency = found.understood.urgency if found else None
    context = {
        "query": query,
        "error": error,
        "found": found,
        "urgent_cards": urgent_cards(urgency, SiteSettings.for_request(request)) if urgency else [],
        "paginator_page": found.paginator_page if found else None,
    }
    return render(request, "search/search.html", context)


def _too_often(request: HttpRequest, query: str) -> HttpResponse:
    """Ask to wait a minute, beside where to get urgent help; nothing is searched."""
    if request.GET.get("format") == "json":
        response: HttpResponse = JsonResponse({"error": TOO_OFTEN}, status=429)
    else:
        said = SiteSettings.for_request(request) if Site.find_for_request(request) else SiteSettings()
        cards = urgent_cards(Urgency.EMERGENCY, said)
        response = render(request, "search/too_often.html", {"query": query, "urgent_cards": cards}, status=429)
    response["Retry-After"] = str(int(SEARCH_LIMIT.period.total_seconds()))
    return response


def _remember(request: HttpRequest, found: Results) -> None:
    """Keep a search the first time it is asked, not when its results are turned, narrowed or sorted."""
    again = {"page", "sort", "exact", *(facet.name for facet in FACETS)}
    if not again & request.GET.keys():
        remember(found.query, results=found.total)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Return as data what to offer to somebody who has typed `query` so far; the browser keeps it for a while."""
    if SUGGESTIONS_LIMIT.is_too_often(address_of(request)):
        return JsonResponse({"suggestions": []}, status=429, headers={"Retry-After": "60"})
    site = Site.find_for_request(request)
    query = clean_query(request.GET.get("query", ""))
    found = []
    if site and query:
        found = suggest(request, site, query)
    response = JsonResponse({"suggestions": [asdict(each) for each in found]})
    patch_cache_control(response, private=True, max_age=60)
    return response


# A browser says it of itself when a link is opened (`ping`): there is no form, nobody is signed in, nothing changes.
@csrf_exempt
@require_POST
def opened(request: HttpRequest) -> HttpResponse:
    """Keep that a result of a `kind` was opened after a `query`."""
    kind = request.GET.get("kind", "")
    if kind in ResultKind.values and not OPENED_LIMIT.is_too_often(address_of(request)):
        remember(clean_query(request.GET.get("query", "")), clicked=kind)
    return HttpResponse(status=204)
