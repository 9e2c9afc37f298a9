"""Every page type in every state, in Chromium: WCAG 2.2 AA by axe, reflow, text size and spacing, print."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.template.loader import render_to_string
from playwright.sync_api import BrowserContext, Page, Route

from .conftest import DESKTOP, PHONE

pytestmark = [
    pytest.mark.browser,
    # Wagtail leaves the temporary files of pictures to the garbage collector, which must not come in another test.
    pytest.mark.filterwarnings("ignore:[Uu]nclosed file:ResourceWarning"),
]

AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    # No rule that runs reads the style sheets, which axe would fetch first.
    "preload": {"assets": ["media"]},
}
# Brings back only what is wrong: what is right is long.
AXE_RUN = "([part, options]) => axe.run(part || document, options).then(results => results.violations)"
BOTH_SIZES = (PHONE, DESKTOP)
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


# What pages answer that do not answer 200.
STATUS: dict[str, int] = {"not found": 404, "follow, link broken": 404}
# The walk is cut into so many parts, which processes share.
PARTS = 4


@pytest.fixture
def pages(example_site: dict[str, str]) -> Iterator[dict[str, str]]:
    """The path of a page in every state, by what is special about it."""
    yield example_site | {path: path for path in ERROR_PAGES}
    gc.collect()


@pytest.fixture
def window(new_context: Callable[..., BrowserContext]) -> Page:
    """A window in which tests may add scripts and styles."""
    page = new_context(bypass_csp=True).new_page()
    for path, template in ERROR_PAGES.items():
        page.route(f"**{path}", _answer_with(render_to_string(template)))
    return page


def _answer_with(html: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8")


@pytest.mark.parametrize("part", range(PARTS))
def test_on_every_page_axe_finds_nothing_and_nothing_scrolls_sideways(
    pages: dict[str, str], window: Page, part: int
) -> None:
    errors: list[str] = []
    for name, path in list(pages.items())[part::PARTS]:
        resize(window, PHONE)
        answer = window.goto(path)
        assert answer is not None
        assert answer.status == STATUS.get(name, 200), name
        errors += [*_sticking_out(window, name), *_violations(window, name)]
        if name == "password asked":
            window.fill("[type=password]", "wrong")
            _send_form(window)
            errors += _violations(window, "password wrong")
        if path in ("/follow/", "/follow/link/"):
            _send_form(window)
            errors += _violations(window, f"{name}, with errors")
    assert not errors, "\n".join(errors)


def _send_form(page: Page) -> None:
    """Press the page's button, and wait until the answer has its styles: a click alone waits for its first bytes."""
    with page.expect_navigation():
        page.click("main [type=submit]")


def _violations(page: Page, name: str, sizes: tuple[dict[str, int], ...] = BOTH_SIZES) -> list[str]:
    """Return what axe finds on a page with every part unfolded, one line for each element at each size."""
    page.eval_on_selector_all("details", "all => all.forEach(each => { each.open = true; })")
    return [
        f"{name}: {rule['id']} ({rule['help']}): {node['html'][:150]} {' '.join(node['failureSummary'].split())}"
        for rule in violations(page, sizes=sizes)
        for node in rule["nodes"]
    ]


def violations(
    page: Page, context: str | None = None, sizes: tuple[dict[str, int], ...] = BOTH_SIZES
) -> list[dict[str, Any]]:
    """Return what axe finds on a page, or in the part of it that a CSS selector names, in windows of these sizes."""
    found: list[dict[str, Any]] = []
    if not page.evaluate("() => window.axe && window.axe === window.axeOfTheTests"):
        page.evaluate(Axe().axe_script)
        page.evaluate("() => { window.axeOfTheTests = window.axe; }")
    for size in sizes:
        resize(page, size)
        found += page.evaluate(AXE_RUN, [context, AXE_OPTIONS])
    return found


def resize(page: Page, size: dict[str, int]) -> None:
    """Give a window another size, in CSS pixels."""
    page.set_viewport_size({"width": size["width"], "height": size["height"]})


def _sticking_out(page: Page, name: str) -> list[str]:
    """Return what reaches out of a window of 320 pixels, of 640 with text twice as large, or with text set wider.

    1280 pixels at 400% are 320 (WCAG 2.2, 1.4.10).
    """
    found = [f"{name}: {element}" for element in page.evaluate(STICKING_OUT)]
    with _styled(page, TEXT_SPACING):
        found += [f"{name}, spaced: {element}" for element in page.evaluate(STICKING_OUT)]
    resize(page, {"width": 640, "height": 900})
    with _styled(page, "html { font-size: 200% !important; }"):
        found += [f"{name}, large: {element}" for element in page.evaluate(STICKING_OUT)]
    resize(page, PHONE)
    return found


@contextmanager
def _styled(page: Page, css: str) -> Iterator[None]:
    """Let a page have a style sheet of the reader's own."""
    tag = page.add_style_tag(content=css)
    yield
    tag.evaluate("element => element.remove()")
