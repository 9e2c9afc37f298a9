"""A running site with the starter content, and browser windows to look at it."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from home.starter.loader import load_starter_content
from testing.site import take_site_away
from users.models import User

PHONE = {"width": 320, "height": 640}
DESKTOP = {"width": 1280, "height": 900}


class OneRequestAtATime(StaticFilesHandler):
    """Serves the static files, and lets one request at a time into the site.

    With SQLite in memory every request shares the test's one connection, which cannot be in two transactions.
    """

    _turn = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        with self._turn:
            return super().__call__(environ, start_response)


class PatientServer(ThreadedWSGIServer):
    """When it stops, waits for the requests that are under way."""

    daemon_threads = False


@pytest.fixture(scope="session")
def connections_before() -> dict[str, BaseDatabaseWrapper]:
    """The database connections as they are before the browser starts."""
    return {alias: connections[alias] for alias in connections}


@pytest.fixture(scope="session")
def browser(connections_before: dict[str, BaseDatabaseWrapper], browser: Browser) -> Browser:
    """The shared browser, with the tests' own database connections.

    Playwright runs an event loop in the tests' thread, and Django gives code within a loop other connections.
    """
    for alias, before in connections_before.items():
        connections[alias] = before
    return browser


@pytest.fixture(scope="session")
def starter_snapshot() -> Iterator[sqlite3.Connection]:
    """A copy of the database with the starter content; empty until the first test has loaded it."""
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    yield copy
    copy.close()


def fill_with_starter_content(snapshot: sqlite3.Connection) -> None:
    """Give the database the starter content: from the copy if there is one, which takes no time."""
    is_sqlite = connection.vendor == "sqlite"
    if is_sqlite and snapshot.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        snapshot.backup(connection.connection)
        return
    take_site_away()
    load_starter_content()
    if is_sqlite:
        connection.connection.backup(snapshot)


@pytest.fixture
def site(
    transactional_db: None, django_db_serialized_rollback: None, starter_snapshot: sqlite3.Connection
) -> Iterator[str]:
    """The address of a running site with the starter content, such as http://localhost:40123."""
    fill_with_starter_content(starter_snapshot)
    server = LiveServer("localhost", start=False)
    server.thread.static_handler = OneRequestAtATime
    server.thread.server_class = PatientServer
    server.start()
    yield server.url
    server.stop()


@pytest.fixture
def new_context(browser: Browser, site: str) -> Iterator[Callable[..., BrowserContext]]:
    """Return a function that opens a new, empty browser profile on the site; it takes Playwright's options."""
    opened: list[BrowserContext] = []

    def open_context(**options: Any) -> BrowserContext:
        context = browser.new_context(**{"base_url": site, "viewport": PHONE, "locale": "en-GB", **options})
        context.set_default_timeout(15_000)
        opened.append(context)
        return context

    yield open_context
    for context in opened:
        context.close()


class Witness:
    """Writes down what a page's windows ask for, and what the browser complains about."""

    def __init__(self, context: BrowserContext) -> None:
        self.requests: list[Request] = []
        self.complaints: list[str] = []
        context.on("request", self._note)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def _note(self, request: Request) -> None:
        self.requests.append(request)

    def _hear(self, message: ConsoleMessage) -> None:
        # A broken policy is an error in the console; so is anything else that does not load.
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.page.url if message.page else ''}: {message.text}")

    def elsewhere(self, site: str) -> list[str]:
        """Return the addresses asked for on other hosts than `site`."""
        return [each.url for each in self.requests if not each.url.startswith((f"{site}/", "data:", "blob:"))]


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext]) -> Page:
    """A window 320 CSS pixels wide, without JavaScript."""
    return new_context(java_script_enabled=False).new_page()


@pytest.fixture
def admin(site: str, administrator: User, new_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """A window of somebody who has signed in; the browser must have nothing to complain about at the end."""
    context = new_context(viewport=DESKTOP)
    witness = Witness(context)
    page = context.new_page()
    page.goto("/admin/")
    page.get_by_label("E-mail address").fill(administrator.email)
    page.get_by_label("Password").fill("correct-horse-battery")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Better Care Together Thurrock")).to_be_visible()
    yield page
    # Wagtail saves drafts by itself; while a form has a mistake that is answered with 400. What its content checker
    # finds it writes to the console too.
    complaints = [said for said in witness.complaints if not said.endswith("400 (Bad Request)")]
    assert [said for said in complaints if "axe.run results" not in said] == []
    assert witness.elsewhere(site) == []
