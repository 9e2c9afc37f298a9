"""The A to Z of services: filtering by centre and status with plain links, counts, pages of the list."""

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.core.paginator import Page as PaginatorPage
from django.db.models import Count, F, Value, Window
from django.db.models.functions import RowNumber
from django.http import QueryDict
from wagtail.query import PageQuerySet

from .models import CentreServicePage, ServicePage, ServiceStatus, StatusInfo
from .queries import RANK, SHOWN, paginated, public_centre_services, public_centres, public_services

CENTRES_NAMED_PER_SERVICE = 6
SLUG = re.compile(r"[\w-]{1,255}")


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
class Place:
    """A centre that names a service: the page about it there, and the status residents see."""

    page: CentreServicePage
    centre_name: str
    status: StatusInfo


@dataclass(frozen=True)
class ListedService:
    """A service in the list, with the centres that name it, surest first, and how many more there are."""

    page: ServicePage
    at_centres: list[Place]
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
    slug = parameters.get("centre", "")
    centre = public_centres().filter(slug=slug).first() if SLUG.fullmatch(slug) else None
    slug = centre.slug if centre else ""
    status = parameters.get("status", "")
    status = status if status in ServiceStatus.values else ""

    everywhere = public_centre_services().annotate(shown=SHOWN)
    here = everywhere.filter(centre=centre.pk) if centre else everywhere
    chosen = here.filter(shown=status) if status else here

    services = public_services()
    if centre or status:
        services = services.filter(pk__in=chosen.values("service"))
    page = paginated(services, parameters.get("page"))

    active = []
    if centre:
        active.append(ActiveFilter(centre.short_name, _url(status=status)))
    if status:
        active.append(ActiveFilter(ServiceStatus(status).info.label, _url(centre=slug)))
    prefix = _url(centre=slug, status=status)
    return ServicesView(
        letters=_letters(list(page.object_list), chosen),
        filters=_filters(everywhere.filter(shown=status) if status else everywhere, here, slug, status),
        active_filters=active,
        total=page.paginator.count,
        paginator_page=page,
        page_url_prefix=f"{prefix}&" if prefix.startswith("?") else "?",
    )


def _filters(by_centre: PageQuerySet, by_status: PageQuerySet, centre: str, status: str) -> list[Filter]:
    """Count the services at each centre and of each status, in one query; leave out a filter without options."""
    number = Count("service", distinct=True)
    at_centres = by_centre.values_list(Value("centre"), "centre__slug", "centre__short_name").annotate(number=number)
    of_statuses = by_status.values_list(Value("status"), "shown", "shown").annotate(number=number)
    counted = list(at_centres.order_by().union(of_statuses.order_by(), all=True))
    sure = {value: count for name, value, _, count in counted if name == "status"}
    filters = [
        Filter(
            "centre",
            "Centre",
            [
                FilterOption(label, count, _url(centre=value, status=status), value == centre)
                for label, value, count in sorted(
                    (label, value, count) for name, value, label, count in counted if name == "centre"
                )
            ],
        ),
        Filter(
            "status",
            "Status",
            [
                FilterOption(each.info.label, sure[each], _url(centre=centre, status=each), each == status)
                for each in ServiceStatus
                if each in sure
            ],
        ),
    ]
    return [each for each in filters if each.options]


def _letters(services: list[ServicePage], chosen: PageQuerySet) -> list[Letter]:
    """Group services by first letter, each with the first few centres that name it."""
    place = Window(RowNumber(), partition_by=F("service"), order_by=[RANK, "centre__short_name"])
    total = Window(Count("pk"), partition_by=F("service"))
    found = (
        chosen.select_related("centre")
        .only("url_path", "service", "centre__short_name")
        .filter(service__in=[service.pk for service in services])
        .annotate(place=place, everywhere=total)
        .filter(place__lte=CENTRES_NAMED_PER_SERVICE)
        .order_by("place")
    )
    at_centres: dict[int, list[Place]] = defaultdict(list)
    everywhere: dict[int, int] = defaultdict(int)
    for page in found:
        at_centres[page.service_id].append(Place(page, page.centre.short_name, ServiceStatus(page.shown).info))
        everywhere[page.service_id] = page.everywhere
    listed = [
        ListedService(service, at_centres[service.pk], everywhere[service.pk] - len(at_centres[service.pk]))
        for service in services
    ]
    return [
        Letter(letter, list(members))
        for letter, members in groupby(listed, key=lambda each: each.page.title[:1].upper())
    ]
