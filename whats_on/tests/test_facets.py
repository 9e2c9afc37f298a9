"""The list of events: what is coming by month, what is over by year, and its filters."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client

from centres.factories import CentrePageFactory
from centres.models import CentrePage
from centres.queries import PER_PAGE, ROWS_PER_PAGE
from home.factories import SmallSite
from news.models import ForumPage
from testing.admin_forms import edit_url, fill, preview, send, shown_form
from testing.html import headings, link_to, main_words, read, soup_of, tags_in, words
from testing.page_checks import assert_only_its_editors_may_edit, assert_renders
from testing.privacy import make_private
from whats_on.factories import EventDateFactory
from whats_on.models import EventKind, EventPage, EventsPage

from .making import add_event, london, rows, titles

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("now")]

URL = "/events/"
PAST = f"{URL}?when=past"


@pytest.fixture
def programme(small_site: SmallSite, centre: CentrePage, forum: ForumPage) -> SmallSite:
    """Events to come and past ones, at a centre, through a forum that follows it, or neither.

    Archery   drop-in        Testville   5 and 12 May 2026
    Bowling   forum meeting  forum       1 June 2026
    Chess     other          -           1 June 2026
    Darts     other          -           summer 2026
    Eights    drop-in        Testville   1 April 2026
    Fives     other          -           spring 2016
    """
    forum.centres.set([centre])
    forum.save()
    events = small_site.events
    add_event(events, "Archery", london(2026, 5, 12), london(2026, 5, 5), centre=centre)
    add_event(events, "Bowling", london(2026, 6, 1, 19), forum=forum, kind=EventKind.FORUM_MEETING)
    add_event(events, "Chess", london(2026, 6, 1, 18), kind=EventKind.OTHER)
    add_event(events, "Darts", rough_date=date(2026, 7, 1), rough_date_precision="season", kind=EventKind.OTHER)
    add_event(events, "Eights", london(2026, 4, 1), centre=centre)
    add_event(events, "Fives", rough_date=date(2016, 4, 1), rough_date_precision="season", kind=EventKind.OTHER)
    return small_site


def options(soup: BeautifulSoup) -> dict[str, Tag]:
    """Return the chips of both filters by their words, such as "Testville (2)"."""
    return {words(chip).removeprefix("Showing: "): chip for chip in soup.select(".bctt-filters .bctt-chip")}


def test_it_renders_with_its_name(client: Client, small_site: SmallSite) -> None:
    assert_renders(client, small_site.events, "Events")


def test_there_is_one_and_it_holds_events_only(small_site: SmallSite) -> None:
    assert EventsPage in small_site.home.allowed_subpage_models()
    assert EventsPage.allowed_subpage_models() == [EventPage]
    assert not EventsPage.can_create_at(small_site.home)


def test_only_its_editors_may_edit_it(small_site: SmallSite) -> None:
    assert_only_its_editors_may_edit(small_site.events, elsewhere=small_site.centres)


def test_each_date_to_come_stands_under_its_month_and_rough_ones_at_the_end(
    client: Client, programme: SmallSite
) -> None:
    soup = read(client, URL)
    assert rows(soup) == [
        ("Tuesday 5 May 2026, 2pm to 4pm", "Archery"),
        ("Tuesday 12 May 2026, 2pm to 4pm", "Archery"),
        ("Monday 1 June 2026, 6pm to 8pm", "Chess"),
        ("Monday 1 June 2026, 7pm to 9pm", "Bowling"),
        ("Summer 2026", "Darts"),
    ]
    assert "5 dates coming up" in headings(soup)
    assert [each for each in headings(soup, "h3") if "20" in each or "Day" in each] == [
        "May 2026",
        "June 2026",
        "Day not known yet",
    ]


def test_the_past_stands_by_year_newest_first_with_rough_dates(client: Client, programme: SmallSite) -> None:
    add_event(programme.events, "Golf", london(2016, 3, 1))
    soup = read(client, PAST)
    assert rows(soup) == [
        ("Wednesday 1 April 2026", "Eights"),
        ("Tuesday 1 March 2016", "Golf"),
        ("Spring 2016", "Fives"),
    ]
    assert "3 past events" in headings(soup)
    assert [each for each in headings(soup, "h3") if each.startswith("20")] == ["2026", "2016"]


def test_an_event_with_a_date_to_come_is_not_over(client: Client, small_site: SmallSite) -> None:
    add_event(small_site.events, "Club", london(2026, 4, 1), london(2026, 6, 1))
    assert titles(read(client, PAST)) == []
    assert rows(read(client, URL)) == [("Monday 1 June 2026, 2pm to 4pm", "Club")]


def test_a_series_that_is_over_stands_once_with_its_first_and_last_day(client: Client, small_site: SmallSite) -> None:
    add_event(small_site.events, "Club", london(2025, 12, 1), london(2026, 2, 1), london(2026, 4, 6))
    assert rows(read(client, PAST)) == [("1 December 2025 to 6 April 2026", "Club")]


def test_what_has_begun_is_on_now_until_the_moment_it_ends(
    client: Client, small_site: SmallSite, now: datetime
) -> None:
    event = add_event(small_site.events, "Fair", now - timedelta(hours=1))
    soup = read(client, URL)
    assert (titles(soup), tags_in(soup)) == (["Fair"], ["On now"])

    event.dates.update(ends_at=now)
    assert titles(read(client, URL)) == []
    assert titles(read(client, PAST)) == ["Fair"]


@pytest.mark.parametrize(
    ("start", "month"),
    [
        (london(2026, 6, 1, 0, 30), "June 2026"),  # still May in UTC
        (london(2026, 10, 31, 23, 30), "October 2026"),
        (london(2027, 1, 1, 0, 0), "January 2027"),
    ],
)
def test_months_are_londons(client: Client, small_site: SmallSite, start: datetime, month: str) -> None:
    add_event(small_site.events, "Night walk", start)
    assert month in headings(read(client, URL), "h3")


def test_cancelled_and_moved_dates_stay_and_say_so(client: Client, small_site: SmallSite) -> None:
    event = add_event(small_site.events, "Club", london(2026, 5, 5), london(2026, 5, 12))
    first, second = event.dates.order_by("starts_at")
    first.state, first.note = "cancelled", "The hall is closed."
    second.state, second.moved_from, second.note = "moved", london(2026, 5, 11), "The speaker was ill."
    first.save()
    second.save()
    cancelled = add_event(small_site.events, "Fair", london(2026, 5, 20))
    cancelled.is_cancelled, cancelled.cancelled_note = True, "Rain."
    cancelled.save()

    soup = read(client, URL)

    assert tags_in(soup) == ["Cancelled", "Moved from another date", "Cancelled"]
    text = main_words(soup)
    assert "The hall is closed." in text
    assert "Moved from Monday 11 May 2026, 2pm. The speaker was ill." in text


def test_a_past_event_that_did_not_take_place_says_so(client: Client, small_site: SmallSite) -> None:
    event = add_event(small_site.events, "Fair", london(2026, 4, 1))
    event.dates.update(state="cancelled", note="Rain.")
    add_event(small_site.events, "Club", london(2026, 3, 1))
    soup = read(client, PAST)
    assert titles(soup) == ["Fair", "Club"]
    assert tags_in(soup) == ["Cancelled"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("centre=testville-000", ["Archery", "Archery", "Bowling"]),
        ("kind=other", ["Chess", "Darts"]),
        ("kind=forum_meeting&centre=testville-000", ["Bowling"]),
        ("when=past&centre=testville-000", ["Eights"]),
        ("when=past&kind=other", ["Fives"]),
    ],
)
def test_filters_narrow_the_list_and_combine(
    client: Client, programme: SmallSite, centre: CentrePage, query: str, expected: list[str]
) -> None:
    assert titles(read(client, f"{URL}?{query.replace('testville-000', centre.slug)}")) == expected


@pytest.mark.parametrize("start", [URL, PAST])
def test_every_filter_link_leads_to_as_many_rows_as_it_says_and_never_to_none(
    client: Client, programme: SmallSite, start: str
) -> None:
    seen: set[str] = set()

    def walk(url: str) -> Iterator[tuple[str, str]]:
        for label, chip in options(read(client, url)).items():
            target = urljoin(url, str(chip.get("href", url)))
            yield label, target
            if target not in seen:
                seen.add(target)
                yield from walk(target)

    for label, target in walk(start):
        promised = int(label.rpartition("(")[2].rstrip(")"))
        assert len(rows(read(client, target))) == promised > 0, (label, target)
        assert ("when=past" in target) == (start == PAST)
    assert len(seen) > 3


def test_an_event_about_a_centre_twice_over_counts_once(
    client: Client, programme: SmallSite, centre: CentrePage, forum: ForumPage
) -> None:
    EventPage.objects.filter(title="Archery").update(forum=forum)
    other = CentrePageFactory(parent=programme.centres, short_name="Otherton")
    forum.centres.add(other)
    forum.save()
    labels = list(options(read(client, URL)))
    assert "Testville (3)" in labels
    assert "Otherton (3)" in labels


def test_a_filter_can_be_taken_away(client: Client, programme: SmallSite, centre: CentrePage) -> None:
    url = f"{URL}?when=past&centre={centre.slug}&kind=drop_in"
    removals = read(client, url).select(".bctt-chips--active a")
    assert [words(link) for link in removals] == [
        "Remove filter: Testville ✕",
        "Remove filter: Drop-in ✕",
        "Show all events",
    ]
    assert [urljoin(url, str(link["href"])) for link in removals] == [
        f"{URL}?when=past&kind=drop_in",
        f"{URL}?when=past&centre={centre.slug}",
        PAST,
    ]


def test_with_nothing_planned_it_says_so_and_leads_to_the_past(client: Client, small_site: SmallSite) -> None:
    soup = read(client, URL)
    assert "No events are planned at the moment." in main_words(soup)
    assert link_to(soup, "See past events") == PAST
    assert not soup.select(".bctt-filters")
    assert "There are no past events here yet." in main_words(read(client, PAST))


def test_filters_that_share_nothing_show_the_way_back(client: Client, programme: SmallSite, centre: CentrePage) -> None:
    soup = read(client, f"{URL}?centre={centre.slug}&kind=other")
    assert "No event matches." in main_words(soup)
    assert urljoin(URL, link_to(soup, "Show all events")) == URL


@pytest.mark.parametrize(
    "query",
    [
        "when=tomorrow",
        "when=past&page=999999999999999999999",
        "centre=%00&kind=%00&when=%00",
        "kind=%FF%FE",
        f"centre={'a' * 5000}",
        "&".join(f"kind=k{number}" for number in range(900)),
        "centre=' OR 1=1 --&when=past",
    ],
)
def test_no_address_breaks_it(client: Client, programme: SmallSite, query: str) -> None:
    assert client.get(f"{URL}?{query}").status_code == 200


def test_pages_keep_the_filters(client: Client, small_site: SmallSite) -> None:
    starts = [london(2026, 6, 1) + timedelta(days=day) for day in range(ROWS_PER_PAGE + 1)]
    add_event(small_site.events, "Club", *starts)
    first = read(client, f"{URL}?kind=drop_in")
    following = first.select_one("nav.nhsuk-pagination a[rel=next]")
    assert following is not None
    assert len(rows(first)) == ROWS_PER_PAGE
    assert len(rows(read(client, urljoin(URL, str(following["href"]))))) == 1


def test_the_past_is_paginated(client: Client, small_site: SmallSite) -> None:
    for day in range(PER_PAGE + 1):
        add_event(small_site.events, f"Club {day}", london(2026, 1, 1) - timedelta(days=day))
    following = read(client, PAST).select_one("nav.nhsuk-pagination a[rel=next]")
    assert following is not None
    assert titles(read(client, urljoin(URL, str(following["href"])))) == [f"Club {PER_PAGE}"]


def test_what_is_not_public_is_neither_listed_nor_counted_nor_named(
    client: Client, programme: SmallSite, centre: CentrePage, forum: ForumPage
) -> None:
    add_event(programme.events, "A draft", london(2026, 5, 6), live=False)
    make_private(add_event(programme.events, "For members", london(2026, 5, 6)))
    add_event(programme.events, "Over already", london(2026, 5, 6), live=False, expired=True)
    add_event(programme.events, "At the centre", london(2026, 5, 6), centre=centre, place="")
    assert "A draft" not in titles(read(client, URL))
    assert "6 dates coming up" in headings(read(client, URL))

    make_private(centre)
    for url in (URL, PAST, f"{URL}?centre={centre.slug}"):
        response = client.get(url)
        assert "Testville<" not in response.content.decode()
        assert centre.title not in response.content.decode()
    assert "At the centre" in titles(read(client, f"{URL}?centre={centre.slug}"))


def test_a_forum_that_is_not_public_brings_its_events_to_no_centre(
    client: Client, programme: SmallSite, centre: CentrePage, forum: ForumPage
) -> None:
    make_private(forum)
    soup = read(client, f"{URL}?centre={centre.slug}")
    assert titles(soup) == ["Archery", "Archery"]
    assert "Testville (2)" in options(soup)


def test_its_calendars_can_be_followed(client: Client, programme: SmallSite, centre: CentrePage) -> None:
    soup = read(client, URL)
    assert link_to(soup, "all our events in your own calendar") == "webcal://testserver/calendars/events.ics"
    assert link_to(soup, "http://testserver/calendars/events.ics") == "/calendars/events.ics"
    assert soup.select_one("link[rel=alternate][type='text/calendar'][href='/calendars/events.ics']")

    soup = read(client, f"{URL}?centre={centre.slug}")
    assert link_to(soup, "the events of Testville in your own calendar").endswith(f"/calendars/centres/{centre.pk}.ics")


def test_an_editor_changes_the_introduction_and_sees_it_first_in_the_preview(
    client: Client, admin_client: Client, small_site: SmallSite
) -> None:
    url = edit_url(small_site.events)
    data = fill(shown_form(admin_client, url, EventsPage), summary="Come and play.")
    assert "Come and play." in main_words(soup_of(preview(admin_client, url, data)))
    assert "Come and play." not in main_words(read(client, URL))
    assert send(admin_client, url, data).status_code == 302
    assert "Come and play." in main_words(read(client, URL))


@pytest.mark.parametrize("something_is_private", [False, True])
def test_the_queries_stay_within_budget(
    programme: SmallSite, centre: CentrePage, count_queries: Callable[[str], int], something_is_private: bool
) -> None:
    if something_is_private:
        make_private(add_event(programme.events, "For members", london(2026, 5, 6)))
    addresses = [URL, PAST, f"{URL}?centre={centre.slug}&kind=drop_in", f"{PAST}&centre={centre.slug}"]
    few = [count_queries(url) for url in addresses]
    for number in range(8):
        at = CentrePageFactory(parent=programme.centres)
        for start in (london(2026, 7, 1), london(2026, 3, 1)):
            event = add_event(programme.events, f"More {number} {start:%b}", start, centre=at)
            EventDateFactory(event=event, starts_at=start + timedelta(days=1), ends_at=start + timedelta(days=2))
    assert [count_queries(url) for url in addresses] == few
    assert max(few) <= 12
