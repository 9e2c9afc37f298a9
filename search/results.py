"""One page of results: what was found, narrowed, sorted and put into words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.http import HttpRequest
from wagtail.models import Page, Site

from centres.models import FactAge, StatusInfo
from core.dates import describe_day
from core.facets import Narrowed, address, narrow_list

from .catalogue import catalogue
from .facets import FACETS
from .promoted_results import PromotedResult, promoted_results
from .retrieval import Result, find
from .snippets import Snippet, plain, snippets
from .texts import Texts
from .understanding import Understood, understand

PER_PAGE = 10
NEWEST = "newest"
METRES_PER_MILE = 1609.344


@dataclass(frozen=True)
class ShownResult:
    """One result, as it is shown. `caption` says what it is, of when and how far off, `age` how old its status is."""

    result: Result
    title: str
    url: str
    caption: str
    status: StatusInfo | None
    age: FactAge | None
    is_gone: bool
    snippet: Snippet


@dataclass(frozen=True)
class Results:
    """What a search found: the query as it was understood, and one page of the results.

    `did_you_mean` is how the query would have been mended, where nothing was found as it was typed.
    """

    query: str
    did_you_mean: str
    understood: Understood
    promoted: list[PromotedResult]
    results: list[ShownResult]
    narrowed: Narrowed
    paginator_page: "PaginatorPage[Result]"
    is_newest_first: bool
    links: Mapping[str, str]

    @property
    def total(self) -> int:
        """How many results there are, as narrowed."""
        return self.paginator_page.paginator.count


def search(request: HttpRequest, site: Site, query: str) -> Results:
    """Return what `query` finds on a site, as the address narrows and sorts it. What is not public is never found."""
    parameters = request.GET
    exact = bool(parameters.get("exact"))
    known, texts = catalogue(), Texts(site)
    ask = partial(understand, query, known, is_known=texts.is_known, other_words=texts.title_words)
    understood = ask(exact=exact)
    is_newest_first = parameters.get("sort") == NEWEST
    asked = {"query": query, "exact": "1" if exact else ""}
    keep = {**asked, "sort": NEWEST if is_newest_first else ""}
    found = find(understood, known, texts)
    narrowed = narrow_list(found, FACETS, parameters, keep=keep)
    results: list[Result] = narrowed.rows
    if is_newest_first:
        results = sorted(results, key=lambda result: (result.day is None, -(result.day or date.min).toordinal()))
    page = Paginator(results, PER_PAGE).get_page(parameters.get("page"))
    return Results(
        query=query,
        did_you_mean=ask(exact=False).corrected_to if exact and not found else "",
        understood=understood,
        promoted=promoted_results(understood, texts),
        results=_results(request, list(page.object_list), understood),
        narrowed=narrowed,
        paginator_page=page,
        is_newest_first=is_newest_first,
        links={
            "page": narrowed.page_url_prefix,
            "best": address(**{**asked, **narrowed.values}),
            "newest": address(**{**asked, **narrowed.values, "sort": NEWEST}),
            "exact": address(query=query, exact="1"),
            "all": address(**keep),
            "mended": address(query=query),
        },
    )


def _results(request: HttpRequest, results: list[Result], understood: Understood) -> list[ShownResult]:
    """Return results as they are shown. It takes a query for each type of page among them, and one for files."""
    others = [result.pk for result in results if result.row is None]
    pages: dict[int, Page] = {page.pk: page for page in Page.objects.filter(pk__in=others).specific()}
    texts = snippets(pages.values(), understood.text_words)
    shown = []
    for result in results:
        page = result.row or pages.get(result.pk)
        if page is None:
            continue
        shown.append(
            ShownResult(
                result=result,
                title=result.title,
                url=Page(url_path=result.url_path).get_url(request) or "",
                caption=_caption(result, page, understood),
                status=result.status.info if result.status else getattr(page, "stage_info", None),
                age=getattr(page, "status_age", None) or getattr(page, "stage_age", None),
                is_gone=result.is_gone,
                snippet=texts[result.pk] if result.pk in texts else plain(page.summary_text),
            )
        )
    return shown


def _caption(result: Result, page: Page, understood: Understood) -> str:
    """Return what a result is, such as "News, 29 September 2020", and how far off."""
    parts = [result.kind.label]
    if result.day:
        parts.append(getattr(page, "date_text", "") or describe_day(result.day))
    place = understood.place
    if result.row and place and not place.centre and result.row.centre_id in understood.distances:
        miles = understood.distances[result.row.centre_id] / METRES_PER_MILE
        parts.append(
            f"about {miles:.0f} miles from {place.name}" if miles >= 1.5 else f"within 1.5 miles of {place.name}"
        )
    return ", ".join(parts)
