"""Every page type in every state, in Chromium: WCAG 2.2 AA by axe, reflow, text size and spacing, print."""

import gc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.template.loader import render_to_string
from playwright.sync_api import BrowserContext, Page, Route

from bctt.tests.example_pages import STARTER_PAGES, add_example_pages

from .conftest import DESKTOP, PHONE

pytestmark = [
    pytest.mark.browser,
    # Wagtail leaves the temporary files of pictures to the garbage collector, which must not come in another test.
    pytest.mark.filterwarnings("ignore:[Uu]nclosed file:ResourceWarning"),
]

AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# What Django shows when something is wrong, served here at addresses of its own.
ERROR_PAGES = {"/error/500/": "500.html", "/error/403-csrf/": "403_csrf.html"}

# Elements that stick out of the window to the right, unless they are inside one that scrolls on purpose.
STICKING_OUT = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const found = [...document.body.querySelectorAll("*")]
    .filter(element => element.getBoundingClientRect().right > width + 1 && !element.closest(".bctt-scroll"))
    .map(element => element.outerHTML.slice(0, 120));
  return found.length ? found : ["something"];
}"""
# WCAG 2.2, 1.4.12: the spacing a reader may ask for.
TEXT_SPACING = """* {
  line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important;
} p { margin-bottom: 2em !important; }"""


@pytest.fixture
def pages(site: str) -> Iterator[dict[str, str]]:
    """The path of a page in every state, by what is special about it."""
    yield STARTER_PAGES | add_example_pages() | {path: path for path in ERROR_PAGES}
    gc.collect()


@pytest.fixture
def open_page(new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """Return a function that opens a window of a given size in which tests may add scripts and styles."""

    def open_page(size: dict[str, int]) -> Page:
        page = new_context(viewport=size, bypass_csp=True).new_page()
        for path, template in ERROR_PAGES.items():
            page.route(f"**{path}", _answer_with(render_to_string(template)))
        return page

    return open_page


def _answer_with(html: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["320", "1280"])
def test_axe_finds_nothing(size: dict[str, int], pages: dict[str, str], open_page: Callable[..., Page]) -> None:
    page = open_page(size)
    found: list[str] = []
    for name, path in pages.items():
        page.goto(path)
        found += _violations(page, name)
        if name == "password asked":
            page.fill("[type=password]", "wrong")
            _send_form(page)
            found += _violations(page, "password wrong")
        if path in ("/follow/", "/follow/link/"):
            _send_form(page)
            found += _violations(page, f"{name}, with errors")
    assert not found, "\n".join(found)


def _send_form(page: Page) -> None:
    """Press the page's button, and wait until the answer has its styles: a click alone waits for its first bytes."""
    with page.expect_navigation():
        page.click("main [type=submit]")


def _violations(page: Page, name: str) -> list[str]:
    """Return what axe finds on a page with every part unfolded, one line for each element."""
    page.eval_on_selector_all("details", "all => all.forEach(each => { each.open = true; })")
    violations: list[dict[str, Any]] = Axe().run(page, options=AXE_OPTIONS).response["violations"]
    return [
        f"{name}: {rule['id']} ({rule['help']}): {node['html'][:150]} {' '.join(node['failureSummary'].split())}"
        for rule in violations
        for node in rule["nodes"]
    ]


def test_nothing_scrolls_sideways(pages: dict[str, str], open_page: Callable[..., Page]) -> None:
    """1280 pixels at 400% are 320 (WCAG 2.2, 1.4.10); text may also be twice as large, or set wider."""
    narrow, large = open_page(PHONE), open_page({"width": 640, "height": 900})
    found: dict[str, Any] = {}
    for name, path in pages.items():
        narrow.goto(path)
        found[name] = narrow.evaluate(STICKING_OUT)
        narrow.add_style_tag(content=TEXT_SPACING)
        found[f"{name}, spaced"] = narrow.evaluate(STICKING_OUT)
        large.goto(path)
        large.add_style_tag(content="html { font-size: 200% !important; }")
        found[f"{name}, large"] = large.evaluate(STICKING_OUT)
    assert not any(found.values()), "\n".join(f"{name}: {elements}" for name, elements in found.items() if elements)
