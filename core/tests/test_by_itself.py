"""What happens by itself is said in a sentence, in London time: pages, alerts, notices."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from core.factories import AlertFactory
from testing.pages import SmallSite, add_page
from users.models import User

pytestmark = pytest.mark.django_db

# In summer London is an hour ahead.
MOMENT = datetime(2027, 7, 6, 8, 0, tzinfo=UTC)
Clock = Callable[..., datetime]


def opened(client: Client, page: Page) -> str:
    return client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()


def test_a_scheduled_page_says_when_it_is_published(admin_client: Client, small_site: SmallSite) -> None:
    page = add_page(small_site.home, live=False, go_live_at=MOMENT)
    page.save_revision()
    html = opened(admin_client, page)
    assert "You chose Tuesday 6 July 2027, 9am to publish it. It waits for somebody" in html
    page.save_revision().publish()
    said = "It is published by itself on Tuesday 6 July 2027, 9am. All times are London time."
    assert said in opened(admin_client, page)


def test_a_page_that_goes_away_says_when(admin_client: Client, small_site: SmallSite) -> None:
    page = add_page(small_site.home, expire_at=MOMENT)
    page.save_revision().publish()
    assert "It goes off the site by itself on Tuesday 6 July 2027, 9am." in opened(admin_client, page)


def test_a_page_to_which_nothing_happens_says_nothing(admin_client: Client, small_site: SmallSite) -> None:
    page = add_page(small_site.home)
    page.save_revision().publish()
    assert "All times are London time." not in opened(admin_client, page)


def test_an_alert_says_when_it_shows(
    client: Client, administrator: User, small_site: SmallSite, london_time_is: Clock
) -> None:
    now = london_time_is(2027, 7, 1)
    client.force_login(administrator)
    hour = timedelta(hours=1)
    AlertFactory(title="Coming", starts_at=MOMENT, ends_at=MOMENT + hour)
    shown = AlertFactory.create(title="Now", starts_at=now - hour, ends_at=now + hour)
    AlertFactory(title="Over", starts_at=now - 2 * hour, ends_at=now - hour)
    html = client.get(reverse("wagtailsnippets_core_alert:list")).content.decode()
    assert "It shows by itself from Tuesday 6 July 2027, 9am until Tuesday 6 July 2027, 10am, London time." in html
    assert "It shows now, and goes away by itself: " in html
    assert "It ended by itself: " in html
    edit = reverse("wagtailsnippets_core_alert:edit", args=[shown.pk])
    assert "It shows now, and goes away by itself: " in client.get(edit).content.decode()
