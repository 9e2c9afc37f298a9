"""What residents would stumble over in the words of editors: every rule returns sentences for the editor."""

import re
from collections.abc import Iterable
from typing import Any

from bs4 import BeautifulSoup
from django.db.models import Model
from wagtail.fields import RichTextField

# What is wrong with a page, by field.
FieldErrors = dict[str, list[str]]

# One short word is an abbreviation, such as NHS or IAPT.
LONGEST_ABBREVIATION = 5
# Links that do not say where they lead to somebody who hears only the links of a page (WCAG 2.2, 2.4.4).
VAGUE_LINKS = (
    *("click", "click here", "click this link", "click on this link", "click here for more", "press here", "tap here"),
    *("here", "see here", "read here", "link", "this link", "follow this link", "the link"),
    *("this", "this page", "this site", "this website", "this document", "this file"),
    *("more", "more here", "read more", "read more here", "see more", "learn more", "find out more"),
    *("more info", "more information", "more details", "for more information"),
)
# An address as a computer writes it; a name that people say, such as 111.nhs.uk, is none.
BARE_ADDRESS = re.compile(r"(https?://|www\.)\S+|[\w-]+(\.[\w-]+)*\.[a-z]{2,6}/\S*", re.IGNORECASE)
# Such as an arrow or a full stop.
AROUND_WORDS = re.compile(r"^\W+|\W+$")


def capitals_errors(words: str) -> list[str]:
    """Return what is wrong with a title or heading that is all in capitals; nothing for "NHS" or "RM19 1SX"."""
    # Codes, such as a postcode, have digits; scripts without capitals are never upper case.
    shouted = [word for word in words.split() if word.isupper() and not any(sign.isdigit() for sign in word)]
    letters = sum(sign.isalpha() for word in shouted for sign in word)
    if not words.isupper() or not shouted or (len(shouted) == 1 and letters <= LONGEST_ABBREVIATION):
        return []
    advice = "Write it like a sentence, with capitals only at the beginning and for names."
    return [f"“{words.strip()}” is all in capitals, which is hard to read. {advice}"]


def link_text_errors(words: str) -> list[str]:
    """Return what is wrong with the words of a link."""
    bare = AROUND_WORDS.sub("", " ".join(words.split()))
    advice = "Use words that say where it leads, such as “Opening times of the centre”."
    if not bare:
        return [f"A link has no words. {advice}"]
    if bare.casefold() in VAGUE_LINKS:
        return [f"“{bare}” does not say where the link leads. {advice}"]
    if BARE_ADDRESS.fullmatch(bare):
        return [f"The link “{bare}” is a web address, which is hard to read and to listen to. {advice}"]
    return []


def rich_text_errors(source: str) -> list[str]:
    """Return what is wrong with the links and headings of rich text as it is stored, each sentence once."""
    soup = BeautifulSoup(source, "html.parser")
    found: list[str] = []
    for heading in soup.find_all(re.compile("^h[1-6]$")):
        words = heading.get_text().strip()
        found += capitals_errors(words) if words else ["There is a heading without words. Write it, or remove it."]
    for link in soup.find_all("a"):
        found += link_text_errors(link.get_text())
    return list(dict.fromkeys(found))


def wording_errors(instance: Model, titles: Iterable[str] = ("title",)) -> FieldErrors:
    """Return what is wrong with the `titles` of an instance and with its rich text; streams check their own blocks."""
    found: dict[str, list[str]] = {name: capitals_errors(getattr(instance, name)) for name in titles}
    for field in instance._meta.fields:
        if isinstance(field, RichTextField):
            found[field.name] = rich_text_errors(getattr(instance, field.name) or "")
    return {name: sentences for name, sentences in found.items() if sentences}


def text_of_stream(stream: Any, without: Iterable[str] = ()) -> str:
    """Return the words that somebody reads in a stream, leaving out blocks of these types."""
    blocks = [child for child in stream if child.block_type not in without]
    return " ".join(words for child in blocks for words in child.block.get_searchable_content(child.value)).strip()
