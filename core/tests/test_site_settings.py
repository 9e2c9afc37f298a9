"""Site settings: what the footer accepts and shows, and the words of the whole site."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.models import Page

from core.blocks import FooterLinkBlock
from core.models import SiteSettings
from testing.pages import SmallSite, add_page, elements, links
from testing.privacy import make_private

pytestmark = pytest.mark.django_db


def footer_link(page: Page | None = None, text: str = "", url: str = "") -> dict[str, Any]:
    return {"type": "link", "value": {"text": text, "page": page.pk if page else None, "url": url}}


def put_in_footer(small_site: SmallSite, *items: dict[str, Any]) -> None:
    settings = SiteSettings.for_site(small_site.site)
    settings.footer_links = list(items)
    settings.save()


def footer(client: Client, url: str = "/") -> list[tuple[str, str | None]]:
    """Return the words and addresses of the footer's links, as residents read them."""
    html = client.get(url).content.decode()
    return links(html[html.index("<footer") : html.index("</footer>")])


@pytest.mark.parametrize(
    ("text", "with_page", "url", "wrong"),
    [
        ("", False, "", {"page"}),
        ("Words", False, "", {"page"}),
        ("Words", True, "https://example.org/", {"page"}),
        ("", False, "https://example.org/", {"text"}),
        ("", True, "https://example.org/", {"page", "text"}),
        ("Words", False, "javascript:alert(1)", {"url"}),
        ("x" * 61, True, "", {"text"}),
        ("Read more", True, "", {"text"}),
        ("https://example.org/", False, "https://example.org/", {"text"}),
    ],
)
@pytest.mark.database
def test_a_footer_link_that_leads_nowhere_clear_is_refused_beside_its_field(
    small_site: SmallSite, text: str, with_page: bool, url: str, wrong: set[str]
) -> None:
    block = FooterLinkBlock()
    page = small_site.centres.page_ptr if with_page else None
    with pytest.raises(StructBlockValidationError) as error:
        block.clean(block.normalize({"text": text, "page": page, "url": url}))
    assert set(error.value.block_errors) == wrong


@pytest.mark.parametrize(
    ("text", "with_page", "url"),
    [("", True, ""), ("All centres", True, ""), ("Elsewhere", False, "https://example.org/")],
)
def test_a_footer_link_to_one_place_with_words_is_accepted(
    small_site: SmallSite, text: str, with_page: bool, url: str
) -> None:
    block = FooterLinkBlock()
    page = small_site.centres.page_ptr if with_page else None
    assert block.clean(block.normalize({"text": text, "page": page, "url": url}))["text"] == text


def test_the_footer_shows_links_in_the_editors_order_with_the_pages_own_title_unless_told(
    client: Client, small_site: SmallSite
) -> None:
    put_in_footer(
        small_site,
        footer_link(add_page(small_site.home, title="Privacy")),
        footer_link(text="Elsewhere", url="https://example.org/?a=1&b=2"),
        footer_link(small_site.centres, text="Where we are"),
    )
    assert footer(client) == [
        ("Privacy", "/privacy/"),
        ("Elsewhere", "https://example.org/?a=1&b=2"),
        ("Where we are", "/centres/"),
    ]
    assert footer(client, "/no-such-page/") == footer(client)


def test_the_footer_follows_a_page_that_is_renamed_or_moved(client: Client, small_site: SmallSite) -> None:
    page = add_page(small_site.home, title="Privacy")
    put_in_footer(small_site, footer_link(page))
    page.title, page.slug = "Your privacy", "your-privacy"
    page.save()
    assert footer(client) == [("Your privacy", "/your-privacy/")]


def test_the_footer_shows_only_pages_that_anyone_may_see(client: Client, small_site: SmallSite) -> None:
    draft = add_page(small_site.home, title="Draft", live=False)
    private = add_page(small_site.home, title="Private")
    make_private(private)
    inherited = add_page(private, title="Inherited")
    deleted = add_page(small_site.home, title="Deleted")
    put_in_footer(
        small_site, *(footer_link(page, text=f"To {page.title}") for page in (draft, private, inherited, deleted))
    )
    deleted.delete()
    response = client.get("/")
    assert footer(client) == []
    assert "About this site" not in response.content.decode()


def test_a_page_unpublished_later_leaves_the_footer(client: Client, small_site: SmallSite) -> None:
    page = add_page(small_site.home, title="Privacy")
    put_in_footer(small_site, footer_link(page))
    assert footer(client) == [("Privacy", "/privacy/")]
    page.unpublish()
    assert footer(client) == []


def test_the_footer_shows_how_to_reach_the_organisation_escaped(client: Client, small_site: SmallSite) -> None:
    settings = SiteSettings.for_site(small_site.site)
    settings.organisation_name = "Testshire & <b>friends</b>"
    settings.contact_email = "hello@example.org"
    settings.contact_telephone = "01632 960 000"
    settings.contact_address = "1 <Test> Street\nTestville"
    settings.contact_note = "Answered at teatime"
    settings.save()
    response = client.get("/")
    [end] = elements(response, "footer")
    assert "Testshire & <b>friends</b>" in end.text
    assert "Answered at teatime" in end.text
    assert "1 &lt;Test&gt; Street<br>Testville" in response.content.decode()
    assert footer(client) == [("01632 960 000", "tel:01632960000"), ("hello@example.org", "mailto:hello@example.org")]


def test_the_name_of_the_organisation_stands_in_every_title(client: Client, small_site: SmallSite) -> None:
    settings = SiteSettings.for_site(small_site.site)
    settings.organisation_name = "Testshire & friends"
    settings.save()
    for url in ("/centres/", "/search/", "/no-such-page/"):
        [title] = elements(client.get(url), "title")
        assert title.text.endswith(" – Testshire & friends"), url


def test_urgent_help_is_shown_on_the_home_page_when_there_is_some(client: Client, small_site: SmallSite) -> None:
    assert 'id="urgent-help"' not in client.get("/").content.decode()
    settings = SiteSettings.for_site(small_site.site)
    settings.urgent_111 = "<p>Call <b>111</b> or go to 111 online.</p>"
    settings.save()
    [help_now] = elements(client.get("/"), "section", "bctt-urgent")
    assert "Call 111 or go to 111 online." in help_now.text
    assert "Life is at risk" not in help_now.text


def test_links_in_the_urgent_texts_say_where_they_lead(small_site: SmallSite) -> None:
    settings = SiteSettings.for_site(small_site.site)
    settings.urgent_111 = '<p><a href="https://example.org/">Click here</a></p>'
    with pytest.raises(ValidationError) as error:
        settings.full_clean()
    assert list(error.value.message_dict) == ["urgent_111"]
