"""Plain pages of text."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.test.utils.form_data import rich_text

from home.factories import ContentPageFactory, SmallSite
from home.models import ContentPage, HomePage
from testing.admin_forms import create_url, edit_url, fill, preview, send, shown_form
from testing.html import main_words, read, soup_of, words
from testing.page_checks import assert_only_its_editors_may_edit, assert_renders


@pytest.fixture
def page(small_site: SmallSite) -> ContentPage:
    return ContentPageFactory(parent=small_site.home, title="About us", slug="about-us")


def test_it_renders_with_its_title(client: Client, page: ContentPage) -> None:
    assert_renders(client, page, "About us")


def test_it_lives_under_the_home_page_or_another_page_of_text() -> None:
    assert set(ContentPage.allowed_parent_page_models()) == {HomePage, ContentPage}
    assert ContentPage.allowed_subpage_models() == [ContentPage]


def test_only_its_editors_may_edit_it(small_site: SmallSite, page: ContentPage) -> None:
    assert_only_its_editors_may_edit(page, elsewhere=small_site.services)


def test_a_page_beneath_a_page_shows_the_way_back(client: Client, page: ContentPage) -> None:
    below = ContentPageFactory(parent=page, title="Our history", slug="history")
    trail = read(client, below.url).select(".nhsuk-breadcrumb__list a")
    assert [(words(link), link["href"]) for link in trail] == [("Home", "/"), ("About us", "/about-us/")]


def test_an_editor_creates_previews_and_publishes_it(
    client: Client, admin_client: Client, small_site: SmallSite
) -> None:
    url = create_url(small_site.home, ContentPage)
    data = shown_form(
        admin_client,
        url,
        ContentPage,
        streams={"body": [("text", rich_text("<h2>Who we are</h2><h3>And why</h3><p>Jugglers.</p>"))]},
    )
    fill(data, title="About us", slug="about-us", summary="Who we are.", checked_on="01/05/2026")

    shown = main_words(soup_of(preview(admin_client, url, data)))
    assert send(admin_client, url, data).status_code == 302

    for text in (shown, main_words(read(client, "/about-us/"))):
        assert "Jugglers." in text
    assert ContentPage.objects.get().checked_on == date(2026, 5, 1)


def test_the_preview_shows_the_draft_and_residents_do_not_see_it(
    client: Client, admin_client: Client, page: ContentPage
) -> None:
    data = fill(shown_form(admin_client, edit_url(page), ContentPage), title="About all of us")
    assert "About all of us" in main_words(soup_of(preview(admin_client, edit_url(page), data)))
    assert "About all of us" not in main_words(read(client, page.url))


def test_a_draft_is_not_public(client: Client, small_site: SmallSite) -> None:
    draft = ContentPageFactory(parent=small_site.home, live=False)
    assert client.get(draft.url).status_code == 404


def test_a_sub_heading_without_a_main_heading_is_refused_in_words(admin_client: Client, page: ContentPage) -> None:
    streams = {"body": [("text", rich_text("<h3>Too deep</h3>"))]}
    data = shown_form(admin_client, edit_url(page), ContentPage, streams=streams)

    response = send(admin_client, edit_url(page), data)

    assert response.status_code == 200
    assert "This sub-heading has no main heading above it." in str(soup_of(response))


def test_a_page_needs_a_summary(page: ContentPage) -> None:
    page.summary = ""
    with pytest.raises(ValidationError) as refusal:
        page.full_clean()
    assert list(refusal.value.message_dict) == ["summary"]


def test_the_queries_do_not_grow_with_the_pages_around_it(
    small_site: SmallSite, page: ContentPage, count_queries: Callable[[str], int]
) -> None:
    few = count_queries(page.url)
    for number in range(10):
        ContentPageFactory(parent=page, slug=f"below-{number}")
        ContentPageFactory(parent=small_site.home, slug=f"beside-{number}", show_in_menus=True)

    assert count_queries(page.url) == few <= 10
