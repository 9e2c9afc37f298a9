"""The page of a service at a centre: how sure it is, and what it takes from its service and its centre."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from centres.factories import (
    CentrePageFactory,
    CentreServicePageFactory,
    RolePageFactory,
    ServicePageFactory,
)
from centres.models import CentrePage, CentreServicePage, ServicePage, ServiceStatus
from centres.tests.opening_blocks import nine_to_five
from home.factories import SmallSite
from testing.html import headings, link_to, main_words, read, section, tags_in, words
from testing.page_checks import assert_only_its_editors_may_edit, assert_renders

NOT_AVAILABLE = [status for status in ServiceStatus if status != ServiceStatus.AVAILABLE]


@pytest.fixture
def centre(small_site: SmallSite) -> CentrePage:
    return CentrePageFactory(
        parent=small_site.centres,
        title="Testville Centre",
        short_name="Testville",
        telephone="01632 960001",
        email="centre@example.org",
        team="Testville team",
        until_then="<p>Ask at Otherton.</p>",
    )


@pytest.fixture
def service(small_site: SmallSite) -> ServicePage:
    return ServicePageFactory(
        parent=small_site.services,
        title="Juggling",
        summary="Three balls or more.",
        how_to_use="<p>Bring your own clubs.</p>",
    )


@pytest.fixture
def page(centre: CentrePage, service: ServicePage) -> CentreServicePage:
    return CentreServicePageFactory(parent=centre, service=service)


def test_it_renders_with_the_names_of_its_service_and_its_centre(client: Client, page: CentreServicePage) -> None:
    assert_renders(client, page, "Juggling at Testville")


def test_it_lives_under_a_centre_and_holds_no_pages() -> None:
    assert CentreServicePage.allowed_parent_page_models() == [CentrePage]
    assert CentreServicePage.allowed_subpage_models() == []


def test_only_its_editors_may_edit_it(small_site: SmallSite, page: CentreServicePage) -> None:
    assert_only_its_editors_may_edit(page, elsewhere=small_site.services)


@pytest.mark.parametrize("status", ServiceStatus)
def test_the_status_stands_first_in_words_and_in_a_tag(
    client: Client, page: CentreServicePage, status: ServiceStatus
) -> None:
    page.status = status
    page.save()

    soup = read(client, page.url)

    assert headings(soup)[0] == "Can you get it here?"
    state = section(soup, "Can you get it here?")
    assert tags_in(state) == [status.info.label]
    assert status.info.explanation in words(state)


@pytest.mark.parametrize("status", NOT_AVAILABLE)
def test_what_is_not_available_shows_where_to_go_instead_and_no_hours(
    client: Client, page: CentreServicePage, status: ServiceStatus
) -> None:
    page.status = status
    page.hours = nine_to_five()
    page.save()

    soup = read(client, page.url)

    assert "Ask at Otherton." in words(section(soup, "Where to go instead"))
    text = main_words(soup)
    assert "9am to 5pm" not in text
    assert "Offered here" not in text
    assert "Open now" not in text
    assert "you cannot get this service here now" in text


def test_its_own_words_on_where_to_go_come_before_the_centres(
    client: Client, page: CentreServicePage, centre: CentrePage
) -> None:
    page.status = ServiceStatus.PLANNED
    page.until_then = "<p>Practise at home.</p>"
    page.save()
    text = words(section(read(client, page.url), "Where to go instead"))
    assert "Practise at home." in text
    assert "Ask at Otherton." not in text


def test_when_nobody_said_where_to_go_people_still_learn_what_to_do(
    client: Client, page: CentreServicePage, centre: CentrePage
) -> None:
    centre.until_then = ""
    centre.save()
    page.status = ServiceStatus.PLANNED
    page.save()

    state = section(read(client, page.url), "Where to go instead")

    assert "Keep using the services you use now." in words(state)
    assert link_to(state, "if you need help now") == "/#urgent-help"


def test_an_available_service_shows_no_other_place_to_go(client: Client, page: CentreServicePage) -> None:
    text = main_words(read(client, page.url))
    assert "Where to go instead" not in text
    assert "Ask at Otherton." not in text


def test_contact_is_the_centres_and_says_so_until_it_has_its_own(client: Client, page: CentreServicePage) -> None:
    contact = words(section(read(client, page.url), "Contact"))
    assert "01632 960001" in contact
    assert "centre@example.org" in contact
    assert "of the whole centre" in contact

    page.telephone = "01632 960002"
    page.website = "https://example.org/juggling"
    page.save()
    contact = words(section(read(client, page.url), "Contact"))
    assert "01632 960002" in contact
    assert "centre@example.org" in contact
    assert "01632 960001" not in contact
    assert "https://example.org/juggling" in contact


def test_without_any_contact_it_says_that_there_is_none(
    client: Client, page: CentreServicePage, centre: CentrePage
) -> None:
    centre.telephone = centre.email = ""
    centre.save()
    assert "We do not have contact details for this service yet." in main_words(read(client, page.url))


def test_roles_are_the_services_until_it_has_its_own(
    client: Client, small_site: SmallSite, page: CentreServicePage, service: ServicePage
) -> None:
    assert "We do not have a list of the people" in words(section(read(client, page.url), "Who you may see"))

    service.roles = [RolePageFactory(parent=small_site.roles, title="Juggler")]
    service.save()
    assert "Juggler" in words(section(read(client, page.url), "Who you may see"))

    page.roles = [RolePageFactory(parent=small_site.roles, title="Clown")]
    page.save()
    who = words(section(read(client, page.url), "Who you may see"))
    assert "Clown" in who
    assert "Juggler" not in who


def test_a_role_that_is_not_public_is_not_named(
    client: Client, small_site: SmallSite, page: CentreServicePage, service: ServicePage
) -> None:
    page.roles = [RolePageFactory(parent=small_site.roles, title="Secret agent", live=False)]
    page.save()
    service.roles = [RolePageFactory(parent=small_site.roles, title="Juggler")]
    service.save()
    who = words(section(read(client, page.url), "Who you may see"))
    assert "Secret agent" not in who
    assert "Juggler" in who


def test_the_summary_is_the_services_until_it_has_its_own(
    client: Client, page: CentreServicePage, centre: CentrePage
) -> None:
    assert "Three balls or more." in main_words(read(client, page.url))
    assert "Three balls or more." in main_words(read(client, centre.url))

    page.summary = "Fire torches too."
    page.save()
    for url in (page.url, centre.url):
        text = main_words(read(client, url))
        assert "Fire torches too." in text
        assert "Three balls or more." not in text


def test_the_team_is_the_centres_until_it_has_its_own(client: Client, page: CentreServicePage) -> None:
    page.checked_on = timezone.localdate()
    page.save()
    assert main_words(read(client, page.url)).endswith("by Testville team")

    page.team = "Juggling team"
    page.save()
    assert main_words(read(client, page.url)).endswith("by Juggling team")


@pytest.mark.parametrize(
    ("access", "labels"),
    [
        ([], ["To be confirmed"]),
        (["through_gp", "walk_in"], ["Walk in", "Through your GP"]),
        (["hospital_letter", "book_yourself"], ["Book it yourself", "By hospital letter"]),
    ],
)
def test_how_to_get_it_is_to_be_confirmed_until_somebody_says(
    client: Client, page: CentreServicePage, access: list[str], labels: list[str]
) -> None:
    page.access = access
    page.access_details = "<p>Ring the bell.</p>"
    page.save()

    how = section(read(client, page.url), "How to get it")

    assert [words(item) for item in how.select("ul.nhsuk-list li")] == labels
    assert "Ring the bell." in words(how)
    assert "Bring your own clubs." in words(how)


@pytest.mark.parametrize("status", [ServiceStatus.NOT_GOING_AHEAD, ServiceStatus.ENDED])
def test_nobody_is_told_how_to_get_what_will_not_be_here(
    client: Client, page: CentreServicePage, status: ServiceStatus
) -> None:
    page.status = status
    page.access = ["walk_in"]
    page.save()
    text = main_words(read(client, page.url))
    assert "Walk in" not in text
    assert "Bring your own clubs." not in text


def test_when_it_will_be_decided_is_told_as_exactly_as_it_is_known(client: Client, page: CentreServicePage) -> None:
    page.status = ServiceStatus.TO_BE_CONFIRMED
    page.decision_expected = date(2031, 3, 1)
    page.decision_expected_precision = "season"
    page.note = "Could be based on three clubs."
    page.save()
    state = words(section(read(client, page.url), "Can you get it here?"))
    assert "A decision is expected: spring 2031." in state
    assert "Could be based on three clubs." in state


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("telephone", "call us", "Enter a telephone number in digits and spaces, such as 01632 960000."),
        ("access", ["by_magic"], "Choose from the list."),
        ("status", "maybe", "not a valid choice"),
    ],
)
def test_what_cannot_be_right_is_refused_beside_its_field(
    page: CentreServicePage, field: str, value: object, message: str
) -> None:
    setattr(page, field, value)
    with pytest.raises(ValidationError) as refusal:
        page.full_clean()
    assert list(refusal.value.message_dict) == [field]
    assert message in refusal.value.message_dict[field][0]


def test_the_queries_stay_within_budget_however_much_there_is(
    small_site: SmallSite, page: CentreServicePage, centre: CentrePage, count_queries: Callable[[str], int]
) -> None:
    def grow(number: int) -> None:
        for _ in range(number):
            page.roles.add(RolePageFactory(parent=small_site.roles))
            CentreServicePageFactory(parent=centre, service=ServicePageFactory(parent=small_site.services))
        page.save()

    grow(1)
    few = count_queries(page.url)
    grow(9)

    assert count_queries(page.url) == few <= 10
