"""The ways of residents through the site, in Chromium on a small phone without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bctt.tests.example_pages import STARTER_PAGES

from .conftest import DESKTOP, Witness

pytestmark = pytest.mark.browser

# Bounds of the element that has the focus (of its first line, if it is broken), and whether something lies over it.
FOCUSED = """() => {
  if (document.activeElement === document.body) return null;
  const box = document.activeElement.getClientRects()[0];
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return {
    text: document.activeElement.textContent.trim(), x: box.x, y: box.y, width: box.width, height: box.height,
    covered: !document.activeElement.contains(top),
  };
}"""


def test_from_home_to_a_service_and_the_filter(phone: Page) -> None:
    phone.goto("/")
    phone.get_by_role("link", name="Purfleet Integrated Medical Centre").first.click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Purfleet Integrated Medical Centre")
    expect(phone.get_by_role("heading", name="This centre is not open yet")).to_be_in_viewport()

    phone.locator("#services").get_by_role("link", name="Blood tests").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Blood tests at Purfleet")
    expect(phone.get_by_text("You cannot use it yet.")).to_be_in_viewport()

    phone.get_by_role("navigation", name="Main").get_by_role("link", name="Services").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Services")
    everything = _number_of_services(phone)
    phone.get_by_role("link", name="Tilbury (7)").click()
    expect(phone).to_have_url("/services/?centre=tilbury")
    assert _number_of_services(phone) == 7 < everything
    expect(phone.get_by_role("list", name="Blood tests at the centres").get_by_role("link")).to_have_text("Tilbury")

    phone.get_by_role("link", name="Remove filter: Tilbury").click()
    assert _number_of_services(phone) == everything
    phone.get_by_role("link", name="Blood tests", exact=True).click()
    table = phone.get_by_role("table", name="Where you can get it")
    for centre in ("Purfleet", "Tilbury", "Corringham", "Grays"):
        expect(table.get_by_role("row").filter(has_text=centre)).to_contain_text("not open yet")


def _number_of_services(page: Page) -> int:
    """Return the number that the list of services says it has; the list must agree."""
    said = int(page.locator("#list-heading").inner_text().split()[0])
    assert page.locator(".bctt-letter .bctt-row").count() == said
    return said


def test_from_the_latest_update_to_the_news_and_on_to_a_leaflet(phone: Page) -> None:
    phone.goto("/")
    phone.get_by_role("main").get_by_role("link", name="The plan for your medical centre").click()
    expect(phone.get_by_role("heading", name="What happens next")).to_be_visible()
    phone.get_by_role("link", name="Read all of what we said").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("transforming your care in Purfleet")

    phone.get_by_role("navigation", name="Main").get_by_role("link", name="Leaflets").click()
    phone.get_by_role("link", name="Plan or timetable (1)").click()
    expect(phone.locator("#list-heading")).to_have_text("1 leaflet")
    phone.get_by_role("link", name="Timescale for change").click()
    expect(phone.get_by_text("Standard print: not available yet")).to_be_visible()


def test_search_from_home(phone: Page) -> None:
    phone.goto("/")
    phone.get_by_role("searchbox", name="What are you looking for?").fill("blood")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="for “blood”")).to_be_visible()
    phone.locator("main").get_by_role("link", name="Blood tests", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Blood tests")


def test_the_keyboard_skips_to_the_content_and_never_loses_its_way(phone: Page) -> None:
    phone.goto("/centres/purfleet/")
    phone.keyboard.press("Tab")
    skip = phone.evaluate(FOCUSED)
    assert skip["text"] == "Skip to main content"
    assert not skip["covered"]
    assert min(skip["x"], skip["y"]) >= 0

    phone.keyboard.press("Enter")
    phone.keyboard.press("Tab")
    assert phone.evaluate("() => document.querySelector('main').contains(document.activeElement)")

    phone.goto("/centres/purfleet/")
    seen, out_of_sight = 0, []
    phone.keyboard.press("Tab")
    while focused := phone.evaluate(FOCUSED):
        seen += 1
        if focused["covered"] or focused["width"] < 8 or focused["height"] < 8:
            out_of_sight.append(focused)
        phone.keyboard.press("Tab")
    assert seen == phone.locator("a[href]:visible, button:visible, input:visible").count()
    assert out_of_sight == []


def test_no_page_breaks_the_policy_or_asks_elsewhere_or_sets_a_cookie(
    site: str, new_context: Callable[..., BrowserContext]
) -> None:
    context = new_context(viewport=DESKTOP)
    witness = Witness(context)
    page = context.new_page()
    for path in STARTER_PAGES.values():
        answer = page.goto(path, wait_until="load")
        assert answer is not None
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
    missing = [said for said in witness.complaints if "/no-such-page/" in said]
    assert missing, "The browser's complaints do not arrive."
    assert witness.complaints == missing
    assert witness.elsewhere(site) == []
    assert context.cookies() == []


def test_print_leaves_out_what_paper_has_no_use_for(phone: Page) -> None:
    phone.goto("/centres/purfleet/")
    on_screen = [phone.get_by_role("navigation", name="Main"), phone.get_by_role("search")]
    for part in on_screen:
        expect(part).to_be_visible()
    phone.emulate_media(media="print")
    for part in on_screen:
        expect(part).to_be_hidden()
    expect(phone.get_by_role("heading", level=1)).to_be_visible()
