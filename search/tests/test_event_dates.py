"""The day that search shows of an event: its next that still stands."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.dates import describe_day
from home.factories import SmallSite
from testing.html import read, words
from whats_on.factories import EventDateFactory, EventPageFactory
from whats_on.models import DateState


@pytest.mark.database
@pytest.mark.django_db
def test_an_event_is_found_with_its_next_date_that_stands(client: Client, small_site: SmallSite) -> None:
    event = EventPageFactory(parent=small_site.events, title="Zebra juggling")
    now = timezone.localtime()
    days = {number: now + timedelta(days=number) for number in (-20, 3, 9, 30)}
    for number, day in days.items():
        state = DateState.CANCELLED if number == 3 else DateState.PLANNED
        EventDateFactory(event=event, starts_at=day, ends_at=day + timedelta(minutes=1), state=state)

    def said() -> str:
        return words(read(client, "/search/?query=zebra").select_one("main"))

    assert describe_day(days[9].date()) in said()
    event.dates.filter(starts_at__gt=now).update(state=DateState.CANCELLED)
    assert describe_day(days[-20].date()) in said()
    assert describe_day(days[30].date()) not in said()
