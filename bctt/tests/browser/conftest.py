"""A running site with the starter content, and browser windows to look at it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import sleep
from typing import Any, ClassVar

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import get_path_info
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import FileResponse, HttpRequest, HttpResponse
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from bctt.tests.example_pages import begin_with_example_pages
from testing.database_copies import DatabaseCopies
from testing.site import begin_with_starter_content
from users.models import User

from .admin import sign_in_without_form

PHONE = {"width": 320, "height": 640}
DESKTOP = {"width": 1280, "height": 900}


class OneRequestAtATime(StaticFilesHandler):
    """Serves the static files, and lets one request at a time into the site.

    With SQLite in memory every request shares the test's one connection, which cannot be in two transactions.
    """

    _turn = threading.Lock()
    # One entry for each request that waits: adding and taking one away is safe among threads, counting is not.
    _waiting: ClassVar[list[None]] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if self._should_handle(get_path_info(environ)):
            return super().__call__(environ, start_response)
        self._waiting.append(None)
        with self._turn:
            self._waiting.pop()
            return super().__call__(environ, start_response)

    def serve(self, request: HttpRequest) -> HttpResponse | FileResponse:
        """Send a static file, which a browser may keep, as it may in production."""
        response = super().serve(request)
        response.headers["Cache-Control"] = "max-age=3600"
        return response

    @classmethod
    @contextmanager
    def kept_out(cls) -> Iterator[None]:
        """Keep every request out, once those are answered that wait."""
        while cls._waiting:
            sleep(0.01)
        with cls._turn:
            yield


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
def server(database_copies: DatabaseCopies) -> Iterator[str]:
    """The address of the running site, such as http://localhost:40123. It runs until the last test has ended."""
    server = LiveServer("localhost", start=False)
    server.thread.static_handler = OneRequestAtATime
    server.start()
    yield server.url
    server.stop()


@pytest.fixture
def db(database_copies: DatabaseCopies, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database, in which the site really writes: the test is in no transaction. Afterwards it is as before."""
    with django_db_blocker.unblock():
        yield
        with OneRequestAtATime.kept_out():
            database_copies.put_back()


@pytest.fixture
def site(db: None, server: str, database_copies: DatabaseCopies) -> str:
    """The address of the running site, with the starter content."""
    with OneRequestAtATime.kept_out():
        database_copies.put_back("starter content", begin_with_starter_content)
    return server


@pytest.fixture
def example_site(site: str, database_copies: DatabaseCopies) -> dict[str, str]:
    """The paths of pages in every state on the running site, by what is special about each."""
    with OneRequestAtATime.kept_out():
        pages: dict[str, str] = database_copies.put_back("example pages", begin_with_example_pages)
    return pages


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
    sign_in_without_form(context, administrator, at=site)
    yield context.new_page()
    # Wagtail saves drafts by itself; while a form has a mistake that is answered with 400. What its content checker
    # finds it writes to the console too.
    complaints = [said for said in witness.complaints if not said.endswith("400 (Bad Request)")]
    assert [said for said in complaints if "axe.run results" not in said] == []
    assert witness.elsewhere(site) == []
