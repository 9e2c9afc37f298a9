"""The list of news: order, filters with counts, pages of the list, what it says when there is nothing."""

import gc
from collections.abc import Callable
from datetime import date
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup, Tag
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from centres.factories import CentrePageFactory
from centres.queries import PER_PAGE
from core.factories import SiteImageFactory
from home.factories import SmallSite
from news.factories import NewsPageFactory, TopicFactory
from news.models import NewsIndexPage, NewsPage
from testing.html import headings, main_words, read, words
from testing.page_checks import assert_only_its_editors_may_edit, assert_renders
from testing.privacy import make_private

pytestmark = pytest.mark.database

URL = "/news/"


@pytest.fixture
def news(small_site: SmallSite) -> None:
    """Four pieces of news at two centres, of two topics, in two years."""
    oak, elm = (CentrePageFactory(parent=small_site.centres, short_name=name) for name in ("Oak", "Elm"))
    clubs, rings = TopicFactory(name="Clubs", slug="clubs"), TopicFactory(name="Rings", slug="rings")

    def add(title: str, day: date, centres: list[object], topics: list[object]) -> None:
        page = NewsPageFactory(parent=small_site.news, title=title, slug=title.lower(), date=day)
        page.centres, page.topics = centres, topics
        page.save()

    add("First", date(2024, 3, 1), [oak], [clubs])
    add("Second", date(2025, 3, 1), [oak, elm], [clubs, rings])
    add("Third", date(2025, 6, 1), [elm], [])
    add("Fourth", date(2025, 6, 1), [], [rings])


def listed(soup: BeautifulSoup) -> list[str]:
    return [words(link) for link in soup.select(".bctt-row__link")]


def listed_in(tag: Tag) -> str:
    """Return the title of the row of the list that an element stands in."""
    row = tag.find_parent("li")
    assert row is not None
    return words(row.select_one(".bctt-row__link"))


def options(soup: BeautifulSoup) -> dict[str, str]:
    return {words(chip): str(chip["href"]) for chip in soup.select(".bctt-filters a.bctt-chip")}


def test_it_renders_with_its_name(client: Client, small_site: SmallSite) -> None:
    assert_renders(client, small_site.news, "News")


def test_there_is_one_and_it_holds_news(small_site: SmallSite) -> None:
    assert NewsIndexPage in small_site.home.allowed_subpage_models()
    assert NewsIndexPage.allowed_subpage_models() == [NewsPage]
    assert not NewsIndexPage.can_create_at(small_site.home)


def test_only_its_editors_may_edit_it(small_site: SmallSite) -> None:
    assert_only_its_editors_may_edit(small_site.news, elsewhere=small_site.services)


def test_an_empty_list_says_so(client: Client, small_site: SmallSite) -> None:
    assert "No news has been added yet." in main_words(read(client, URL))


@pytest.mark.usefixtures("news")
def test_the_newest_stands_first_with_its_day_and_what_it_is_about(client: Client) -> None:
    soup = read(client, URL)
    assert listed(soup) == ["Fourth", "Third", "Second", "First"]
    assert "1 March 2025 · Elm, Oak, Clubs, Rings" in main_words(soup)


@pytest.mark.usefixtures("news")
@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("centre=oak", ["Second", "First"]),
        ("topic=rings", ["Fourth", "Second"]),
        ("year=2025", ["Fourth", "Third", "Second"]),
        ("centre=elm&topic=rings", ["Second"]),
        ("centre=oak&year=2024", ["First"]),
        ("topic=rings&year=2025&centre=oak", ["Second"]),
        ("centre=nowhere&topic=nothing&year=many", ["Fourth", "Third", "Second", "First"]),
    ],
)
def test_filters_narrow_the_list_and_combine(client: Client, query: str, titles: list[str]) -> None:
    assert listed(read(client, f"{URL}?{query}")) == titles


@pytest.mark.usefixtures("news")
def test_every_filter_leads_to_as_many_as_it_says(client: Client) -> None:
    seen = 0
    for start in (URL, f"{URL}?centre=oak", f"{URL}?year=2025"):
        for label, href in options(read(client, start)).items():
            number = int(label.rpartition("(")[2].rstrip(")"))
            assert len(listed(read(client, urljoin(start, href)))) == number > 0, label
            seen += 1
    assert seen > 10


@pytest.mark.usefixtures("news")
def test_filters_that_share_nothing_say_so_and_show_the_way_back(client: Client) -> None:
    soup = read(client, f"{URL}?year=2024&topic=rings")
    assert "0 news items" in headings(soup)
    assert "No news matches. Show all news." in main_words(soup)


def test_a_long_list_has_pages_and_keeps_its_filter(client: Client, small_site: SmallSite) -> None:
    for _ in range(PER_PAGE + 1):
        NewsPageFactory(parent=small_site.news, date=date(2025, 1, 1))
    soup = read(client, f"{URL}?year=2025")
    assert len(listed(soup)) == PER_PAGE
    [more] = soup.select("a[rel=next]")
    assert len(listed(read(client, urljoin(f"{URL}?year=2025", str(more["href"]))))) == 1


@pytest.mark.usefixtures("news")
@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=many", "page=999", "centre=%00", "year=" + "9" * 500, "topic=<b>"]
)
def test_a_strange_address_is_no_error(client: Client, query: str) -> None:
    assert read(client, f"{URL}?{query}")


@pytest.mark.usefixtures("news")
def test_a_private_centre_is_neither_named_nor_offered(client: Client, small_site: SmallSite) -> None:
    elm = small_site.centres.get_children().get(slug="elm")
    make_private(elm)
    assert "Elm" not in str(read(client, URL))
    assert len(listed(read(client, f"{URL}?centre=elm"))) == 4, "It narrows nothing."


# Wagtail leaves the temporary files of pictures to the garbage collector, which must not come in another test.
@pytest.mark.filterwarnings("ignore:[Uu]nclosed file:ResourceWarning")
def test_a_small_picture_stands_beside_its_news_and_is_not_read_out(client: Client, small_site: SmallSite) -> None:
    NewsPageFactory(parent=small_site.news)
    NewsPageFactory(
        parent=small_site.news, title="Pictured", picture=SiteImageFactory(file__width=900), picture_alt_text="A ball"
    )
    [picture] = read(client, URL).select("main img")
    assert (picture["alt"], picture["width"], picture["height"]) == ("", "240", "160")
    assert listed_in(picture) == "Pictured"
    gc.collect()


@pytest.mark.filterwarnings("ignore:[Uu]nclosed file:ResourceWarning")
def test_small_pictures_take_one_query_also_where_none_is_in_the_cache(client: Client, small_site: SmallSite) -> None:
    def queries() -> int:
        """Return how many queries a visit takes; the pictures are there, and the cache is empty."""
        client.get(URL)
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            client.get(URL)
        return len(captured)

    def add(number: int) -> None:
        for _ in range(number):
            NewsPageFactory(parent=small_site.news, picture=SiteImageFactory(), picture_alt_text="A ball")

    add(1)
    one = queries()
    add(5)
    assert queries() == one
    gc.collect()


@pytest.mark.filterwarnings("ignore:[Uu]nclosed file:ResourceWarning")
def test_the_queries_do_not_grow_with_the_news(small_site: SmallSite, count_queries: Callable[[str], int]) -> None:
    def add(number: int) -> None:
        for _ in range(number):
            page = NewsPageFactory(parent=small_site.news, date=date(2025, 1, 1))
            page.picture, page.picture_alt_text = SiteImageFactory(), "A ball"
            page.centres, page.topics = [CentrePageFactory(parent=small_site.centres)], [TopicFactory()]
            page.save()

    add(1)
    few, few_filtered = count_queries(URL), count_queries(f"{URL}?year=2025")
    add(10)
    assert count_queries(URL) == few <= 12
    assert count_queries(f"{URL}?year=2025") == few_filtered <= 12
    gc.collect()
