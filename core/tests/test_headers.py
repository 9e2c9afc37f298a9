"""What every answer tells the browser: what it may load and run, what it may keep, what it may use."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from core.factories import AlertFactory
from testing.pages import Answer, SmallSite, add_page, elements

pytestmark = pytest.mark.django_db

PUBLIC = [
    "/",
    "/centres/",
    "/services/",
    "/services/roles/",
    "/search/",
    "/search/?query=x",
    "/sitemap.xml",
    "/robots.txt",
]
NOT_FOUND = ["/no-such-page/", "/.well-known/security.txt", "/documents/99/none.pdf"]
STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "media-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def policy(response: Answer) -> dict[str, str]:
    directives = (each.strip().partition(" ") for each in response["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in directives}


@pytest.mark.parametrize("url", [*PUBLIC, *NOT_FOUND, "/centres"])
def test_public_pages_run_nothing_but_our_own_files(client: Client, small_site: SmallSite, url: str) -> None:
    assert policy(client.get(url)) == STRICT


def test_a_page_that_fails_is_as_strict(client: Client, small_site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> HttpResponse:
        raise RuntimeError("The clubs are on the floor.")

    monkeypatch.setattr(type(small_site.home), "serve", fail)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert policy(response) == STRICT


@pytest.mark.parametrize("url", [*PUBLIC[:6], "/no-such-page/"])
def test_public_pages_need_nothing_inline_and_nothing_from_another_host(
    client: Client, small_site: SmallSite, url: str
) -> None:
    AlertFactory(severity="emergency")
    for element in elements(client.get(url)):
        assert element.name != "style"
        assert not [key for key in element.attributes if key == "style" or key.startswith("on")], element
        if element.name == "script":
            assert element.attributes.get("type") == "application/ld+json" or not element.text.strip()
        if element.name in ("script", "img", "source", "iframe"):
            assert str(element.attributes.get("src") or "/").startswith("/"), element
        if element.name == "link" and element.attributes.get("rel") not in ("canonical", "alternate"):
            assert str(element.attributes["href"]).startswith("/"), element


def test_the_admin_may_run_its_inline_scripts_but_nothing_from_another_host(
    admin_client: Client, small_site: SmallSite
) -> None:
    for url in ("/admin/", "/admin/login/", f"/admin/pages/{small_site.home.pk}/edit/"):
        found = policy(admin_client.get(url))
        assert found["script-src"] == "'self' 'unsafe-inline'"
        assert found["default-src"] == "'none'"
        assert found["frame-ancestors"] == "'self'"
        assert not [value for value in found.values() if "http" in value or "*" in value or "unsafe-eval" in value]


@pytest.mark.parametrize("url", ["/administration/", "/admins/", "/about/admin/", "/ADMIN/"])
def test_only_addresses_of_the_admin_get_its_policy(client: Client, small_site: SmallSite, url: str) -> None:
    assert policy(client.get(url)) == STRICT


def test_the_policy_of_one_answer_does_not_leak_into_the_next(
    client: Client, admin_client: Client, small_site: SmallSite
) -> None:
    admin_client.get("/admin/")
    assert policy(client.get("/")) == STRICT


def test_an_editor_on_a_public_page_has_the_strict_policy_too(admin_client: Client, small_site: SmallSite) -> None:
    assert policy(admin_client.get("/")) == STRICT


def test_the_preview_is_strict_but_the_admin_may_frame_it(admin_client: Client, small_site: SmallSite) -> None:
    page = add_page(small_site.home)
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    form = nested_form_data(
        {
            "title": page.title,
            "slug": page.slug,
            "summary": "Only in the preview.",
            "body": streamfield([]),
            "check_every_months": "6",
            "comments": inline_formset([]),
        }
    )
    assert admin_client.post(url, form).json()["is_valid"]
    response = admin_client.get(url)
    assert "Only in the preview." in response.content.decode()
    assert policy(response) == {**STRICT, "frame-ancestors": "'self'"}
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_a_draft_seen_in_the_admin_is_strict(admin_client: Client, small_site: SmallSite) -> None:
    page = add_page(small_site.home, live=False, summary="Only in the draft.")
    page.save_revision()
    response = admin_client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
    assert "Only in the draft." in response.content.decode()
    assert policy(response)["script-src"] == "'self'"


@pytest.mark.parametrize("url", [*PUBLIC, *NOT_FOUND, "/admin/login/"])
def test_every_answer_carries_the_other_security_headers(client: Client, small_site: SmallSite, url: str) -> None:
    response = client.get(url)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    for power in ("camera", "geolocation", "microphone", "payment"):
        assert f"{power}=()" in response["Permissions-Policy"]


def test_static_files_are_sent_as_what_they_are(client: Client) -> None:
    root = Path(settings.STATIC_ROOT)
    (root / "style.css").write_text("p { color: teal }")
    response = Client().get("/static/style.css")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/css")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in response
    response.close()


@pytest.mark.parametrize("url", [*PUBLIC, *NOT_FOUND, "/centres", "/services/?status=planned", "/?utm_source=x"])
def test_a_visitor_gets_no_cookie(client: Client, small_site: SmallSite, url: str) -> None:
    AlertFactory()
    response = client.get(url)
    assert "Set-Cookie" not in response.headers
    assert not response.cookies
    assert not client.cookies


def test_a_visitor_with_strange_cookies_gets_none_either(client: Client, small_site: SmallSite) -> None:
    for cookie in ("sessionid=x", "sessionid=\x00", "csrftoken=x", "messages=[[]]", "a" * 4000):
        response = client.get("/", headers={"cookie": cookie})
        assert response.status_code == 200
        assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("url", ["/", "/centres/", "/services/", "/search/?query=x", "/robots.txt", "/sitemap.xml"])
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_page_that_has_not_changed_is_not_sent_again(
    client: Client, small_site: SmallSite, url: str, encoding: str
) -> None:
    first = client.get(url, headers={"accept-encoding": encoding})
    again = client.get(url, headers={"accept-encoding": encoding, "if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert "Set-Cookie" not in again.headers


def test_a_page_that_has_changed_is_sent_again(client: Client, small_site: SmallSite) -> None:
    page = add_page(small_site.home, summary="Before.")
    first = client.get(page.url)
    page.summary = "After."
    page.save_revision().publish()
    again = client.get(page.url, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200
    assert "After." in again.content.decode()


def test_pages_are_compressed_for_those_who_ask(client: Client, small_site: SmallSite) -> None:
    plain = client.get("/")
    packed = client.get("/", headers={"accept-encoding": "gzip, br"})
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert gzip.decompress(packed.content) == plain.content


def test_head_tells_the_same_as_get_without_the_page(client: Client, small_site: SmallSite) -> None:
    for url in ("/", "/search/", "/robots.txt", "/no-such-page/"):
        get, head = client.get(url), client.head(url)
        assert head.status_code == get.status_code
        assert head.content == b""
        assert head["Content-Security-Policy"] == get["Content-Security-Policy"]


@pytest.mark.parametrize("ask", ["post", "put", "delete", "patch"])
def test_plain_addresses_can_only_be_read(client: Client, small_site: SmallSite, ask: str) -> None:
    send: Callable[[str], Answer] = getattr(client, ask)
    for url in ("/search/", "/robots.txt", "/.well-known/security.txt"):
        assert send(url).status_code == 405
