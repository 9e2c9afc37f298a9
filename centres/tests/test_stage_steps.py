"""The guided steps: a centre that opens, or closes, changes on every page at once, and no page says anything else."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import querydict_from_html, rich_text, streamfield

from centres.factories import CentrePageFactory, CentreServicePageFactory, MilestoneFactory, ServicePageFactory
from centres.models import CentrePage, CentreServicePage, Milestone, MilestoneState, ServiceStatus, Stage
from core.timezone import LONDON
from home.factories import SmallSite
from testing.admin_forms import fill
from testing.html import main_words, read, soup_of, words
from testing.people import person_who_may, signed_in

pytestmark = pytest.mark.database

OFFERED = ServiceStatus.AVAILABLE.info.label.lower()
NOT_OPEN = ("not open", "to open", "until then", "until it opens", "opens soon")
# The day of the week on which the tests take place.
TODAY = str(date(2126, 6, 1).weekday())
UNTIL_THEN = "<p>Until it opens, go to the old surgery.</p>"


class Town:
    """A centre that is being built, with three services whose statuses are those of such a centre."""

    def __init__(self, site: SmallSite) -> None:
        self.site = site
        self.centre: CentrePage = CentrePageFactory(
            parent=site.centres,
            short_name="Testville",
            slug="testville",
            stage=Stage.BEING_BUILT,
            expected_opening=date(2126, 1, 1),
            until_then=UNTIL_THEN,
            address="1 Test Street",
        )
        MilestoneFactory(centre=self.centre, title="Doors open", date=date(2126, 1, 1), state=MilestoneState.EXPECTED)
        self.services: list[CentreServicePage] = [
            CentreServicePageFactory(
                parent=self.centre,
                service=ServicePageFactory(parent=site.services, title=title),
                status=status,
                until_then=UNTIL_THEN,
            )
            for title, status in (
                ("Archery", ServiceStatus.CONFIRMED),
                ("Bowling", ServiceStatus.PLANNED),
                ("Clowning", ServiceStatus.TO_BE_CONFIRMED),
            )
        ]

    def url(self, step: str = "opens") -> str:
        return reverse(f"centres_{step}", args=[self.centre.pk])

    def form(self, client: Client, step: str = "opens", **typed: Any) -> QueryDict:
        """Return what the form sends if only `typed` is entered."""
        soup = read(client, self.url(step))
        data = querydict_from_html(str(soup), form_index=len(soup.select("form")) - 1)
        hours = [("session", {"days": TODAY, "way": "times", "opens": "09:00", "closes": "17:00"})]
        streams = {"hours": streamfield(hours), "exceptions": streamfield([])} if step == "opens" else {}
        texts = {f"service-{each.pk}-until_then": rich_text("") for each in self.services}
        return fill(data, **streams, **texts, **typed)

    def opening(self, client: Client, **typed: Any) -> QueryDict:
        """Return the form of an opening with everything that must be said."""
        statuses = {f"service-{each.pk}-status": "available" for each in self.services[:2]}
        data = self.form(client, opened_on="2126-06-01", **statuses, **typed)
        data["milestones-0-state"], data["milestones-0-change_reason"] = "done", "The lift came late."
        data["milestones-0-date"] = "2126-06-01"
        return data

    def pages(self) -> list[Any]:
        return [CentrePage.objects.get(pk=self.centre.pk), *CentreServicePage.objects.child_of(self.centre)]


@pytest.fixture(autouse=True)
def _first_of_june(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2126, 6, 1, 10, tzinfo=LONDON))


@pytest.fixture
def town(small_site: SmallSite) -> Town:
    return Town(small_site)


def post(client: Client, town: Town, data: QueryDict, button: str = "publish", step: str = "opens") -> Any:
    body = f"{data.urlencode()}&{urlencode({f'action-{button}': button})}"
    return client.post(town.url(step), body, content_type="application/x-www-form-urlencoded")


def residents_read(client: Client, town: Town) -> dict[str, str]:
    """Return what all public pages say that show the centre or its services."""
    urls = [page.url for page in town.pages()] + [service.service.url for service in town.services]
    urls += ["/", town.site.centres.url, town.site.services.url, "/search/?query=testville", "/search/?query=archery"]
    return {url: main_words(read(client, url)).lower() for url in urls}


def test_no_page_says_that_an_open_centre_is_not_open(admin_client: Client, client: Client, town: Town) -> None:
    before = residents_read(client, town)
    assert all("not open" in before[page.url] for page in town.pages()[:3])

    response = post(admin_client, town, town.opening(admin_client))

    assert response.status_code == 302, words(read_errors(response))
    after = residents_read(client, town)
    assert {url for url, said in after.items() for phrase in NOT_OPEN if phrase in said} == set()
    centre, archery, *_ = town.pages()
    assert "open now, closes 5pm" in after[centre.url]
    assert "1 june 2126 – done doors open" in after[centre.url]
    assert OFFERED in after[archery.url]
    assert OFFERED in after[archery.service.url]
    assert "old surgery" not in " ".join(after.values())


def read_errors(response: Any) -> Any:
    return soup_of(response).main


def test_the_step_says_which_services_must_be_decided(admin_client: Client, town: Town) -> None:
    data = town.form(admin_client, opened_on="2126-06-01")
    said = words(read_errors(post(admin_client, town, data)))
    assert said.count("Choose a status.") == 2
    # The milestone should be over by now.
    assert "This date has passed. Choose “Done” or “Cancelled”, or enter another date." in said
    assert {page.live and page.has_unpublished_changes for page in town.pages()} == {False}
    assert town.pages()[0].stage == Stage.BEING_BUILT


def test_one_page_that_is_wrong_keeps_all_as_they_were(admin_client: Client, town: Town) -> None:
    data = town.opening(admin_client)
    data.setlist(f"service-{town.services[0].pk}-access", [])
    said = words(read_errors(post(admin_client, town, data)))
    assert "tick at least one way" in said
    assert [page.latest_revision_id for page in town.pages()] == [None] * 4


@pytest.mark.parametrize(
    ("day", "message"), [("", "Enter the day on which it opened."), ("2126-06-02", "This day has not come yet.")]
)
def test_an_opening_has_a_day_that_is_not_to_come(admin_client: Client, town: Town, day: str, message: str) -> None:
    data = town.opening(admin_client)
    data["opened_on"] = day
    assert message in words(read_errors(post(admin_client, town, data)))


def test_the_opening_is_added_to_the_story_of_a_centre_that_does_not_tell_of_it(
    admin_client: Client, town: Town
) -> None:
    Milestone.objects.all().delete()
    statuses = {f"service-{each.pk}-status": "available" for each in town.services[:2]}
    data = town.form(admin_client, opened_on="2126-06-01", **statuses)
    # It is ticked already.
    assert "adds_milestone" in data
    data["adds_milestone"] = "on"
    assert post(admin_client, town, data).status_code == 302
    [milestone] = town.pages()[0].milestones.all()
    assert (milestone.title, milestone.date_text, milestone.state) == ("The centre opens", "1 June 2126", "done")


def test_saved_as_drafts_residents_see_nothing_and_the_next_one_finds_all_of_it(
    admin_client: Client, client: Client, town: Town
) -> None:
    before = residents_read(client, town)
    assert post(admin_client, town, town.opening(admin_client), "draft").status_code == 302
    assert residents_read(client, town) == before
    data = town.form(admin_client, opened_on="2126-06-01")
    assert data[f"service-{town.services[0].pk}-status"] == "available"
    assert data["milestones-0-state"] == "done"


def test_a_tick_says_of_all_pages_that_they_are_right_today(admin_client: Client, town: Town) -> None:
    assert post(admin_client, town, town.opening(admin_client, is_right_today="on")).status_code == 302
    assert {page.checked_on for page in town.pages()} == {date(2126, 6, 1)}


def test_without_the_tick_the_days_stay_and_it_is_said(admin_client: Client, town: Town) -> None:
    response = post(admin_client, town, town.opening(admin_client))
    said = words(read(admin_client, response["Location"]))
    assert "the days of their last checks stay as they were" in said
    assert {page.checked_on for page in town.pages()} == {None}


def test_what_somebody_else_saved_meanwhile_is_not_overwritten_unseen(admin_client: Client, town: Town) -> None:
    data = town.opening(admin_client, summary="Open at last.")
    town.services[0].note = "Bring a bow."
    town.services[0].save_revision()
    soup = read_errors(post(admin_client, town, data))
    assert "Somebody has saved one of these pages since you began" in words(soup.parent)
    assert "Open at last." in soup.select_one("[name=summary]").text
    assert town.pages()[0].stage == Stage.BEING_BUILT
    data["seen"] = soup.select_one("[name=seen]")["value"]
    assert post(admin_client, town, data).status_code == 302


def test_an_editor_who_may_not_publish_saves_drafts(town: Town) -> None:
    editor = signed_in(person_who_may("change", at=town.centre))
    assert "Publish all of it" not in words(read(editor, town.url()))
    data = town.opening(editor)
    assert post(editor, town, data).status_code in (302, 403)
    assert town.pages()[0].stage == Stage.BEING_BUILT
    assert post(editor, town, data, "draft").status_code == 302
    assert town.pages()[0].get_latest_revision_as_object().stage == Stage.OPEN


def test_others_may_not_even_look(town: Town) -> None:
    other = CentrePageFactory(parent=town.site.centres, short_name="Otherville")
    stranger = signed_in(person_who_may("change", "publish", at=other))
    assert stranger.get(town.url()).status_code != 200
    assert stranger.get(reverse("centres_opens", args=[other.pk])).status_code == 200


def test_a_page_that_cannot_be_changed_now_keeps_all_from_changing(admin_client: Client, town: Town) -> None:
    data = town.opening(admin_client)
    Page.objects.filter(pk=town.services[1].pk).update(locked=True)
    assert "Bowling at Testville: Somebody has locked it." in words(read(admin_client, town.url()))
    assert post(admin_client, town, data).status_code == 200
    assert town.pages()[0].stage == Stage.BEING_BUILT


def test_a_centre_that_closes_says_no_longer_how_to_get_there(admin_client: Client, client: Client, town: Town) -> None:
    CentrePageFactory(parent=town.site.centres, short_name="Zedville", stage=Stage.PLANNED)
    assert post(admin_client, town, town.opening(admin_client)).status_code == 302
    data = town.form(admin_client, "closes", until_then=rich_text("<p>Go to Zedville.</p>"))
    assert data["stage"] == "closed"

    assert post(admin_client, town, data, step="closes").status_code == 302

    after = residents_read(client, town)
    centre, archery, _, clowning = town.pages()
    assert centre.stage == Stage.CLOSED
    assert "this centre has closed" in after[centre.url]
    assert "where to go instead go to zedville." in after[centre.url]
    for page in (centre, archery):
        for phrase in ("how to get", "opening times", "closes 5pm", "1 test street", "do not travel"):
            assert phrase not in after[page.url]
    assert (archery.shown_status, clowning.shown_status) == (ServiceStatus.ENDED, ServiceStatus.NOT_GOING_AHEAD)
    assert centre.structured_data["@type"] == "WebPage"
    # Last in lists, greyed, and in words.
    for url in ("/", town.site.centres.url):
        cards = read(client, url).select(".bctt-centre-card")
        assert [words(card.h3) for card in cards] == ["Zedville Centre", "Testville Centre"]
        assert "bctt-gone" in cards[1]["class"]
        assert "Closed" in words(cards[1])
    rows = read(client, "/search/?query=centre").select("ol.bctt-rows > li")
    assert "Testville" in words(rows[-1])
    assert "bctt-gone" in rows[-1]["class"]


def test_the_map_says_in_words_which_centre_is_gone(client: Client, small_site: SmallSite) -> None:
    CentrePageFactory(parent=small_site.centres, short_name="Grays", slug="grays", stage=Stage.NOT_GOING_AHEAD)
    CentrePageFactory(parent=small_site.centres, short_name="Tilbury", slug="tilbury")
    drawn = read(client, small_site.centres.url).select(".bctt-map__links a")
    assert [words(each) for each in drawn] == ["", "Not going ahead"]


def test_the_steps_are_offered_on_the_centres_own_screen(admin_client: Client, town: Town) -> None:
    edit = reverse("wagtailadmin_pages:edit", args=[town.centre.pk])
    assert town.url("opens") in str(read(admin_client, edit))
    assert town.url("closes") in str(read(admin_client, edit))
    CentrePage.objects.filter(pk=town.centre.pk).update(stage=Stage.OPEN)
    assert town.url("opens") not in str(read(admin_client, edit))


def test_looking_at_a_step_changes_nothing_and_takes_as_many_queries_as_there_are_pages(
    admin_client: Client, town: Town
) -> None:
    read(admin_client, town.url())
    assert [page.latest_revision_id for page in town.pages()] == [None] * 4
