"""The addresses that are not pages, and the pages shown when something is wrong."""

from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import timezone
from django.views.defaults import permission_denied, server_error
from wagtail.models import PageViewRestriction

from core.models import SiteSettings
from testing.pages import Answer, SmallSite, add_page, elements, links
from testing.privacy import make_private

LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def headings(response: Answer) -> list[str]:
    return [each.text for each in elements(response, "h1")]


def test_robots_are_welcome_except_in_the_admin_and_in_search(client: Client, small_site: SmallSite) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /search/",
        "",
        "Sitemap: http://testserver/sitemap.xml",
    ]


def sitemap(client: Client) -> set[str | None]:
    response = client.get("/sitemap.xml")
    assert response["Content-Type"] == "application/xml"
    tree = ElementTree.fromstring(response.content)  # noqa: S314 (our own answer)
    return {each.text for each in tree.iter(LOCATION)}


def test_the_sitemap_lists_the_pages_anyone_may_see(client: Client, small_site: SmallSite) -> None:
    add_page(add_page(small_site.home, title="About"), title="People & clubs")
    fixed = ("centres", "services", "services/roles", "news", "forums", "events", "leaflets")
    assert sitemap(client) == {
        "http://testserver/",
        *(f"http://testserver/{path}/" for path in (*fixed, "about", "about/people-clubs")),
    }


def test_the_sitemap_leaves_out_drafts_and_private_pages(client: Client, small_site: SmallSite) -> None:
    before = sitemap(client)
    add_page(small_site.home, title="Draft", live=False)
    add_page(small_site.home, title="Unpublished").unpublish()
    for kind in (PageViewRestriction.LOGIN, PageViewRestriction.PASSWORD, PageViewRestriction.GROUPS):
        private = add_page(small_site.home, title=f"Private {kind}")
        add_page(private, title="Beneath")
        make_private(private, kind)
    assert sitemap(client) == before


@pytest.mark.database
def test_the_sitemap_of_a_private_site_is_empty(client: Client, small_site: SmallSite) -> None:
    make_private(small_site.home)
    assert sitemap(client) == set()


def set_contact(small_site: SmallSite, contact: str) -> None:
    settings = SiteSettings.for_site(small_site.site)
    settings.security_contact = contact
    settings.save()


def test_security_txt_is_not_found_until_there_is_somebody_to_tell(client: Client, small_site: SmallSite) -> None:
    response = client.get("/.well-known/security.txt")
    assert response.status_code == 404
    assert headings(response) == ["Page not found"]


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ("security@example.org", "mailto:security@example.org"),
        ("mailto:security@example.org", "mailto:security@example.org"),
        ("https://example.org/security", "https://example.org/security"),
        ("https://example.org/@security", "https://example.org/@security"),
    ],
)
def test_security_txt_says_whom_to_tell_as_rfc_9116_asks(
    client: Client, small_site: SmallSite, contact: str, said: str
) -> None:
    set_contact(small_site, contact)
    response = client.get("/.well-known/security.txt")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    fields = [line.split(": ", 1) for line in response.content.decode().splitlines()]
    assert sorted(name for name, _ in fields) == ["Canonical", "Contact", "Expires", "Preferred-Languages"]
    found = dict(fields)
    assert found["Contact"] == said
    assert found["Canonical"] == "http://testserver/.well-known/security.txt"
    expires = datetime.fromisoformat(found["Expires"])
    assert expires.tzinfo is not None
    assert timedelta(days=30) < expires - timezone.now() < timedelta(days=365)


@pytest.mark.parametrize(
    "contact",
    ["ring us", "http://example.org/security", "security@", "javascript:alert(1)", "a@b.example\nExpires: never"],
)
def test_a_security_contact_that_rfc_9116_does_not_know_is_refused(small_site: SmallSite, contact: str) -> None:
    settings = SiteSettings.for_site(small_site.site)
    settings.security_contact = contact
    with pytest.raises(ValidationError) as error:
        settings.full_clean()
    assert "security_contact" in error.value.message_dict


def test_a_page_that_does_not_exist_offers_ways_on(client: Client, small_site: SmallSite) -> None:
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert headings(response) == ["Page not found"]
    assert {"/", "/centres/", "/services/"} <= {url for _, url in links(response)}
    [search] = elements(response, "form")
    assert search.attributes["action"] == "/search/"
    assert {"name": "robots", "content": "noindex"} in [each.attributes for each in elements(response, "meta")]


def test_a_page_that_one_may_not_see_offers_ways_on(small_site: SmallSite) -> None:
    response = permission_denied(RequestFactory().get("/", headers={"host": "testserver"}), PermissionError())
    assert response.status_code == 403
    assert headings(response) == ["You may not see this page"]
    assert {"/", "/centres/", "/services/"} <= {url for _, url in links(response)}


def test_a_form_that_cannot_be_trusted_is_explained(small_site: SmallSite) -> None:
    response = Client(enforce_csrf_checks=True).post("/_util/authenticate_with_password/1/1/", {"password": "x"})
    assert response.status_code == 403
    assert headings(response) == ["Please send the form again"]
    assert "Nothing was saved." in response.content.decode()
    assert ("Go to the home page", "/") in links(response)


def test_a_failure_is_explained_without_saying_what_failed(
    client: Client, small_site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> HttpResponse:
        raise RuntimeError("The clubs are on the floor.")

    monkeypatch.setattr(type(small_site.home), "serve", fail)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert headings(response) == ["Sorry, something went wrong"]
    html = response.content.decode()
    assert "clubs" not in html
    assert "Traceback" not in html


def test_the_page_of_a_failure_needs_neither_a_request_nor_the_database() -> None:
    # Without the fixture `db`, pytest-django lets no query through.
    response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert response.content.decode() == render_to_string("500.html")
    assert {("999", "tel:999"), ("111", "tel:111"), ("Go to the home page", "/")} <= set(links(response))


@pytest.mark.parametrize("template", ["500.html", "403_csrf.html"])
def test_pages_shown_in_trouble_are_whole_pages_that_no_robot_keeps(template: str) -> None:
    html = render_to_string(template)
    assert html.startswith("<!DOCTYPE html>")
    [root] = elements(html, "html")
    assert root.attributes["lang"] == "en-GB"
    [title] = elements(html, "title")
    assert title.text.strip(" –")
    assert len(elements(html, "h1")) == len(elements(html, "main")) == 1
    assert 'content="noindex"' in html
