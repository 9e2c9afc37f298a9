"""Wagtail's content checker with our rules, in the editor's preview and on the page itself."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from home.models import ContentPage, HomePage

pytestmark = pytest.mark.browser

LONG = "We met in the hall and talked about juggling and then about hats " * 3
HARD = "Professional organisations continuously communicate extraordinarily complicated administrative considerations. "
BODY = [
    {
        "type": "text",
        "value": "<h2>NEW OPENING TIMES</h2><p>To see them <a href='https://example.org/'>click here</a>.</p>",
    },
    {"type": "text", "value": f"<p>{LONG.strip()}.</p>"},
]
FOUND = {"A heading is all in capitals", "A link does not say where it leads", "A sentence has more than 25 words"}


def make_page(body: list[dict[str, Any]]) -> ContentPage:
    """Put a page on the site, whatever is wrong with it."""
    page = ContentPage(title="Juggling", slug="juggling", summary="How to juggle.", body=body)
    HomePage.objects.get().add_child(instance=page)
    return page


def names_in_editor(admin: Page, page: ContentPage) -> Locator:
    """Open the checks beside a page's form and return the names of what was found."""
    admin.goto(f"/admin/pages/{page.pk}/edit/")
    admin.get_by_role("button", name="Toggle checks").click()
    return admin.locator("[data-checks-panel] [data-content-checker-name]")


def test_the_editor_reads_in_plain_english_what_is_hard_to_read(admin: Page) -> None:
    names = names_in_editor(admin, make_page(BODY))
    expect(names).to_have_count(3)
    assert set(names.all_text_contents()) == FOUND
    expect(admin.locator("[data-side-panel=checks]")).to_contain_text("somebody of about 11 reads with ease")


def test_a_page_of_hard_words_gets_a_hint(admin: Page) -> None:
    names = names_in_editor(admin, make_page([{"type": "text", "value": f"<p>{HARD * 15}</p>"}]))
    expect(names).to_have_text(["This page is hard to read"])
    expect(admin.locator("[data-content-readability-score]")).to_have_text("Complex")


def test_a_plain_page_has_nothing_to_mend(admin: Page) -> None:
    body = "<h2>NHS</h2><p>Take a ball. Throw it up. <a href='https://example.org/'>How to catch it</a>.</p>" + (
        "<p>Now do it again with one more ball.</p>" * 20
    )
    names = names_in_editor(admin, make_page([{"type": "text", "value": body}]))
    expect(admin.locator("[data-content-readability-score]")).to_have_text("Good")
    expect(names).to_have_count(0)


def test_the_page_itself_says_the_same_to_an_editor(admin: Page) -> None:
    admin.goto(make_page(BODY).url)
    admin.get_by_role("button", name="View Wagtail quick actions").click()
    admin.get_by_role("menuitem", name="Checks").click()
    names = admin.locator("#checker-results [data-content-checker-name]")
    expect(names).to_have_count(3)
    assert set(names.all_text_contents()) == FOUND


@pytest.mark.parametrize("address", ["/", "/centres/", "/services/", "/news/", "/events/", "/leaflets/"])
def test_nothing_is_said_of_what_the_templates_write(admin: Page, address: str) -> None:
    admin.goto(address)
    expect(admin.locator("wagtail-userbar [data-content-checker-count]").first).not_to_be_empty()
    hints = {"A sentence has more than 25 words", "This page is hard to read"}
    assert set(admin.locator("#checker-results [data-content-checker-name]").all_text_contents()) <= hints


def test_visitors_do_not_load_the_checks(phone: Page) -> None:
    phone.goto("/")
    assert "content-checks" not in phone.content()
