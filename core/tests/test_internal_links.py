"""Addresses of this site that editors typed: where they lead residents, without asking over the network."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from core.factories import AlertFactory
from core.links.internal import check_internal_url
from core.links.report import dead_links
from core.links.requests import LinkResult, LinkState
from core.models import BasePage, LinkCheck
from testing.pages import SmallSite, add_page
from testing.privacy import make_private
from users.models import User

pytestmark = pytest.mark.django_db

BASE = "http://testserver"
FINE = LinkResult(LinkState.FINE, "It is there", is_reply=False)
NO_PAGE = LinkResult(LinkState.GONE, "This site has no page there", is_reply=False)
NOT_FOR_ALL = LinkResult(LinkState.GONE, "Not everyone may see the page there", is_reply=False)


@pytest.fixture(autouse=True)
def _nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(checker: object, address: str) -> LinkResult:
        raise AssertionError(f"{address} was asked for")

    monkeypatch.setattr("core.links.requests.LinkChecker.check", refuse)


@pytest.fixture
def about(small_site: SmallSite) -> BasePage:
    return add_page(small_site.home, "About")


@pytest.mark.parametrize("path", ["/about/", "/about", "/about/?from=leaflet", "/%61bout/", "/"])
def test_the_address_of_a_page_leads_there(about: BasePage, path: str) -> None:
    assert check_internal_url(f"{BASE}{path}") == FINE


@pytest.mark.parametrize("path", ["/abuot/", "/about/us/", "/about/about"])
def test_the_address_of_no_page_leads_nowhere(about: BasePage, path: str) -> None:
    assert check_internal_url(f"{BASE}{path}") == NO_PAGE


@pytest.mark.parametrize(
    ("become", "answer"),
    [(Page.unpublish, NO_PAGE), (Page.delete, NO_PAGE), (make_private, NOT_FOR_ALL)],
)
def test_a_page_that_residents_cannot_see_is_none(
    about: BasePage, become: Callable[[Page], Any], answer: LinkResult
) -> None:
    add_page(about, "Us")
    become(about)
    assert check_internal_url(f"{BASE}/about/") == answer
    beneath = check_internal_url(f"{BASE}/about/us/")
    assert beneath == (FINE if become is Page.unpublish else answer)


def test_a_page_that_another_hides_is_none(about: BasePage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(about), "is_shown", False)
    assert check_internal_url(f"{BASE}/about/") == NOT_FOR_ALL


@pytest.mark.database
def test_residents_are_sent_on_by_redirects(small_site: SmallSite, about: BasePage) -> None:
    Redirect.add_redirect("/old/", about)
    Redirect.add_redirect("/away/", "https://far.example.org/")
    assert check_internal_url(f"{BASE}/old/") == FINE
    assert check_internal_url(f"{BASE}/away/") == FINE
    make_private(about)
    assert check_internal_url(f"{BASE}/old/") == NOT_FOR_ALL


@pytest.mark.parametrize(
    "path", ["/search/?query=juggling", "/documents/1/juggling.pdf", "/media/x.png", "/robots.txt"]
)
def test_what_is_no_page_is_left_to_others(small_site: SmallSite, path: str) -> None:
    assert check_internal_url(f"{BASE}{path}") is None


def test_editors_are_told_of_a_mistyped_address_of_this_site(
    small_site: SmallSite, about: BasePage, administrator: User, settings: Any
) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://www.example.org"
    AlertFactory(title="Closed", link_url="/abuot/", link_text="More")
    AlertFactory(title="Open", link_url="/about/", link_text="More")
    call_command("check_links")
    assert [(link.where, link.address, link.words) for link in dead_links(administrator)] == [
        ("Alert: Closed", "https://www.example.org/abuot/", NO_PAGE.words)
    ]
    add_page(small_site.home, "Abuot")
    call_command("check_links")
    assert dead_links(administrator) == []
    assert LinkCheck.objects.count() == 2
