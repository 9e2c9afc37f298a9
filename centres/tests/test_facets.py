"""The A to Z of services: its filters, their counts, and what an address may ask of it."""

from collections.abc import Callable, Iterator
from itertools import product
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client

from centres.facets import CENTRES_NAMED_PER_SERVICE
from centres.factories import CentrePageFactory, CentreServicePageFactory, ServicePageFactory
from centres.models import RolesPage, ServicePage, ServicesPage, ServiceStatus, Stage
from centres.queries import PER_PAGE
from home.factories import SmallSite
from testing.admin_forms import edit_url, fill, preview, send, shown_form
from testing.html import headings, link_to, main_words, read, soup_of, tags_in, words
from testing.page_checks import assert_only_its_editors_may_edit, assert_renders

pytestmark = pytest.mark.database

URL = "/services/"
PLANNED, POSSIBLE = ServiceStatus.PLANNED, ServiceStatus.POSSIBLE


@pytest.fixture
def catalogue(small_site: SmallSite) -> dict[str, ServicePage]:
    """Four services at three centres.

              Ashville   Beechville   Cedarville (planned)
    Archery   available  planned      available: shown as confirmed
    Bowling   planned    possible     -
    Chess     -          planned      -
    Darts     -          -            -
    """
    services = {
        title: ServicePageFactory(parent=small_site.services, title=title)
        for title in ("Darts", "Archery", "Chess", "Bowling")
    }
    offered = {
        ("Ashville", Stage.OPEN): {"Archery": ServiceStatus.AVAILABLE, "Bowling": PLANNED},
        ("Beechville", Stage.OPEN): {"Archery": PLANNED, "Bowling": POSSIBLE, "Chess": PLANNED},
        ("Cedarville", Stage.PLANNED): {"Archery": ServiceStatus.AVAILABLE},
    }
    for (name, stage), statuses in offered.items():
        centre = CentrePageFactory(parent=small_site.centres, short_name=name, stage=stage)
        for title, status in statuses.items():
            CentreServicePageFactory(parent=centre, service=services[title], status=status)
    return services


def listed(soup: BeautifulSoup) -> list[str]:
    """Return the names of the services in the list."""
    return [words(link) for link in soup.select(".bctt-letter .bctt-row__link")]


def options(soup: BeautifulSoup) -> dict[str, Tag]:
    """Return the chips of both filters by their words, such as "Ashville (2)"."""
    return {words(chip).removeprefix("Showing: "): chip for chip in soup.select(".bctt-filters .bctt-chip")}


def where(soup: BeautifulSoup, title: str) -> list[str]:
    """Return the centres named with a service, each with its status."""
    row = next(row for row in soup.select(".bctt-letter .bctt-rows > .bctt-row") if words(row.a) == title)
    return [words(item) for item in row.select(".bctt-where li")]


def test_it_renders_with_its_name(client: Client, small_site: SmallSite) -> None:
    assert_renders(client, small_site.services, "Services")


def test_there_is_one_and_it_holds_services_and_the_list_of_roles(small_site: SmallSite) -> None:
    assert ServicesPage in small_site.home.allowed_subpage_models()
    assert ServicesPage.allowed_subpage_models() == [ServicePage, RolesPage]
    assert not ServicesPage.can_create_at(small_site.home)


def test_only_its_editors_may_edit_it(small_site: SmallSite) -> None:
    assert_only_its_editors_may_edit(small_site.services, elsewhere=small_site.centres)


def test_services_stand_in_order_under_their_letter(client: Client, catalogue: dict[str, ServicePage]) -> None:
    soup = read(client, URL)

    assert listed(soup) == ["Archery", "Bowling", "Chess", "Darts"]
    assert [words(letter) for letter in soup.select(".bctt-letter__heading")] == ["A", "B", "C", "D"]
    assert "4 services" in headings(soup)


def test_each_service_names_its_centres_surest_first_with_the_status_residents_may_rely_on(
    client: Client, catalogue: dict[str, ServicePage]
) -> None:
    soup = read(client, URL)
    assert where(soup, "Archery") == [
        f"{name} {status.info.label}"
        for name, status in (
            ("Ashville", ServiceStatus.AVAILABLE),
            ("Cedarville", ServiceStatus.CONFIRMED),
            ("Beechville", PLANNED),
        )
    ]
    assert where(soup, "Darts") == []
    assert "No centre lists this service." in main_words(soup)


def test_a_service_at_many_centres_names_a_few_and_says_how_many_more(client: Client, small_site: SmallSite) -> None:
    service = ServicePageFactory(parent=small_site.services, title="Archery")
    for _ in range(CENTRES_NAMED_PER_SERVICE + 2):
        CentreServicePageFactory(parent=CentrePageFactory(parent=small_site.centres), service=service)

    soup = read(client, URL)

    assert len(where(soup, "Archery")) == CENTRES_NAMED_PER_SERVICE + 1
    assert link_to(soup, "and 2 more centres") == service.url


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("centre=ashville", ["Archery", "Bowling"]),
        ("centre=beechville", ["Archery", "Bowling", "Chess"]),
        ("status=planned", ["Archery", "Bowling", "Chess"]),
        ("status=available", ["Archery"]),
        ("centre=beechville&status=planned", ["Archery", "Chess"]),
        ("status=possible&centre=beechville", ["Bowling"]),
    ],
)
def test_filters_narrow_the_list_and_combine(
    client: Client, catalogue: dict[str, ServicePage], query: str, titles: list[str]
) -> None:
    soup = read(client, f"{URL}?{query}")
    assert listed(soup) == titles
    assert f"{len(titles)} service{'s' if len(titles) > 1 else ''}" in headings(soup)


def test_a_filter_narrows_the_centres_that_are_named_too(client: Client, catalogue: dict[str, ServicePage]) -> None:
    assert where(read(client, f"{URL}?centre=cedarville"), "Archery") == [
        f"Cedarville {ServiceStatus.CONFIRMED.info.label}"
    ]


def test_every_filter_link_leads_to_as_many_services_as_it_says_and_never_to_none(
    client: Client, catalogue: dict[str, ServicePage]
) -> None:
    seen: set[str] = set()

    def walk(url: str) -> Iterator[tuple[str, str, int]]:
        soup = read(client, url)
        for label, chip in options(soup).items():
            target = urljoin(url, str(chip.get("href", url)))
            yield label, target, len(listed(soup))
            if target not in seen:
                seen.add(target)
                yield from walk(target)

    for label, target, _ in walk(URL):
        promised = int(label.rpartition("(")[2].rstrip(")"))
        assert len(listed(read(client, target))) == promised > 0, (label, target)
    assert len(seen) > 10


def test_the_filter_in_use_is_marked_and_can_be_taken_away(client: Client, catalogue: dict[str, ServicePage]) -> None:
    url = f"{URL}?centre=beechville&status=planned"
    soup = read(client, url)

    in_use = [label for label, chip in options(soup).items() if not chip.has_attr("href")]
    assert in_use == ["Beechville (2)", f"{PLANNED.info.label} (2)"]
    removals = soup.select(".bctt-chips--active a")
    assert [words(link) for link in removals] == [
        "Remove filter: Beechville ✕",
        f"Remove filter: {PLANNED.info.label} ✕",
        "Show all services",
    ]
    totals = [len(listed(read(client, urljoin(url, str(link["href"]))))) for link in removals]
    assert totals == [3, 3, 4]
    last = read(client, f"{URL}?centre=beechville").select_one(".bctt-chips--active a")
    assert last is not None
    assert urljoin(URL, str(last["href"])) == URL


@pytest.mark.parametrize("query", ["centre=nowhere", "status=certain", "centre=&status=", "colour=red", "centre=a b"])
def test_what_is_not_known_narrows_nothing(client: Client, catalogue: dict[str, ServicePage], query: str) -> None:
    soup = read(client, f"{URL}?{query}")
    assert len(listed(soup)) == 4
    assert not soup.select(".bctt-chips--active")


def test_two_filters_that_share_nothing_say_so_and_show_the_way_back(
    client: Client, catalogue: dict[str, ServicePage]
) -> None:
    soup = read(client, f"{URL}?centre=ashville&status=possible")
    assert "0 services" in headings(soup)
    assert "No service matches." in main_words(soup)
    assert link_to(soup, "Show all services") == URL


def test_a_catalogue_without_services_says_so_and_offers_no_filters(client: Client, small_site: SmallSite) -> None:
    soup = read(client, URL)
    assert "No services have been added yet." in main_words(soup)
    assert not soup.select(".bctt-filters")


@pytest.mark.parametrize(
    "query",
    [
        "&".join(f"centre=c{number}" for number in range(900)),
        "&".join(f"p{number}=1" for number in range(1000)),
        "centre=%00",
        "status=%00&page=%00",
        "centre=%F0%9F%A4%B9&status=%F0%9F%A4%B9",
        "centre=%FF%FE",
        f"centre={'a' * 5000}",
        "centre=' OR 1=1 --",
        "page=99999999999999999999&centre=ashville",
    ],
)
def test_no_address_breaks_it(client: Client, catalogue: dict[str, ServicePage], query: str) -> None:
    assert client.get(f"{URL}?{query}").status_code == 200


def test_what_an_address_asks_for_is_never_repeated_as_html(client: Client, catalogue: dict[str, ServicePage]) -> None:
    response = client.get(URL, {"centre": "<script>alert(1)</script>", "status": '"><b>', "page": "<i>"})
    assert b"alert(1)" not in response.content
    assert b'"><b>' not in response.content


def test_pages_keep_the_filters(client: Client, small_site: SmallSite) -> None:
    centre = CentrePageFactory(parent=small_site.centres, short_name="Ashville")
    for _ in range(PER_PAGE + 1):
        service = ServicePageFactory(parent=small_site.services)
        CentreServicePageFactory(parent=centre, service=service, status=PLANNED)
    ServicePageFactory(parent=small_site.services)
    url = f"{URL}?centre=ashville&status=planned"

    first = read(client, url)
    following = first.select_one("nav.nhsuk-pagination a[rel=next]")
    assert following is not None
    second = read(client, urljoin(url, str(following["href"])))

    assert (len(listed(first)), len(listed(second))) == (PER_PAGE, 1)
    assert f"{PER_PAGE + 1} services" in headings(second)
    back = second.select_one("nav.nhsuk-pagination a[rel=prev]")
    assert back is not None
    assert listed(read(client, urljoin(url, str(back["href"])))) == listed(first)


def test_drafts_and_private_centres_are_neither_listed_nor_counted(client: Client, small_site: SmallSite) -> None:
    service = ServicePageFactory(parent=small_site.services, title="Archery")
    ServicePageFactory(parent=small_site.services, title="A draft", live=False)
    hidden = CentrePageFactory(parent=small_site.centres, short_name="Hiddenville", live=False)
    private = CentrePageFactory(parent=small_site.centres, short_name="Privateville")
    private.view_restrictions.create(restriction_type="login")
    public = CentrePageFactory(parent=small_site.centres, short_name="Ashville")
    for centre in (hidden, private):
        CentreServicePageFactory(parent=centre, service=service)
    CentreServicePageFactory(parent=public, service=service, live=False)

    soup = read(client, URL)

    assert listed(soup) == ["Archery"]
    assert where(soup, "Archery") == []
    assert not soup.select(".bctt-filters")
    for centre in (hidden, private):
        assert not read(client, f"{URL}?centre={centre.slug}").select(".bctt-chips--active")


def test_nothing_at_a_centre_that_is_not_open_counts_as_available(
    client: Client, catalogue: dict[str, ServicePage]
) -> None:
    soup = read(client, f"{URL}?centre=cedarville")
    assert "Offered here" not in " ".join(options(soup))
    assert tags_in(soup) == [ServiceStatus.CONFIRMED.info.label]


def test_an_editor_changes_the_introduction_and_sees_it_first_in_the_preview(
    client: Client, admin_client: Client, small_site: SmallSite
) -> None:
    url = edit_url(small_site.services)
    data = fill(shown_form(admin_client, url, ServicesPage), summary="Pick a game.")
    assert "Pick a game." in main_words(soup_of(preview(admin_client, url, data)))
    assert "Pick a game." not in main_words(read(client, URL))
    assert send(admin_client, url, data).status_code == 302
    assert "Pick a game." in main_words(read(client, URL))


def test_the_queries_stay_within_budget_with_and_without_filters(
    small_site: SmallSite, count_queries: Callable[[str], int]
) -> None:
    addresses = [
        f"{URL}{query}" for query in ("", "?centre=ashville", "?status=planned", "?centre=ashville&status=planned")
    ]
    services = [ServicePageFactory(parent=small_site.services) for _ in range(2)]

    def grow(*names: str) -> None:
        for name, service in product(names, services):
            centre = small_site.centres.get_children().filter(slug=name).first() or CentrePageFactory(
                parent=small_site.centres, short_name=name.title()
            )
            CentreServicePageFactory(parent=centre, service=service, status=PLANNED)

    grow("ashville")
    few = [count_queries(address) for address in addresses]
    services = [ServicePageFactory(parent=small_site.services) for _ in range(PER_PAGE)]
    grow("ashville", "beechville", "cedarville")

    assert [count_queries(address) for address in addresses] == few
    assert max(few) <= 12
