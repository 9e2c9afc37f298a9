"""Fixtures of the events' tests: a stopped clock, and a centre and a forum to go to."""

from datetime import datetime

import pytest

from centres.factories import CentrePageFactory
from centres.models import CentrePage
from home.factories import SmallSite
from news.factories import ForumPageFactory
from news.models import ForumPage

from .making import london


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Stop the clock at noon on Monday 4 May 2026 in London."""
    moment = london(2026, 5, 4, 12)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    return moment


@pytest.fixture
def centre(small_site: SmallSite) -> CentrePage:
    return CentrePageFactory(parent=small_site.centres, title="Testville Centre", short_name="Testville")


@pytest.fixture
def forum(small_site: SmallSite) -> ForumPage:
    return ForumPageFactory(parent=small_site.forums, title="Jugglers’ Forum", slug="jugglers-forum")
