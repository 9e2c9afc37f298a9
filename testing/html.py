"""Reads a page as a resident does: its words, its headings, its links."""

import json
from typing import Any

from bs4 import BeautifulSoup, Comment, Tag
from bs4.element import NavigableString, PageElement
from django.http.response import HttpResponseBase
from django.test import Client

WITHIN_A_LINE = {"a", "b", "em", "i", "strong"}


def read(client: Client, url: str) -> BeautifulSoup:
    """Return the page at `url`, which must answer 200."""
    response = client.get(url)
    assert response.status_code == 200, f"{url}: {response.status_code}"
    return soup_of(response)


def soup_of(response: HttpResponseBase) -> BeautifulSoup:
    """Return the HTML of an answer."""
    content: bytes = getattr(response, "content")  # noqa: B009 (streamed answers have none)
    return BeautifulSoup(content, "html.parser")


def words(tag: PageElement | None) -> str:
    """Return the text of an element as one line."""
    assert tag is not None
    return " ".join(_text(tag).split())


def _text(element: PageElement) -> str:
    """Return the text of an element, with spaces around what does not stand within a line."""
    if isinstance(element, Tag):
        inner = "".join(_text(child) for child in element.children)
        return inner if element.name in WITHIN_A_LINE else f" {inner} "
    return "" if isinstance(element, Comment) or not isinstance(element, NavigableString) else str(element)


def main_words(soup: BeautifulSoup) -> str:
    """Return the text of what is between header and footer, as one line."""
    return words(soup.main)


def section(soup: BeautifulSoup, heading: str) -> Tag:
    """Return the section that has this heading."""
    for each in soup.find_all(["h1", "h2", "h3"]):
        if words(each) == heading:
            found = each.find_parent("section")
            assert found is not None
            return found
    raise AssertionError(f"No heading “{heading}” in {[words(each) for each in soup.find_all(['h1', 'h2', 'h3'])]}")


def headings(soup: BeautifulSoup, level: str = "h2") -> list[str]:
    """Return the headings of one level in the main part, in order."""
    assert soup.main is not None
    return [words(each) for each in soup.main.find_all(level)]


def link_to(soup: BeautifulSoup | Tag, text: str) -> str:
    """Return where the link with exactly this text leads."""
    for each in soup.find_all("a"):
        if words(each) == text:
            return str(each["href"])
    raise AssertionError(f"No link “{text}” in {[words(each) for each in soup.find_all('a')]}")


def tags_in(tag: Tag) -> list[str]:
    """Return the words of the status tags in an element."""
    return [words(each) for each in tag.select(".nhsuk-tag")]


def structured_data(soup: BeautifulSoup) -> dict[str, Any]:
    """Return the page's schema.org data."""
    script = soup.find("script", type="application/ld+json")
    assert isinstance(script, Tag)
    data: dict[str, Any] = json.loads(script.get_text())
    return data
