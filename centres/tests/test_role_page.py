"""Role pages, and the list of them."""

from collections.abc import Callable

import pytest
from django.test import Client
from wagtail.test.utils.form_data import rich_text

from centres.factories import CentrePageFactory, CentreServicePageFactory, RolePageFactory, ServicePageFactory
from centres.models import RolePage, RolesPage, ServicesPage
from centres.queries import PER_PAGE
from home.factories import SmallSite
from testing.admin_forms import create_url, edit_url, fill, preview, send, shown_form
from testing.html import link_to, main_words, read, section, soup_of, words
from testing.page_checks import assert_only_its_editors_may_edit, assert_renders

HEADING = "Services where you may see them"


@pytest.fixture
def role(small_site: SmallSite) -> RolePage:
    return RolePageFactory(parent=small_site.roles, title="Clown", slug="clown")


def test_a_role_renders_with_its_name(client: Client, role: RolePage) -> None:
    assert_renders(client, role, "Clown")


def test_the_list_renders_with_its_name(client: Client, small_site: SmallSite) -> None:
    assert_renders(client, small_site.roles, "Roles")


def test_roles_live_in_their_list_and_the_list_under_the_services() -> None:
    assert RolePage.allowed_parent_page_models() == [RolesPage]
    assert RolePage.allowed_subpage_models() == []
    assert RolesPage.allowed_parent_page_models() == [ServicesPage]
    assert RolesPage.allowed_subpage_models() == [RolePage]


def test_there_is_one_list_of_roles(small_site: SmallSite) -> None:
    assert not RolesPage.can_create_at(small_site.services)
    small_site.roles.delete()
    assert RolesPage.can_create_at(small_site.services)


def test_only_its_editors_may_edit_a_role(small_site: SmallSite, role: RolePage) -> None:
    assert_only_its_editors_may_edit(role, elsewhere=small_site.centres)


def test_only_its_editors_may_edit_the_list(small_site: SmallSite) -> None:
    assert_only_its_editors_may_edit(small_site.roles, elsewhere=small_site.centres)


def test_a_role_says_what_the_person_helps_with(client: Client, role: RolePage) -> None:
    role.helps_with = "<ul><li>laughing</li></ul>"
    role.save()
    assert "laughing" in words(section(read(client, role.url), "What they can help with"))


def test_a_role_leads_to_the_services_in_which_one_meets_it_in_general_or_at_a_centre(
    client: Client, small_site: SmallSite, role: RolePage
) -> None:
    in_general = ServicePageFactory(parent=small_site.services, title="Circus", roles=[role])
    at_a_centre = ServicePageFactory(parent=small_site.services, title="Birthday parties")
    ServicePageFactory(parent=small_site.services, title="Chess")
    centre = CentrePageFactory(parent=small_site.centres)
    for service in (in_general, at_a_centre):
        page = CentreServicePageFactory(parent=centre, service=service)
        page.roles = [role]
        page.save()

    found = section(read(client, role.url), HEADING)

    assert [words(link) for link in found.select("a")] == ["Birthday parties", "Circus"]
    assert link_to(found, "Circus") == in_general.url


def test_a_role_names_no_service_that_is_not_public(client: Client, small_site: SmallSite, role: RolePage) -> None:
    ServicePageFactory(parent=small_site.services, roles=[role], live=False)
    page = CentreServicePageFactory(
        parent=CentrePageFactory(parent=small_site.centres, live=False),
        service=ServicePageFactory(parent=small_site.services),
    )
    page.roles = [role]
    page.save()

    assert "No service lists this role yet." in words(section(read(client, role.url), HEADING))


def test_the_list_is_in_order_has_pages_and_leaves_out_drafts(client: Client, small_site: SmallSite) -> None:
    for number in reversed(range(PER_PAGE + 1)):
        RolePageFactory(parent=small_site.roles, title=f"Juggler {number:02}")
    RolePageFactory(parent=small_site.roles, title="A draft", live=False)

    first, second = (
        [words(link) for link in read(client, f"{small_site.roles.url}?page={number}").select(".bctt-row__link")]
        for number in (1, 2)
    )

    assert first + second == [f"Juggler {number:02}" for number in range(PER_PAGE + 1)]
    assert len(first) == PER_PAGE


def test_an_empty_list_still_answers(client: Client, small_site: SmallSite) -> None:
    assert "No roles have been added yet." in main_words(read(client, small_site.roles.url))


def test_an_editor_creates_previews_and_publishes_a_role(
    client: Client, admin_client: Client, small_site: SmallSite
) -> None:
    url = create_url(small_site.roles, RolePage)
    data = fill(shown_form(admin_client, url, RolePage), title="Clown", slug="clown", summary="Makes you laugh.")
    fill(data, helps_with=rich_text("<p>Laughing.</p>"))

    shown = main_words(soup_of(preview(admin_client, url, data)))
    assert send(admin_client, url, data).status_code == 302

    for text in (shown, main_words(read(client, f"{small_site.roles.url}clown/"))):
        assert "Makes you laugh." in text
        assert "Laughing." in text


def test_the_preview_shows_the_draft_and_residents_do_not_see_it(
    client: Client, admin_client: Client, small_site: SmallSite, role: RolePage
) -> None:
    for page, summary in ((role, "Rehearsing."), (small_site.roles, "Everybody who rehearses.")):
        data = fill(shown_form(admin_client, edit_url(page), type(page)), summary=summary)
        assert summary in main_words(soup_of(preview(admin_client, edit_url(page), data)))
        assert summary not in main_words(read(client, page.url))
        assert send(admin_client, edit_url(page), data).status_code == 302
        assert summary in main_words(read(client, page.url))


def test_the_queries_stay_within_budget_however_much_there_is(
    small_site: SmallSite, role: RolePage, count_queries: Callable[[str], int]
) -> None:
    centre = CentrePageFactory(parent=small_site.centres)

    def grow(number: int) -> None:
        for _ in range(number):
            RolePageFactory(parent=small_site.roles)
            service = ServicePageFactory(parent=small_site.services, roles=[role])
            CentreServicePageFactory(parent=centre, service=service)

    grow(1)
    few = [count_queries(page.url) for page in (role, small_site.roles)]
    grow(9)

    assert [count_queries(page.url) for page in (role, small_site.roles)] == few
    assert max(few) <= 12
