"""The calendars, read back as a calendar program reads them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from centres.models import CentrePage
from core.timezone import LONDON
from home.factories import SmallSite
from news.models import ForumPage
from testing.privacy import make_private
from whats_on import queries
from whats_on.calendars import LONDON_TIMEZONE, SEQUENCE_STARTS
from whats_on.factories import EventDateFactory
from whats_on.models import DateState, EventPage

from .making import TWO_HOURS, add_event, london

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("now")]

ALL = "/calendars/events.ics"
PUBLISHED = datetime(2026, 5, 1, 9, tzinfo=UTC)


def calendar_at(client: Client, url: str = ALL) -> Calendar:
    """Return the calendar at `url`, which must answer 200."""
    response = client.get(url)
    assert response.status_code == 200, f"{url}: {response.status_code}"
    return Calendar.from_ical(response.content)


def entries(client: Client, url: str = ALL) -> list[Any]:
    return list(calendar_at(client, url).events)


def names(client: Client, url: str = ALL) -> list[str]:
    return [str(entry["SUMMARY"]) for entry in entries(client, url)]


def own(event: EventPage) -> str:
    return f"/calendars/events/{event.pk}.ics"


@pytest.fixture
def event(small_site: SmallSite) -> EventPage:
    return add_event(small_site.events, "Juggling evening", london(2026, 5, 12), last_published_at=PUBLISHED)


def publish(event: EventPage, **fields: Any) -> None:
    """Change an event's newest draft and publish it, as the admin does."""
    draft = event.get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save_revision().publish()
    event.refresh_from_db()


def test_an_entry_says_what_when_and_where(client: Client, event: EventPage) -> None:
    event.address, event.postcode = "1 Ball Street\nTestville", "ZZ1 1ZZ"
    event.booking_link = "https://example.org/book"
    event.save()

    [entry] = entries(client)

    assert entry["SUMMARY"] == "Juggling evening"
    assert entry["LOCATION"] == "Testville Hall, 1 Ball Street, Testville, ZZ1 1ZZ"
    assert entry["STATUS"] == "CONFIRMED"
    assert entry["URL"] == f"http://testserver{event.url}"
    assert entry["DESCRIPTION"].split("\n") == [
        "Come to Juggling evening.",
        "Book at: https://example.org/book",
        f"http://testserver{event.url}",
    ]
    assert entry["CATEGORIES"].cats == ["Drop-in"]
    assert entry["DTSTAMP"].dt == entry["LAST-MODIFIED"].dt == PUBLISHED
    assert entry["SEQUENCE"] == (PUBLISHED - SEQUENCE_STARTS).total_seconds()


@pytest.mark.parametrize(
    ("start", "utc_hour"),
    [
        (london(2026, 10, 24, 14), 13),  # the day before the clocks go back
        (london(2026, 10, 25, 14), 14),
        (london(2027, 3, 27, 14), 14),  # the day before they go forward
        (london(2027, 3, 28, 14), 13),
    ],
)
def test_instants_are_right_across_the_clock_changes(
    client: Client, small_site: SmallSite, start: datetime, utc_hour: int
) -> None:
    add_event(small_site.events, "Fair", start)
    [entry] = entries(client)
    assert entry["DTSTART"].params["TZID"] == "Europe/London"
    assert entry["DTSTART"].to_ical().decode() == f"{start:%Y%m%dT%H%M%S}"
    assert entry["DTSTART"].dt.astimezone(UTC).hour == utc_hour
    assert entry["DTEND"].dt - entry["DTSTART"].dt == TWO_HOURS


def test_the_timezone_we_send_agrees_with_the_worlds_for_years() -> None:
    sent = Calendar.from_ical(b"BEGIN:VCALENDAR\r\n" + LONDON_TIMEZONE + b"END:VCALENDAR\r\n").timezones[0]
    ours = sent.to_tz(lookup_tzid=False)
    for year in range(2000, 2037):
        for day in range(0, 366, 1):
            noon = datetime(year, 1, 1, 12) + timedelta(days=day)  # noqa: DTZ001 (a wall clock)
            assert noon.replace(tzinfo=ours).utcoffset() == noon.replace(tzinfo=LONDON).utcoffset(), noon


def test_a_program_that_does_not_know_london_finds_its_clock_in_the_calendar(client: Client, event: EventPage) -> None:
    [zone] = calendar_at(client).timezones
    assert zone["TZID"] == "Europe/London"


def test_a_cancelled_date_stays_and_says_so(client: Client, event: EventPage) -> None:
    EventDateFactory(
        event=event,
        starts_at=london(2026, 5, 13),
        ends_at=london(2026, 5, 13, 16),
        state=DateState.CANCELLED,
        note="The hall is closed.",
    )
    planned, cancelled = entries(client)
    assert (planned["STATUS"], cancelled["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert cancelled["SUMMARY"] == "Cancelled: Juggling evening"
    assert cancelled["DESCRIPTION"].startswith("The hall is closed.")


def test_a_cancelled_event_cancels_every_date(client: Client, event: EventPage) -> None:
    EventDateFactory(event=event)
    event.is_cancelled, event.cancelled_note = True, "Nobody has balls."
    event.save()
    assert [entry["STATUS"] for entry in entries(client)] == ["CANCELLED", "CANCELLED"]
    assert all(entry["DESCRIPTION"].startswith("Nobody has balls.") for entry in entries(client))


def test_a_moved_date_says_from_when(client: Client, event: EventPage) -> None:
    event.dates.update(state=DateState.MOVED, moved_from=london(2026, 5, 11, 18), note="Rain.")
    [entry] = entries(client)
    assert entry["DESCRIPTION"].startswith("Moved from Monday 11 May 2026, 6pm.\nRain.")


def test_a_date_keeps_its_uid_and_its_sequence_rises_when_it_is_moved_renamed_and_published_again(
    client: Client, event: EventPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    [before] = entries(client)
    later = london(2026, 5, 4, 13)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)

    publish(event, title="Juggling night", slug="juggling-night")
    draft = event.get_latest_revision().as_object()
    [moved] = draft.dates.all()
    moved.starts_at, moved.ends_at = london(2026, 5, 19), london(2026, 5, 19, 16)
    draft.save_revision().publish()

    [after] = entries(client)
    assert after["SUMMARY"] == "Juggling night"
    assert after["URL"] == "http://testserver/events/juggling-night/"
    assert after["DTSTART"].dt == london(2026, 5, 19)
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["SEQUENCE"] < 2**31


def test_a_date_that_is_taken_out_is_sent_as_cancelled_to_whoever_noted_it(
    client: Client, event: EventPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(event)
    draft = event.get_latest_revision_as_object()
    draft.dates.add(EventDateFactory.build(starts_at=london(2026, 5, 20), ends_at=london(2026, 5, 20, 16)))
    draft.save_revision()
    # What only a draft had is told to nobody.
    publish(event)
    before = {str(entry["UID"]): entry for entry in entries(client)}
    assert len(before) == 2
    monkeypatch.setattr("django.utils.timezone.now", lambda: london(2026, 5, 4, 13))
    draft = event.get_latest_revision_as_object()
    gone, _ = draft.dates.order_by("starts_at")
    draft.dates.remove(gone)
    draft.save_revision().publish()

    cancelled, kept = entries(client)

    assert (cancelled["STATUS"], kept["STATUS"]) == ("CANCELLED", "CONFIRMED")
    assert cancelled["SUMMARY"] == "Cancelled: Juggling evening"
    assert cancelled["DTSTART"].dt == london(2026, 5, 12)
    assert cancelled["SEQUENCE"] > before[str(cancelled["UID"])]["SEQUENCE"]
    assert entries(client, f"/calendars/events/{event.pk}/{gone.key}.ics") == [cancelled]
    assert "12 May" not in client.get(event.url).content.decode()


def test_a_date_that_only_a_draft_had_is_told_to_nobody(client: Client, small_site: SmallSite) -> None:
    event = add_event(small_site.events, "Club", london(2026, 5, 12), live=False)
    draft = event.get_latest_revision_as_object()
    [only] = draft.dates.all()
    draft.dates.remove(only)
    draft.dates.add(EventDateFactory.build(starts_at=london(2026, 5, 20), ends_at=london(2026, 5, 20, 16)))
    draft.save_revision().publish()
    assert [entry["DTSTART"].dt for entry in entries(client)] == [london(2026, 5, 20)]


@pytest.mark.parametrize("timing", ["all_day", "to_be_confirmed"])
def test_whole_days_are_days_in_calendars(client: Client, event: EventPage, timing: str) -> None:
    event.dates.all().delete()
    EventDateFactory(event=event, timing=timing, starts_at=london(2026, 5, 12), ends_at=london(2026, 5, 14))
    [entry] = entries(client)
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (date(2026, 5, 12), date(2026, 5, 15))
    assert entry["DTSTART"].params["VALUE"] == "DATE"
    assert ("to be confirmed" in entry["DESCRIPTION"]) == (timing == "to_be_confirmed")


def test_an_end_that_is_not_known_is_not_made_up(client: Client, event: EventPage) -> None:
    event.dates.all().delete()
    EventDateFactory(event=event, starts_at=london(2026, 5, 12), ends_at=None)
    [entry] = entries(client)
    assert entry["DTSTART"].dt == london(2026, 5, 12)
    assert "DTEND" not in entry


def test_each_date_has_a_calendar_of_its_own(client: Client, event: EventPage) -> None:
    other = EventDateFactory.create(event=event, starts_at=london(2026, 5, 19), ends_at=london(2026, 5, 19, 16))
    url = f"/calendars/events/{event.pk}/{other.key}.ics"
    [entry] = entries(client, url)
    assert entry["DTSTART"].dt == other.starts_at
    assert entry["UID"] in [each["UID"] for each in entries(client)]
    assert 'filename="juggling-evening-2026-05-19.ics"' in client.get(url)["Content-Disposition"]
    make_private(event)
    assert client.get(url).status_code == 404
    assert client.get(f"/calendars/events/{event.pk}/{event.translation_key}.ics").status_code == 404


def test_a_copied_event_has_dates_of_its_own(client: Client, event: EventPage) -> None:
    event.copy(update_attrs={"slug": "copy", "title": "Copy"}, keep_live=True)
    uids = [str(entry["UID"]) for entry in entries(client)]
    assert len(set(uids)) == 2


def test_a_draft_changes_nothing(client: Client, event: EventPage) -> None:
    before = client.get(ALL).content
    draft = event.get_latest_revision_as_object()
    draft.title = "Not yet"
    draft.save_revision()
    assert client.get(ALL).content == before


def test_a_rough_date_is_in_no_calendar(client: Client, small_site: SmallSite) -> None:
    event = add_event(small_site.events, "Fair", rough_date=date(2026, 7, 1), rough_date_precision="season")
    assert entries(client) == entries(client, own(event)) == []


def test_the_joining_link_is_there_only_when_the_editor_allows_it(client: Client, event: EventPage) -> None:
    event.attendance, event.joining_link, event.place = "online", "https://example.org/join", ""
    event.save()
    assert b"example.org/join" not in client.get(ALL).content
    event.show_joining_link = True
    event.save()
    [entry] = entries(client)
    assert "Join online: https://example.org/join" in entry["DESCRIPTION"]
    assert entry["LOCATION"] == "Online"


def test_an_event_at_a_centre_says_where_that_is_unless_the_centre_is_not_public(
    client: Client, event: EventPage, centre: CentrePage
) -> None:
    centre.address, centre.postcode = "1 Ball Street", "ZZ1 1ZZ"
    centre.save()
    event.centre, event.place = centre, ""
    event.save()
    [entry] = entries(client)
    assert entry["LOCATION"] == "Testville Centre, 1 Ball Street, ZZ1 1ZZ"

    make_private(centre)
    [entry] = entries(client)
    assert "LOCATION" not in entry
    assert b"Testville Centre" not in client.get(ALL).content


def test_each_calendar_holds_what_it_is_named_after(
    client: Client, small_site: SmallSite, event: EventPage, centre: CentrePage, forum: ForumPage
) -> None:
    forum.centres.set([centre])
    forum.save()
    add_event(small_site.events, "At the centre", london(2026, 5, 13), centre=centre)
    add_event(small_site.events, "Of the forum", london(2026, 5, 14), forum=forum)

    assert names(client) == ["Juggling evening", "At the centre", "Of the forum"]
    assert names(client, f"/calendars/centres/{centre.pk}.ics") == ["At the centre", "Of the forum"]
    assert names(client, f"/calendars/forums/{forum.pk}.ics") == ["Of the forum"]
    assert names(client, own(event)) == ["Juggling evening"]
    assert str(calendar_at(client)["X-WR-CALNAME"]).startswith("Events – ")
    assert calendar_at(client, f"/calendars/centres/{centre.pk}.ics")["NAME"] == "Events – Testville Centre"
    assert calendar_at(client, f"/calendars/forums/{forum.pk}.ics")["NAME"] == "Events – Jugglers’ Forum"
    assert calendar_at(client, own(event))["NAME"] == "Juggling evening"


def test_what_is_not_public_is_in_no_calendar_and_has_none(
    client: Client, small_site: SmallSite, centre: CentrePage, forum: ForumPage
) -> None:
    draft = add_event(small_site.events, "Draft", london(2026, 5, 13), live=False, forum=forum)
    private = add_event(small_site.events, "Private", london(2026, 5, 13), forum=forum)
    make_private(private)
    assert names(client) == names(client, f"/calendars/forums/{forum.pk}.ics") == []
    make_private(centre)
    forum.unpublish()
    addresses = [own(draft), own(private), f"/calendars/centres/{centre.pk}.ics", f"/calendars/forums/{forum.pk}.ics"]
    for url in [*addresses, "/calendars/events/99999999999999999999.ics", f"/calendars/events/{centre.pk}.ics"]:
        assert client.get(url).status_code == 404, url


def test_what_was_cancelled_or_taken_down_is_never_hidden_behind_a_304(client: Client, event: EventPage) -> None:
    first = client.get(ALL)
    assert not first.has_header("Last-Modified")
    assert first["Cache-Control"] == "no-cache"
    asked = {"if-none-match": first["ETag"], "if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    assert client.get(ALL, headers=asked).status_code == 304

    event.unpublish()

    again = client.get(ALL, headers=asked)
    assert again.status_code == 200
    assert b"Juggling evening" not in again.content


def test_it_is_sent_as_a_calendar_with_a_name(client: Client, event: EventPage, centre: CentrePage) -> None:
    response = client.get(own(event))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == f'inline; filename="{event.slug}.ics"'
    assert client.get(f"/calendars/centres/{centre.pk}.ics")["Content-Disposition"].endswith('"testville.ics"')
    assert client.head(ALL).status_code == 200
    assert client.post(ALL).status_code == 405


def test_lines_end_and_fold_as_the_standard_says(client: Client, small_site: SmallSite) -> None:
    add_event(small_site.events, "Jonglieren für alle " + "🤹" * 60, london(2026, 5, 12), slug="long")
    lines = client.get(ALL).content.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H" in lines
    assert b"X-PUBLISHED-TTL:PT6H" in lines
    assert names(client) == ["Jonglieren für alle " + "🤹" * 60]


@pytest.mark.parametrize(
    ("title", "read_back"),
    [
        ("Balls, clubs; rings: all\\of them", "Balls, clubs; rings: all\\of them"),
        ("Two\r\nBEGIN:VEVENT\nlines", "Two BEGIN:VEVENT lines"),
        ("Bell\x07 and escape\x1b[31m", "Bell and escape[31m"),
        ("Line\u2028separator\x85next", "Line separator next"),
        ("“Quotes” & <tags> 🤹🏽\u200d♀️", "“Quotes” & <tags> 🤹🏽\u200d♀️"),
    ],
)
def test_strange_titles_neither_break_nor_change_the_calendar(
    client: Client, event: EventPage, title: str, read_back: str
) -> None:
    EventPage.objects.filter(pk=event.pk).update(title=title)
    event.dates.update(note=title)
    [entry] = entries(client)
    assert entry["SUMMARY"] == read_back
    assert entry["DESCRIPTION"].startswith(read_back)


def test_it_goes_back_a_year_and_an_events_own_goes_back_for_ever(client: Client, small_site: SmallSite) -> None:
    old = add_event(small_site.events, "Old", london(2025, 4, 1))
    add_event(small_site.events, "Recent", london(2025, 6, 1))
    assert names(client) == ["Recent"]
    assert names(client, own(old)) == ["Old"]


def test_when_there_are_too_many_those_to_come_go_first(
    client: Client, small_site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "CALENDAR_DATES", 3)
    for title, start in (
        ("Long ago", london(2026, 1, 1)),
        ("Lately", london(2026, 5, 1)),
        ("Soon", london(2026, 5, 5)),
        ("Later", london(2026, 6, 5)),
    ):
        add_event(small_site.events, title, start)
    assert names(client) == ["Lately", "Soon", "Later"]
    monkeypatch.setattr(queries, "CALENDAR_DATES", 1)
    assert names(client) == ["Soon"]


@pytest.mark.parametrize("something_is_private", [False, True])
def test_the_queries_stay_within_budget(
    small_site: SmallSite,
    centre: CentrePage,
    forum: ForumPage,
    event: EventPage,
    count_queries: Callable[[str], int],
    something_is_private: bool,
) -> None:
    event.centre, event.forum, event.place = centre, forum, ""
    event.save()
    if something_is_private:
        make_private(add_event(small_site.events, "For members", london(2026, 5, 6)))
    addresses = [ALL, f"/calendars/centres/{centre.pk}.ics", f"/calendars/forums/{forum.pk}.ics", own(event)]
    few = [count_queries(url) for url in addresses]
    for day in range(1, 20):
        add_event(small_site.events, f"Club {day}", london(2026, 6, day), centre=centre, forum=forum, place="")
        EventDateFactory(event=event, starts_at=london(2026, 7, day), ends_at=london(2026, 7, day, 16))
    assert [count_queries(url) for url in addresses] == few
    assert max(few) <= 6
