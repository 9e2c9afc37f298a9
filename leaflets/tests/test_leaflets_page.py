"""The library: newsletters first, then leaflets and issues, narrowed with links that say how many there are."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Collection

from centres.factories import CentrePageFactory, ServicePageFactory
from centres.models import CentrePage
from centres.queries import PER_PAGE
from home.factories import SmallSite
from leaflets.factories import LeafletPageFactory, NewsletterIssuePageFactory, NewsletterPageFactory
from leaflets.models import LeafletPage, LeafletsPage, NewsletterPage
from testing.admin_forms import create_url, edit_url, fill, preview, send, shown_form
from testing.html import headings, link_to, main_words, read, section, soup_of, words
from testing.page_checks import assert_only_its_editors_may_edit, assert_renders
from testing.privacy import make_collection_private

from .documents import add_file, make_document

pytestmark = pytest.mark.database

URL = "/leaflets/"


@pytest.fixture
def centre(small_site: SmallSite) -> CentrePage:
    page: CentrePage = CentrePageFactory.create(parent=small_site.centres, short_name="Testville", slug="testville")
    return page


def make(site: SmallSite, title: str, *, centres: Any = (), services: Any = (), **values: Any) -> LeafletPage:
    """Return a leaflet about these centres and services."""
    slug = title.lower().replace(" ", "-")
    page: LeafletPage = LeafletPageFactory.create(parent=site.leaflets, title=title, slug=slug, **values)
    page.centres, page.services = list(centres), list(services)
    page.save()
    return page


def titles(client: Client, url: str = URL) -> list[str]:
    """Return the leaflets in the list, in order."""
    soup = read(client, url)
    [heading] = [each for each in soup.select("h2") if each.get("id") == "list-heading"]
    found = heading.find_parent("section")
    assert found is not None
    return [words(link) for link in found.select(".bctt-row__link")]


def filters(client: Client, url: str = URL) -> dict[str, list[str]]:
    """Return what the list can be narrowed to, with the counts."""
    found = read(client, url).select(".bctt-filters__group")
    return {words(group.h3): [words(option) for option in group.select("li")] for group in found}


def test_it_renders_with_its_name(client: Client, small_site: SmallSite) -> None:
    assert_renders(client, small_site.leaflets, "Leaflets")


def test_there_is_one_beneath_the_home_page_and_it_holds_leaflets_and_newsletters(small_site: SmallSite) -> None:
    assert LeafletsPage in small_site.home.allowed_subpage_models()
    assert LeafletsPage.allowed_subpage_models() == [LeafletPage, NewsletterPage]
    assert not LeafletsPage.can_create_at(small_site.home)


def test_only_its_editors_may_edit_it(small_site: SmallSite) -> None:
    assert_only_its_editors_may_edit(small_site.leaflets, elsewhere=small_site.centres)


def test_an_empty_library_says_so(client: Client, small_site: SmallSite) -> None:
    soup = read(client, URL)
    assert "No leaflets have been added yet." in main_words(soup)
    assert "Newsletters" not in headings(soup)
    assert filters(client) == {}


def test_leaflets_and_issues_stand_together_newest_first(client: Client, small_site: SmallSite) -> None:
    newsletter = NewsletterPageFactory.create(parent=small_site.leaflets)
    make(small_site, "Old", date=date(2018, 1, 1))
    make(small_site, "New", date=date(2020, 1, 1))
    NewsletterIssuePageFactory.create(parent=newsletter, title="Between", date=date(2019, 1, 1))

    assert titles(client) == ["New", "Between", "Old"]
    assert "3 leaflets" in headings(read(client, URL))


def test_a_row_says_what_it_is_from_when_and_which_files_there_are(client: Client, small_site: SmallSite) -> None:
    page = make(small_site, "Juggling", kind="form", date=date(2018, 6, 1), date_precision="month")
    add_file(page, make_document(language="pl"))
    add_file(page, make_document())
    add_file(page, make_document(), format="easy_read")
    add_file(page, make_document(language="pl"), format="easy_read")
    add_file(page, format="bsl_video", video_url="https://example.org/")
    add_file(page, format="large_print")

    row = words(section(read(client, URL), "1 leaflet"))

    assert "Form to fill in, June 2018" in row
    assert page.summary in row
    files = "PDF, 1.4 MB, 8 pages, English; Easy Read; Polish; Easy Read in Polish; British Sign Language video"
    assert row.endswith(f"Files: {files}")


def test_a_row_whose_files_are_to_be_added_says_so_and_one_without_files_says_nothing(
    client: Client, small_site: SmallSite
) -> None:
    add_file(make(small_site, "Juggling"))
    assert "Files: Download not available yet" in main_words(read(client, URL))
    make(small_site, "Chess").get_siblings(inclusive=False).delete()
    assert "Files:" not in main_words(read(client, URL))


def test_newsletters_come_first_with_how_often_and_the_newest_issue_that_is_public(
    client: Client, small_site: SmallSite
) -> None:
    juggler = NewsletterPageFactory.create(parent=small_site.leaflets, title="The Juggler", frequency="monthly")
    NewsletterPageFactory.create(parent=small_site.leaflets, title="The Clown", frequency="ended")
    for number, live in ((1, True), (2, True), (3, False)):
        NewsletterIssuePageFactory.create(parent=juggler, number=number, date=date(2020, number, 1), live=live)
    found = section(read(client, URL), "Newsletters")
    clown, juggler_row = (words(row) for row in found.select(".bctt-row"))

    assert "Newsletter, no longer published" in clown
    assert "No issues have been added yet." in clown
    assert "Newsletter, every month" in juggler_row
    assert juggler_row.endswith("Latest issue: The Juggler, issue 2, 1 February 2020")
    assert link_to(found, "The Juggler, issue 2") == f"{juggler.url}issue-2/"
    assert "issue 3" not in str(read(client, URL))


def test_newsletters_are_not_repeated_on_further_pages_or_above_a_narrowed_list(
    client: Client, small_site: SmallSite
) -> None:
    NewsletterPageFactory.create(parent=small_site.leaflets)
    for number in range(PER_PAGE + 1):
        make(small_site, f"Leaflet {number}")
    for query in ("?page=2", "?kind=information"):
        assert "Newsletters" not in headings(read(client, URL + query))


def test_it_is_narrowed_by_centre_service_kind_language_and_format(
    client: Client, small_site: SmallSite, centre: CentrePage
) -> None:
    service = ServicePageFactory.create(parent=small_site.services, title="Clowning", slug="clowning")
    make(small_site, "About all")
    made = make(small_site, "Made for it", kind="plan", centres=[centre], services=[service])
    add_file(made, make_document(language="pl"), format="easy_read")
    add_file(made, make_document())
    add_file(made, format="bsl_video", video_url="https://example.org/")

    assert filters(client) == {
        "Centre": ["Testville (1)"],
        "Service": ["Clowning (1)"],
        "What it is": ["Information leaflet (1)", "Plan or timetable (1)"],
        "Language": ["English (1)", "Polish (1)"],
        "Format": ["Standard print (1)", "Easy Read (1)", "British Sign Language video (1)"],
    }
    for query in ("centre=testville", "service=clowning", "kind=plan", "language=pl", "format=bsl_video"):
        assert titles(client, f"{URL}?{query}") == ["Made for it"], query
    for query in ("centre=nowhere", "language=xx", "format=%00", "kind=1'--"):
        assert titles(client, f"{URL}?{query}") == ["Made for it", "About all"], query


def test_language_and_format_together_mean_one_file(client: Client, small_site: SmallSite) -> None:
    both = make(small_site, "Both")
    add_file(both, make_document(language="pl"))
    add_file(both, make_document(), format="easy_read")
    one = make(small_site, "One")
    add_file(one, make_document(language="pl"), format="easy_read")

    assert filters(client, f"{URL}?language=pl")["Format"] == ["Standard print (1)", "Easy Read (1)"]
    assert titles(client, f"{URL}?language=pl&format=easy_read") == ["One"]


def test_files_that_nobody_can_get_count_for_nothing(client: Client, small_site: SmallSite) -> None:
    private = Collection.get_first_root_node().add_child(name="Board")
    make_collection_private(private)
    page = make(small_site, "Juggling")
    add_file(page, format="large_print")
    add_file(page, make_document(language="pl", collection=private), format="easy_read")

    assert set(filters(client)) == {"What it is"}
    assert titles(client, f"{URL}?format=large_print") == []


def test_filters_can_be_taken_away_and_nothing_found_leads_back(
    client: Client, small_site: SmallSite, centre: CentrePage
) -> None:
    make(small_site, "Juggling", centres=[centre])
    chosen = section(read(client, f"{URL}?centre=testville&kind=information"), "1 leaflet")
    assert link_to(chosen, "Remove filter: Testville ✕") == "?kind=information"
    assert link_to(chosen, "Show all leaflets") == URL

    nothing = section(read(client, f"{URL}?centre=testville&kind=poster"), "0 leaflets")
    assert "No leaflet matches." in words(nothing)


def test_the_list_has_pages_that_keep_the_filter(client: Client, small_site: SmallSite) -> None:
    for number in range(PER_PAGE + 1):
        make(small_site, f"Leaflet {number}", date=date(2020, 1, 1 + number))
    first, second = (titles(client, f"{URL}?kind=information&page={page}") for page in (1, 2))

    assert first + second == [f"Leaflet {number}" for number in reversed(range(PER_PAGE + 1))]
    following = read(client, f"{URL}?kind=information").select_one("a[rel=next]")
    assert following is not None
    assert following["href"] == "?kind=information&page=2"


HIDDEN: dict[str, Callable[[LeafletPage], Any]] = {
    "a draft": lambda page: page.unpublish(),
    "private": lambda page: page.view_restrictions.create(restriction_type="login"),
}


@pytest.mark.parametrize("hide", HIDDEN.values(), ids=HIDDEN)
def test_what_is_not_public_is_neither_listed_nor_counted(
    client: Client, small_site: SmallSite, hide: Callable[[Any], Any]
) -> None:
    secret = make(small_site, "Secret leaflet", kind="poster")
    add_file(secret, make_document(language="pl"))
    newsletter = NewsletterPageFactory.create(parent=small_site.leaflets, title="Secret newsletter")
    issue = NewsletterIssuePageFactory.create(parent=newsletter, title="Secret issue")
    for page in (secret, newsletter):
        hide(page)
    type(issue).objects.update(live=True)  # its newsletter hides it all the same

    assert titles(client) == []
    assert "ecret" not in str(read(client, URL))
    assert filters(client) == {}


@pytest.mark.parametrize("hide", HIDDEN.values(), ids=HIDDEN)
def test_centres_and_services_that_are_not_public_are_no_filters(
    client: Client, small_site: SmallSite, centre: CentrePage, hide: Callable[[Any], Any]
) -> None:
    service = ServicePageFactory.create(parent=small_site.services, title="Secret service", slug="secret-service")
    make(small_site, "Juggling", centres=[centre], services=[service])
    hide(centre)
    hide(service)

    assert set(filters(client)) == {"What it is"}
    assert "Testville" not in str(read(client, f"{URL}?centre=testville&service=secret-service"))


def test_an_editor_changes_previews_and_publishes_the_library(
    client: Client, admin_client: Client, small_site: SmallSite
) -> None:
    library = small_site.leaflets
    data = fill(shown_form(admin_client, edit_url(library), LeafletsPage), summary="All there is to read.")
    assert "All there is to read." in main_words(soup_of(preview(admin_client, edit_url(library), data)))
    assert "All there is to read." not in main_words(read(client, URL))
    assert send(admin_client, edit_url(library), data).status_code == 302
    assert "All there is to read." in main_words(read(client, URL))
    assert client.get(create_url(small_site.home, LeafletsPage)).status_code == 302


def test_the_queries_stay_within_budget_however_much_there_is(
    small_site: SmallSite, count_queries: Callable[[str], int]
) -> None:
    def grow(number: int) -> None:
        newsletter = NewsletterPageFactory.create(parent=small_site.leaflets)
        for _ in range(number):
            centre = CentrePageFactory.create(parent=small_site.centres)
            service = ServicePageFactory.create(parent=small_site.services)
            page = LeafletPageFactory.create(parent=small_site.leaflets)
            page.centres, page.services = [centre], [service]
            page.save()
            add_file(page, make_document())
            NewsletterIssuePageFactory.create(parent=newsletter)

    grow(1)
    few = count_queries(URL)
    grow(9)

    # One above the budget of a list: the newsletters stand above the leaflets.
    assert count_queries(URL) == few <= 13
