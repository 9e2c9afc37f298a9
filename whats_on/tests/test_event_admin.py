"""An event in the admin: its screens, what they accept, and what they refuse beside which field."""

from typing import Any

import pytest
from django.test import Client
from wagtail.test.utils.form_data import rich_text

from centres.models import CentrePage
from home.factories import SmallSite
from news.models import ForumPage
from testing.admin_forms import add_row, create_url, edit_url, fill, preview, send, shown_form, tick
from testing.html import main_words, read, section, soup_of, words
from whats_on.factories import EventDateFactory
from whats_on.models import EventDate, EventPage

from .making import add_event, london

AT_TWO = {"starts_at": "04/05/2126 14:00", "ends_at": "04/05/2126 16:00", "state": "planned", "starts_at-meant": "on"}
AT_SIX = {"starts_at": "05/05/2126 18:00", "ends_at": "05/05/2126 20:00", "state": "planned", "starts_at-meant": "on"}


@pytest.fixture
def event(small_site: SmallSite) -> EventPage:
    return add_event(small_site.events, "Fair", london(2126, 5, 3))


def new_event(client: Client, site: SmallSite, **fields: Any) -> tuple[str, Any]:
    """Return the screen that creates an event, and its form with a title and a summary typed in."""
    url = create_url(site.events, EventPage)
    data = shown_form(client, url, EventPage)
    return url, fill(data, title="Fair", slug="fair", summary="Everybody juggles.", place="Hall", **fields)


def errors(response: Any) -> dict[str, str]:
    """Return the words of each error on an edit screen, by the id of the field it stands beside."""
    assert response.status_code == 200
    found = soup_of(response).select("[data-contentpath] .error-message, .w-field__errors .error-message")
    return {
        str((each.find_parent(attrs={"data-contentpath": True}) or each).get("data-contentpath")): words(each)
        for each in found
    }


def test_an_editor_creates_and_publishes_an_event(
    client: Client, admin_client: Client, small_site: SmallSite, centre: CentrePage, forum: ForumPage
) -> None:
    url = create_url(small_site.events, EventPage)
    data = shown_form(
        admin_client, url, EventPage, streams={"body": [("text", rich_text("<p>With clubs and balls.</p>"))]}
    )
    fill(data, title="Fair", slug="fair", summary="Everybody juggles.", kind="other", attendance="both")
    fill(data, place="Village hall", address="1 Ball Street", postcode="zz11zz", centre=centre.pk, forum=forum.pk)
    fill(data, joining_link="https://example.org/join", show_joining_link="on", bring=rich_text("<p>Balls.</p>"))
    tick(data, "access_features", "lift")
    add_row(data, "dates", **AT_SIX)
    add_row(data, "dates", **AT_TWO)

    assert send(admin_client, url, data).status_code == 302

    event = EventPage.objects.get(slug="fair")
    assert [date.starts_at for date in event.dates.all()] == [london(2126, 5, 4), london(2126, 5, 5, 18)]
    text = main_words(read(client, "/events/fair/"))
    for said in ("With clubs and balls.", "Saturday 4 May 2126, 2pm to 4pm Next date", "ZZ1 1ZZ", "Lift", "Balls."):
        assert said in text
    assert (event.centre, event.forum) == (centre, forum)


def test_an_editor_changes_and_cancels_a_date_which_keeps_its_key(
    client: Client, admin_client: Client, event: EventPage
) -> None:
    key = event.dates.get().key
    url = edit_url(event)
    data = shown_form(admin_client, url, EventPage)
    fill(data, **{"dates-0-state": "cancelled", "dates-0-note": "Rain."})
    assert send(admin_client, url, data, action="").status_code == 302
    assert "Rain." not in main_words(read(client, event.url))

    assert send(admin_client, url, shown_form(admin_client, url, EventPage)).status_code == 302

    assert "Cancelled Rain." in main_words(read(client, event.url))
    assert event.dates.get().key == key


def test_a_date_of_a_draft_that_was_never_published_keeps_its_key_too(
    admin_client: Client, small_site: SmallSite
) -> None:
    url, data = new_event(admin_client, small_site)
    add_row(data, "dates", **AT_TWO)
    send(admin_client, url, data, action="")
    event = EventPage.objects.get(slug="fair")
    [date] = event.get_latest_revision_as_object().dates.all()
    url = edit_url(event)
    data = fill(shown_form(admin_client, url, EventPage), **{"dates-0-starts_at-meant": "on"})
    add_row(data, "dates", **AT_SIX)
    assert send(admin_client, url, data).status_code == 302
    first, second = event.dates.order_by("starts_at")
    assert first.key == date.key != second.key


@pytest.mark.database
def test_the_preview_shows_the_draft_and_residents_do_not_see_it(
    client: Client, admin_client: Client, event: EventPage
) -> None:
    url = edit_url(event)
    data = fill(shown_form(admin_client, url, EventPage), title="Great fair", place="Palace")
    add_row(data, "dates", **AT_SIX)

    text = main_words(soup_of(preview(admin_client, url, data)))

    for said in ("Great fair", "Palace", "Sunday 5 May 2126, 6pm to 8pm"):
        assert said in text
        assert said not in main_words(read(client, event.url))


def test_an_event_is_previewed_before_it_is_saved_for_the_first_time(
    admin_client: Client, small_site: SmallSite
) -> None:
    url, data = new_event(admin_client, small_site)
    add_row(data, "dates", **AT_TWO)
    assert "Saturday 4 May 2126, 2pm to 4pm" in main_words(soup_of(preview(admin_client, url, data)))


def test_a_past_event_can_be_recorded(client: Client, admin_client: Client, small_site: SmallSite) -> None:
    url, data = new_event(admin_client, small_site)
    add_row(data, "dates", starts_at="04/05/2021 14:00", ends_at="04/05/2021 16:00", state="planned")
    assert send(admin_client, url, data).status_code == 302
    assert "This event is over." in main_words(read(client, "/events/fair/"))


def test_roughly_when_is_enough_to_publish(client: Client, admin_client: Client, small_site: SmallSite) -> None:
    url, data = new_event(admin_client, small_site, rough_date="01/04/2016", rough_date_precision="season")
    assert send(admin_client, url, data).status_code == 302
    assert "Spring 2016 (the exact days are not known)" in main_words(read(client, "/events/fair/"))


def test_publishing_asks_for_a_date_or_for_roughly_when_and_a_draft_does_not(
    admin_client: Client, small_site: SmallSite
) -> None:
    url, data = new_event(admin_client, small_site)
    assert "Add a date above." in errors(send(admin_client, url, data))["rough_date"]
    assert not EventPage.objects.exists()
    assert send(admin_client, url, data, action="").status_code == 302
    assert not EventPage.objects.get(slug="fair").live


def test_a_date_and_roughly_when_do_not_go_together(admin_client: Client, small_site: SmallSite) -> None:
    url, data = new_event(admin_client, small_site, rough_date="01/04/2016", rough_date_precision="season")
    add_row(data, "dates", **AT_TWO)
    assert errors(send(admin_client, url, data))["rough_date"].endswith("There are dates above, so leave this empty.")


def test_the_last_date_cannot_be_removed_from_what_is_published(admin_client: Client, event: EventPage) -> None:
    url = edit_url(event)
    data = fill(shown_form(admin_client, url, EventPage), **{"dates-0-DELETE": "on"})
    assert "Add a date above." in errors(send(admin_client, url, data))["rough_date"]


def test_two_dates_with_the_same_beginning_are_refused_beside_the_second(
    admin_client: Client, small_site: SmallSite
) -> None:
    url, data = new_event(admin_client, small_site)
    add_row(data, "dates", **AT_TWO)
    add_row(data, "dates", **{**AT_TWO, "ends_at": "04/05/2126 17:00"})
    response = send(admin_client, url, data)
    assert "Another date begins at this time." in main_words_of(response)
    assert soup_of(response).select_one("#inline_child_dates-1 .error-message")
    assert not soup_of(response).select_one("#inline_child_dates-0 .error-message")


def main_words_of(response: Any) -> str:
    return words(soup_of(response))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"ends_at": "04/05/2126 13:00"}, "The end must be later than the beginning."),
        ({"state": "cancelled"}, "Say why, in a few words."),
        ({"state": "moved", "note": "Rain."}, "Say when it should have begun"),
        ({"starts_at": "28/03/2027 01:30", "ends_at": "28/03/2027 03:00"}, "there is no 1:30am that night"),
    ],
)
def test_what_a_date_says_against_itself_is_refused_on_publishing(
    admin_client: Client, small_site: SmallSite, fields: dict[str, str], message: str
) -> None:
    url, data = new_event(admin_client, small_site)
    add_row(data, "dates", **{**AT_TWO, **fields})
    response = send(admin_client, url, data)
    assert message in main_words_of(response)
    assert soup_of(response).select_one("#inline_child_dates-0 .error-message")


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"is_cancelled": "on"}, "cancelled_note", "Say why"),
        ({"attendance": "online", "show_joining_link": "on"}, "joining_link", "Give the link"),
        ({"joining_link": "https://example.org/"}, "joining_link", "It takes place in person only."),
        ({"attendance": "online", "joining_link": "javascript:alert(1)"}, "joining_link", "Enter a valid URL"),
        ({"booking_link": "http://example.org/"}, "booking_link", "must begin with https://"),
    ],
)
def test_what_does_not_go_together_is_refused_beside_its_field(
    admin_client: Client, event: EventPage, fields: dict[str, str], field: str, message: str
) -> None:
    url = edit_url(event)
    data = fill(shown_form(admin_client, url, EventPage), **fields)
    assert message in errors(send(admin_client, url, data))[field]


def test_a_draft_saves_what_does_not_go_together_yet_and_publishing_asks(
    admin_client: Client, event: EventPage
) -> None:
    url = edit_url(event)
    data = fill(shown_form(admin_client, url, EventPage), is_cancelled="on")
    fill(data, **{"dates-0-ends_at": "03/05/2126 13:00", "dates-0-state": "cancelled"})

    assert send(admin_client, url, data, action="").status_code == 302

    event.refresh_from_db()
    assert event.get_latest_revision_as_object().is_cancelled
    assert not event.is_cancelled
    data = fill(shown_form(admin_client, url, EventPage), is_cancelled="on")
    assert set(errors(send(admin_client, url, data))) == {"cancelled_note", "ends_at", "note"}
    assert EventDate.objects.get().ends_at == london(2126, 5, 3, 16)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"ends_at": ""}, "Saturday 4 May 2126, from 2pm"),
        ({"ends_at": "05/05/2126 00:00"}, "Saturday 4 May 2126, 2pm to midnight"),
        ({"timing": "all_day", "starts_at": "04/05/2126", "ends_at": ""}, "Saturday 4 May 2126, all day"),
        ({"timing": "all_day", "starts_at": "04/05/2126", "ends_at": "6 May 2126"}, "4 to 6 May 2126"),
        (
            {"timing": "to_be_confirmed", "starts_at": "04/05/2126", "ends_at": ""},
            "Saturday 4 May 2126, time to be confirmed",
        ),
    ],
)
@pytest.mark.database
def test_a_date_says_no_more_of_its_times_than_is_known_and_stays_so_when_it_is_saved_again(
    client: Client, admin_client: Client, small_site: SmallSite, typed: dict[str, str], said: str
) -> None:
    url, data = new_event(admin_client, small_site)
    add_row(data, "dates", **{**AT_TWO, **typed})
    assert send(admin_client, url, data).status_code == 302
    event = EventPage.objects.get(slug="fair")
    assert f"{said} Next date" in main_words(read(client, event.url))
    data = fill(shown_form(admin_client, edit_url(event), EventPage), place="Palace")
    assert send(admin_client, edit_url(event), data).status_code == 302
    assert [date.text for date in event.dates.all()] == [said]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"starts_at": "04/05/202 14:00"}, "Check the year"),
        ({"starts_at": "04/05/2227 14:00"}, "Check the year 2227"),
        ({"starts_at": "04/05/9999 14:00"}, "Check the year 9999"),
        ({"starts_at-meant": ""}, "is more than two years ahead. Correct it, or tick"),
        ({"ends_at": "04/05/2127 16:00"}, "It would last 365 days, until Sunday 4 May 2127, 4pm."),
        ({"starts_at": "31/03/2126 01:30"}, "there is no 1:30am that night"),
        ({"starts_at": "27/10/2126 01:30"}, "1:30am comes twice that night"),
    ],
)
def test_what_is_odd_about_a_date_is_said_beside_it_and_asked_about(
    admin_client: Client, small_site: SmallSite, typed: dict[str, str], said: str
) -> None:
    url, data = new_event(admin_client, small_site)
    row = {**AT_TWO, **typed}
    if not row["starts_at-meant"]:
        del row["starts_at-meant"]
    add_row(data, "dates", **row)
    response = send(admin_client, url, data)
    assert any(said in words(each) for each in soup_of(response).select("#inline_child_dates-0 .error-message"))
    assert not EventPage.objects.filter(slug="fair").exists()


def test_what_is_unusual_is_kept_as_a_draft_and_asked_once(admin_client: Client, small_site: SmallSite) -> None:
    url, data = new_event(admin_client, small_site)
    add_row(data, "dates", **{name: value for name, value in AT_TWO.items() if "meant" not in name})
    assert send(admin_client, url, data, action="").status_code == 302
    event = EventPage.objects.get(slug="fair")
    again = shown_form(admin_client, edit_url(event), EventPage)
    asked = soup_of(send(admin_client, edit_url(event), again))
    assert asked.select_one("#inline_child_dates-0 input[type=checkbox][name='dates-0-starts_at-meant']")
    again["dates-0-starts_at-meant"] = "on"
    assert send(admin_client, edit_url(event), again).status_code == 302
    # What residents see already was decided on.
    third = fill(shown_form(admin_client, edit_url(event), EventPage), **{"dates-0-note": "Bring balls."})
    assert send(admin_client, edit_url(event), third).status_code == 302


@pytest.mark.database
def test_hostile_words_are_stored_and_shown_as_words(client: Client, admin_client: Client, event: EventPage) -> None:
    url = edit_url(event)
    data = fill(shown_form(admin_client, url, EventPage), title="<script>alert(1)</script> 🤹", place="'; DROP TABLE--")
    assert send(admin_client, url, data).status_code == 302
    response = client.get(event.url)
    assert b"<script>alert(1)" not in response.content
    assert "DROP TABLE" in words(section(soup_of(response), "Where"))
    assert client.get(f"/calendars/events/{event.pk}.ics").status_code == 200


def test_publishing_and_unpublishing_reach_every_place_at_once(
    client: Client, admin_client: Client, event: EventPage, centre: CentrePage
) -> None:
    url = edit_url(event)
    data = fill(shown_form(admin_client, url, EventPage), centre=centre.pk, title="Great fair")
    send(admin_client, url, data)
    places = ["/", "/events/", centre.url, "/calendars/events.ics", f"/calendars/centres/{centre.pk}.ics"]
    for place in places:
        assert b"Great fair" in client.get(place).content, place
    event.refresh_from_db()
    event.unpublish()
    for place in places:
        assert b"Great fair" not in client.get(place).content, place


def test_the_edit_screen_stays_within_reach_with_many_dates(admin_client: Client, event: EventPage) -> None:
    for day in range(1, 29):
        EventDateFactory(event=event, starts_at=london(2126, 6, day), ends_at=london(2126, 6, day, 16))
    url = edit_url(event)
    assert send(admin_client, url, shown_form(admin_client, url, EventPage)).status_code == 302
    assert event.dates.count() == 29
