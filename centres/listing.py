"""The A to Z of services: filtering by centre and status with plain links, counts, pages of the list."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.core.paginator import Page as PaginatorPage
from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import QueryDict

from .models import CentreServicePage, ServicePage, ServiceStatus
from .queries import paginated, public_centre_services, public_centres, public_services, with_centres

CENTRES_NAMED_PER_SERVICE = 6


@dataclass(frozen=True)
class FilterOption:
    """One link of a filter: what it narrows the list to, and how many services that leaves."""

    label: str
    count: int
    url: str
    is_active: bool


@dataclass(frozen=True)
class Filter:
    """One way to narrow the list."""

    name: str
    label: str
    options: list[FilterOption]


@dataclass(frozen=True)
class ActiveFilter:
    """A filter in force, and the link that takes it away."""

    label: str
    remove_url: str


@dataclass(frozen=True)
class ListedService:
    """A service in the list, with the centres that name it, surest first, and how many more there are."""

    page: ServicePage
    at_centres: list[CentreServicePage]
    more: int


@dataclass(frozen=True)
class Letter:
    """The services of one letter."""

    letter: str
    services: list[ListedService]


@dataclass(frozen=True)
class ServicesView:
    """What the A to Z shows."""

    letters: list[Letter]
    filters: list[Filter]
    active_filters: list[ActiveFilter]
    total: int
    paginator_page: "PaginatorPage[ServicePage]"
    page_url_prefix: str


def _url(**chosen: str) -> str:
    query = urlencode({name: value for name, value in chosen.items() if value})
    return f"?{query}" if query else "./"


def services_view(parameters: QueryDict) -> ServicesView:
    """Return the A to Z as narrowed by `centre` (a slug), `status` and `page` of the address.

    An unknown centre or status narrows nothing. The counts of one filter take the other into account, so that
    no link leads to an empty list.
    """
    centres = {centre.slug: centre for centre in public_centres().only("slug", "short_name", "path", "depth")}
    centre = centres.get(parameters.get("centre", ""))
    status = parameters.get("status", "")
    status = status if status in ServiceStatus.values else ""

    everywhere = public_centre_services()
    here = everywhere.child_of(centre) if centre else everywhere
    chosen = here.filter(shown=status) if status else here

    services = public_services()
    if centre or status:
        services = services.filter(pk__in=chosen.values("service"))
    page = paginated(services, parameters.get("page"))

    filters = [
        _centre_filter(everywhere.filter(shown=status) if status else everywhere, centre, status),
        _status_filter(here, centre.slug if centre else "", status),
    ]
    active = []
    if centre:
        active.append(ActiveFilter(centre.short_name, _url(status=status)))
    if status:
        active.append(ActiveFilter(ServiceStatus(status).info.label, _url(centre=centre.slug if centre else "")))
    prefix = _url(centre=centre.slug if centre else "", status=status)
    return ServicesView(
        letters=_letters(list(page.object_list), chosen),
        filters=[each for each in filters if each.options],
        active_filters=active,
        total=page.paginator.count,
        paginator_page=page,
        page_url_prefix=f"{prefix}&" if prefix.startswith("?") else "?",
    )


def _centre_filter(pages: QuerySet[CentreServicePage], centre: "object | None", status: str) -> Filter:
    """Count the services at each centre."""
    counted = (
        pages.values("centre_slug", "centre_name")
        .annotate(services=Count("service", distinct=True))
        .order_by("centre_name")
    )
    slug = getattr(centre, "slug", "")
    return Filter(
        "centre",
        "Centre",
        [
            FilterOption(
                row["centre_name"],
                row["services"],
                _url(centre=row["centre_slug"], status=status),
                row["centre_slug"] == slug,
            )
            for row in counted
        ],
    )


def _status_filter(pages: QuerySet[CentreServicePage], centre: str, status: str) -> Filter:
    """Count the services of each status."""
    counted = pages.values("shown", "rank").annotate(services=Count("service", distinct=True)).order_by("rank")
    return Filter(
        "status",
        "Status",
        [
            FilterOption(
                ServiceStatus(row["shown"]).info.label,
                row["services"],
                _url(centre=centre, status=row["shown"]),
                row["shown"] == status,
            )
            for row in counted
        ],
    )


def _letters(services: list[ServicePage], chosen: QuerySet[CentreServicePage]) -> list[Letter]:
    """Group services by first letter, each with the first few centres that name it."""
    place = Window(RowNumber(), partition_by=F("service"), order_by=[F("rank").asc(), F("centre_name").asc()])
    everywhere = Window(Count("pk"), partition_by=F("service"))
    found = with_centres(
        chosen.filter(service__in=[service.pk for service in services])
        .annotate(place=place, everywhere=everywhere)
        .filter(place__lte=CENTRES_NAMED_PER_SERVICE)
        .order_by("rank", "centre_name")
    )
    at_centres: dict[int, list[CentreServicePage]] = defaultdict(list)
    for page in found:
        at_centres[page.service_id].append(page)
    listed = []
    for service in services:
        named = at_centres[service.pk]
        more = named[0].everywhere - len(named) if named else 0
        listed.append(ListedService(service, named, more))
    return [
        Letter(letter, list(members))
        for letter, members in groupby(listed, key=lambda each: each.page.title[:1].upper())
    ]
