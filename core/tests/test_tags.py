"""The template tags and filters of every page."""

from datetime import date
from typing import Any

from django.template import Context, Template
from django.test import Client, RequestFactory

from testing.pages import SmallSite, add_page, elements


def render(source: str, **context: Any) -> str:
    return Template("{% load core_tags %}" + source).render(Context(context))


def test_a_day_is_said_in_full_and_no_day_says_nothing() -> None:
    assert render("{{ when|day }}", when=date(2020, 9, 29)) == "29 September 2020"
    assert render("{{ when|day }}", when=None) == ""


def test_without_a_request_there_is_no_navigation_and_no_alert() -> None:
    # As in an error page drawn when everything else has failed.
    source = "{% navigation as nav %}{% alerts as found %}{{ nav.trail|length }}{{ nav.menu|length }}{{ found|length }}"
    assert render(source) == "000"


def canonical(client: Client, url: str) -> list[str | None]:
    found = [each for each in elements(client.get(url), "link") if each.attributes.get("rel") == "canonical"]
    return [each.attributes["href"] for each in found]


def test_a_page_has_one_address_whatever_was_asked_of_it(client: Client, small_site: SmallSite) -> None:
    page = add_page(small_site.home)
    for url in (page.url, f"{page.url}?page=2", f"{page.url}?utm_source=x"):
        assert canonical(client, url) == ["http://testserver/about-testshire/"], url


def test_a_plain_view_has_one_address_without_its_query(small_site: SmallSite) -> None:
    request = RequestFactory().get("/search/?query=x", headers={"host": "testserver"})
    assert render("{% canonical_url %}", request=request) == "http://testserver/search/"


def test_a_page_shown_elsewhere_carries_its_title_and_picture(client: Client, small_site: SmallSite) -> None:
    page = add_page(small_site.home, title='Fish & "chips"', slug="fish", summary="Salt <or> vinegar.")
    metas = {
        each.attributes["property"]: each.attributes["content"]
        for each in elements(client.get(page.url), "meta")
        if "property" in each.attributes
    }
    assert metas["og:title"] == 'Fish & "chips"'
    assert metas["og:description"] == "Salt <or> vinegar."
    assert metas["og:url"] == "http://testserver/fish/"
    assert str(metas["og:image"]).startswith("http://testserver/static/")


def test_a_title_for_search_engines_takes_the_place_of_the_pages_own(client: Client, small_site: SmallSite) -> None:
    page = add_page(small_site.home, title="About", seo_title="About juggling")
    response = client.get(page.url)
    assert [each.text for each in elements(response, "title")] == ["About juggling – Better Care Together Thurrock"]
    assert [each.text for each in elements(response, "h1")] == ["About"]
