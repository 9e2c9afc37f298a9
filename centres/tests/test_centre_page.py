"""A centre's page: whether it is open, what is there, how to get there."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.test import Client

from centres.factories import (
    CentrePageFactory,
    CentreServicePageFactory,
    MilestoneFactory,
    PartnerFactory,
    ServicePageFactory,
)
from centres.models import CentrePage, CentreServicePage, CentresPage, ServiceStatus, Stage
from centres.tests.opening_blocks import closed_on, nine_to_five
from core.timezone import LONDON
from home.factories import SmallSite
from testing.html import headings, main_words, read, section, structured_data, tags_in, words
from testing.page_checks import assert_only_its_editors_may_edit, assert_renders

NOT_OPEN = [stage for stage in Stage if stage != Stage.OPEN]
NOON = datetime(2026, 6, 10, 12, tzinfo=LONDON)


@pytest.fixture
def centre(small_site: SmallSite) -> CentrePage:
    return CentrePageFactory(parent=small_site.centres, title="Testville Centre", short_name="Testville")


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


def test_it_renders_with_its_name(client: Client, centre: CentrePage) -> None:
    assert_renders(client, centre, "Testville Centre")


def test_it_lives_under_the_list_of_centres_and_holds_services_at_centres_only() -> None:
    assert CentrePage.allowed_parent_page_models() == [CentresPage]
    assert CentrePage.allowed_subpage_models() == [CentreServicePage]


def test_only_its_editors_may_edit_it(small_site: SmallSite, centre: CentrePage) -> None:
    assert_only_its_editors_may_edit(centre, elsewhere=small_site.services)


@pytest.mark.parametrize("stage", NOT_OPEN)
def test_a_centre_that_is_not_open_says_so_first_and_where_to_go(
    client: Client, centre: CentrePage, stage: Stage
) -> None:
    centre.stage = stage
    centre.until_then = "<p>Ask at Otherton Centre.</p>"
    centre.hours = nine_to_five()
    centre.save()

    soup = read(client, centre.url)

    gone = {Stage.CLOSED: "This centre has closed", Stage.NOT_GOING_AHEAD: "This centre is not going ahead"}
    said = gone.get(stage, "This centre is not open yet")
    assert headings(soup)[0] == said
    assert "Ask at Otherton Centre." in words(section(soup, said))
    text = main_words(soup)
    assert text.index("Testville Centre") < text.index(said) < text.index("Ask at Otherton") < text.index("Services")
    if stage in gone:
        assert "How to get here" not in text
    else:
        assert "Please do not travel to it for care" in words(section(soup, "How to get here"))
    assert "9am to 5pm" not in text
    assert "Open now" not in text


@pytest.mark.parametrize("stage", NOT_OPEN)
def test_a_centre_that_is_not_open_never_leaves_people_without_a_way_on(
    client: Client, centre: CentrePage, stage: Stage
) -> None:
    centre.stage = stage
    centre.save()

    state = read(client, centre.url).select_one(".bctt-state__until")

    assert state is not None
    assert "Keep using the services you use now." in words(state)
    assert state.select_one("a[href='/#urgent-help']")


def test_an_open_centre_says_whether_it_is_open_at_this_moment(
    client: Client, centre: CentrePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre.hours = nine_to_five()
    centre.until_then = "<p>Ask at Otherton Centre.</p>"
    centre.save()

    at(monkeypatch, NOON)
    soup = read(client, centre.url)
    assert headings(soup)[0] == "Open now, closes 5pm"
    assert "Today: 9am to 5pm." in main_words(soup)
    assert "Ask at Otherton Centre." not in main_words(soup)

    at(monkeypatch, datetime(2026, 6, 10, 17, tzinfo=LONDON))
    assert headings(read(client, centre.url))[0] == "Closed now, opens 9am tomorrow"


def test_the_week_marks_today_and_names_the_day_that_is_different(
    client: Client, centre: CentrePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre.hours = nine_to_five()
    centre.exceptions = [closed_on(date(2026, 6, 11), "Training day")]
    centre.hours_note = "Reception closes at 4pm."
    centre.save()
    at(monkeypatch, NOON)

    times = section(read(client, centre.url), "Opening times")

    rows = [words(row) for row in times.select("tbody tr")]
    assert rows[2] == "Wednesday (today) 9am to 5pm"
    assert rows[3] == "Thursday Closed (Training day)"
    assert rows[6] == "Sunday Closed"
    assert "Thursday 11 June 2026: Closed (Training day)" in words(times)
    assert "Reception closes at 4pm." in words(times)


def test_without_hours_nothing_is_claimed(client: Client, centre: CentrePage) -> None:
    soup = read(client, centre.url)

    assert headings(soup)[0] == "This centre is open"
    assert "We do not have the weekly opening times yet." in words(section(soup, "Opening times"))
    assert "Closed" not in main_words(soup)


@pytest.mark.parametrize(
    ("precision", "text"),
    [
        ("day", "1 December 2131"),
        ("month", "December 2131"),
        ("season", "winter 2131 to 2132"),
        ("end_of_year", "end of 2131"),
        ("year", "2131"),
    ],
)
def test_the_expected_opening_is_told_as_exactly_as_it_is_known(
    client: Client, centre: CentrePage, precision: str, text: str
) -> None:
    centre.stage = Stage.BEING_BUILT
    centre.expected_opening = date(2131, 12, 1)
    centre.expected_opening_precision = precision
    centre.expected_opening_stated_on = date(2026, 2, 3)
    centre.save()

    state = section(read(client, centre.url), "This centre is not open yet")

    assert f"It is expected to open: {text} (as stated on 3 February 2026)" in words(state)


@pytest.mark.parametrize("stage", [Stage.OPEN, Stage.NOT_GOING_AHEAD])
def test_no_opening_is_expected_of_a_centre_that_is_open_or_will_not_be(
    client: Client, centre: CentrePage, stage: Stage
) -> None:
    centre.stage = stage
    centre.expected_opening = date(2131, 12, 1)
    centre.save()

    assert "2131" not in main_words(read(client, centre.url))


def test_a_notice_shows_at_the_top_on_its_last_day_and_is_gone_the_day_after(
    client: Client, centre: CentrePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre.notice = "The lift is broken."
    centre.notice_ends_on = date(2026, 6, 10)
    centre.save()

    at(monkeypatch, datetime(2026, 6, 10, 23, 59, tzinfo=LONDON))
    text = main_words(read(client, centre.url))
    assert text.index("The lift is broken.") < text.index("What is here")

    at(monkeypatch, datetime(2026, 6, 11, 0, 0, tzinfo=LONDON))
    assert "The lift is broken." not in main_words(read(client, centre.url))


def test_the_sections_come_in_the_order_in_which_residents_ask(client: Client, centre: CentrePage) -> None:
    MilestoneFactory(centre=centre)
    PartnerFactory(centre=centre)

    assert headings(read(client, centre.url))[1:] == [
        "What is here",
        "How to get here",
        "Opening times",
        "The story so far",
        "Who runs it",
    ]


def test_the_links_on_this_page_lead_to_its_sections(client: Client, centre: CentrePage) -> None:
    MilestoneFactory(centre=centre)
    PartnerFactory(centre=centre)
    soup = read(client, centre.url)

    links = [link["href"] for link in soup.select("nav.bctt-onpage a")]

    assert links == ["#services", "#getting-here", "#opening-times", "#story", "#partners"]
    assert all(soup.select_one(str(link)) for link in links)


def test_services_stand_in_groups_from_the_surest_to_the_least_sure(
    client: Client, small_site: SmallSite, centre: CentrePage
) -> None:
    for status in reversed(ServiceStatus):
        service = ServicePageFactory(parent=small_site.services, title=f"Service that is {status.value}")
        CentreServicePageFactory(parent=centre, service=service, status=status, access=["walk_in"])

    services = section(read(client, centre.url), "What is here")

    assert [words(h3) for h3 in services.find_all("h3")] == [status.info.label for status in ServiceStatus]
    assert tags_in(services) == [status.info.label for status in ServiceStatus]
    groups = [words(group) for group in services.select(".bctt-group")]
    for status, group in zip(ServiceStatus, groups, strict=True):
        assert f"Service that is {status.value}" in group
        assert status.info.explanation in group
    assert ["Walk in" in group for group in groups] == [status == ServiceStatus.AVAILABLE for status in ServiceStatus]


def test_a_centre_without_services_says_so(client: Client, centre: CentrePage) -> None:
    assert "No services are listed for this centre yet." in main_words(read(client, centre.url))


def test_contact_travel_and_access_are_shown_and_what_is_unknown_is_said(client: Client, centre: CentrePage) -> None:
    assert "We do not have an address or telephone number yet." in main_words(read(client, centre.url))

    centre.address = "1 Test Street\nTestville"
    centre.postcode = "ZZ1 1ZZ"
    centre.telephone = "01632 960001"
    centre.email = "hello@example.org"
    centre.travel = "<p>Bus 999 stops outside.</p>"
    centre.parking = "<p>Six spaces.</p>"
    centre.access_features = ["hearing_loop", "step_free"]
    centre.access_notes = "Ring the bell."
    centre.save()
    here = section(read(client, centre.url), "How to get here")

    for text in ("1 Test Street Testville ZZ1 1ZZ", "Bus 999 stops outside.", "Six spaces.", "Ring the bell."):
        assert text in words(here)
    assert [words(item) for item in here.select("li")] == ["Step-free way in", "Hearing loop"]
    assert here.select_one("a[href='tel:01632960001']")
    assert here.select_one("a[href='mailto:hello@example.org']")


def test_machines_are_told_of_a_clinic_only_once_it_is_open(client: Client, centre: CentrePage) -> None:
    centre.telephone = "01632 960001"
    centre.stage = Stage.BEING_BUILT
    centre.save()
    data = structured_data(read(client, centre.url))
    assert (data["@type"], "telephone" in data) == ("WebPage", False)

    centre.stage = Stage.OPEN
    centre.save()
    data = structured_data(read(client, centre.url))
    assert (data["@type"], data["telephone"]) == ("MedicalClinic", "01632 960001")


def test_a_page_past_its_date_says_that_a_check_is_due(
    client: Client, centre: CentrePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, NOON)
    centre.checked_on = date(2020, 9, 29)
    centre.save()
    assert "Last checked 29 September 2020. This page is due a check." in main_words(read(client, centre.url))

    centre.checked_on = date(2026, 5, 3)
    centre.save()
    text = main_words(read(client, centre.url))
    assert "due a check" not in text
    assert text.endswith("Last checked 3 May 2026 by Testville team")


def test_the_queries_stay_within_budget_however_much_there_is(
    small_site: SmallSite, centre: CentrePage, count_queries: Callable[[str], int]
) -> None:
    def grow(number: int) -> None:
        for _ in range(number):
            service = ServicePageFactory(parent=small_site.services)
            CentreServicePageFactory(parent=centre, service=service)
            MilestoneFactory(centre=centre)
            PartnerFactory(centre=centre)

    grow(1)
    few = count_queries(centre.url)
    grow(9)

    assert count_queries(centre.url) == few <= 12
