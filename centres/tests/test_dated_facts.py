"""What a page says of its age is about the fact: a status published today is not what was known years ago."""

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from centres.bulk.plans import fingerprint, plan_changes
from centres.factories import CentrePageFactory, CentreServicePageFactory, ServicePageFactory
from centres.models import CentrePage, CentreServicePage, ServiceStatus, Stage
from centres.tests.opening_blocks import nine_to_five
from core.timezone import LONDON
from home.factories import SmallSite
from testing.admin_forms import edit_url, fill, send, shown_form
from testing.html import main_words, read
from users.factories import AdministratorFactory

pytestmark = pytest.mark.database

LONG_AGO = date(2020, 9, 29)
OLD = "This is what we knew on 29 September 2020. It may have changed since then."
OFFERED = ServiceStatus.AVAILABLE.info.label
REST = "The rest of this page was last checked on 29 September 2020. It is due a check."


@pytest.fixture(autouse=True)
def _first_of_december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2126, 12, 2, 10, tzinfo=LONDON))


@pytest.fixture
def centre(small_site: SmallSite) -> CentrePage:
    page: CentrePage = CentrePageFactory(
        parent=small_site.centres,
        short_name="Testville",
        stage=Stage.PLANNED,
        checked_on=LONG_AGO,
        telephone="01632 960001",
    )
    return page


@pytest.fixture
def offer(small_site: SmallSite, centre: CentrePage) -> CentreServicePage:
    service = ServicePageFactory(parent=small_site.services, title="Juggling")
    page: CentreServicePage = CentreServicePageFactory(
        parent=centre, service=service, status=ServiceStatus.PLANNED, checked_on=LONG_AGO
    )
    return page


def page_words(client: Client, url: str) -> str:
    return main_words(read(client, url))


def published(page: Any, **values: Any) -> Any:
    """Publish a page with these values, as all ways of publishing do, and return it as it is then."""
    draft = page.get_latest_revision_as_object()
    for name, value in values.items():
        setattr(draft, name, value)
    draft.save_revision(clean=False).publish()
    return type(page).objects.get(pk=page.pk)


def test_a_centre_opened_today_was_not_open_years_ago(client: Client, centre: CentrePage) -> None:
    assert OLD in page_words(client, centre.url)
    said = page_words(client, published(centre, stage=Stage.OPEN).url)
    assert OLD not in said
    assert "This was published on 2 December 2126." in said
    assert REST in said


def test_a_status_published_today_is_of_today_everywhere(
    client: Client, centre: CentrePage, offer: CentreServicePage
) -> None:
    published(centre, stage=Stage.OPEN)
    page = published(offer, status=ServiceStatus.AVAILABLE)
    assert OLD not in page_words(client, page.url)
    assert "This was published on 2 December 2126." in page_words(client, page.url)
    for url in (page.service.url, "/search/?query=juggling"):
        said = page_words(client, url)
        assert f"{OFFERED} Published on 2 December 2126" in said
        assert f"{OFFERED} As we knew it on" not in said


def test_a_status_of_long_ago_says_so_everywhere(client: Client, offer: CentreServicePage) -> None:
    label = ServiceStatus.PLANNED.info.label
    for url in (offer.service.url, "/search/?query=juggling"):
        assert f"{label} As we knew it on 29 September 2020" in page_words(client, url)


def test_another_change_of_the_page_makes_the_old_fact_no_newer(client: Client, offer: CentreServicePage) -> None:
    page = published(offer, note="Bring three balls.")
    assert OLD in page_words(client, page.url)


def test_hours_and_contact_are_dated_each_for_itself(client: Client, centre: CentrePage) -> None:
    page = published(centre, stage=Stage.OPEN, hours=nine_to_five(), checked_on=LONG_AGO)
    page.said_on["stage"], page.said_on["contact"] = "2120-01-01", "2126-11-30"
    CentrePage.objects.filter(pk=page.pk).update(said_on=page.said_on)
    said = page_words(client, page.url)
    assert "This is what we knew on 1 January 2120. It may have changed since then." in said
    assert said.count("These times were published on 2 December 2126.") == 2
    assert "These details were published on 30 November 2126." in said
    page = published(page, telephone="01632 960002")
    assert "These details were published on 2 December 2126." in page_words(client, page.url)


def test_a_service_that_takes_its_hours_from_its_centre_takes_their_age_too(
    client: Client, centre: CentrePage, offer: CentreServicePage
) -> None:
    published(centre, stage=Stage.OPEN, hours=nine_to_five())
    page = published(offer, status=ServiceStatus.AVAILABLE)
    assert page.hours_age.day == date(2126, 12, 2)
    assert page.contact_age.day == LONG_AGO


def test_what_a_closed_centre_makes_of_a_status_is_as_new_as_its_closing(
    centre: CentrePage, offer: CentreServicePage
) -> None:
    published(centre, stage=Stage.NOT_GOING_AHEAD)
    page: Any = CentreServicePage.objects.get(pk=offer.pk)
    assert page.shown_status == ServiceStatus.NOT_GOING_AHEAD
    assert page.status_age.text == "This was published on 2 December 2126."


def test_a_check_makes_every_fact_as_new_as_the_check(admin_client: Client, offer: CentreServicePage) -> None:
    admin_client.post(reverse("core_still_correct", args=[offer.pk]))
    page = CentreServicePage.objects.get(pk=offer.pk)
    assert page.known_on("status") == date(2126, 12, 2)
    assert page.state_ages == []


def test_a_first_publication_dates_its_facts_unless_it_says_when_it_was_checked(
    small_site: SmallSite, centre: CentrePage
) -> None:
    days = {}
    for title, checked in (("Archery", None), ("Bowling", LONG_AGO)):
        service = ServicePageFactory(parent=small_site.services, title=title)
        draft = CentreServicePageFactory(parent=centre, service=service, live=False, checked_on=checked)
        days[title] = published(draft).known_on("status")
    assert days == {"Archery": date(2126, 12, 2), "Bowling": LONG_AGO}


def test_a_draft_of_long_ago_brings_no_older_day_back(centre: CentrePage) -> None:
    old_draft = centre.save_revision()
    published(centre, stage=Stage.OPEN)
    old_draft.publish()
    # The old stage is published anew, which is news of today.
    assert CentrePage.objects.get(pk=centre.pk).known_on("stage") == date(2126, 12, 2)


def test_a_card_says_of_when_the_stage_is(client: Client, small_site: SmallSite, centre: CentrePage) -> None:
    assert "As we knew it on 29 September 2020" in page_words(client, small_site.centres.url)
    published(centre, stage=Stage.BEING_BUILT)
    assert "Published on 2 December 2126" in page_words(client, small_site.centres.url)


def test_dating_costs_a_list_no_query(client: Client, offer: CentreServicePage, django_assert_num_queries: Any) -> None:
    page = CentreServicePage.objects.select_related("service", "centre").get(pk=offer.pk)
    with django_assert_num_queries(0):
        assert page.state_ages[0].day == LONG_AGO


@pytest.mark.parametrize(("ticked", "day"), [({}, LONG_AGO), ({"is_right_today": "on"}, date(2126, 12, 2))])
def test_a_status_of_several_pages_asks_the_same_question(
    admin_client: Client, offer: CentreServicePage, ticked: dict[str, str], day: date
) -> None:
    url, status = reverse("centres_change_status"), ServiceStatus.ENDED.value
    asked = admin_client.get(url, {"id": offer.pk, "status": status}).content.decode()
    assert '<input type="checkbox" name="is_right_today">' in asked
    seen = fingerprint(plan_changes({offer.pk: {"status": status}}, AdministratorFactory.create()))
    admin_client.post(url, {"id": offer.pk, "status": status, "seen": seen, **ticked})
    page = CentreServicePage.objects.get(pk=offer.pk)
    assert (page.status, page.checked_on, page.known_on("status")) == (status, day, date(2126, 12, 2))


def test_published_with_the_form_the_tick_dates_the_whole_page(admin_client: Client, offer: CentreServicePage) -> None:
    url = edit_url(offer)
    data = fill(shown_form(admin_client, url, CentreServicePage), status="ended", is_right_today="on")
    assert send(admin_client, url, data).status_code == 302
    page = CentreServicePage.objects.get(pk=offer.pk)
    assert (page.checked_on, page.is_check_due) == (timezone.localdate(), False)
