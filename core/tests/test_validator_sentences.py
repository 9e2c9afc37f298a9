"""What editors read about their words: what is wrong, and what to write instead."""

import pytest

from core.blocks import BodyBlock
from core.editorial_rules.validators import (
    capitals_errors,
    link_text_errors,
    rich_text_errors,
    text_of_stream,
    wording_errors,
)
from core.models import SiteSettings

CAPITALS = "Write it like a sentence, with capitals only at the beginning and for names."
LINK = "Use words that say where it leads, such as “Opening times of the centre”."


def test_a_heading_in_capitals_is_named_with_what_to_write_instead() -> None:
    assert capitals_errors(" CLOSED TODAY ") == [
        f"“CLOSED TODAY” is all in capitals, which is hard to read. {CAPITALS}"
    ]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (" → ", f"A link has no words. {LINK}"),
        ("Click  here!", f"“Click here” does not say where the link leads. {LINK}"),
        (
            "www.example.org",
            f"The link “www.example.org” is a web address, which is hard to read and to listen to. {LINK}",
        ),
    ],
)
def test_a_poor_link_is_named_with_what_to_write_instead(words: str, sentence: str) -> None:
    assert link_text_errors(words) == [sentence]


def test_the_longest_abbreviation_has_five_letters() -> None:
    assert capitals_errors("CAMHS") == []
    assert capitals_errors("CLOSED") != []


def test_only_headings_are_asked_for_words_and_capitals() -> None:
    assert rich_text_errors("<p></p><p>NOT TODAY</p><ul><li></li></ul><p><b>NOR TOMORROW</b></p>") == []
    for level in range(1, 7):
        [said] = rich_text_errors(f"<h{level}> </h{level}>")
        assert said == "There is a heading without words. Write it, or remove it."


def test_what_is_wrong_with_an_instance_is_said_beside_the_field() -> None:
    settings = SiteSettings(
        organisation_name="TESTSHIRE TOGETHER",
        strapline="CARE IN TESTSHIRE",
        urgent_999="<p><a>Click here</a></p>",
        urgent_111="<p>Call us.</p>",
    )
    found = wording_errors(settings, titles=("organisation_name", "contact_note"))
    assert found == {
        "organisation_name": capitals_errors("TESTSHIRE TOGETHER"),
        "urgent_999": link_text_errors("Click here"),
    }


def test_rich_text_that_was_never_written_has_nothing_wrong() -> None:
    assert wording_errors(SiteSettings(urgent_999=None, urgent_111=""), titles=()) == {}


def test_the_words_of_several_blocks_stand_apart() -> None:
    body = BodyBlock().to_python(
        [{"type": "text", "value": "<p>Take a ball.</p>"}, {"type": "text", "value": "<p>Throw it.</p>"}]
    )
    assert text_of_stream(body) == "Take a ball. Throw it."
