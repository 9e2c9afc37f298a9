"""Every read rule of the centres: what is public, where a service can be had, what the filters offer."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.db.models import Case, CharField, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Left, Length
from django.utils import timezone
from wagtail.models import Page
from wagtail.query import PageQuerySet

from core.queries import is_restricted, public

from .models import (
    CentrePage,
    CentreServicePage,
    Milestone,
    Partner,
    RolePage,
    ServicePage,
    ServiceStatus,
    StatusInfo,
)
from .models.choices import STATUS_WHILE_NOT_OPEN
from .opening_hours import OpeningView, opening_view

PER_PAGE = 24
ROWS_PER_PAGE = 50


def public_centres() -> QuerySet[CentrePage]:
    """Return the centres anyone may see, by the name people say."""
    return public(CentrePage.objects.all()).order_by("short_name", "pk")


def public_services() -> QuerySet[ServicePage]:
    """Return the services anyone may see, from A to Z."""
    return public(ServicePage.objects.all()).order_by("title", "pk")


def public_roles() -> QuerySet[RolePage]:
    """Return the roles anyone may see, from A to Z."""
    return public(RolePage.objects.all()).order_by("title", "pk")


def public_centre_services() -> PageQuerySet:
    """Return the services at centres anyone may see: page, service and centre all live and public.

    Each has `centre_stage`, `centre_name`, `centre_slug`, `shown` (the status residents see, as
    `CentreServicePage.shown_status`) and `rank` (0 for the surest status), so that lists can filter and sort by them.
    """
    # The private ancestors of a page include its centre; whether the centre is live is asked here.
    centre = CentrePage.objects.filter(
        live=True, path=Left(OuterRef("path"), Length(OuterRef("path")) - Value(Page.steplen))
    )
    shown = Case(
        *(
            When(centre_stage=stage, status=status, then=Value(instead.value))
            for stage, changes in STATUS_WHILE_NOT_OPEN.items()
            for status, instead in changes.items()
        ),
        default=F("status"),
        output_field=CharField(),
    )
    rank = Case(
        *(When(shown=status.value, then=Value(status.rank)) for status in ServiceStatus),
        default=Value(len(ServiceStatus)),
        output_field=IntegerField(),
    )
    pages: PageQuerySet = public(CentreServicePage.objects.all())
    return (
        pages.filter(~is_restricted("service__path"), service__live=True)
        .annotate(
            centre_stage=Subquery(centre.values("stage")),
            centre_name=Subquery(centre.values("short_name")),
            centre_slug=Subquery(centre.values("slug")),
        )
        .filter(centre_stage__isnull=False)
        .annotate(shown=shown)
        .annotate(rank=rank)
    )


def with_centres(pages: Iterable[CentreServicePage]) -> list[CentreServicePage]:
    """Return `pages` with their centres in place, fetched in one query."""
    pages = list(pages)
    paths = {page.path[: -Page.steplen] for page in pages}
    centres = {centre.path: centre for centre in CentrePage.objects.filter(path__in=paths)}
    for page in pages:
        page.centre = centres[page.path[: -Page.steplen]]
    return pages


@dataclass(frozen=True)
class StatusGroup:
    """The services of one centre that are equally sure."""

    status: StatusInfo
    services: list[CentreServicePage]


@dataclass(frozen=True)
class CentreView:
    """What a centre's page shows."""

    hours: OpeningView
    status_groups: list[StatusGroup]
    milestones: list[Milestone]
    partners_now: list[Partner]
    partners_before: list[Partner]


def centre_view(centre: CentrePage) -> CentreView:
    """Return what a centre's page shows. A preview shows the milestones and partners of the draft."""
    services = (
        list(public_centre_services().child_of(centre).select_related("service").order_by("rank", "title"))
        if centre.path
        else []
    )
    for service in services:
        service.centre = centre
    groups = [
        StatusGroup(status.info, list(members))
        for status, members in groupby(services, key=lambda service: service.shown_status)
    ]
    partners = list(centre.partners.all())
    return CentreView(
        hours=opening_view(centre.opening_hours, timezone.localtime(), note=centre.hours_note),
        status_groups=groups,
        milestones=sorted(centre.milestones.all(), key=lambda milestone: milestone.date),
        partners_now=[partner for partner in partners if not partner.is_over()],
        partners_before=[partner for partner in partners if partner.is_over()],
    )


@dataclass(frozen=True)
class CentreServiceView:
    """What the page of a service at a centre shows."""

    hours: OpeningView
    roles: list[RolePage]
    until_then: str


def centre_service_view(page: CentreServicePage) -> CentreServiceView:
    """Return what the page of a service at a centre shows, with what it takes from its service and its centre."""
    # In a preview the ticked roles are the draft's, which `values_list` gives without asking the database.
    ticked = page.roles.values_list("pk", flat=True)
    roles = list(
        public_roles()
        .filter(Q(pk__in=ticked) | Q(services=page.service_id))
        .annotate(is_ticked=Case(When(pk__in=ticked, then=Value(True)), default=Value(False)))
        .distinct()
    )
    ticked_roles = [role for role in roles if role.is_ticked]
    return CentreServiceView(
        hours=opening_view(
            page.effective_hours,
            timezone.localtime(),
            note=page.centre.hours_note,
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
class ServiceView:
    """What a service's page shows."""

    rows: list[ServiceRow]
    roles: list[RolePage]
    paginator_page: "PaginatorPage[CentreServicePage]"


def hours_text(page: CentreServicePage) -> str:
    """Return today's opening in a few words; nothing where people cannot go, or nobody knows."""
    if not page.is_available:
        return ""
    return opening_view(page.effective_hours, timezone.localtime()).state_text


def service_view(service: ServicePage, number: str | None) -> ServiceView:
    """Return what a service's page shows: where it can be had (page `number` of it), surest first, and its roles."""
    found = public_centre_services().filter(service=service.pk).select_related("service")
    page = Paginator(found.order_by("rank", "centre_name", "pk"), ROWS_PER_PAGE).get_page(number)
    rows = [
        ServiceRow(each, each.centre, each.status_info, each.access_labels, hours_text(each))
        for each in with_centres(page.object_list)
    ]
    return ServiceView(rows, list(public_roles().filter(services=service.pk)), page)


def services_with_role(role: RolePage) -> list[ServicePage]:
    """Return the public services in which one meets this role, in general or at some centre."""
    at_centres = public_centre_services().filter(roles=role.pk).values("service")
    return list(public_services().filter(Q(roles=role.pk) | Q(pk__in=at_centres)).distinct())


def paginated(pages: QuerySet[Any], number: str | None) -> "PaginatorPage[Any]":
    """Return one page of a list; a number that makes no sense gives the nearest page that exists."""
    return Paginator(pages, PER_PAGE).get_page(number)


def services_in_use(page: Page) -> list[CentreServicePage]:
    """Return the pages at centres, outside `page`, that need a service at or beneath `page`."""
    return list(
        CentreServicePage.objects.filter(service__path__startswith=page.path)
        .exclude(path__startswith=page.path)
        .select_related("service")
        .order_by("path")
    )
