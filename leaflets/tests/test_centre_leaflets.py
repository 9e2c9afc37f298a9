"""The newest leaflets about a centre, on the centre's page."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from centres.factories import CentrePageFactory
from centres.models import CentrePage
from core.visibility import remember_private_paths, remembered_for_request
from home.factories import SmallSite
from leaflets.factories import LeafletPageFactory, NewsletterIssuePageFactory, NewsletterPageFactory
from leaflets.models import LeafletPage
from leaflets.queries import LEAFLETS_AT_CENTRE, centre_leaflets
from testing.html import headings, link_to, read, section, words

pytestmark = pytest.mark.database


@pytest.fixture
def centre(small_site: SmallSite) -> CentrePage:
    page: CentrePage = CentrePageFactory.create(parent=small_site.centres, short_name="Testville", slug="testville")
    return page


def make(site: SmallSite, centre: CentrePage, year: int, **values: Any) -> LeafletPage:
    page: LeafletPage = LeafletPageFactory.create(
        parent=site.leaflets, title=f"Juggling in {year}", date=date(year, 1, 1), **values
    )
    page.centres = [centre]
    page.save()
    return page


def test_the_newest_are_shown_and_the_rest_is_one_link_away(
    client: Client, small_site: SmallSite, centre: CentrePage
) -> None:
    for year in (2017, 2020, 2018, 2019):
        make(small_site, centre, year)
    LeafletPageFactory.create(parent=small_site.leaflets, title="About something else", date=date(2021, 1, 1))
    found = section(read(client, centre.url), "Leaflets")

    assert [words(link) for link in found.select(".bctt-row__link")] == [
        f"Juggling in {year}" for year in (2020, 2019, 2018)
    ]
    assert len(found.select(".bctt-row")) == LEAFLETS_AT_CENTRE
    everything = link_to(found, "All leaflets about Testville")
    assert everything == "/leaflets/?centre=testville"
    assert "4 leaflets" in headings(read(client, everything))


def test_issues_of_newsletters_are_among_them(client: Client, small_site: SmallSite, centre: CentrePage) -> None:
    newsletter = NewsletterPageFactory.create(parent=small_site.leaflets)
    issue = NewsletterIssuePageFactory.create(parent=newsletter, title="The Juggler, issue 1")
    issue.centres = [centre]
    issue.save()
    found = section(read(client, centre.url), "Leaflets")
    assert link_to(found, "The Juggler, issue 1") == issue.url


def test_without_leaflets_there_is_no_such_section(client: Client, centre: CentrePage) -> None:
    assert "Leaflets" not in headings(read(client, centre.url))


@pytest.mark.parametrize(
    "hide",
    [lambda page: page.unpublish(), lambda page: page.view_restrictions.create(restriction_type="login")],
    ids=["a draft", "private"],
)
def test_what_is_not_public_is_not_shown(
    client: Client, small_site: SmallSite, centre: CentrePage, hide: Callable[[LeafletPage], Any]
) -> None:
    hide(make(small_site, centre, 2020))
    assert "Juggling in 2020" not in str(read(client, centre.url))


def test_while_the_library_is_not_published_nothing_leads_there(
    client: Client, small_site: SmallSite, centre: CentrePage
) -> None:
    make(small_site, centre, 2020)
    small_site.leaflets.live = False
    small_site.leaflets.save()
    found = section(read(client, centre.url), "Leaflets")
    assert [words(link) for link in found.select("a")] == ["Juggling in 2020"]


def test_they_cost_one_query(small_site: SmallSite, centre: CentrePage) -> None:
    for year in (2017, 2018, 2019, 2020):
        make(small_site, centre, year)
    centre_leaflets(centre)  # the addresses of sites are remembered
    # While a page is served, it is known already which pages are private.
    with remembered_for_request(), CaptureQueriesContext(connection) as queries:
        remember_private_paths(())
        view = centre_leaflets(centre)
        assert [page.url for page in view.leaflets]
    assert len(queries) == 1
