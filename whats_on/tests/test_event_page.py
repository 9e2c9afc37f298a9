"""An event's page: when, where, and whether it takes place at all."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from centres.models import CentrePage
from home.factories import SmallSite
from news.models import ForumPage
from testing.html import headings, link_to, main_words, read, section, structured_data, tags_in, words
from testing.page_checks import assert_only_its_editors_may_edit, assert_renders
from testing.privacy import make_private
from whats_on.content import DATES_SHOWN
from whats_on.factories import EventDateFactory
from whats_on.models import DateState, EventPage, EventsPage

from .making import add_event, london

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def event(small_site: SmallSite) -> EventPage:
    return add_event(small_site.events, "Juggling evening", london(2026, 5, 12), london(2026, 5, 5))


def dates(soup: BeautifulSoup) -> list[str]:
    """Return the dates in order, those folded away too, without their links to calendar files."""
    found = []
    for item in soup.select(".bctt-dates__item"):
        links = " ".join(words(link) for link in item.select("a"))
        found.append(words(item).removesuffix(links).strip())
    return found


def change(event: EventPage, number: int, **fields: Any) -> None:
    """Change a date of an event: 0 is the first."""
    found = event.dates.order_by("starts_at")[number]
    for name, value in fields.items():
        setattr(found, name, value)
    found.save()


def test_it_renders_with_its_name(client: Client, event: EventPage) -> None:
    assert_renders(client, event, "Juggling evening")


def test_it_lives_under_the_list_of_events_and_holds_nothing() -> None:
    assert EventPage.allowed_parent_page_models() == [EventsPage]
    assert EventPage.allowed_subpage_models() == []


def test_only_its_editors_may_edit_it(small_site: SmallSite, event: EventPage) -> None:
    assert_only_its_editors_may_edit(event, elsewhere=small_site.services)


def test_its_dates_stand_in_order_and_the_next_one_is_marked(client: Client, event: EventPage) -> None:
    assert dates(read(client, event.url)) == [
        "Tuesday 5 May 2026, 2pm to 4pm Next date",
        "Tuesday 12 May 2026, 2pm to 4pm",
    ]


def test_a_date_that_has_begun_is_on_now_until_it_ends(client: Client, event: EventPage, now: datetime) -> None:
    change(event, 0, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(minutes=1))
    assert dates(read(client, event.url))[0].endswith("On now")

    change(event, 0, ends_at=now)
    soup = read(client, event.url)
    assert dates(soup)[0] == "Tuesday 12 May 2026, 2pm to 4pm Next date"
    assert "1 earlier date" in words(soup.summary)


def test_a_cancelled_date_stays_and_says_so_and_the_one_after_it_is_next(client: Client, event: EventPage) -> None:
    change(event, 0, state=DateState.CANCELLED, note="The hall is closed.")
    soup = read(client, event.url)
    assert dates(soup) == [
        "Tuesday 5 May 2026, 2pm to 4pm Cancelled The hall is closed.",
        "Tuesday 12 May 2026, 2pm to 4pm Next date",
    ]
    assert not soup.select(".bctt-state")


def test_a_moved_date_says_from_when_and_why(client: Client, event: EventPage) -> None:
    change(event, 1, state=DateState.MOVED, moved_from=london(2026, 5, 11, 18), note="The speaker was ill.")
    assert dates(read(client, event.url))[1] == (
        "Tuesday 12 May 2026, 2pm to 4pm Moved from another date "
        "Moved from Monday 11 May 2026, 6pm. The speaker was ill."
    )


def test_a_cancelled_event_stays_up_and_says_so_first(client: Client, event: EventPage) -> None:
    event.is_cancelled, event.cancelled_note = True, "Nobody has balls."
    event.booking_link = "https://example.org/book"
    event.save()

    soup = read(client, event.url)

    assert headings(soup)[0] == "This event is cancelled"
    assert "Nobody has balls." in words(section(soup, "This event is cancelled"))
    assert tags_in(soup) == ["Cancelled", "Cancelled"]
    text = main_words(soup)
    assert text.index("This event is cancelled") < text.index(event.summary)
    for said in ("Add to your calendar", "Book a place", "Next date"):
        assert said not in text


def test_when_every_date_is_cancelled_nobody_is_left_to_find_out_below(client: Client, event: EventPage) -> None:
    for number in (0, 1):
        change(event, number, state=DateState.CANCELLED, note="Rain.")
    assert headings(read(client, event.url))[0] == "This event is cancelled"

    EventDateFactory(event=event, starts_at=london(2026, 4, 1), ends_at=london(2026, 4, 1, 16))
    assert headings(read(client, event.url))[0] == "The dates to come are cancelled"


def test_an_event_that_is_over_says_so_and_what_happened(client: Client, small_site: SmallSite) -> None:
    event = add_event(small_site.events, "Fair", london(2026, 4, 1), london(2026, 3, 1))
    event.recap = [("text", "<p>Forty people came.</p>")]
    event.save()

    soup = read(client, event.url)

    assert "This event is over." in main_words(soup)
    assert "Forty people came." in words(section(soup, "What happened"))
    assert headings(soup)[:2] == ["What happened", "When it was"]
    assert dates(soup) == ["Wednesday 1 April 2026, 2pm to 4pm", "Sunday 1 March 2026, 2pm to 4pm"]
    assert "Add to your calendar" not in main_words(soup)


@pytest.mark.parametrize(
    ("day", "precision", "said", "is_over"),
    [
        (date(2016, 4, 1), "season", "Spring 2016 (the exact days are not known)", True),
        (date(2026, 5, 1), "month", "May 2026 (the exact days are not known)", False),
        (date(2026, 4, 30), "month", "April 2026 (the exact days are not known)", True),
        (date(2026, 1, 1), "year", "2026 (the exact days are not known)", False),
    ],
)
def test_what_is_known_only_roughly_is_said_roughly(
    client: Client, small_site: SmallSite, day: date, precision: str, said: str, is_over: bool
) -> None:
    event = add_event(small_site.events, "Fair", rough_date=day, rough_date_precision=precision)
    soup = read(client, event.url)
    text = main_words(soup)
    assert said in text
    assert ("This event is over." in text) == is_over
    assert structured_data(soup)["@type"] == "WebPage"


def test_without_any_date_it_says_that_none_is_known(client: Client, small_site: SmallSite) -> None:
    assert "We do not know the date yet." in main_words(read(client, add_event(small_site.events, "Fair").url))


def test_many_dates_are_folded_away(client: Client, small_site: SmallSite) -> None:
    starts = [london(2026, 6, 1) + timedelta(weeks=week) for week in range(DATES_SHOWN + 3)]
    soup = read(client, add_event(small_site.events, "Club", *starts).url)
    assert words(soup.summary) == "3 later dates"
    assert len(dates(soup)) == DATES_SHOWN + 3


def test_an_event_at_a_centre_leads_there_with_the_centres_address_and_access(
    client: Client, event: EventPage, centre: CentrePage
) -> None:
    centre.address, centre.postcode, centre.access_features = "1 Ball Street", "ZZ1 1ZZ", ["lift"]
    centre.save()
    event.centre, event.place = centre, ""
    event.save()

    soup = read(client, event.url)

    assert link_to(section(soup, "Where"), "Testville Centre") == centre.url
    assert "1 Ball Street ZZ1 1ZZ" in words(section(soup, "Where"))
    assert words(section(soup, "Access")) == "Access Lift This is what Testville Centre has."

    event.access_features = ["hearing_loop"]
    event.save()
    assert words(section(read(client, event.url), "Access")) == "Access Hearing loop"


def test_an_event_elsewhere_does_not_claim_the_access_of_its_centre(
    client: Client, event: EventPage, centre: CentrePage
) -> None:
    centre.access_features = ["lift"]
    centre.save()
    event.centre, event.place, event.address = centre, "Village hall", "2 Club Road"
    event.save()

    soup = read(client, event.url)

    assert words(section(soup, "Where")) == "Where Village hall 2 Club Road"
    assert "Access" not in headings(soup)
    assert link_to(section(soup, "Find out more"), "Testville Centre") == centre.url


def test_without_a_place_it_says_that_none_is_known(client: Client, event: EventPage) -> None:
    event.place = ""
    event.save()
    assert "We do not know the place yet." in words(section(read(client, event.url), "Where"))


def test_the_joining_link_shows_only_when_the_editor_allows_it(client: Client, event: EventPage) -> None:
    event.attendance, event.joining_link, event.place = "online", "https://example.org/join", ""
    event.booking_link = "https://example.org/book"
    event.save()
    response = client.get(event.url)
    assert b"example.org/join" not in response.content
    assert "Online. The link to join is not shown here. See how to get it under “Booking”." in main_words(
        read(client, event.url)
    )

    event.show_joining_link = True
    event.save()
    soup = read(client, event.url)
    assert link_to(section(soup, "Where"), "Join online") == "https://example.org/join"
    assert structured_data(soup)["subEvent"][0]["location"] == {
        "@type": "VirtualLocation",
        "url": "https://example.org/join",
    }


def test_it_says_what_to_bring_and_how_to_book(client: Client, event: EventPage) -> None:
    event.bring, event.booking = "<p>Three balls.</p>", "<p>Ask at the door.</p>"
    event.booking_link = "https://example.org/book"
    event.save()
    soup = read(client, event.url)
    assert words(section(soup, "What to bring")) == "What to bring Three balls."
    assert link_to(section(soup, "Booking"), "Book a place") == "https://example.org/book"


@pytest.mark.database
def test_a_forum_and_a_centre_that_are_not_public_are_not_named(
    client: Client, event: EventPage, centre: CentrePage, forum: ForumPage
) -> None:
    event.centre, event.forum, event.place = centre, forum, ""
    event.save()
    assert link_to(read(client, event.url), forum.title) == forum.url

    forum.unpublish()
    make_private(centre)

    response = client.get(event.url)
    for title in (centre.title, centre.short_name, forum.title):
        assert title not in response.content.decode()


def test_its_calendar_can_be_added_and_is_announced(client: Client, event: EventPage) -> None:
    soup = read(client, event.url)
    address = f"/calendars/events/{event.pk}.ics"
    assert link_to(soup, "Add all dates to your calendar") == address
    assert [link["href"] for link in soup.select(".bctt-dates a")] == [
        f"/calendars/events/{event.pk}/{date.key}.ics" for date in event.dates.order_by("starts_at")
    ]
    assert soup.select_one(f"link[rel=alternate][type='text/calendar'][href='{address}']")


def test_machines_are_told_of_each_date_and_what_became_of_it(client: Client, event: EventPage) -> None:
    change(event, 0, state=DateState.CANCELLED, note="Rain.")
    change(event, 1, state=DateState.MOVED, moved_from=london(2026, 5, 11), note="Rain.")

    data = structured_data(read(client, event.url))

    first, second = data["subEvent"]
    assert data["@type"] == "EventSeries"
    assert (first["@type"], first["eventStatus"]) == ("Event", "https://schema.org/EventCancelled")
    assert first["startDate"] == "2026-05-05T14:00:00+01:00"
    assert first["endDate"] == "2026-05-05T16:00:00+01:00"
    assert first["location"] == {"@type": "Place", "name": "Testville Hall"}
    assert second["eventStatus"] == "https://schema.org/EventRescheduled"
    assert second["previousStartDate"] == "2026-05-11T14:00:00+01:00"


def test_a_single_date_is_one_event_with_where_and_how(client: Client, small_site: SmallSite) -> None:
    event = add_event(small_site.events, "Fair", london(2026, 12, 1), attendance="both")
    event.is_cancelled, event.cancelled_note = True, "Rain."
    event.address, event.postcode = "1 Ball Street\nTestville", "ZZ1 1ZZ"
    event.save()

    data = structured_data(read(client, event.url))

    assert (data["@type"], data["eventStatus"]) == ("Event", "https://schema.org/EventCancelled")
    assert data["startDate"] == "2026-12-01T14:00:00+00:00"
    assert data["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert [place["@type"] for place in data["location"]] == ["Place", "VirtualLocation"]
    assert data["location"][0]["address"]["streetAddress"] == "1 Ball Street, Testville"


def test_html_in_its_fields_is_shown_as_text(client: Client, event: EventPage) -> None:
    event.title, event.place = "<script>alert(1)</script>", "<b>Hall</b>"
    event.cancelled_note, event.is_cancelled = '"><img src=x>', True
    event.save()
    response = client.get(event.url)
    assert b"<script>alert(1)" not in response.content
    assert b"<b>Hall" not in response.content
    assert b"<img src=x" not in response.content


def test_the_queries_stay_within_budget_however_many_dates_there_are(
    event: EventPage, centre: CentrePage, forum: ForumPage, count_queries: Callable[[str], int]
) -> None:
    event.centre, event.forum, event.place = centre, forum, ""
    event.recap = [("text", "<p>Forty people came.</p>")]
    event.save()
    few = count_queries(event.url)
    for week in range(20):
        EventDateFactory(event=event, starts_at=london(2026, 6, 1) + timedelta(weeks=week))
    assert count_queries(event.url) == few <= 10
