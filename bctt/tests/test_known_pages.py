"""Which pages somebody may know of: said of one page and of many alike, in a fixed number of queries."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from wagtail.models import Page

from centres.factories import CentrePageFactory, CentreServicePageFactory, ServicePageFactory
from core.permissions import known_pages, may_know_of_all
from home.factories import ContentPageFactory, SmallSite
from news.factories import ForumPageFactory, ForumUpdatePageFactory
from testing.people import person_who_may, signed_in
from testing.privacy import HIDE
from users.factories import AdministratorFactory
from users.models import User

pytestmark = pytest.mark.database


def fresh(user: User) -> User:
    """Return somebody as the next request knows him or her."""
    return User.objects.get(pk=user.pk)


@pytest.fixture
def pages(small_site: SmallSite) -> dict[str, Page]:
    """Pages of each kind, by a word that says which."""
    found: dict[str, Page] = {"public": ContentPageFactory(parent=small_site.home, title="Public juggling")}
    for kind, hide in HIDE.items():
        page = ContentPageFactory(parent=small_site.home, title=f"Juggling {kind}", slug=f"section-{len(found)}")
        found[f"beneath {kind}"] = ContentPageFactory(parent=page, title=f"Juggling beneath {kind}")
        hide(page)
        found[kind] = page
    found["mirrored"] = found["beneath for a group"].create_alias(parent=small_site.home, update_slug="mirror")
    found["mirrored"].refresh_from_db()
    centre = CentrePageFactory(parent=small_site.centres)
    service = ServicePageFactory(parent=small_site.services, live=False)
    found["hidden"] = CentreServicePageFactory(parent=centre, service=service)
    forum = ForumPageFactory(parent=small_site.forums, live=False)
    found["own"] = ForumUpdatePageFactory(parent=forum, live=False)
    found["above"] = forum
    return {name: Page.objects.get(pk=page.pk) for name, page in found.items()}


def test_pages_that_residents_see_and_ones_own_are_known(pages: dict[str, Page]) -> None:
    user = person_who_may("change", at=pages["own"])
    known = set(known_pages(Page.objects.all(), user))
    expected = {"public", "own", "above", "beneath draft", "beneath expired"}
    # Unpublishing and expiring of a page leaves what is beneath it; what is private takes it along.
    assert {name for name, page in pages.items() if page in known} - {"beneath unpublished"} == expected
    for page in Page.objects.all():
        assert may_know_of_all(fresh(user), [page.pk]) is (page in known), page.title
    assert not may_know_of_all(user, [pages["public"].pk, pages["draft"].pk])
    assert may_know_of_all(user, [10**9])


def test_whoever_may_do_everything_knows_every_page(pages: dict[str, Page]) -> None:
    administrator = AdministratorFactory.create()
    assert known_pages(Page.objects.all(), administrator).count() == Page.objects.count()
    assert may_know_of_all(administrator, [page.pk for page in pages.values()])


@pytest.mark.parametrize("address", ["wagtailadmin_choose_page", "wagtailadmin_choose_page_search"])
def test_the_chooser_takes_a_fixed_number_of_queries(
    small_site: SmallSite,
    pages: dict[str, Page],
    address: str,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    client = signed_in(person_who_may("change", at=pages["own"]))
    url = f"{reverse(address)}?q=juggling&page_type=home.contentpage"
    with django_assert_max_num_queries(200) as few:
        first = client.get(url).content.decode()
    assert "Public juggling" in first
    # Nor what a public page stands beneath, unless somebody works on that.
    assert "Juggling draft" not in first
    assert ("A page that is not published" in first) is address.endswith("search")
    for number in range(5):
        private = ContentPageFactory(parent=small_site.home, title=f"Juggling more {number}")
        HIDE["draft"](private)
    with django_assert_max_num_queries(len(few)):
        assert "Juggling more" not in client.get(url).content.decode()
