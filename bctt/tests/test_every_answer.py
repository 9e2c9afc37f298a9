"""Every answer has every security header: pages, files, redirects, refusals, errors, and those of gunicorn itself."""

import re
import runpy
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from bctt.tests.observatory import BASE, score
from core.factories import SiteDocumentFactory
from testing.pages import SmallSite, add_page
from testing.privacy import make_private
from testing.sources import ROOT
from users.models import User

pytestmark = pytest.mark.django_db

HEADERS = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Permissions-Policy",
    "X-Frame-Options",
    "Cross-Origin-Resource-Policy",
    "Cross-Origin-Opener-Policy",
)
# What other sites may read: what is made for them.
OPEN = ("/feeds/", "/calendars/", "format=json", "/static/img/share.")
# Answers of Wagtail that fail on purpose.
FAILS = re.compile(r"failwhale")
Ask = Callable[[Client, SmallSite], Any]


def missing(response: Any, url: str) -> list[str]:
    """Return the headers that an answer does not have, and those that do not fit its address."""
    found = [f"{url} ({response.status_code}): no {name}" for name in HEADERS if not response.headers.get(name)]
    policy = response.headers.get("Cross-Origin-Resource-Policy")
    wanted = "cross-origin" if response.status_code < 500 and any(each in url for each in OPEN) else "same-origin"
    if policy != wanted and not (wanted == "cross-origin" and response.status_code in (302, 404, 405)):
        found.append(f"{url} ({response.status_code}): {policy}, not {wanted}")
    return found


def addresses(found: list[Any], before: str = "/") -> Iterator[str]:
    """Yield an address for each pattern of the site, with something in each hole."""
    for each in found:
        route = before + str(each.pattern).removeprefix("^").removesuffix("$")
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, route)
        elif isinstance(each, URLPattern) and not FAILS.search(route):
            route = re.sub(r"<(?:int|id):[^>]+>|\(\?P<[^>]*id>[^)]*\)", "1", route)
            yield re.sub(r"<[^>]+>|\([^)]*\)[?*+]?", "x", route).replace("\\", "").rstrip("?*+")


@pytest.mark.security
def test_every_address_of_the_site_has_them_for_everyone(
    client: Client, admin_client: Client, small_site: SmallSite, measured: Callable[[str], None]
) -> None:
    found = list(dict.fromkeys(addresses(get_resolver().url_patterns)))
    assert len(found) > 250
    client.raise_request_exception = admin_client.raise_request_exception = False
    wrong, statuses = [], set()
    for url in found:
        response = client.get(url)
        statuses.add(response.status_code)
        wrong += missing(response, url)
        if url.startswith("/admin/") and "logout" not in url:
            wrong += missing(admin_client.options(url), url)
    measured(f"Security headers: {len(wrong)} lacking (0) at {len(found)} addresses")
    assert wrong == []
    assert {200, 302, 404, 405} <= statuses


def _fail(*_: object, **__: object) -> HttpResponse:
    raise RuntimeError("The clubs are on the floor.")


def _not_modified(client: Client, site: SmallSite) -> Any:
    return client.get("/", headers={"if-none-match": client.get("/")["ETag"]})


def _page_that_fails(client: Client, site: SmallSite) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(site.home), "serve", _fail)
        return client.get("/")


def _middleware_that_fails(client: Client, site: SmallSite) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("whitenoise.middleware.WhiteNoiseMiddleware.__call__", _fail)
        # Made when the first request comes.
        return Client(raise_request_exception=False).get("/")


def _private_page(client: Client, site: SmallSite) -> Any:
    page = add_page(site.home)
    make_private(page, PageViewRestriction.PASSWORD)
    return client.get(page.url)


def _redirected(client: Client, site: SmallSite) -> Any:
    Redirect.add_redirect("/old", site.home)
    return client.get("/old")


def _document(client: Client, site: SmallSite) -> Any:
    document = SiteDocumentFactory()
    user = User.objects.create_superuser("somebody@example.org")
    client.force_login(user)
    return client.get(document.url)


def _picture(client: Client, site: SmallSite) -> Any:
    file = Path(settings.MEDIA_ROOT) / "images" / "clubs.max-10x10.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"clubs")
    return client.get(f"/media/images/{file.name}")


def _static(name: str) -> Ask:
    def ask(client: Client, site: SmallSite) -> Any:
        file = Path(settings.STATIC_ROOT) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("p { color: teal }")
        return Client().get(f"/static/{name}")  # which finds the files that are there when it is made

    return ask


def _feed(client: Client, site: SmallSite) -> Any:
    return client.get("/feeds/news.atom")


KINDS: dict[str, tuple[int, Ask]] = {
    "page": (200, lambda client, site: client.get("/")),
    "head": (200, lambda client, site: client.head("/")),
    "compressed": (200, lambda client, site: client.get("/", headers={"accept-encoding": "gzip"})),
    "not modified": (304, _not_modified),
    "redirect to the slash": (301, lambda client, site: client.get("/centres")),
    "redirect of an editor": (301, _redirected),
    "redirect to sign in": (302, lambda client, site: client.get("/admin/")),
    "private": (200, _private_page),
    "wrong host": (400, lambda client, site: client.get("/", headers={"host": "no such host"})),
    "host not allowed": (400, lambda client, site: client.get("/", headers={"host": "elsewhere.example.org"})),
    "strange path": (404, lambda client, site: client.get("/%00%ff/")),
    "no token": (403, lambda client, site: Client(enforce_csrf_checks=True).post("/admin/login/")),
    "not there": (404, lambda client, site: client.get("/no-such-page/")),
    "not there, static": (404, lambda client, site: client.get("/static/no-such.css")),
    "wrong method": (405, lambda client, site: client.post("/robots.txt")),
    "too many fields": (400, lambda client, site: client.post("/admin/login/", {"x": ["1"] * 10_001})),
    "page that fails": (500, _page_that_fails),
    "middleware that fails": (500, _middleware_that_fails),
    "document": (200, _document),
    "picture": (200, _picture),
    "static file": (200, _static("css/header.css")),
    "picture of a shared link": (200, _static("img/share.png")),
    "feed": (200, _feed),
    "calendar": (200, lambda client, site: client.get("/calendars/events.ics")),
    "data": (200, lambda client, site: client.get("/search/?query=x&format=json")),
    "data that was not asked for rightly": (400, lambda client, site: client.get("/search/?format=json")),
}


@pytest.mark.parametrize("kind", KINDS)
@override_settings(ALLOWED_HOSTS=["testserver"])
def test_every_kind_of_answer_has_them(client: Client, small_site: SmallSite, kind: str) -> None:
    status, ask = KINDS[kind]
    client.raise_request_exception = False
    response = ask(client, small_site)
    assert response.status_code == status
    assert missing(response, f"{response.request['PATH_INFO']}?{response.request['QUERY_STRING']}") == []
    response.close()


@pytest.mark.security
def test_the_observatory_of_mdn_gives_130_or_more(
    client: Client, small_site: SmallSite, measured: Callable[[str], None]
) -> None:
    with override_settings(SECURE_HSTS_SECONDS=31536000, SECURE_SSL_REDIRECT=True):
        for url in ("/", "/centres/", "/search/?query=x", "/no-such-page/"):
            response = client.get(url, secure=True)
            assert BASE + sum(score(response.headers).values()) >= 130, score(response.headers)
        measured(f"HTTP Observatory: {BASE + sum(score(client.get('/', secure=True).headers).values())} (130)")
        # Otherwise it would count whatever it is given.
        assert BASE + sum(score(client.get("/", secure=False).headers).values()) < 130
    assert BASE + sum(score({}).values()) < 30


def test_broken_policies_are_reported_only_where_a_setting_says(client: Client, small_site: SmallSite) -> None:
    response = client.get("/")
    assert "report" not in response["Content-Security-Policy"]
    assert "Reporting-Endpoints" not in response
    with override_settings(POLICY_REPORTS_TO="https://reports.example.org/csp"):
        assert client.get("/")["Reporting-Endpoints"] == 'csp="https://reports.example.org/csp"'


@pytest.fixture
def gunicorn(tmp_path: Path) -> Iterator[int]:
    """Run gunicorn with the site's own configuration and a small application; yield the port it listens on."""
    (tmp_path / "small.py").write_text(
        "def application(environ, start_response):\n    start_response('200 OK', [])\n    return [b'clubs']\n"
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "bctt" / "gunicorn.py")]
    options = ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--chdir", str(tmp_path), "small"]
    with subprocess.Popen([*command, *options], cwd=tmp_path, stderr=subprocess.DEVNULL) as server:  # noqa: S603
        try:
            yield port
        finally:
            server.terminate()
            server.wait(20)


def send(port: int, request: bytes) -> str:
    """Send bytes to gunicorn, once it listens, and return what it answers."""
    for _ in range(100):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
                connection.sendall(request)
                connection.shutdown(socket.SHUT_WR)
                return b"".join(iter(lambda: connection.recv(65536), b"")).decode()
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise AssertionError("gunicorn did not start")


def test_what_gunicorn_answers_itself_has_them_too(gunicorn: int) -> None:
    assert "clubs" in send(gunicorn, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    for status, request in {
        "400": b"juggle\r\n\r\n",
        "414": b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\n\r\n",
        "431": b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 9000 + b"\r\n\r\n",
    }.items():
        answer = send(gunicorn, request)
        assert answer.startswith(f"HTTP/1.1 {status} "), answer[:100]
        head, _, body = answer.partition("\r\n\r\n")
        assert "<h1>" in body
        assert [name for name in HEADERS if head.count(f"\r\n{name}: ") != 1] == []


def test_gunicorn_says_the_same_as_the_site() -> None:
    headers = runpy.run_path(str(ROOT / "bctt" / "gunicorn.py"))["HEADERS"]
    assert set(headers) == set(HEADERS)
    assert headers["Permissions-Policy"] == settings.PERMISSIONS_POLICY
    assert headers["Referrer-Policy"] == settings.SECURE_REFERRER_POLICY
    assert headers["X-Frame-Options"] == settings.X_FRAME_OPTIONS
