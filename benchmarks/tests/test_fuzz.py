"""Every address of the site, asked with values that nobody means."""

import os
import re
from collections.abc import Callable

import pytest

from benchmarks import fuzz as module
from benchmarks.fuzz import fuzz

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db,
    # Wagtail leaves the scratch file of a picture it makes to the garbage collector.
    pytest.mark.filterwarnings("ignore:[Uu]nclosed file <tempfile.SpooledTemporaryFile"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

# Of every kind that there is: pages, lists, choosers, reports, the API, feeds, calendars, the search, forms.
REACHED = {
    *("/", "/news/", "/events/", "/leaflets/", "/services/", "/search/", "/search/suggestions/", "/follow/"),
    *(
        "/feeds/news.atom",
        "/calendars/events.ics",
        "/sitemap.xml",
        "/robots.txt",
        "/admin/",
        "/admin/tag-autocomplete/",
    ),
    *("/admin/api/main/pages/", "/admin/choose-page/", "/admin/images/chooser/", "/admin/reports/site-history/"),
}


@pytest.mark.security
def test_no_value_of_any_parameter_breaks_an_address(starter_content: str, measured: Callable[[str], None]) -> None:
    # make drill-security asks for many more.
    figures = fuzz(requests=int(os.environ.get("FUZZ_REQUESTS", "250")))
    measured(
        f"Fuzz: {figures.requests} requests to {figures.addresses} addresses with {figures.parameters} parameters, "
        f"{len(figures.failures)} errors of the server (0)"
    )
    assert figures.failures == {}
    assert figures.left == []
    assert figures.requests >= 500
    assert figures.addresses > 200
    assert figures.parameters > 300
    assert figures.statuses[200] > figures.requests / 2
    missing = REACHED - figures.reached
    assert missing == set()


def test_what_breaks_is_seen(starter_content: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ONLY", "/news/")
    monkeypatch.setattr(module, "NOT_MEANT", ("0",))
    monkeypatch.setattr("core.facets.NUMBER", re.compile("[0-9]{1,4}"))
    [where] = fuzz(requests=150).failures
    assert where == "ValueError at /news/"
