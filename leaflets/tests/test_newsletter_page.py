"""A newsletter's page: what it is about, its newest issue, those before by year; and the way to the newest."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction
from wagtail.test.utils.form_data import rich_text

from centres.factories import CentrePageFactory, ServicePageFactory
from centres.queries import PER_PAGE
from core.scheduler.publishing import publish_scheduled_content
from home.factories import ContentPageFactory, SmallSite
from leaflets.factories import NewsletterIssuePageFactory, NewsletterPageFactory
from leaflets.models import LeafletsPage, NewsletterIssuePage, NewsletterPage
from testing.admin_forms import create_url, edit_url, fill, preview, send, shown_form
from testing.html import headings, link_to, main_words, read, section, soup_of, structured_data, words
from testing.page_checks import assert_only_its_editors_may_edit, assert_renders

from .documents import add_file, make_document

URL = "/leaflets/juggler/"
LATEST = f"{URL}latest/"


@pytest.fixture
def newsletter(small_site: SmallSite) -> NewsletterPage:
    page: NewsletterPage = NewsletterPageFactory.create(
        parent=small_site.leaflets, title="The Juggler", slug="juggler", frequency="monthly"
    )
    return page


def issue(newsletter: NewsletterPage, number: int | None, year: int = 2020, **values: Any) -> NewsletterIssuePage:
    """Return an issue of 1 May of that year."""
    slug = f"issue-{number}-{year}"
    page: NewsletterIssuePage = NewsletterIssuePageFactory.create(
        parent=newsletter, number=number, date=date(year, 5, 1), slug=slug, **values
    )
    return page


def test_it_renders_with_its_name_how_often_it_comes_and_what_it_is_about(
    client: Client, newsletter: NewsletterPage
) -> None:
    soup = assert_renders(client, newsletter, "The Juggler")
    assert "Newsletter, every month" in main_words(soup)
    assert newsletter.summary in main_words(soup)
    assert structured_data(soup)["mainEntity"]["@type"] == "Periodical"


def test_it_lives_in_the_library_and_holds_its_issues() -> None:
    assert NewsletterPage.allowed_parent_page_models() == [LeafletsPage]
    assert NewsletterPage.allowed_subpage_models() == [NewsletterIssuePage]


def test_only_its_editors_may_edit_it(small_site: SmallSite, newsletter: NewsletterPage) -> None:
    assert_only_its_editors_may_edit(newsletter, elsewhere=small_site.centres)


def test_without_issues_it_says_so_and_offers_none(client: Client, newsletter: NewsletterPage) -> None:
    soup = read(client, URL)
    assert "No issues have been added yet." in words(section(soup, "Latest issue"))
    assert "latest/" not in str(soup.main)
    assert "Earlier issues" not in headings(soup)


def test_the_newest_issue_stands_first_and_the_others_by_year(client: Client, newsletter: NewsletterPage) -> None:
    add_file(issue(newsletter, 4), make_document())
    for number, year in ((1, 2018), (3, 2020), (2, 2018)):
        issue(newsletter, number, year)
    soup = read(client, URL)
    newest, archive = section(soup, "Latest issue"), section(soup, "Earlier issues")

    assert link_to(newest, "Read the latest issue") == LATEST
    assert link_to(newest, "The Juggler, issue 4") == f"{URL}issue-4-2020/"
    assert "Issue 4, 1 May 2020" in words(newest)
    assert "Files: PDF, 1.4 MB, 8 pages, English" in words(newest)
    assert [words(year) for year in archive.select("h3")] == ["2020", "2018"]
    assert [[words(link) for link in year.select("a")] for year in archive.select("ul")] == [
        ["The Juggler, issue 3"],
        ["The Juggler, issue 2", "The Juggler, issue 1"],
    ]


def test_a_long_archive_has_pages(client: Client, newsletter: NewsletterPage) -> None:
    for number in range(PER_PAGE + 1):
        issue(newsletter, number + 1)
    second = read(client, f"{URL}?page=2")

    assert [words(link) for link in section(second, "Earlier issues").select(".bctt-row__link")] == [
        "The Juggler, issue 1"
    ]
    assert [
        words(link)
        for link in section(second, "Latest issue").select("a.nhsuk-action-link, p:not(.bctt-get-updates) > a")
    ] == ["Read the latest issue"]


def test_it_says_where_older_copies_are(client: Client, small_site: SmallSite, newsletter: NewsletterPage) -> None:
    page = ContentPageFactory.create(parent=small_site.home, title="Old library", slug="old-library")
    newsletter.older_copies = f'<p>In the <a linktype="page" id="{page.pk}">old library</a>.</p>'
    newsletter.save()
    assert link_to(section(read(client, URL), "Older copies"), "old library") == page.url


def test_it_leads_to_the_public_centres_it_is_about(
    client: Client, small_site: SmallSite, newsletter: NewsletterPage
) -> None:
    newsletter.centres = [
        CentrePageFactory.create(parent=small_site.centres, title="Testville Centre"),
        CentrePageFactory.create(parent=small_site.centres, title="Secret Centre", live=False),
    ]
    newsletter.save()
    found = section(read(client, URL), "What it is about")
    assert [words(link) for link in found.select("a")] == ["Testville Centre"]


def latest(client: Client, url: str = LATEST) -> str:
    """Return where the way to the newest issue leads."""
    response = client.get(url)
    assert response.status_code == 302, response.status_code
    return str(response["Location"])


def test_the_way_to_the_newest_leads_to_the_newest_by_date_then_by_number(
    client: Client, newsletter: NewsletterPage
) -> None:
    for number, year, leads_to in (
        (None, 2019, "issue-None-2019"),
        (1, 2019, "issue-1-2019"),
        (9, 2018, "issue-1-2019"),
        (10, 2019, "issue-10-2019"),
        (2, 2019, "issue-10-2019"),
        (None, 2020, "issue-None-2020"),
    ):
        issue(newsletter, number, year)
        assert latest(client) == f"{URL}{leads_to}/"


def test_without_issues_it_leads_back_to_the_newsletter(client: Client, newsletter: NewsletterPage) -> None:
    assert latest(client) == URL


@pytest.mark.parametrize("query", ["?utm_source=mail", "?page=2", "?latest/=%00"])
def test_what_is_appended_does_no_harm(client: Client, newsletter: NewsletterPage, query: str) -> None:
    issue(newsletter, 1)
    assert latest(client, LATEST + query) == f"{URL}issue-1-2020/"


def test_without_the_last_slash_it_works_too(client: Client, newsletter: NewsletterPage) -> None:
    found = issue(newsletter, 1)
    response = client.get(LATEST.removesuffix("/"), follow=True)
    assert response.redirect_chain == [(LATEST, 301), (found.url, 302)]


def test_addresses_that_go_on_after_it_lead_nowhere(client: Client, newsletter: NewsletterPage) -> None:
    issue(newsletter, 1)
    assert client.get(f"{LATEST}issue-1-2020/").status_code == 404
    assert client.get(f"{LATEST}latest/").status_code == 404


HIDDEN: dict[str, Callable[[NewsletterIssuePage], Any]] = {
    "a draft": lambda page: page.unpublish(),
    "private": lambda page: page.view_restrictions.create(restriction_type=PageViewRestriction.LOGIN),
    "for a group": lambda page: page.view_restrictions.create(restriction_type=PageViewRestriction.GROUPS),
    "behind a password": lambda page: page.view_restrictions.create(restriction_type="password", password="open"),
}


@pytest.mark.parametrize("hide", HIDDEN.values(), ids=HIDDEN)
def test_a_newest_issue_that_is_not_public_is_led_past_and_not_shown(
    client: Client, newsletter: NewsletterPage, hide: Callable[[NewsletterIssuePage], Any]
) -> None:
    issue(newsletter, 1)
    hide(issue(newsletter, 2, title="Secret issue"))

    assert latest(client) == f"{URL}issue-1-2020/"
    assert "Secret" not in str(read(client, URL))


def test_an_issue_that_has_expired_is_led_past(client: Client, newsletter: NewsletterPage) -> None:
    issue(newsletter, 1)
    issue(newsletter, 2, expire_at=timezone.now() - timedelta(minutes=1))
    publish_scheduled_content()
    assert latest(client) == f"{URL}issue-1-2020/"


@pytest.mark.parametrize("place", ["the newsletter", "the library"])
def test_the_way_to_the_newest_of_a_private_newsletter_asks_for_what_the_newsletter_asks(
    client: Client, small_site: SmallSite, newsletter: NewsletterPage, place: str
) -> None:
    issue(newsletter, 1)
    private = newsletter if place == "the newsletter" else small_site.leaflets
    private.view_restrictions.create(restriction_type=PageViewRestriction.LOGIN)
    assert "issue-1" not in latest(client)
    assert "/login/" in latest(client)


def test_a_newsletter_that_is_not_published_leads_nowhere(client: Client, newsletter: NewsletterPage) -> None:
    issue(newsletter, 1)
    newsletter.live = False
    newsletter.save()
    assert client.get(URL).status_code == 404
    assert client.get(LATEST).status_code == 404


def test_an_editor_creates_previews_and_publishes_a_newsletter(
    client: Client, admin_client: Client, small_site: SmallSite
) -> None:
    url = create_url(small_site.leaflets, NewsletterPage)
    body = [("text", rich_text("<h2>By post</h2><p>Ask for it.</p>"))]
    data = shown_form(admin_client, url, NewsletterPage, streams={"body": body})
    fill(data, title="The Juggler", slug="juggler", summary="What goes up.", frequency="yearly")
    fill(data, older_copies=rich_text("<p>In the attic.</p>"))

    shown = main_words(soup_of(preview(admin_client, url, data)))
    assert send(admin_client, url, data).status_code == 302

    for text in (shown, main_words(read(client, URL))):
        for said in ("The Juggler", "every year", "What goes up.", "Ask for it.", "In the attic.", "No issues have"):
            assert said in text


def test_the_preview_shows_the_draft_and_residents_do_not_see_it(
    client: Client, admin_client: Client, newsletter: NewsletterPage
) -> None:
    issue(newsletter, 1)
    data = fill(shown_form(admin_client, edit_url(newsletter), NewsletterPage), summary="With fire.")
    shown = main_words(soup_of(preview(admin_client, edit_url(newsletter), data)))

    assert "With fire." in shown
    assert "The Juggler, issue 1" in shown
    assert "With fire." not in main_words(read(client, URL))


def test_the_queries_stay_within_budget_however_much_there_is(
    small_site: SmallSite, newsletter: NewsletterPage, count_queries: Callable[[str], int]
) -> None:
    def grow(number: int) -> None:
        for each in range(number):
            add_file(issue(newsletter, each, 2000 + number), make_document())
            newsletter.centres.add(CentrePageFactory.create(parent=small_site.centres))
            newsletter.services.add(ServicePageFactory.create(parent=small_site.services))
        newsletter.save()

    grow(1)
    few = count_queries(URL)
    grow(9)

    assert count_queries(URL) == few <= 12
