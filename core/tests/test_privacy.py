"""The one rule of what the public may see."""

import pytest
from wagtail.models import Page, PageViewRestriction

from core.visibility import public
from testing.pages import SmallSite, add_page
from testing.privacy import make_private

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def public_titles() -> set[str]:
    return {page.title for page in public(Page.objects.filter(title__startswith="Page"))}


def test_live_pages_are_public_and_drafts_are_not(small_site: SmallSite) -> None:
    add_page(small_site.home, title="Page")
    add_page(small_site.home, title="Page draft", live=False)
    assert public_titles() == {"Page"}


@pytest.mark.parametrize("kind", [kind for kind, _ in PageViewRestriction.RESTRICTION_CHOICES if kind != "none"])
def test_a_private_page_hides_itself_and_all_beneath_it_and_nothing_else(small_site: SmallSite, kind: str) -> None:
    private = add_page(small_site.home, title="Page private")
    add_page(add_page(private, title="Page beneath"), title="Page deep beneath")
    add_page(small_site.home, title="Page beside")
    make_private(private, kind)
    assert public_titles() == {"Page beside"}


def test_a_page_beneath_two_private_ones_is_hidden_once_and_others_are_listed_once(small_site: SmallSite) -> None:
    for number in range(3):
        make_private(add_page(small_site.home, title=f"Page private {number}"))
    add_page(small_site.home, title="Page")
    assert [page.title for page in public(Page.objects.filter(title__startswith="Page"))] == ["Page"]


def test_an_alias_of_a_page_made_private_is_private_too(small_site: SmallSite) -> None:
    source = add_page(small_site.home, title="Page")
    source.create_alias(parent=small_site.centres, update_slug="alias")
    make_private(source)
    assert public_titles() == set()


def test_a_private_site_has_no_public_page(small_site: SmallSite) -> None:
    add_page(small_site.home, title="Page")
    make_private(small_site.home)
    assert public_titles() == set()
