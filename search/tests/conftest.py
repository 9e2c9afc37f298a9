"""A made-up site to search, with everything that a query can be about."""

from dataclasses import dataclass
from typing import Any

import pytest

from centres.factories import CentrePageFactory, CentreServicePageFactory, RolePageFactory, ServicePageFactory
from centres.models import CentrePage, CentreServicePage, RolePage, ServicePage, ServiceStatus, Stage
from search.models import SynonymGroup, Urgency, UrgentPhrase


@dataclass(frozen=True)
class Circus:
    """Two centres in towns of Thurrock, two services, a role, and words that editors taught the search."""

    west: CentrePage
    east: CentrePage
    juggling: ServicePage
    trapeze: ServicePage
    ringmaster: RolePage
    juggling_west: CentreServicePage
    juggling_east: CentreServicePage


@pytest.fixture
def circus(small_site: Any) -> Circus:
    """A site in which juggling is planned in the west and available in the east."""
    west = CentrePageFactory(parent=small_site.centres, title="Purfleet Ring", short_name="Purfleet", slug="west")
    east = CentrePageFactory(
        parent=small_site.centres, title="Corringham Ring", short_name="Corringham", slug="east", stage=Stage.OPEN
    )
    juggling = ServicePageFactory(
        parent=small_site.services,
        title="Juggling",
        slug="juggling",
        also_known_as="tossing\nthrow and catch",
        summary="Balls and clubs in the air.",
    )
    trapeze = ServicePageFactory(parent=small_site.services, title="Trapeze", slug="trapeze", also_known_as="swinging")
    ringmaster = RolePageFactory(parent=small_site.roles, title="Ringmaster", slug="ringmaster")
    SynonymGroup.objects.create(words="tossing\nlobbing\nhurling entries")
    UrgentPhrase.objects.create(phrase="fell off the trapeze")
    UrgentPhrase.objects.create(phrase="up in flames", urgency=Urgency.URGENT)
    UrgentPhrase.objects.create(phrase="can't laugh", urgency=Urgency.CRISIS)
    return Circus(
        west=west,
        east=east,
        juggling=juggling,
        trapeze=trapeze,
        ringmaster=ringmaster,
        juggling_west=CentreServicePageFactory(parent=west, service=juggling, status=ServiceStatus.PLANNED),
        juggling_east=CentreServicePageFactory(parent=east, service=juggling, status=ServiceStatus.AVAILABLE),
    )
