"""Every read rule of the centres: what is public, where a service can be had, what the filters offer."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.db.models import Case, CharField, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Lower
from django.utils import timezone
from wagtail.models import Page
from wagtail.query import PageQuerySet

from core.dates import last_day
from core.facets import Choice
from core.visibility import hides, private_paths, private_q, public

from .models import (
    CentrePage,
    CentreServicePage,
    Milestone,
    Partner,
    RolePage,
    ServicePage,
    ServiceStatus,
    Stage,
    StatusInfo,
    SubjectMixin,
)
from .models.choices import GONE, NEEDS_AN_OPEN_CENTRE
from .opening_hours import OpeningSummary, opening_summary

PER_PAGE = 24
ROWS_PER_PAGE = 50
# A page has some sixty columns; these are enough to name it, link it and sum it up.
LISTED = ("title", "summary", "url_path")


def public_centres() -> QuerySet[CentrePage]:
    """Return the centres anyone may see, by the name people say; last those that are gone."""
    is_gone = Case(When(stage__in=GONE, then=Value(1)), default=Value(0))
    return public(CentrePage.objects.all()).order_by(is_gone, Lower("short_name"), "pk")


def public_services() -> QuerySet[ServicePage]:
    """Return the services anyone may see, from A to Z, with what lists show of them."""
    return public(ServicePage.objects.only(*LISTED)).order_by(Lower("title"), "pk")


def centre_choices() -> list[Choice]:
    """Return the centres by which a list can be narrowed, by name."""
    return [Choice(*each) for each in public_centres().values_list("pk", "slug", "short_name")]


def service_choices() -> list[Choice]:
    """Return the services by which a list can be narrowed, by name."""
    return [Choice(*each) for each in public_services().values_list("pk", "slug", "title")]


def published_services() -> PageQuerySet:
    """Return the services that editors may offer at a centre, from A to Z."""
    services: PageQuerySet = ServicePage.objects.filter(live=True)
    return services.order_by(Lower("title"), "pk")


def public_roles() -> QuerySet[RolePage]:
    """Return the roles anyone may see, from A to Z, with what lists show of them."""
    return public(RolePage.objects.only(*LISTED)).order_by(Lower("title"), "pk")


# The status residents see, as `shown_status` says it, and its rank. The two stand apart although one follows from
# the other, because Django would write the first into every branch of the second.
_ENDED_WITH_ITS_CENTRE = Q(centre__stage=Stage.CLOSED, status__in=NEEDS_AN_OPEN_CENTRE)
_IN_A_CENTRE_THAT_IS_GONE = Q(centre__stage__in=GONE) & ~Q(status=ServiceStatus.ENDED)
_IN_A_CENTRE_NOT_OPEN = ~Q(centre__stage=Stage.OPEN) & Q(status__in=NEEDS_AN_OPEN_CENTRE)
SHOWN = Case(
    When(_ENDED_WITH_ITS_CENTRE, then=Value(ServiceStatus.ENDED.value)),
    When(_IN_A_CENTRE_THAT_IS_GONE, then=Value(ServiceStatus.NOT_GOING_AHEAD.value)),
    When(_IN_A_CENTRE_NOT_OPEN, then=Value(ServiceStatus.CONFIRMED.value)),
    default=F("status"),
    output_field=CharField(),
)
RANK = Case(
    When(_ENDED_WITH_ITS_CENTRE, then=Value(ServiceStatus.ENDED.rank)),
    When(_IN_A_CENTRE_THAT_IS_GONE, then=Value(ServiceStatus.NOT_GOING_AHEAD.rank)),
    When(_IN_A_CENTRE_NOT_OPEN, then=Value(ServiceStatus.CONFIRMED.rank)),
    *(When(status=status.value, then=Value(status.rank)) for status in ServiceStatus),
    output_field=IntegerField(),
)


def public_centre_services() -> PageQuerySet:
    """Return the services at centres anyone may see: page, service and centre all live and public.

    A private centre makes everything beneath it private. Sort and filter by what residents see with `RANK` (0 for
    the surest status) and `SHOWN`.
    """
    pages: PageQuerySet = public(CentreServicePage.objects.filter(service__live=True, centre__live=True))
    return pages.exclude(private_q("service__")) if private_paths() else pages


@hides
def hidden_centre_services() -> PageQuerySet:
    """Return the live pages of services at centres that nobody may see, because of their service or their centre."""
    pages: PageQuerySet = CentreServicePage.objects.filter(live=True)
    return pages.exclude(pk__in=public_centre_services().values("pk"))


@dataclass(frozen=True)
class StatusGroup:
    """The services of one centre that are equally sure."""

    status: StatusInfo
    services: list[CentreServicePage]


@dataclass(frozen=True)
class CentreContent:
    """What a centre's page shows."""

    hours: OpeningSummary
    status_groups: list[StatusGroup]
    milestones: list[Milestone]
    partners_now: list[Partner]
    partners_before: list[Partner]


def centre_content(centre: CentrePage) -> CentreContent:
    """Return what a centre's page shows. A preview shows the milestones and partners of the draft."""
    services = list(public_centre_services().filter(centre=centre.pk).select_related("service"))
    for service in services:
        service.centre = centre  # the draft's, in a preview
    services.sort(key=lambda service: (service.shown_status.rank, service.title))
    groups = [
        StatusGroup(status.info, list(members))
        for status, members in groupby(services, key=lambda service: service.shown_status)
    ]
    partners = list(centre.partners.all())
    return CentreContent(
        hours=opening_summary(centre.opening_hours, timezone.localtime(), note=centre.hours_note),
        status_groups=groups,
        milestones=sorted(centre.milestones.all(), key=lambda milestone: last_day(milestone.date, milestone.precision)),
        partners_now=[partner for partner in partners if not partner.is_over()],
        partners_before=[partner for partner in partners if partner.is_over()],
    )


@dataclass(frozen=True)
class CentreServiceContent:
    """What the page of a service at a centre shows."""

    hours: OpeningSummary
    roles: list[RolePage]
    until_then: str


def centre_service_content(page: CentreServicePage) -> CentreServiceContent:
    """Return what the page of a service at a centre shows, with what it takes from its service and its centre."""
    # In a preview the ticked roles are the draft's, which `values_list` gives without asking the database.
    ticked = page.roles.values_list("id", flat=True)
    roles = list(
        public_roles()
        .filter(Q(pk__in=ticked) | Q(services=page.service_id))
        .annotate(is_ticked=Case(When(pk__in=ticked, then=Value(True)), default=Value(False)))
        .distinct()
    )
    ticked_roles = [role for role in roles if role.is_ticked]
    return CentreServiceContent(
        hours=opening_summary(
            page.effective_hours,
            timezone.localtime(),
            note="" if page.has_own_hours else page.centre.hours_note,
            from_centre=not page.has_own_hours,
        ),
        roles=ticked_roles or roles,
        until_then="" if page.is_available else page.until_then or page.centre.until_then,
    )


@dataclass(frozen=True)
class ServiceRow:
    """One line of "Where you can get it"."""

    page: CentreServicePage
    centre: CentrePage
    status: StatusInfo
    access_labels: list[str]
    hours_text: str


@dataclass(frozen=True)
class ServiceContent:
    """What a service's page shows."""

    rows: list[ServiceRow]
    roles: list[RolePage]
    paginator_page: "PaginatorPage[CentreServicePage]"


def hours_text(page: CentreServicePage) -> str:
    """Return today's opening in a few words; nothing where people cannot go, or nobody knows."""
    if not page.is_available:
        return ""
    return opening_summary(page.effective_hours, timezone.localtime()).state_text


def service_content(service: ServicePage, number: str | None) -> ServiceContent:
    """Return what a service's page shows: where it can be had (page `number` of it), surest first, and its roles."""
    found = public_centre_services().filter(service=service.pk).select_related("service", "centre")
    page = Paginator(found.order_by(RANK, "centre__short_name", "pk"), ROWS_PER_PAGE).get_page(number)
    rows = [
        ServiceRow(each, each.centre, each.status_info, each.access_labels, hours_text(each))
        for each in page.object_list
    ]
    return ServiceContent(rows, list(public_roles().filter(services=service.pk)), page)


def services_with_role(role: RolePage) -> list[ServicePage]:
    """Return the public services in which one meets this role, in general or at some centre."""
    at_centres = public_centre_services().filter(roles=role.pk).values("service")
    return list(public_services().filter(Q(roles=role.pk) | Q(pk__in=at_centres)).distinct())


def paginated(pages: QuerySet[Any], number: str | None) -> "PaginatorPage[Any]":
    """Return one page of a list; a number that makes no sense gives the nearest page that exists."""
    return Paginator(pages, PER_PAGE).get_page(number)


def subjects(page: SubjectMixin) -> list[Page]:
    """Return the public centres a page is about, then the services, by name. A preview shows those of the draft."""
    centres, services = page.centres.values_list("id", flat=True), page.services.values_list("id", flat=True)
    ticked = Page.objects.filter(Q(pk__in=centres) | Q(pk__in=services)).only("title", "url_path")
    return list(public(ticked).order_by(Case(When(pk__in=centres, then=0), default=1), "title", "pk"))


def services_in_use(page: Page) -> list[CentreServicePage]:
    """Return the pages at centres, outside `page`, that need a service at or beneath `page`."""
    return list(
        CentreServicePage.objects.filter(service__path__startswith=page.path)
        .exclude(path__startswith=page.path)
        .select_related("service", "centre")
        .order_by("path")
    )


def drafts_of_centres(pages: Iterable[Page]) -> list[CentrePage]:
    """Return the newest drafts of the centres at and beneath `pages`."""
    beneath = Q(pk__in=[])
    for page in pages:
        beneath |= Q(path__startswith=page.path)
    return [centre.get_latest_revision_as_object() for centre in CentrePage.objects.filter(beneath)]
