"""Events on the pages of a centre and a forum, and on home."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from centres.models import CentrePage
from core.visibility import remember_private_paths, remembered_for_request
from home.factories import SmallSite
from news.models import ForumPage
from testing.html import headings, link_to, read, section
from testing.privacy import make_private
from whats_on.queries import DATES_AT_CENTRE, DATES_OF_FORUM, DATES_ON_HOME, PAST_EVENTS_OF_FORUM, forum_events

from .making import add_event, london, rows, titles

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("now")]


def shown_for(forum: ForumPage) -> str:
    """Return what a forum's page includes."""
    template = Template("{% include 'events/includes/forum_events.html' with forum=forum %}")
    return template.render(Context({"forum": forum, "request": RequestFactory().get("/")}))


def test_a_centre_shows_the_next_dates_at_it_and_of_the_forums_that_follow_it(
    client: Client, small_site: SmallSite, centre: CentrePage, forum: ForumPage
) -> None:
    forum.centres.set([centre])
    forum.save()
    add_event(small_site.events, "Elsewhere", london(2026, 5, 5))
    add_event(small_site.events, "Meeting", london(2026, 5, 6), forum=forum)
    add_event(small_site.events, "Club", *(london(2026, 5, day) for day in (4, 11, 18)), centre=centre)
    add_event(small_site.events, "Over", london(2026, 5, 1), centre=centre)

    here = section(read(client, centre.url), "Events")

    assert titles(here) == ["Club", "Meeting", "Club"]
    assert len(titles(here)) == DATES_AT_CENTRE
    assert titles(read(client, link_to(here, "All events of this centre"))) == ["Club", "Meeting", "Club", "Club"]
    assert link_to(here, "the events of this centre in your own calendar").startswith("webcal://testserver/calendars/")


def test_a_centre_without_dates_to_come_says_nothing(client: Client, small_site: SmallSite, centre: CentrePage) -> None:
    add_event(small_site.events, "Over", london(2026, 5, 1), centre=centre)
    make_private(add_event(small_site.events, "Private", london(2026, 5, 6), centre=centre))
    add_event(small_site.events, "Draft", london(2026, 5, 6), centre=centre, live=False)
    assert "Events" not in headings(read(client, centre.url))


def test_home_shows_the_next_dates(client: Client, small_site: SmallSite) -> None:
    assert "What’s on" not in headings(read(client, "/"))
    add_event(small_site.events, "Club", *(london(2026, 5, 5) + timedelta(days=day) for day in range(5)))
    here = section(read(client, "/"), "What’s on")
    assert titles(here) == ["Club"] * DATES_ON_HOME
    assert rows(here)[0][0] == "Tuesday 5 May 2026, 2pm to 4pm"
    assert link_to(here, "All events") == "/events/"


def test_a_forum_shows_its_next_dates_and_its_last_events(small_site: SmallSite, forum: ForumPage) -> None:
    assert shown_for(forum).strip() == ""
    for month in range(1, PAST_EVENTS_OF_FORUM + 2):
        add_event(small_site.events, f"Past {month}", london(2026, month, 1), forum=forum)
    assert "No events of this forum are planned at the moment." in shown_for(forum)
    add_event(
        small_site.events,
        "Club",
        *(london(2026, 5, 5) + timedelta(days=day) for day in range(DATES_OF_FORUM + 1)),
        forum=forum,
    )
    add_event(small_site.events, "Of nobody", london(2026, 5, 5))

    shown = shown_for(forum)

    assert shown.count(">Club</a>") == DATES_OF_FORUM
    assert [shown.count(f">Past {month}</a>") for month in range(1, 5)] == [0, 1, 1, 1]
    assert "Of nobody" not in shown
    assert f"webcal://testserver/calendars/forums/{forum.pk}.ics" in shown


def test_a_forum_costs_two_queries(small_site: SmallSite, forum: ForumPage) -> None:
    for month in range(1, 9):
        add_event(small_site.events, f"Club {month}", london(2026, month, 20), forum=forum)
    with remembered_for_request(), CaptureQueriesContext(connection) as queries:
        remember_private_paths(())
        found = forum_events(forum)
    assert (len(found.coming), len(found.past), len(queries)) == (4, PAST_EVENTS_OF_FORUM, 2)


def test_the_queries_of_a_centre_and_of_home_stay_within_budget(
    small_site: SmallSite, centre: CentrePage, count_queries: Callable[[str], int]
) -> None:
    add_event(small_site.events, "Club", london(2026, 5, 5), centre=centre)
    few = [count_queries(url) for url in (centre.url, "/")]
    for day in range(6, 12):
        add_event(small_site.events, f"Club {day}", london(2026, 5, day), centre=centre, place="")
    assert [count_queries(url) for url in (centre.url, "/")] == few
