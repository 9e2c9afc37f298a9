"""The A to Z of services: filtering by centre and status with plain links, counts, pages of the list."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby

from django.core.paginator import Page as PaginatorPage
from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.http import QueryDict
from wagtail.query import PageQuerySet

from core.facets import Choice, Facet, Narrowed, narrow

from .models import CentreServicePage, ServicePage, ServiceStatus, StatusInfo
from .queries import RANK, SHOWN, centre_choices, paginated, public_centre_services, public_services

CENTRES_NAMED_PER_SERVICE = 6


@dataclass(frozen=True)
class ServiceAtCentre:
    """A centre that names a service: the page about it there, and the status residents see."""

    page: CentreServicePage
    centre_name: str
    status: StatusInfo


@dataclass(frozen=True)
class ListedService:
    """A service in the list, with the centres that name it, surest first, and how many more there are."""

    page: ServicePage
    at_centres: list[ServiceAtCentre]
    more: int


@dataclass(frozen=True)
class LetterGroup:
    """The services of one letter."""

    letter: str
    services: list[ListedService]


@dataclass(frozen=True)
class ServicesContent:
    """What the A to Z shows."""

    letters: list[LetterGroup]
    narrowed: Narrowed
    total: int
    paginator_page: "PaginatorPage[ServicePage]"


FACETS = (
    Facet("centre", "Centre", "centre", centre_choices),
    Facet(
        "status", "Status", "shown", lambda: [Choice(each.value, each.value, each.info.label) for each in ServiceStatus]
    ),
)


def services_content(parameters: QueryDict) -> ServicesContent:
    """Return the A to Z as narrowed by `centre` (a slug), `status` and `page` of the address."""
    narrowed = narrow(public_centre_services().annotate(shown=SHOWN), FACETS, parameters, counted="service")
    services = public_services()
    if narrowed.chosen:
        services = services.filter(pk__in=narrowed.rows.values("service"))
    page = paginated(services, parameters.get("page"))
    return ServicesContent(
        letters=_letters(list(page.object_list), narrowed.rows),
        narrowed=narrowed,
        total=page.paginator.count,
        paginator_page=page,
    )


def _letters(services: list[ServicePage], chosen: PageQuerySet) -> list[LetterGroup]:
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
    at_centres: dict[int, list[ServiceAtCentre]] = defaultdict(list)
    everywhere: dict[int, int] = defaultdict(int)
    for page in found:
        at_centres[page.service_id].append(
            ServiceAtCentre(page, page.centre.short_name, ServiceStatus(page.shown).info)
        )
        everywhere[page.service_id] = page.everywhere
    listed = [
        ListedService(service, at_centres[service.pk], everywhere[service.pk] - len(at_centres[service.pk]))
        for service in services
    ]
    return [
        LetterGroup(letter, list(members))
        for letter, members in groupby(listed, key=lambda each: each.page.title[:1].upper())
    ]
