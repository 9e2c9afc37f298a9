"""Fixtures that every app's tests use."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker

from home.factories import SmallSite, make_site
from home.models import HomePage
from testing.database_copies import DatabaseCopies
from testing.site import begin_with_starter_content, find_site, take_site_away
from testing.vocabulary import Vocabulary, read_vocabulary
from users.factories import AdministratorFactory
from users.models import User

# The first is Chromium with nothing but what it needs without a screen: a window takes it a quarter of the time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# What a test calls its figures by.
FIGURE = "figure"
FRONTEND = Path(__file__).parent / "frontend"
VNU_JAR = FRONTEND / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def _skip_or_fail(reason: str) -> None:
    """Leave a test out on a machine that lacks a tool; under CI a missing tool is an error."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason} CI must have it.")
    pytest.skip(reason)


def pytest_collection_finish() -> None:
    """Let the garbage collector look seldom at what has been there for long: nearly all of that stays to the end."""
    gc.freeze()
    gc.set_threshold(700, 10, 200)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the security tests measured, whichever process ran them."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, [])]
    figures = [value for report in reports for name, value in report.user_properties if name == FIGURE]
    if figures:
        terminalreporter.section("What was measured")
        for figure in sorted(map(str, figures)):
            terminalreporter.write_line(figure)


@pytest.fixture
def measured(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Return a function that has a figure, with its unit and what it may be, printed after the tests."""
    return lambda figure: record_property(FIGURE, figure)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Put the fixed pages into the test database once: making them takes longer than most tests."""
    with django_db_blocker.unblock():
        # A database that was kept (--reuse-db) has them.
        if not HomePage.objects.exists():
            make_site()
        # What Django puts back for a test that may not be in a transaction, and whose database is emptied after it.
        connection._test_serialized_contents = connection.creation.serialize_db_to_string()  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def database_copies(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[DatabaseCopies]:
    """States of the database that many tests begin with."""
    with django_db_blocker.unblock():
        copies = DatabaseCopies()
    yield copies
    copies.close()


@pytest.fixture(scope="class")
def _starter_content_in_place(database_copies: DatabaseCopies, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Put it there for one test, or for all of a class."""
    with (
        django_db_blocker.unblock(),
        database_copies.lasting("starter content", begin_with_starter_content) as said,
    ):
        yield said


@pytest.fixture
def starter_content(_starter_content_in_place: str, db: None) -> str:
    """The starter content in the place of the fixed pages; what the command said that loaded it."""
    return _starter_content_in_place


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """Let no test see what another put in the cache (Wagtail keeps the addresses of sites there)."""
    cache.clear()


@pytest.fixture
def small_site(db: None) -> SmallSite:
    """The fixed pages of a site, empty."""
    return find_site()


@pytest.fixture
def no_site(db: None) -> None:
    """A database as Wagtail's migrations make it."""
    take_site_away()


@pytest.fixture
def administrator(db: None) -> User:
    """Someone with every right."""
    return AdministratorFactory.create()


@pytest.fixture
def admin_client(administrator: User) -> Client:
    """A client signed in with every right."""
    client = Client()
    client.force_login(administrator)
    return client


@pytest.fixture
def count_queries(client: Client) -> Callable[[str], int]:
    """Return a function that says how many queries an anonymous visit takes in a warm process."""

    def count(url: str) -> int:
        assert client.get(url).status_code == 200
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)

    return count


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium, without a screen."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        _skip_or_fail("Chromium is not installed, so the browser tests are left out.")
    # Playwright's event loop makes Django think that the tests are asynchronous; they are not.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def vnu() -> list[str]:
    """The command of the Nu HTML checker."""
    java = shutil.which("java")
    if not java or not VNU_JAR.exists():
        _skip_or_fail("Java or frontend/node_modules (npm ci) is missing, so the HTML checker is left out.")
    return [java or "", "-jar", str(VNU_JAR)]


@pytest.fixture(scope="session")
def node() -> list[str]:
    """The command of Node.js, for programs that need the packages of frontend/."""
    found = shutil.which("node")
    if not found or not (FRONTEND / "node_modules" / "ical.js").exists():
        _skip_or_fail("Node.js or frontend/node_modules (npm ci) is missing, so other readers are left out.")
    return [found or ""]


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    """schema.org's vocabulary."""
    package = FRONTEND / "node_modules" / "schema-dts"
    if not package.exists():
        _skip_or_fail("frontend/node_modules (npm ci) is missing, so the words of schema.org are not looked at.")
    return read_vocabulary(package)
