"""Fixtures of the followers' tests: a stopped clock, somebody who fills in forms, and something to follow."""

import pytest
from django.test import Client

from centres.factories import CentrePageFactory
from centres.models import CentrePage
from followers.tests.helpers import Visitor
from home.factories import SmallSite
from news.factories import ForumPageFactory
from news.models import ForumPage
from testing.clocks import Clock
from whats_on.tests.making import london


@pytest.fixture
def clock(db: None, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Stop the clock at noon on Monday 4 May 2026 in London."""
    clock = Clock(london(2026, 5, 4, 12))
    clock.run(monkeypatch)
    return clock


@pytest.fixture
def visitor(clock: Clock) -> Visitor:
    return Visitor(Client(), clock)


@pytest.fixture
def centre(small_site: SmallSite, clock: Clock) -> CentrePage:
    return CentrePageFactory(parent=small_site.centres, title="Testville Centre", short_name="Testville")


@pytest.fixture
def forum(small_site: SmallSite, clock: Clock) -> ForumPage:
    return ForumPageFactory(parent=small_site.forums, title="Jugglers’ Forum", slug="jugglers-forum")
