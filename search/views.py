"""The search page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from wagtail.models import Site

from core.queries import get_navigation, known_private_paths

from .queries import MAX_LENGTH, clean_query, find_pages


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what `query` finds; without one, only the form."""
    typed = request.GET.get("query", "")
    query = clean_query(typed)
    site = Site.find_for_request(request)
    with known_private_paths(get_navigation(request).private_paths):
        page = find_pages(query, site, request.GET.get("page")) if site and query else None
    if len(typed) > MAX_LENGTH:
        error = f"Your search was longer than {MAX_LENGTH} characters. We searched for the beginning of it."
    elif "query" in request.GET and not query:
        error = "Enter what you are looking for, such as blood tests."
    else:
        error = ""
    context = {
        "query": query,
        "error": error,
        "results": page,
        "total": page.paginator.count if page else 0,
        "paginator_page": page,
        "page_url_prefix": f"?{urlencode({'query': query})}&",
    }
    return render(request, "search/search.html", context)
