"""Navigation: the trail, the menu, and addresses that lead nowhere."""

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Page, Site

from core.navigation import get_navigation
from core.visibility import private_paths, remembered_for_request
from testing.pages import SmallSite, add_page, elements, links
from testing.privacy import make_private

pytestmark = [pytest.mark.database, pytest.mark.django_db]

TRAIL = "nhsuk-breadcrumb__link"
MENU = "bctt-nav__link"
# What the menu of the small site has, in the order of its tree.
FIXED = [
    ("Services", "/services/"),
    ("Centres", "/centres/"),
    ("News", "/news/"),
    ("Forums", "/forums/"),
    ("Events", "/events/"),
    ("Leaflets", "/leaflets/"),
]


def request_for(path: str) -> HttpRequest:
    return RequestFactory().get(path, headers={"host": "testserver"})


def test_the_trail_leads_from_home_to_the_parent(client: Client, small_site: SmallSite) -> None:
    about = add_page(small_site.home, title="About & us")
    page = add_page(add_page(about, title="People"), title="Jugglers")
    response = client.get(page.url)
    assert links(response, TRAIL) == [("Home", "/"), ("About & us", "/about-us/"), ("People", "/about-us/people/")]
    assert [url for _, url in links(response, "nhsuk-back-link")] == ["/about-us/people/"]


def test_the_home_page_has_no_trail(client: Client, small_site: SmallSite) -> None:
    assert links(client.get("/"), TRAIL) == []


def test_search_leads_back_home(client: Client, small_site: SmallSite) -> None:
    assert links(client.get("/search/"), TRAIL) == [("Home", "/")]


def test_the_trail_leaves_out_ancestors_that_residents_cannot_open(client: Client, small_site: SmallSite) -> None:
    top = add_page(small_site.home, title="Top")
    hidden = add_page(top, title="Hidden", live=False)
    page = add_page(hidden, title="Seen")
    assert links(client.get(page.url), TRAIL) == [("Home", "/"), ("Top", "/top/")]


def test_the_trail_ignores_namesakes_elsewhere_in_the_tree(client: Client, small_site: SmallSite) -> None:
    team = add_page(small_site.home, title="Team")
    about = add_page(small_site.home, title="About")
    page = add_page(add_page(about, title="Team"), title="About")
    add_page(team, title="About")
    assert links(client.get(page.url), TRAIL) == [("Home", "/"), ("About", "/about/"), ("Team", "/about/team/")]


def test_the_menu_has_the_public_pages_ticked_for_it_in_the_order_of_the_tree(
    client: Client, small_site: SmallSite
) -> None:
    add_page(small_site.home, title="Not in menus")
    add_page(small_site.home, title="Draft", show_in_menus=True, live=False)
    make_private(add_page(small_site.home, title="Private", show_in_menus=True))
    about = add_page(small_site.home, title="About", show_in_menus=True)
    add_page(about, title="Beneath", show_in_menus=True)
    for url in ("/", about.url, "/search/", "/no-such-page/"):
        assert links(client.get(url), MENU) == [*FIXED, ("About", "/about/")], url


def test_the_menu_marks_where_one_is(client: Client, small_site: SmallSite) -> None:
    add_page(small_site.home, title="Centres of excellence", slug="centres-of-excellence", show_in_menus=True)

    def marks(url: str) -> dict[str, str | None]:
        found = elements(client.get(url), "a", MENU)
        return {link.text: link.attributes["aria-current"] for link in found if "aria-current" in link.attributes}

    assert marks("/services/") == {"Services": "page"}
    assert marks("/services/roles/") == {"Services": "true"}
    assert marks("/centres-of-excellence/") == {"Centres of excellence": "page"}
    assert marks("/") == {}
    assert marks("/search/") == {}
    assert marks("/no-such-page/") == {}


def test_navigation_takes_one_query_for_any_depth_and_is_kept_on_the_request(
    small_site: SmallSite, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    page: Page = small_site.home
    for number in range(8):
        page = add_page(page, title=f"Step {number}")

    def cost(path: str) -> HttpRequest:
        request = request_for(path)
        request._wagtail_site = small_site.site  # type: ignore[attr-defined]  # as found for any page
        get_navigation(request_for("/"))  # warms the addresses of sites
        with django_assert_num_queries(2):  # the settings, and everything else
            navigation = get_navigation(request)
        with django_assert_num_queries(0):
            assert get_navigation(request) is navigation
        return request

    cost("/")
    deep = get_navigation(cost(page.url))
    assert [link.title for link in deep.trail] == ["Testshire together", *(f"Step {number}" for number in range(7))]
    assert deep.pages[-1].pk == page.pk


STRANGE = {
    "unknown": "/no-such-page/",
    "deep": "/" + "a/" * 13,
    "very deep": "/" + "a/" * 2000,
    "ten kilobytes": f"/{'a' * 10_000}/",
    "ten kilobytes of steps that exist": "/" + "centres/" * 1250,
    "nul": "/%00/",
    "nul beneath a page": "/centres/%00/",
    "nul twice encoded": "/%2500/",
    "control characters": "/%01%02%1b%7f/",
    "line ends": "/a%0d%0aSet-Cookie:%20a=b/",
    "emoji": "/🤹/",
    "right to left": "/مرحبا/",
    "right-to-left override": "/%e2%80%aegnp.exe/",
    "accents": "/café/",
    "accents apart": "/cafe%cc%81/",
    "not UTF-8": "/%ff%fe/",
    "half a surrogate": "/%ed%a0%80/",
    "dots": "/centres/../admin/",
    "encoded slashes": "/centres%2ftestville/",
    "windows": "/centres%5ctestville/",
    "double slashes": "/centre//",
    "semicolon": "/centres;a=b/",
    "percent": "/%/",
    "template": "/{{7*7}}{%25%20now%20%25}/",
    "sql": "/'%20or%201=1;--/",
    "like wildcards": "/%25/",
    "underscore": "/_______/",
    "html": "/%3Cscript%3Ealert(1)%3C/script%3E/",
    "upper case": "/CENTRE/",
    "digits of another script": "/٣/",
    "a file": "/wp-login.php",
    "a hidden file": "/.env",
}


@pytest.mark.parametrize("path", STRANGE.values(), ids=STRANGE)
def test_an_address_that_leads_nowhere_is_a_page_that_helps(client: Client, small_site: SmallSite, path: str) -> None:
    response = client.get(path, follow=True)
    assert response.status_code == 404
    assert links(response, TRAIL) == []
    assert [title.text for title in elements(response, "h1")] == ["Page not found"]
    assert links(response, MENU) == FIXED
    assert all(script.attributes.get("src") for script in elements(response, "script"))
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    "query",
    [
        "page=%00",
        "centre=%00",
        "status=%00",
        "page=-1",
        "page=9e99",
        "page=%D9%A3",
        "page=last",
        "centre=%ff",
        f"centre={'a' * 10_000}",
        f"page={'9' * 5000}",
        "centre[]=a",
        "centre=a&centre=b",
        "&&&=",
        "%",
    ],
    ids=lambda query: query[:20],
)
def test_a_strange_query_string_shows_the_page_all_the_same(client: Client, small_site: SmallSite, query: str) -> None:
    for url in ("/", "/services/roles/", "/search/", *(url for _, url in FIXED)):
        response = client.get(url, QUERY_STRING=query)
        assert response.status_code == 200, url


def test_an_address_without_its_last_slash_leads_to_the_page(client: Client, small_site: SmallSite) -> None:
    response = client.get("/centres")
    assert response.status_code == 301
    assert response["Location"] == "/centres/"


def test_without_any_site_an_address_is_not_found_rather_than_an_error(client: Client, small_site: SmallSite) -> None:
    Site.objects.all().delete()
    for url in ("/", "/centres/", "/no-such-page/"):
        assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    ("url", "status"), [("/search/?query=x", 200), ("/robots.txt", 200), ("/.well-known/security.txt", 404)]
)
def test_without_any_site_the_plain_addresses_answer(
    client: Client, small_site: SmallSite, url: str, status: int
) -> None:
    Site.objects.all().delete()
    assert client.get(url).status_code == status


@pytest.mark.parametrize("path", ["/follow/manage/abc.def/", "/wp-login.php", "/no-such-page/"])
def test_an_address_that_no_page_has_leads_home(small_site: SmallSite, path: str) -> None:
    navigation = get_navigation(request_for(path))
    assert [link.title for link in navigation.trail] == ["Testshire together"]
    assert not any(link.is_current for link in navigation.menu)


def test_that_no_page_is_found_does_not_mean_that_nothing_is_private(small_site: SmallSite) -> None:
    private = add_page(small_site.home, title="Private")
    make_private(private)
    site = small_site.site
    site.root_page.path, site.root_page.slug, site.root_page.url_path = "gone", "gone", "/gone/"
    request = request_for("/")
    request._wagtail_site = site  # type: ignore[attr-defined]  # as found for any page
    with remembered_for_request():
        assert get_navigation(request).pages == []
        assert private_paths() == (private.path,)
