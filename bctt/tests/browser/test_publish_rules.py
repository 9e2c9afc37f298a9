"""What keeps a page from being published stands where the editor sees it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from home.models import ContentPage, HomePage
from leaflets.models import LeafletPage

from .admin import is_published, publish

pytestmark = pytest.mark.browser


def test_a_leaflet_without_words_is_refused_beside_its_body(admin: Page) -> None:
    leaflet = LeafletPage.objects.get(slug="timescale-for-change")
    leaflet.body = []
    leaflet.save()
    admin.goto(f"/admin/pages/{leaflet.pk}/edit/")
    publish(admin)
    body = admin.get_by_role("region", name="Read it here")
    expect(body.get_by_text("Put here what the leaflet says, or at least what is in it.")).to_be_visible()


def test_a_vague_link_is_refused_beside_its_block_however_deep_and_mended_there(admin: Page) -> None:
    link = "<p>To begin <a href='https://example.org/'>click here</a>.</p>"
    folded = {"title": "How to begin", "body": [{"type": "text", "value": link}]}
    page = ContentPage(
        title="Juggling",
        slug="juggling",
        summary="How to juggle.",
        body=[{"type": "text", "value": "<p>Juggling.</p>"}, {"type": "details", "value": folded}],
    )
    HomePage.objects.get().add_child(instance=page)
    admin.goto(f"/admin/pages/{page.pk}/edit/")
    publish(admin)
    admin.get_by_role("button", name="Go to the first error").click()
    blocks = admin.locator("[data-streamfield-child]")
    wrong = blocks.filter(has=admin.get_by_label("What people click on"))
    message = "“click here” does not say where the link leads."
    expect(wrong.first.get_by_text(message)).to_be_visible()
    expect(blocks.first.get_by_text(message)).to_have_count(0)
    text = wrong.first.locator("[contenteditable=true]").last
    # The editor of rich text tells the form a moment later what it holds: words, and no link.
    kept = wrong.first.locator("input[name=body-1-value-body-0-value]")
    _write(
        text, "Take a ball.", until=lambda: "Take a ball." in kept.input_value() and "LINK" not in kept.input_value()
    )
    publish(admin)
    is_published(admin)


def _write(text: Locator, words: str, *, until: Callable[[], bool]) -> None:
    """Replace what stands in an editor of rich text; it may be drawn anew while one types, so look and try again."""
    for _ in range(5):
        # Not with a click, which would open what a link leads to.
        text.focus()
        text.press("Control+A")
        text.press("Backspace")
        text.press_sequentially(words)
        text.page.wait_for_timeout(1_000)
        if until():
            return
    raise AssertionError(f"The editor does not take “{words}”.")
