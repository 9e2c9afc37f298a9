"""Links to pages in texts: found with one query, and never to what residents cannot open."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page
from wagtail.rich_text import expand_db_html

from core.models import BasePage, SiteSettings
from testing.pages import SmallSite, add_page, links
from testing.privacy import make_private

pytestmark = pytest.mark.django_db


def link_to(page: Page | int, words: str = "There") -> str:
    return f'<p>Go <a linktype="page" id="{page if isinstance(page, int) else page.pk}">{words}</a>.</p>'


def page_with(small_site: SmallSite, *texts: str) -> BasePage:
    blocks: list[dict[str, Any]] = [{"type": "text", "value": text} for text in texts]
    return add_page(small_site.home, title="With links", body=blocks)


def in_main(client: Client, page: BasePage) -> list[tuple[str, str | None]]:
    html = client.get(page.url).content.decode()
    return links(html[html.index("<h1") : html.index("</main>")])


def test_a_link_leads_to_where_the_page_is_now(client: Client, small_site: SmallSite) -> None:
    target = add_page(small_site.home, title="Target")
    page = page_with(small_site, link_to(target))
    assert in_main(client, page) == [("There", "/target/")]
    target.slug = "moved"
    target.save()
    assert in_main(client, page) == [("There", "/moved/")]


@pytest.mark.parametrize("hide", ["draft", "private", "beneath a private page", "deleted", "never there"])
def test_a_link_to_what_residents_cannot_open_keeps_its_words_only(
    client: Client, small_site: SmallSite, hide: str
) -> None:
    parent = add_page(small_site.home, title="Parent")
    target = add_page(parent, title="Target", live=hide != "draft")
    page = page_with(small_site, link_to(999_999 if hide == "never there" else target))
    if hide == "private":
        make_private(target)
    elif hide == "beneath a private page":
        make_private(parent)
    elif hide == "deleted":
        target.delete()
    assert in_main(client, page) == [("There", None)]


@pytest.mark.parametrize("identity", ["", "x", "1 OR 1=1", "-1"])
def test_a_link_with_a_strange_number_keeps_its_words(client: Client, small_site: SmallSite, identity: str) -> None:
    page = page_with(small_site, f'<p><a linktype="page" id="{identity}">There</a></p>')
    assert in_main(client, page) == [("There", None)]


def test_a_link_to_a_page_outside_every_site_leads_nowhere(client: Client, small_site: SmallSite) -> None:
    elsewhere = add_page(Page.get_first_root_node(), title="Elsewhere")
    assert in_main(client, page_with(small_site, link_to(elsewhere))) == [("There", None)]


def test_links_elsewhere_stay_as_they_are(client: Client, small_site: SmallSite) -> None:
    page = page_with(small_site, '<p><a href="https://example.org/?a=1&amp;b=2">There</a></p>')
    assert in_main(client, page) == [("There", "https://example.org/?a=1&b=2")]


def test_any_number_of_links_in_any_number_of_texts_takes_one_query(
    small_site: SmallSite, count_queries: Callable[[str], int]
) -> None:
    targets = [add_page(small_site.home, title=f"Target {number}") for number in range(6)]
    page = page_with(small_site, "<p>No links.</p>")
    without = count_queries(page.url)
    for used in (targets[:1], targets):
        page.body = [{"type": "text", "value": link_to(target)} for target in used]
        page.save_revision().publish()
        assert count_queries(page.url) <= without + 1, len(used)


def test_links_deep_inside_other_blocks_are_found_too(
    client: Client, small_site: SmallSite, count_queries: Callable[[str], int]
) -> None:
    targets = [add_page(small_site.home, title=f"Target {number}") for number in range(3)]
    page = page_with(small_site, "<p>No links.</p>")
    without = count_queries(page.url)
    page.body = [
        {"type": "inset", "value": {"body": link_to(targets[0])}},
        {"type": "details", "value": {"title": "More", "body": [{"type": "text", "value": link_to(targets[1])}]}},
        {"type": "do_list", "value": {"heading_level": "2", "label": "", "do": [link_to(targets[2])]}},
    ]
    page.save_revision().publish()
    assert [url for _, url in in_main(client, page)] == ["/target-0/", "/target-1/", "/target-2/"]
    assert count_queries(page.url) <= without + 1


def test_texts_of_the_whole_site_follow_the_same_rule(client: Client, small_site: SmallSite) -> None:
    target = add_page(small_site.home, title="Target")
    settings = SiteSettings.for_site(small_site.site)
    settings.urgent_111 = link_to(target, "To the target")
    settings.save()
    assert ("To the target", "/target/") in links(client.get("/"))
    target.unpublish()
    assert ("To the target", None) in links(client.get("/"))


@pytest.mark.database
def test_a_text_drawn_outside_a_visit_has_its_links_all_the_same(small_site: SmallSite) -> None:
    # An e-mail or a feed draws texts without serving a page.
    assert 'href="/centres/"' in expand_db_html(link_to(small_site.centres))


def test_what_one_visit_found_does_not_serve_the_next(client: Client, small_site: SmallSite) -> None:
    target = add_page(small_site.home, title="Target")
    page = page_with(small_site, link_to(target))
    assert in_main(client, page) == [("There", "/target/")]
    make_private(target)
    assert in_main(client, page) == [("There", None)]
