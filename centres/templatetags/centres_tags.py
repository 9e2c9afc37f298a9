"""Template tags through which pages show centres and services."""

import json
from collections.abc import Iterable
from typing import Any

from django import template
from django.template.context import RequestContext

from centres import facets, queries
from centres.geography.postcodes import DATA
from centres.models import (
    CentrePage,
    CentreServicePage,
    RolePage,
    ServicePage,
    StatusInfo,
)

register = template.Library()

TOWN_BOXES: dict[str, tuple[int, int, int, int]] = json.loads((DATA / "town_boxes.json").read_text(encoding="utf-8"))

CENTRES_ON_HOME = 8
SERVICES_ON_HOME = 12


@register.inclusion_tag("includes/status_tag.html")
def status_tag(status: StatusInfo) -> dict[str, Any]:
    """Show a status in words, in a coloured tag."""
    return {"status": status}


@register.simple_tag
def centre_content(page: CentrePage) -> queries.CentreContent:
    """Return what a centre's page shows."""
    return queries.centre_content(page)


@register.simple_tag
def centre_service_content(page: CentreServicePage) -> queries.CentreServiceContent:
    """Return what the page of a service at a centre shows."""
    return queries.centre_service_content(page)


@register.simple_tag(takes_context=True)
def service_content(context: RequestContext, page: ServicePage) -> queries.ServiceContent:
    """Return what a service's page shows."""
    return queries.service_content(page, context["request"].GET.get("page"))


@register.simple_tag
def services_with_role(page: RolePage) -> list[ServicePage]:
    """Return the services in which one meets a role."""
    return queries.services_with_role(page)


@register.simple_tag(takes_context=True)
def services_content(context: RequestContext) -> facets.ServicesContent:
    """Return the A to Z of services, narrowed as the address says."""
    return facets.services_content(context["request"].GET)


@register.simple_tag(takes_context=True)
def roles_list(context: RequestContext) -> Any:
    """Return one page of the list of roles."""
    return queries.paginated(queries.public_roles(), context["request"].GET.get("page"))


@register.simple_tag(takes_context=True)
def centres_list(context: RequestContext) -> Any:
    """Return one page of the list of centres."""
    return queries.paginated(queries.public_centres(), context["request"].GET.get("page"))


@register.simple_tag
def centres_on_home() -> list[CentrePage]:
    """Return the first centres of the list."""
    return list(queries.public_centres()[:CENTRES_ON_HOME])


@register.simple_tag
def services_on_home() -> list[ServicePage]:
    """Return the first services of the A to Z."""
    return list(queries.public_services()[:SERVICES_ON_HOME])


@register.simple_tag
def centres_on_map(centres: Iterable[CentrePage]) -> list[tuple[CentrePage, tuple[int, int, int, int]]]:
    """Return those centres whose town is on the map, each with its box there: left, top, width, height."""
    return [(centre, TOWN_BOXES[centre.slug]) for centre in centres if centre.slug in TOWN_BOXES]
