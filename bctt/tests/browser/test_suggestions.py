"""Suggestions while somebody types into a search box, in Chromium: with keys, by touch, and where they do not come."""

import json
from collections.abc import Callable, Iterator
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, FloatRect, Locator, Page, Route, expect

from .conftest import DESKTOP, PHONE, Witness
from .test_accessibility import STICKING_OUT, resize, violations

pytestmark = pytest.mark.browser

BLOOD = [
    {"text": "Blood tests", "kind": "Service", "url": "/services/blood-tests/"},
    {"text": "Blood tests at Purfleet", "kind": "Planned, not open yet", "url": "/centres/purfleet/blood-tests/"},
    {"text": "blood pressure check", "kind": "Search", "url": ""},
]
LONG = [
    {"text": f"{number} Transforming your care in Purfleet: the plan", "kind": "Leaflet, 2 pages", "url": f"/{number}/"}
    for number in range(8)
]
# A page with the box in its header, and one with the large box. Each has one field.
HEADER, LARGE = "/centres/purfleet/", "/search/"
# 1280 by 1024 pixels at 400%.
ZOOMED = {"width": 320, "height": 256}
# Longer than the script waits before it asks.
A_WHILE: Final = 600


class Answers:
    """What the site answers about suggestions, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.suggestions: Any = BLOOD
        self.status = 200
        self.body: str | None = None

    def answer(self, route: Route) -> None:
        """Answer one question as the view will."""
        self.asked.append(parse_qs(urlsplit(route.request.url).query)["query"][0])
        body = json.dumps({"suggestions": self.suggestions}) if self.body is None else self.body
        route.fulfill(status=self.status, body=body, content_type="application/json")


@pytest.fixture
def answers() -> Answers:
    """What the next question is answered with."""
    return Answers()


@pytest.fixture
def open_page(new_context: Callable[..., BrowserContext], answers: Answers) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page of the site; the browser may complain of nothing but a failing answer."""
    witnesses: list[Witness] = []

    def open_page(path: str, size: dict[str, int] = DESKTOP, **options: Any) -> Page:
        context = new_context(viewport=size, **options)
        context.route("**/search/suggestions/**", answers.answer)
        witnesses.append(Witness(context))
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for witness in witnesses:
        assert [said for said in witness.complaints if "Failed to load resource" not in said] == []


def field(page: Page) -> Locator:
    """Return the search field, which has suggestions."""
    return page.get_by_role("search").get_by_role("combobox")


def lines(page: Page) -> Locator:
    """Return the suggestions to be seen."""
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option")


def type_and_wait(page: Page, words: str = "blood") -> Locator:
    """Type like a person, and return the lines that come."""
    field(page).click()
    page.keyboard.type(words)
    expect(lines(page).first).to_be_visible()
    return lines(page)


def bounds(element: Locator) -> FloatRect:
    """Return where an element is."""
    box = element.bounding_box()
    assert box is not None
    return box


# Keys


def test_the_arrows_go_round_and_the_field_keeps_the_focus(open_page: Callable[..., Page]) -> None:
    for path in (HEADER, LARGE):
        page = open_page(path)
        options = type_and_wait(page)
        expect(options).to_have_count(3)
        expect(field(page)).to_have_attribute("aria-expanded", "true")
        assert field(page).get_attribute("aria-activedescendant") is None

        for key, place in [("Down", 0), ("Down", 1), ("Down", 2), ("Down", None), ("Up", 2), ("Up", 1), ("Left", None)]:
            page.keyboard.press(f"Arrow{key}")
            expect(field(page)).to_be_focused()
            expect(field(page)).to_have_value("blood")
            chosen = page.locator("[role=option][aria-selected=true]")
            expect(chosen).to_have_count(0 if place is None else 1)
            told = field(page).get_attribute("aria-activedescendant")
            assert told == (None if place is None else options.nth(place).get_attribute("id"))


def test_enter_on_a_line_goes_to_its_page_or_searches_for_its_words(open_page: Callable[..., Page]) -> None:
    for path in (HEADER, LARGE):
        page = open_page(path)
        type_and_wait(page)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page).to_have_url("/centres/purfleet/blood-tests/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Blood tests at Purfleet")

        type_and_wait(page)
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        expect(page).to_have_url("/search/?query=blood+pressure+check")


def test_enter_on_no_line_searches_for_what_is_typed(open_page: Callable[..., Page], answers: Answers) -> None:
    page = open_page(HEADER)
    type_and_wait(page, "blood te")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/search/?query=blood+te")

    # Whoever types on has left the line that was highlighted.
    page.goto(HEADER)
    type_and_wait(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.type("y")
    assert field(page).get_attribute("aria-activedescendant") is None
    page.keyboard.press("Enter")
    expect(page).to_have_url("/search/?query=bloody")

    # Nobody waits for an answer.
    page.goto(HEADER)
    answers.asked.clear()
    field(page).click()
    page.keyboard.type("tests")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/search/?query=tests")
    page.wait_for_timeout(A_WHILE)
    assert answers.asked == []


def test_escape_closes_the_list_then_empties_the_field(open_page: Callable[..., Page], answers: Answers) -> None:
    page = open_page(HEADER)
    type_and_wait(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field(page)).to_have_value("blood")
    expect(field(page)).to_have_attribute("aria-expanded", "false")
    expect(field(page)).to_be_focused()

    page.keyboard.press("ArrowDown")
    expect(lines(page)).to_have_count(3)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(field(page)).to_have_value("")
    assert answers.asked == ["blood"]


def test_leaving_the_field_closes_the_list(open_page: Callable[..., Page]) -> None:
    page = open_page(HEADER)
    type_and_wait(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Search")).to_be_focused()
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page).to_have_url(HEADER)

    page.goto(LARGE)
    type_and_wait(page)
    page.get_by_role("heading", level=1).click()
    expect(page.get_by_role("listbox")).to_be_hidden()


# Pointers


def test_a_tap_or_a_click_chooses_a_line(open_page: Callable[..., Page]) -> None:
    page = open_page(HEADER, PHONE, has_touch=True, is_mobile=True)
    type_and_wait(page).nth(1).tap()
    expect(page).to_have_url("/centres/purfleet/blood-tests/")

    page = open_page(LARGE)
    type_and_wait(page).nth(2).click()
    expect(page).to_have_url("/search/?query=blood+pressure+check")


# What assistive technology is told


def test_names_and_roles(open_page: Callable[..., Page]) -> None:
    for path, label in {HEADER: "Search this site", LARGE: "What are you looking for?"}.items():
        page = open_page(path)
        expect(field(page)).to_have_accessible_name(label)
        expect(field(page)).to_have_attribute("aria-autocomplete", "list")
        expect(field(page)).to_have_attribute("aria-expanded", "false")
        options = type_and_wait(page)
        assert field(page).get_attribute("aria-controls") == page.get_by_role("listbox").get_attribute("id")
        expect(options.nth(1)).to_have_accessible_name("Blood tests at Purfleet, Planned, not open yet")
        expect(options.nth(1).get_by_text("Planned, not open yet")).to_be_visible()


def test_the_number_is_said_and_taken_back(open_page: Callable[..., Page], answers: Answers) -> None:
    page = open_page(HEADER)
    status = page.get_by_role("search").get_by_role("status")
    for suggestions, said in [
        (BLOOD, "3 suggestions. Use the up and down arrow keys to choose."),
        (BLOOD[:1], "1 suggestion. Use the up and down arrow keys to choose."),
        ([], "No suggestions."),
    ]:
        page.goto(HEADER)
        answers.suggestions = suggestions
        field(page).click()
        page.keyboard.type("blood")
        expect(status).to_have_text(said)
        expect(field(page)).to_have_attribute("aria-expanded", "true" if suggestions else "false")
        page.keyboard.press("Tab")
        expect(status).to_be_empty()


def test_the_field_keeps_what_the_form_gave_it(open_page: Callable[..., Page]) -> None:
    page = open_page("/search/?query=", PHONE)
    expect(field(page)).to_have_accessible_description("Error: Enter what you are looking for, such as blood tests.")
    for name, value in {"name": "query", "id": "site-search", "maxlength": "200", "enterkeyhint": "search"}.items():
        expect(field(page)).to_have_attribute(name, value)
    expect(page.locator("form [name=query]")).to_have_count(1)
    type_and_wait(page)
    expect(field(page)).to_have_accessible_description("Error: Enter what you are looking for, such as blood tests.")


def test_axe_finds_nothing_with_the_list_open(open_page: Callable[..., Page]) -> None:
    page = open_page(HEADER, bypass_csp=True)
    found = []
    for size in (PHONE, DESKTOP):
        resize(page, size)
        for path in (HEADER, LARGE):
            page.goto(path)
            type_and_wait(page)
            page.keyboard.press("ArrowDown")
            found += violations(page, sizes=(size,))
    assert found == []


# What it looks like


def test_a_long_list_fits_and_never_covers_the_field(open_page: Callable[..., Page], answers: Answers) -> None:
    answers.suggestions = LONG
    for size in (PHONE, DESKTOP, ZOOMED):
        page = open_page(HEADER, size)
        for path in (HEADER, LARGE, "/"):
            page.goto(path)
            options = type_and_wait(page)
            expect(options).to_have_count(8)
            for place in range(8):
                page.keyboard.press("ArrowDown")
                expect(options.nth(place)).to_be_in_viewport(ratio=0.9)
                expect(field(page)).to_be_in_viewport(ratio=1)
            assert page.evaluate(STICKING_OUT) == []

            input_box, list_box = bounds(field(page)), bounds(page.get_by_role("listbox"))
            # The ring around a focused field is 4 pixels wide.
            assert list_box["y"] >= input_box["y"] + input_box["height"] + 4
            assert list_box["x"] >= 0
            assert list_box["x"] + list_box["width"] <= size["width"]
            assert min(bounds(option)["height"] for option in options.all()) >= 44


def test_words_are_words_and_no_other_site_is_gone_to(open_page: Callable[..., Page], answers: Answers) -> None:
    evil = "<img src=x onerror=alert(1)>"
    answers.suggestions = [
        {"text": evil, "kind": "<b>bold</b>", "url": "javascript:alert(1)"},
        {"text": "elsewhere", "kind": "", "url": "https://example.org/"},
        {"text": "", "kind": "Nothing", "url": "/"},
    ]
    page = open_page(LARGE)
    options = type_and_wait(page)
    expect(options).to_have_count(2)
    expect(options.first).to_have_text(f"{evil} <b>bold</b>")
    options.nth(1).click()
    expect(page).to_have_url("/search/?query=elsewhere")


# What is asked, and when no answer comes


def test_nothing_is_asked_before_two_characters_and_nothing_twice(
    open_page: Callable[..., Page], answers: Answers
) -> None:
    page = open_page(HEADER)
    field(page).click()
    page.keyboard.press("ArrowDown")
    page.keyboard.type("  b ")
    page.wait_for_timeout(A_WHILE)
    assert answers.asked == []

    page.keyboard.press("Backspace")
    page.keyboard.type("lood")
    expect(lines(page)).to_have_count(3)
    page.keyboard.type("y")
    page.wait_for_timeout(A_WHILE)
    page.keyboard.press("Backspace")
    page.wait_for_timeout(A_WHILE)
    expect(lines(page)).to_have_count(3)
    assert answers.asked == ["blood", "bloody"]


def test_an_answer_to_an_earlier_question_is_not_waited_for(open_page: Callable[..., Page], answers: Answers) -> None:
    page = open_page(HEADER)
    held: list[Route] = []

    # Playwright takes no method of a built-in type.
    def hold(route: Route) -> None:
        held.append(route)

    page.route(lambda url: url.endswith("?query=bl"), hold)
    field(page).click()
    page.keyboard.type("bl")
    page.wait_for_timeout(A_WHILE)
    with page.expect_event("requestfailed") as failed:
        page.keyboard.type("ood")
    assert failed.value.url.endswith("?query=bl")
    expect(lines(page)).to_have_count(3)
    held[0].abort()
    assert answers.asked == ["blood"]


def test_a_failure_leaves_a_plain_field(open_page: Callable[..., Page], answers: Answers) -> None:
    page = open_page(HEADER)
    for status, body in [(429, "{}"), (500, "<h1>Error</h1>"), (404, ""), (200, "<html>"), (200, "null"), (200, "{}")]:
        answers.asked, answers.status, answers.body = [], 200, None
        page.goto(HEADER)
        type_and_wait(page)
        answers.status, answers.body = status, body
        page.keyboard.type(" test")
        expect(page.get_by_role("listbox")).to_be_hidden()
        expect(page.get_by_role("search").get_by_role("status")).to_be_empty()
        # On a busy machine letters come so slowly that it is asked for what was typed so far, too.
        assert ("blood" in answers.asked, answers.asked[-1]) == (True, "blood test")
        expect(field(page)).to_have_value("blood test")
        page.keyboard.press("Enter")
        expect(page).to_have_url("/search/?query=blood+test")


def test_without_javascript_it_is_a_plain_search(open_page: Callable[..., Page]) -> None:
    page = open_page(HEADER, PHONE, java_script_enabled=False)
    for path in (HEADER, LARGE):
        page.goto(path)
        expect(page.get_by_role("combobox")).to_have_count(0)
        page.get_by_role("searchbox").fill("blood")
        page.keyboard.press("Enter")
        expect(page).to_have_url("/search/?query=blood")
        expect(page.get_by_role("heading", name="for “blood”")).to_be_visible()


def test_nothing_breaks_the_policy_or_asks_elsewhere(
    site: str, new_context: Callable[..., BrowserContext], answers: Answers
) -> None:
    context = new_context(viewport=PHONE)
    context.route("**/search/suggestions/**", answers.answer)
    witness = Witness(context)
    page = context.new_page()
    for path in (HEADER, LARGE, "/"):
        response = page.goto(path)
        assert response is not None
        assert "unsafe" not in response.headers["content-security-policy"]
        type_and_wait(page)
        page.keyboard.press("ArrowDown")
    assert answers.asked == ["blood"] * 3
    assert witness.complaints == []
    assert witness.elsewhere(site) == []
    assert context.cookies() == []
