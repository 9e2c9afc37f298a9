"""What is not available never looks available: at a centre that is not open, on every page that names a service."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import product

import pytest
from django.test import Client

from centres.factories import CentrePageFactory, CentreServicePageFactory, ServicePageFactory
from centres.models import CentreServicePage, ServiceStatus, Stage
from centres.models.choices import shown_status
from centres.tests.opening_blocks import open_on
from home.factories import SmallSite
from testing.html import link_to, main_words, read, section, structured_data, tags_in, words

pytestmark = pytest.mark.database

Committing = Callable[..., AbstractContextManager[list[Callable[[], object]]]]

NOT_OPEN = [stage for stage in Stage if stage != Stage.OPEN]
ALWAYS = [open_on(list("0123456"), "00:00", "00:00")]
AVAILABLE = ServiceStatus.AVAILABLE
# Words that would send somebody on a journey in vain.
PROMISES = ("Offered here", "Open 24 hours", "You can use this service here", "How to get it")


@pytest.fixture
def page(small_site: SmallSite) -> CentreServicePage:
    """A service entered as available, at a centre that never closes."""
    centre = CentrePageFactory(
        parent=small_site.centres, short_name="Testville", title="Testville Centre", hours=ALWAYS
    )
    service = ServicePageFactory(parent=small_site.services, title="Juggling")
    return CentreServicePageFactory(parent=centre, service=service, hours=ALWAYS, access=["walk_in"])


def at_stage(page: CentreServicePage, stage: Stage) -> None:
    centre = page.get_parent().specific
    centre.stage = stage
    centre.save()


@pytest.mark.parametrize(("stage", "status"), list(product(Stage, ServiceStatus)))
def test_the_status_that_residents_see(stage: Stage, status: ServiceStatus) -> None:
    shown = shown_status(stage, status)

    if stage == Stage.OPEN:
        assert shown == status
    elif stage == Stage.NOT_GOING_AHEAD:
        assert shown in (ServiceStatus.NOT_GOING_AHEAD, ServiceStatus.ENDED)
    else:
        assert shown not in (AVAILABLE, ServiceStatus.TEMPORARILY_CLOSED)
        assert shown.rank >= status.rank


def test_only_available_is_green_and_every_status_has_its_own_words() -> None:
    infos = [status.info for status in ServiceStatus]
    assert [info.value for info in infos if info.colour == "green"] == [AVAILABLE]
    assert len({info.label for info in infos}) == len({info.explanation for info in infos}) == len(infos)
    for info in infos[1:]:
        assert "can use" not in info.explanation
    stages = [stage.info for stage in Stage]
    assert [info.value for info in stages if info.colour == "green"] == [Stage.OPEN]
    assert len({info.label for info in stages}) == len(stages)


def test_an_available_service_at_an_open_centre_does_look_available(client: Client, page: CentreServicePage) -> None:
    """The opposite of the tests below, which would otherwise prove nothing."""
    text = main_words(read(client, page.url))
    for promise in PROMISES:
        assert promise in text
    assert structured_data(read(client, page.url))["about"]["@type"] == "Service"
    assert tags_in(section(read(client, page.service.url), "Where you can get it")) == ["Offered here"]
    assert "Offered here (1)" in main_words(read(client, "/services/"))


@pytest.mark.parametrize("stage", NOT_OPEN)
class TestAtACentreThatIsNotOpen:
    @pytest.fixture(autouse=True)
    def _stage(self, page: CentreServicePage, stage: Stage) -> None:
        at_stage(page, stage)

    def test_the_page_of_the_service_there(self, client: Client, page: CentreServicePage) -> None:
        soup = read(client, page.url)
        text = main_words(soup)
        for promise in PROMISES:
            assert promise not in text
        assert "Where to go instead" in text
        assert "about" not in structured_data(soup)
        assert "bctt-state--open" not in str(soup)

    def test_what_search_engines_show_of_it(self, client: Client, page: CentreServicePage, stage: Stage) -> None:
        description = read(client, page.url).select_one("meta[name=description]")
        assert description is not None
        label = shown_status(stage, AVAILABLE).info.label
        assert label.lower() in str(description["content"]).lower()

    def test_the_page_of_the_centre(self, client: Client, page: CentreServicePage) -> None:
        soup = read(client, page.get_parent().url)
        text = main_words(soup)
        for promise in PROMISES:
            assert promise not in text
        assert "Walk in" not in text
        assert structured_data(soup)["@type"] == "WebPage"

    def test_the_table_of_the_service(self, client: Client, page: CentreServicePage, stage: Stage) -> None:
        table = section(read(client, page.service.url), "Where you can get it")
        assert tags_in(table) == [shown_status(stage, AVAILABLE).info.label]
        text = words(table)
        for promise in PROMISES[:3]:
            assert promise not in text
        assert "None now" in text

    def test_the_list_of_services_its_filters_and_their_counts(
        self, client: Client, page: CentreServicePage, stage: Stage
    ) -> None:
        soup = read(client, "/services/")
        assert "Offered here" not in main_words(soup)
        label = shown_status(stage, AVAILABLE).info.label
        narrowed = read(client, f"/services/{link_to(soup, f'{label} (1)')}")
        assert "Juggling" in main_words(narrowed)
        nothing = main_words(read(client, "/services/?status=available"))
        assert "Juggling" not in nothing
        assert "No service matches." in nothing

    def test_the_home_page_and_the_list_of_centres(self, client: Client, page: CentreServicePage) -> None:
        for url in ("/", "/centres/"):
            text = main_words(read(client, url))
            assert "Open 24 hours" not in text

    def test_search(
        self,
        client: Client,
        page: CentreServicePage,
        stage: Stage,
        django_capture_on_commit_callbacks: Committing,
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            page.save()
        soup = read(client, "/search/?query=juggling")
        assert "Juggling at Testville" in main_words(soup)
        assert tags_in(soup) == [shown_status(stage, AVAILABLE).info.label]

    def test_no_page_says_available_in_its_source_at_all(self, client: Client, page: CentreServicePage) -> None:
        for url in (page.url, page.get_parent().url, page.service.url, "/services/", "/centres/", "/"):
            source = client.get(url).content.decode()
            assert "Offered here" not in source
            assert json.dumps("MedicalClinic") not in source
