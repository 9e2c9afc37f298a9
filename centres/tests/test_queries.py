"""What the public may read, and that what SQL says of a status is what Python says."""

from itertools import product

import pytest
from django.test import Client
from wagtail.models import Page

from centres.factories import CentrePageFactory, CentreServicePageFactory, RolePageFactory, ServicePageFactory
from centres.models import CentrePage, CentreServicePage, ServicePage, ServiceStatus, Stage
from centres.queries import (
    RANK,
    SHOWN,
    public_centre_services,
    public_centres,
    public_roles,
    public_services,
    services_in_use,
)
from home.factories import SmallSite

pytestmark = pytest.mark.database


@pytest.fixture
def centre(small_site: SmallSite) -> CentrePage:
    return CentrePageFactory(parent=small_site.centres, short_name="Testville")


@pytest.fixture
def service(small_site: SmallSite) -> ServicePage:
    return ServicePageFactory(parent=small_site.services, title="Juggling")


@pytest.fixture
def page(centre: CentrePage, service: ServicePage) -> CentreServicePage:
    return CentreServicePageFactory(parent=centre, service=service)


def test_the_database_shows_and_ranks_every_status_as_the_page_itself_does(small_site: SmallSite) -> None:
    services = {status: ServicePageFactory(parent=small_site.services) for status in ServiceStatus}
    centres = {stage: CentrePageFactory(parent=small_site.centres, stage=stage) for stage in Stage}
    for stage, status in product(Stage, ServiceStatus):
        CentreServicePageFactory(parent=centres[stage], service=services[status], status=status)

    found = list(public_centre_services().annotate(shown=SHOWN, rank=RANK))

    assert len(found) == len(Stage) * len(ServiceStatus)
    for each in found:
        assert (each.shown, each.rank) == (each.shown_status, each.shown_status.rank)


def test_everything_public_is_found(page: CentreServicePage, centre: CentrePage, service: ServicePage) -> None:
    assert list(public_centre_services()) == [page]
    assert list(public_centres()) == [centre]
    assert list(public_services()) == [service]


@pytest.mark.parametrize("which", ["page", "centre", "service"])
def test_a_service_at_a_centre_is_public_only_with_its_service_and_its_centre(
    page: CentreServicePage, centre: CentrePage, service: ServicePage, which: str
) -> None:
    hidden: Page = {"page": page, "centre": centre, "service": service}[which]
    hidden.live = False
    hidden.save(clean=False)
    assert not public_centre_services().exists()


@pytest.mark.parametrize("which", ["page", "centre", "service", "centres", "services", "home"])
def test_a_private_page_makes_private_what_is_beneath_it_or_takes_words_from_it(
    small_site: SmallSite, page: CentreServicePage, centre: CentrePage, service: ServicePage, which: str
) -> None:
    pages: dict[str, Page] = {
        "page": page,
        "centre": centre,
        "service": service,
        "centres": small_site.centres,
        "services": small_site.services,
        "home": small_site.home,
    }
    pages[which].view_restrictions.create(restriction_type="login")

    assert not public_centre_services().exists()
    assert public_centres().exists() is (which not in {"centre", "centres", "home"})
    assert public_services().exists() is (which not in {"service", "services", "home"})


def test_a_private_neighbour_with_a_longer_path_hides_nothing(
    small_site: SmallSite, page: CentreServicePage, centre: CentrePage
) -> None:
    neighbour = CentrePageFactory(parent=small_site.centres)
    neighbour.view_restrictions.create(restriction_type="login")
    assert list(public_centres()) == [centre]
    assert list(public_centre_services()) == [page]


def test_roles_are_public_like_every_page(small_site: SmallSite) -> None:
    role = RolePageFactory(parent=small_site.roles)
    RolePageFactory(parent=small_site.roles, live=False)
    RolePageFactory(parent=small_site.roles).view_restrictions.create(restriction_type="login")
    assert list(public_roles()) == [role]


class TestTheCentreOfAPage:
    """The centre that is kept for joins is the parent in the tree, whatever happens to the page."""

    @pytest.fixture
    def other(self, small_site: SmallSite) -> CentrePage:
        return CentrePageFactory(parent=small_site.centres, short_name="Otherton")

    @staticmethod
    def assert_kept() -> None:
        for each in CentreServicePage.objects.all():
            assert each.centre == each.get_parent().specific

    def test_when_it_is_made(self, page: CentreServicePage) -> None:
        self.assert_kept()

    def test_when_it_moves(self, page: CentreServicePage, other: CentrePage) -> None:
        page.move(other, pos="last-child")
        self.assert_kept()
        assert list(public_centre_services().filter(centre=other)) == [page]

    def test_when_a_revision_from_before_the_move_is_published(
        self, client: Client, page: CentreServicePage, other: CentrePage
    ) -> None:
        revision = page.save_revision()
        page.move(other, pos="last-child")
        revision.publish()
        self.assert_kept()
        assert b"at Otherton" in client.get(f"{other.url}{page.slug}/").content

    def test_when_its_centre_is_copied(
        self, small_site: SmallSite, page: CentreServicePage, centre: CentrePage
    ) -> None:
        centre.copy(recursive=True, to=small_site.centres, update_attrs={"slug": "copy", "short_name": "Copyville"})
        assert CentreServicePage.objects.count() == 2
        self.assert_kept()

    def test_when_its_copied_centre_is_published(
        self, client: Client, small_site: SmallSite, page: CentreServicePage, centre: CentrePage
    ) -> None:
        copy = centre.copy(
            recursive=True,
            to=small_site.centres,
            update_attrs={"slug": "copy", "short_name": "Copyville"},
            keep_live=False,
        )
        for each in (copy, *CentreServicePage.objects.child_of(copy)):
            each.get_latest_revision().publish()
        self.assert_kept()
        assert b"Juggling at Copyville" in client.get(f"/centres/copy/{page.slug}/").content

    def test_when_an_alias_of_its_centre_is_made(
        self, small_site: SmallSite, page: CentreServicePage, centre: CentrePage
    ) -> None:
        centre.create_alias(recursive=True, parent=small_site.centres, update_slug="alias")
        self.assert_kept()


def test_a_service_is_in_use_where_any_centre_lists_it_even_as_a_draft(
    small_site: SmallSite, page: CentreServicePage, service: ServicePage
) -> None:
    page.unpublish()
    unused = ServicePageFactory(parent=small_site.services)

    assert services_in_use(service) == [page]
    assert services_in_use(small_site.services) == [page]
    assert services_in_use(unused) == []
    assert services_in_use(page) == []
    assert services_in_use(small_site.home) == []
