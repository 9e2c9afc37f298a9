"""The library: newsletters, then leaflets and issues, narrowed with plain links."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.db.models import Case, F, OuterRef, Q, When
from django.db.models.functions import JSONObject
from django.http import QueryDict

from centres.queries import PER_PAGE, centre_choices, service_choices
from core.facets import Choice, Facet, Narrowed, narrow
from core.models.media import Language
from core.visibility import public

from .models import FileFormat, LeafletKind, LeafletPage, NewsletterIssuePage, NewsletterPage
from .queries import ListedLeaflet, listed, open_document_q, public_leaflets, public_newsletters


@dataclass(frozen=True)
class Series:
    """A newsletter in the library, with its newest issue if it has one."""

    page: NewsletterPage
    newest: NewsletterIssuePage | None


@dataclass(frozen=True)
class LibraryContent:
    """What the library shows."""

    series: list[Series]
    leaflets: list[ListedLeaflet]
    narrowed: Narrowed
    total: int
    paginator_page: "PaginatorPage[LeafletPage]"


def _choices(values: Any) -> list[Choice]:
    return [Choice(value, value, label) for value, label in values.choices]


# What can be had, so that a file still to be added counts for nothing. As they are of the same file, asking for
# Easy Read and Polish finds Easy Read in Polish.
OPEN_DOCUMENT = open_document_q("files__")
FILE_LANGUAGE = Case(When(OPEN_DOCUMENT, then=F("files__document__language")))
FILE_FORMAT = Case(When(OPEN_DOCUMENT | Q(files__video_url__gt=""), then=F("files__format")))

FACETS = (
    Facet("centre", "Centre", "centres", centre_choices),
    Facet("service", "Service", "services", service_choices),
    Facet("kind", "What it is", "kind", lambda: _choices(LeafletKind)),
    Facet("language", "Language", FILE_LANGUAGE, lambda: _choices(Language)),
    Facet("format", "Format", FILE_FORMAT, lambda: _choices(FileFormat)),
)


def library_content(parameters: QueryDict) -> LibraryContent:
    """Return the library as narrowed by `centre`, `service`, `kind`, `language`, `format` and `page` of the address.

    The newsletters show on the first page of the whole list.
    """
    leaflets = public_leaflets()
    narrowed = narrow(leaflets, FACETS, parameters)
    if narrowed.chosen:
        leaflets = leaflets.filter(pk__in=narrowed.rows.order_by().values("pk"))
    paginator = Paginator(leaflets, PER_PAGE)
    paginator.count = narrowed.total_by("kind")
    page = paginator.get_page(parameters.get("page"))
    return LibraryContent(
        series=series() if page.number == 1 and not narrowed.chosen else [],
        leaflets=listed(page.object_list),
        narrowed=narrowed,
        total=page.paginator.count,
        paginator_page=page,
    )


def series() -> list[Series]:
    """Return the newsletters anyone may see, each with the newest issue anyone may see, in one query."""
    issues = NewsletterIssuePage.newest_first(public(NewsletterIssuePage.objects.all()))
    newest = issues.filter(path__startswith=OuterRef("path")).values(
        found=JSONObject(title="title", url_path="url_path", date="date", date_precision="date_precision")
    )
    return [Series(page, _issue(page.newest)) for page in public_newsletters().annotate(newest=newest[:1])]


def _issue(values: dict[str, str] | None) -> NewsletterIssuePage | None:
    """Return an issue with what a link to it needs."""
    return NewsletterIssuePage(**{**values, "date": date.fromisoformat(values["date"])}) if values else None
