"""An issue of a newsletter: a leaflet with a number, between the issues before and after it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from bs4 import Tag
from django.test import Client
from wagtail.test.utils.form_data import rich_text

from core.visibility import hidden_pages
from home.factories import SmallSite
from leaflets.factories import LeafletPageFactory, NewsletterIssuePageFactory, NewsletterPageFactory
from leaflets.models import LeafletKind, NewsletterIssuePage, NewsletterPage
from testing.admin_forms import add_row, create_url, edit_url, fill, preview, send, shown_form
from testing.html import link_to, main_words, read, section, soup_of, structured_data, words
from testing.page_checks import assert_only_its_editors_may_edit, assert_renders

from .documents import add_file, make_document

URL = "/leaflets/juggler/"


@pytest.fixture
def newsletter(small_site: SmallSite) -> NewsletterPage:
    page: NewsletterPage = NewsletterPageFactory.create(parent=small_site.leaflets, title="The Juggler", slug="juggler")
    return page


@pytest.fixture
def issues(newsletter: NewsletterPage) -> list[NewsletterIssuePage]:
    """Issues 1, 2 and 3, all of one day."""
    return [NewsletterIssuePageFactory.create(parent=newsletter, number=number) for number in (1, 2, 3)]


def others(client: Client, page: NewsletterIssuePage) -> Tag:
    return section(read(client, page.url), "Other issues")


def test_it_renders_with_its_number_its_season_and_its_files(client: Client, issues: list[NewsletterIssuePage]) -> None:
    page = issues[1]
    page.date, page.date_precision = date(2018, 7, 1), "season"
    page.save()
    add_file(page, make_document())

    soup = assert_renders(client, page, "The Juggler, issue 2")

    assert "Issue 2, summer 2018" in main_words(soup)
    assert "(PDF, 1.4 MB, 8 pages, English)" in words(section(soup, "Files to download"))
    assert structured_data(soup)["mainEntity"] == {
        "@type": "PublicationIssue",
        "name": "The Juggler, issue 2",
        "description": page.summary,
        "issueNumber": 2,
        "isPartOf": {"@type": "Periodical", "name": "The Juggler"},
    }


def test_an_issue_without_a_number_has_its_date(client: Client, newsletter: NewsletterPage) -> None:
    page = NewsletterIssuePageFactory.create(parent=newsletter, number=None, title="Spring", slug="spring")
    soup = read(client, page.url)
    assert "Issue of 1 May 2020" in main_words(soup)
    assert "issueNumber" not in structured_data(soup)["mainEntity"]


def test_it_lives_in_its_newsletter_and_holds_no_pages() -> None:
    assert NewsletterIssuePage.allowed_parent_page_models() == [NewsletterPage]
    assert NewsletterIssuePage.allowed_subpage_models() == []


def test_only_its_editors_may_edit_it(small_site: SmallSite, issues: list[NewsletterIssuePage]) -> None:
    assert_only_its_editors_may_edit(issues[0], elsewhere=small_site.centres)


def test_it_leads_to_its_newsletter_and_to_the_issues_before_and_after(
    client: Client, small_site: SmallSite, issues: list[NewsletterIssuePage]
) -> None:
    elsewhere = NewsletterPageFactory.create(parent=small_site.leaflets)
    NewsletterIssuePageFactory.create(parent=elsewhere, number=2, title="Another newsletter’s")
    found = others(client, issues[1])

    assert link_to(found, "The Juggler") == URL
    assert [words(row) for row in found.select("li")] == [
        "Next issue: The Juggler, issue 3",
        "Issue before: The Juggler, issue 1",
        "All issues: The Juggler",
    ]


def test_the_first_and_the_last_have_one_neighbour(client: Client, issues: list[NewsletterIssuePage]) -> None:
    assert "Issue before" not in words(others(client, issues[0]))
    assert "Next issue: The Juggler, issue 2" in words(others(client, issues[0]))
    assert "Next issue" not in words(others(client, issues[2]))


def test_issues_of_one_day_without_numbers_are_all_reached(client: Client, newsletter: NewsletterPage) -> None:
    made = [
        NewsletterIssuePageFactory.create(parent=newsletter, number=None, title=f"Sheet {each}", slug=f"sheet-{each}")
        for each in "abc"
    ]
    assert [[words(row) for row in others(client, page).select("li")][:-1] for page in made] == [
        ["Next issue: Sheet b"],
        ["Next issue: Sheet c", "Issue before: Sheet a"],
        ["Issue before: Sheet b"],
    ]


@pytest.mark.parametrize(
    "hide",
    [
        lambda page: page.unpublish(),
        lambda page: page.view_restrictions.create(restriction_type="login"),
    ],
    ids=["a draft", "private"],
)
def test_what_is_not_public_is_no_neighbour(
    client: Client, issues: list[NewsletterIssuePage], hide: Callable[[NewsletterIssuePage], Any]
) -> None:
    hide(issues[1])
    assert "Next issue: The Juggler, issue 3" in words(others(client, issues[0]))
    assert "issue 2" not in str(read(client, issues[0].url))


def test_an_issue_hides_with_its_newsletter_and_comes_back_with_it(
    client: Client, newsletter: NewsletterPage, issues: list[NewsletterIssuePage]
) -> None:
    for live, status in ((False, 404), (True, 200)):
        newsletter.live = live
        newsletter.save()
        assert client.get(issues[0].url).status_code == status
        assert hidden_pages().filter(pk=issues[0].pk).exists() is not live
        assert (issues[0].url in client.get("/sitemap.xml").content.decode()) is live


def test_an_unpublished_library_hides_no_issue_of_a_published_newsletter(
    client: Client, small_site: SmallSite, issues: list[NewsletterIssuePage]
) -> None:
    small_site.leaflets.live = False
    small_site.leaflets.save()
    LeafletPageFactory.create(parent=small_site.leaflets)
    assert client.get(issues[0].url).status_code == 200
    assert not hidden_pages().exists()


def test_an_editor_creates_previews_and_publishes_an_issue(
    client: Client, admin_client: Client, newsletter: NewsletterPage
) -> None:
    url = create_url(newsletter, NewsletterIssuePage)
    body = [("text", rich_text("<h2>News</h2><p>Balls are round.</p>"))]
    data = shown_form(admin_client, url, NewsletterIssuePage, streams={"body": body})
    fill(data, title="Issue 7", slug="issue-7", summary="What came down.", number="7")
    fill(data, date="2018-07-01", date_precision="season")
    add_row(data, "files", format="standard", document=make_document().pk, video_url="")

    shown = main_words(soup_of(preview(admin_client, url, data)))
    assert send(admin_client, url, data).status_code == 302

    for text in (shown, main_words(read(client, f"{URL}issue-7/"))):
        for said in ("Issue 7, summer 2018", "What came down.", "Balls are round.", "(PDF, 1.4 MB, 8 pages, English)"):
            assert said in text
    assert NewsletterIssuePage.objects.get().kind == LeafletKind.NEWSLETTER
    assert "All issues: The Juggler" in shown


def test_the_preview_shows_the_draft_and_residents_do_not_see_it(
    client: Client, admin_client: Client, issues: list[NewsletterIssuePage]
) -> None:
    data = fill(shown_form(admin_client, edit_url(issues[0]), NewsletterIssuePage), number="12")
    shown = main_words(soup_of(preview(admin_client, edit_url(issues[0]), data)))
    assert "Issue 12, " in shown
    assert "Issue before: The Juggler, issue 3" in shown
    assert "Issue 12, " not in main_words(read(client, issues[0].url))


def test_no_issue_may_take_the_address_of_the_newest(
    admin_client: Client, newsletter: NewsletterPage, issues: list[NewsletterIssuePage]
) -> None:
    url = create_url(newsletter, NewsletterIssuePage)
    data = fill(shown_form(admin_client, url, NewsletterIssuePage), title="Latest", slug="latest", summary="New.")
    response = send(admin_client, url, fill(data, date="2018-07-01"))
    assert "“latest” always leads to the newest issue." in words(soup_of(response).find("form", id="page-edit-form"))

    copied = admin_client.post(
        f"/admin/pages/{issues[0].pk}/copy/",
        {"new_title": "Latest", "new_slug": "latest", "new_parent_page": newsletter.pk, "publish_copies": "on"},
    )
    assert copied.status_code == 200
    assert not NewsletterIssuePage.objects.filter(slug="latest").exists()


def test_the_queries_stay_within_budget_however_much_there_is(
    newsletter: NewsletterPage, issues: list[NewsletterIssuePage], count_queries: Callable[[str], int]
) -> None:
    def grow(number: int) -> None:
        for _ in range(number):
            NewsletterIssuePageFactory.create(parent=newsletter)
            add_file(issues[1], make_document())

    grow(1)
    few = count_queries(issues[1].url)
    grow(9)

    assert count_queries(issues[1].url) == few <= 10
