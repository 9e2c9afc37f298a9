"""What is hard to read in the words of editors, and what only looks like it."""

import pytest
from wagtail.rich_text import RichText

from core.blocks import BodyBlock
from core.editorial_rules.validators import capitals_errors, link_text_errors, rich_text_errors, text_of_stream


@pytest.mark.parametrize(
    "words", ["OPENING TIMES", "CLOSED!", "NHS CCG", "THE GP", "CENTRE 2", "ÉCOLE D’ÉTÉ", "  JUGGLING  "]
)
def test_words_all_in_capitals_are_named(words: str) -> None:
    [said] = capitals_errors(words)
    assert said.startswith(f"“{words.strip()}” is all in capitals")


@pytest.mark.parametrize(
    "words",
    [
        "",
        "NHS",
        "IAPT",
        "A&E",
        "CAMHS?",
        "NHS 111",
        "RM19 1SX",
        "COVID-19",
        "2026",
        "Opening TIMES",
        "العربية",
        "中文 NHS",
    ],
)
def test_abbreviations_codes_and_other_scripts_are_no_shouting(words: str) -> None:
    assert capitals_errors(words) == []


@pytest.mark.parametrize(
    "words", ["click here", "Click  HERE.", "Here", "read more…", "More »", "This link", "→ Find out more"]
)
def test_a_link_that_does_not_say_where_it_leads(words: str) -> None:
    [said] = link_text_errors(words)
    assert "does not say where the link leads" in said


@pytest.mark.parametrize(
    "words", ["https://example.org", "http://example.org/a?b=c", "www.example.org", "example.org/leaflet.pdf"]
)
def test_a_link_that_is_an_address(words: str) -> None:
    [said] = link_text_errors(words)
    assert "is a web address" in said


@pytest.mark.parametrize("words", ["", "  ", "→"])
def test_a_link_without_words(words: str) -> None:
    [said] = link_text_errors(words)
    assert said.startswith("A link has no words.")


@pytest.mark.parametrize(
    "words",
    [
        "Read more about juggling",
        "Hereford",
        "111.nhs.uk",
        "juggler@example.org",
        "01632 960000",
        "Leaflet (PDF)",
        "他",
    ],
)
def test_a_link_that_says_where_it_leads(words: str) -> None:
    assert link_text_errors(words) == []


def test_rich_text_says_each_thing_once_and_looks_into_bold_words() -> None:
    link = '<a linktype="page" id="1"><b>Click</b> here</a>'
    said = rich_text_errors(f"<h2></h2><h3><b>CLOSED TODAY</b></h3><p>{link} or {link}, NOT THERE.</p>")
    assert [each[:24] for each in said] == [
        "There is a heading witho",
        "“CLOSED TODAY” is all in",
        "“Click here” does not sa",
    ]


def test_the_words_of_a_stream_are_those_somebody_reads() -> None:
    body = BodyBlock()
    assert text_of_stream(body.to_python([{"type": "text", "value": "<p> </p>"}])) == ""
    blocks = [("document", {"document": None, "title": "Leaflet"}), ("text", RichText("<p>Take a ball.</p>"))]
    assert text_of_stream(body.normalize(blocks), without=("document",)) == "Take a ball."
    assert "Leaflet" in text_of_stream(body.normalize(blocks))
