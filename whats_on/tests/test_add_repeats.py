""" "Add repeats": a date comes round again, as explicit dates of a draft."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.models import PageLogEntry

from home.factories import SmallSite
from testing.html import main_words, read, soup_of, words
from testing.page_checks import assert_refused
from testing.people import person_who_may, signed_in
from users.models import User
from whats_on.models import EventPage
from whats_on.repeats import MOST_REPEATS, Repeat
from whats_on.services import DateGoneError, add_repeats, draft_dates

from .making import add_event, london


@pytest.fixture
def event(small_site: SmallSite) -> EventPage:
    """An event with a date on the first Tuesday of October, before the clocks go back."""
    return add_event(small_site.events, "Club", london(2026, 9, 1), london(2026, 10, 6))


def address(event: EventPage) -> str:
    return reverse("events_add_repeats", args=[event.pk])


def submit(client: Client, event: EventPage, **values: Any) -> BeautifulSoup:
    """Fill in the form as it is shown, press "Add to the draft", and return the screen that follows."""
    shown = read(client, address(event)).select_one("input[name=key]")
    assert shown is not None
    data = {"key": shown["value"], "repeat": "weekly", **values}
    response = client.post(address(event), data, follow=True)
    assert response.status_code == 200
    return soup_of(response)


def starts(event: EventPage) -> list[Any]:
    return [each.starts_at for each in draft_dates(EventPage.objects.get(pk=event.pk))]


def test_it_adds_to_the_draft_and_publishes_nothing(
    client: Client, admin_client: Client, event: EventPage, administrator: User
) -> None:
    soup = submit(admin_client, event, repeat="monthly_weekday", times="3")

    assert starts(event)[2:] == [london(2026, 11, 3), london(2026, 12, 1), london(2027, 1, 5)]
    assert event.dates.count() == 2
    assert "November" not in main_words(read(client, event.url))
    assert (
        "Added 3 dates to the draft. The first: Tuesday 3 November 2026, 2pm to 4pm. "
        "The last: Tuesday 5 January 2027, 2pm to 4pm." in words(soup)
    )
    assert soup.select_one("#page-edit-form")
    event.refresh_from_db()
    assert event.get_latest_revision().user == administrator
    assert PageLogEntry.objects.filter(page=event.pk, action="wagtail.edit", user=administrator).exists()

    event.get_latest_revision().publish()
    assert "Tuesday 3 November 2026, 2pm to 4pm" in main_words(read(client, event.url))


def test_it_goes_on_until_a_day(admin_client: Client, event: EventPage) -> None:
    submit(admin_client, event, until="27/10/2026")
    assert starts(event)[2:] == [london(2026, 10, 13), london(2026, 10, 20), london(2026, 10, 27)]


def test_it_goes_on_from_the_last_date_of_the_newest_draft_and_keeps_the_draft(
    admin_client: Client, event: EventPage
) -> None:
    draft = event.get_latest_revision_as_object()
    draft.title = "Club of the draft"
    last = max(draft.dates.all(), key=lambda each: each.starts_at)
    keys = {each.key for each in draft.dates.all()}
    last.starts_at, last.ends_at = london(2026, 10, 8), london(2026, 10, 8, 17)
    draft.dates.add(last)
    draft.save_revision()

    submit(admin_client, event, times="1")

    event.refresh_from_db()
    newest = event.get_latest_revision_as_object()
    assert newest.title == "Club of the draft"
    assert starts(event) == [london(2026, 9, 1), london(2026, 10, 8), london(2026, 10, 15)]
    assert keys < {each.key for each in newest.dates.all()}
    assert draft_dates(event)[-1].ends_at == london(2026, 10, 15, 17)


def test_an_unfinished_draft_can_have_its_dates_repeated(admin_client: Client, event: EventPage) -> None:
    draft = event.get_latest_revision_as_object()
    draft.is_cancelled = True  # without saying why
    draft.save_revision(clean=False)
    submit(admin_client, event, times="1")
    assert len(starts(event)) == 3


@pytest.mark.database
def test_sending_it_twice_adds_once(admin_client: Client, event: EventPage) -> None:
    data = {"key": str(draft_dates(event)[-1].key), "repeat": "weekly", "times": "2", "until": ""}
    admin_client.post(address(event), data)
    soup = soup_of(admin_client.post(address(event), data, follow=True))
    assert "These dates are there already. Nothing was added." in words(soup)
    assert len(starts(event)) == 4
    assert event.revisions.count() == 1


def test_dates_that_are_there_already_are_left_out(event: EventPage) -> None:
    first = draft_dates(event)[0]
    add_repeats(event=event, key=first.key, repeat=Repeat.WEEKLY, until=date(2026, 10, 13))
    found = starts(event)
    assert len(found) == len(set(found)) == 7


def test_a_date_that_is_gone_cannot_be_repeated(admin_client: Client, event: EventPage) -> None:
    assert "Somebody has changed the dates meanwhile." in words(submit(admin_client, event, key=uuid4(), times="1"))
    with pytest.raises(DateGoneError):
        add_repeats(event=event, key=uuid4(), repeat=Repeat.WEEKLY, times=1)
    assert len(starts(event)) == 2


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "Fill in either how many more dates, or the last day."),
        ({"times": "2", "until": "01/12/2026"}, "Fill in either how many more dates, or the last day."),
        ({"times": "0"}, "greater than or equal to 1"),
        ({"times": str(MOST_REPEATS + 1)}, f"less than or equal to {MOST_REPEATS}"),
        ({"times": "many"}, "Enter a whole number."),
        ({"until": "12/10/2026"}, "No date falls on or before this day."),
        ({"until": "01/01/2020"}, "No date falls on or before this day."),
        ({"until": "31/12/2099"}, f"That would be more than {MOST_REPEATS} dates."),
        ({"until": "soon"}, "“soon” is no day."),
        ({"times": "1", "repeat": "daily"}, "Select a valid choice."),
        ({"times": "1", "repeat": ""}, "Choose how often."),
    ],
)
def test_what_makes_no_sense_is_refused_and_adds_nothing(
    admin_client: Client, event: EventPage, values: dict[str, str], message: str
) -> None:
    assert message in words(submit(admin_client, event, **values))
    assert len(starts(event)) == 2


@pytest.mark.parametrize("key", ["", "x", "' OR 1=1 --"])
def test_a_key_that_is_none_adds_nothing(admin_client: Client, event: EventPage, key: str) -> None:
    submit(admin_client, event, key=key, times="1")
    assert len(starts(event)) == 2


def test_an_event_without_dates_says_what_to_do(admin_client: Client, small_site: SmallSite) -> None:
    event = add_event(small_site.events, "Fair", rough_date=date(2026, 5, 1))
    for soup in (read(admin_client, address(event)), soup_of(admin_client.post(address(event), {"times": "1"}))):
        assert "This event has no date yet, so there is nothing to repeat." in words(soup)
        assert not soup.select("input[name=times]")


def test_looking_changes_nothing(admin_client: Client, event: EventPage) -> None:
    admin_client.get(address(event), {"repeat": "weekly", "times": "3"})
    assert (len(starts(event)), event.revisions.count()) == (2, 0)


def test_a_form_without_its_token_is_refused(administrator: User, event: EventPage) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator)
    assert client.post(address(event), {"repeat": "weekly", "times": "3"}).status_code == 403
    assert len(starts(event)) == 2


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_those_who_may_edit_the_event_may_use_it(small_site: SmallSite, event: EventPage, method: str) -> None:
    stranger = getattr(Client(), method)(address(event))
    assert stranger["Location"].startswith(reverse("wagtailadmin_login"))
    for user in (person_who_may(), person_who_may("change", at=small_site.centres), person_who_may("add", at=event)):
        assert_refused(signed_in(user), address(event), method)
    assert getattr(signed_in(person_who_may("change", at=event)), method)(address(event)).status_code == 200


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_locked_event_stays_as_it_is(event: EventPage, administrator: User, method: str) -> None:
    event.locked, event.locked_by = True, administrator
    event.save()
    editor = signed_in(person_who_may("change", at=event))
    assert_refused(editor, address(event), method)
    assert address(event) not in editor.get(reverse("wagtailadmin_pages:edit", args=[event.pk])).content.decode()
    assert len(starts(event)) == 2


def test_it_is_for_events_only(admin_client: Client, small_site: SmallSite) -> None:
    for page in (small_site.events, small_site.home):
        assert admin_client.get(reverse("events_add_repeats", args=[page.pk])).status_code == 404


@pytest.mark.parametrize("screen", ["the edit screen", "the list of events"])
def test_its_button_is_on_the_screens_of_events_for_those_who_may(
    small_site: SmallSite, event: EventPage, screen: str
) -> None:
    url = {
        "the edit screen": reverse("wagtailadmin_pages:edit", args=[event.pk]),
        "the list of events": reverse("wagtailadmin_explore", args=[small_site.events.pk]),
    }[screen]

    def has_button(*permissions: str) -> bool:
        response = signed_in(person_who_may(*permissions, at=small_site.events)).get(url)
        return response.status_code == 200 and address(event) in response.content.decode()

    assert has_button("change")
    assert not has_button("add")


def test_its_button_is_nowhere_else(admin_client: Client, small_site: SmallSite) -> None:
    for page in (small_site.home, small_site.events):
        assert b"add-repeats" not in admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content
