"""A service's page: what it is, and where one can get it."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from wagtail.test.utils.form_data import rich_text

from centres.factories import (
    CentrePageFactory,
    CentreServicePageFactory,
    RolePageFactory,
    ServicePageFactory,
)
from centres.models import ServicePage, ServicesPage, ServiceStatus, Stage
from centres.queries import ROWS_PER_PAGE
from centres.tests.opening_blocks import nine_to_five
from core.timezone import LONDON
from home.factories import SmallSite
from testing.admin_forms import create_url, edit_url, fill, preview, send, shown_form, tick
from testing.html import link_to, main_words, read, section, soup_of, words
from testing.page_checks import assert_only_its_editors_may_edit, assert_renders


@pytest.fixture
def service(small_site: SmallSite) -> ServicePage:
    return ServicePageFactory(parent=small_site.services, title="Juggling", slug="juggling")


def table(client: Client, url: str) -> list[list[str]]:
    """Return "Where you can get it" row by row, without the headings that small screens show in each cell."""
    found = section(read(client, url), "Where you can get it")
    for repeated in found.select(".nhsuk-table__heading, .nhsuk-u-visually-hidden"):
        repeated.decompose()
    return [[words(cell) for cell in row.find_all(["th", "td"])] for row in found.select("tbody tr")]


def test_it_renders_with_its_name(client: Client, service: ServicePage) -> None:
    assert_renders(client, service, "Juggling")


def test_it_lives_under_the_list_of_services_and_holds_no_pages() -> None:
    assert ServicePage.allowed_parent_page_models() == [ServicesPage]
    assert ServicePage.allowed_subpage_models() == []


def test_only_its_editors_may_edit_it(small_site: SmallSite, service: ServicePage) -> None:
    assert_only_its_editors_may_edit(service, elsewhere=small_site.centres)


def test_the_table_says_where_how_sure_how_and_when_surest_first(
    client: Client, small_site: SmallSite, service: ServicePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 6, 10, 12, tzinfo=LONDON))
    for name, status, access in (
        ("Ashville", ServiceStatus.PLANNED, ["through_gp"]),
        ("Beechville", ServiceStatus.AVAILABLE, ["walk_in", "book_yourself"]),
        ("Cedarville", ServiceStatus.ENDED, ["walk_in"]),
        ("Aspenville", ServiceStatus.AVAILABLE, []),
    ):
        centre = CentrePageFactory(
            parent=small_site.centres,
            short_name=name,
            title=name,
            hours=nine_to_five() if name == "Beechville" else [],
        )
        CentreServicePageFactory(parent=centre, service=service, status=status, access=access)

    assert table(client, service.url) == [
        ["Aspenville", "Offered here", "To be confirmed", "Not known yet"],
        ["Beechville", "Offered here", "Walk in, Book it yourself", "Open now, closes 5pm"],
        ["Ashville", ServiceStatus.PLANNED.info.label, "Through your GP", "None now"],
        ["Cedarville", "Ended", "Not here", "None now"],
    ]


def test_each_row_leads_to_the_service_at_that_centre(
    client: Client, small_site: SmallSite, service: ServicePage
) -> None:
    centre = CentrePageFactory(parent=small_site.centres, title="Ashville")
    page = CentreServicePageFactory(parent=centre, service=service)

    found = section(read(client, service.url), "Where you can get it")

    assert link_to(found, "Ashville : Juggling") == page.url


def test_a_service_that_no_centre_lists_says_so(client: Client, service: ServicePage) -> None:
    found = section(read(client, service.url), "Where you can get it")
    assert "No centre lists this service." in words(found)
    assert found.find("table") is None


@pytest.mark.parametrize("hidden", ["the page", "the centre", "a private centre"])
def test_what_is_not_public_is_not_in_the_table(
    client: Client, small_site: SmallSite, service: ServicePage, hidden: str
) -> None:
    centre = CentrePageFactory(parent=small_site.centres, live=hidden != "the centre")
    CentreServicePageFactory(parent=centre, service=service, live=hidden != "the page")
    if hidden == "a private centre":
        centre.view_restrictions.create(restriction_type="login")

    assert table(client, service.url) == []


def test_it_names_its_roles_and_how_to_use_it(client: Client, small_site: SmallSite, service: ServicePage) -> None:
    service.how_to_use = "<p>Bring your own clubs.</p>"
    service.roles = [RolePageFactory(parent=small_site.roles, title="Juggler")]
    service.save()
    soup = read(client, service.url)

    assert "Bring your own clubs." in words(section(soup, "How to use it"))
    assert link_to(section(soup, "Who you may see"), "Juggler") == service.roles.get().url


def test_a_long_table_has_pages(client: Client, small_site: SmallSite, service: ServicePage) -> None:
    for _ in range(ROWS_PER_PAGE + 1):
        CentreServicePageFactory(parent=CentrePageFactory(parent=small_site.centres), service=service)

    first, second = table(client, service.url), table(client, f"{service.url}?page=2")

    assert (len(first), len(second)) == (ROWS_PER_PAGE, 1)
    assert second[0] not in first
    pages = read(client, service.url).select_one("nav.nhsuk-pagination a[rel=next]")
    assert pages is not None
    assert pages["href"] == "?page=2"


def test_an_editor_creates_previews_and_publishes_a_service(
    client: Client, admin_client: Client, small_site: SmallSite
) -> None:
    role = RolePageFactory(parent=small_site.roles, title="Clown")
    url = create_url(small_site.services, ServicePage)
    data = shown_form(
        admin_client, url, ServicePage, streams={"body": [("text", rich_text("<h2>What happens</h2><p>Balls.</p>"))]}
    )
    fill(data, title="Juggling", slug="juggling", summary="Three balls.", also_known_as="throwing\r\ncatching")
    fill(data, how_to_use=rich_text("<p>Bring clubs.</p>"))
    tick(data, "roles", role.pk)

    shown = main_words(soup_of(preview(admin_client, url, data)))
    assert send(admin_client, url, data).status_code == 302

    published = main_words(read(client, "/services/juggling/"))
    for said in ("Juggling", "Three balls.", "Balls.", "Bring clubs.", "Clown", "No centre lists this service."):
        assert said in shown
        assert said in published
    assert ServicePage.objects.get().also_known_as.split() == ["throwing", "catching"]


def test_the_preview_shows_the_draft_and_residents_do_not_see_it(
    client: Client, admin_client: Client, small_site: SmallSite, service: ServicePage
) -> None:
    CentreServicePageFactory(parent=CentrePageFactory(parent=small_site.centres, title="Ashville"), service=service)
    data = shown_form(admin_client, edit_url(service), ServicePage)

    text = main_words(soup_of(preview(admin_client, edit_url(service), fill(data, summary="With fire."))))

    assert "With fire." in text
    assert "Ashville" in text
    assert "With fire." not in main_words(read(client, service.url))


def test_a_summary_is_needed_to_publish_and_not_to_save_a_draft(admin_client: Client, service: ServicePage) -> None:
    data = fill(shown_form(admin_client, edit_url(service), ServicePage), summary="")

    response = send(admin_client, edit_url(service), data)
    assert response.status_code == 200
    assert "This field is required." in words(soup_of(response).find("form", id="page-edit-form"))
    assert send(admin_client, edit_url(service), data, action="").status_code == 302


def test_it_cannot_be_made_private_because_centres_take_words_from_it(
    admin_client: Client, small_site: SmallSite, service: ServicePage
) -> None:
    for page in (service, small_site.services):
        admin_client.post(f"/admin/pages/{page.pk}/privacy/", {"restriction_type": "login"})
        assert not page.get_view_restrictions().exists()


def test_the_queries_stay_within_budget_however_much_there_is(
    small_site: SmallSite, service: ServicePage, count_queries: Callable[[str], int]
) -> None:
    def grow(number: int) -> None:
        for _ in range(number):
            centre = CentrePageFactory(parent=small_site.centres, stage=Stage.OPEN, hours=nine_to_five())
            CentreServicePageFactory(parent=centre, service=service)
            service.roles.add(RolePageFactory(parent=small_site.roles))
        service.save()

    grow(1)
    few = count_queries(service.url)
    grow(9)

    assert count_queries(service.url) == few <= 10
