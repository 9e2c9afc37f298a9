"""Misspelt words: understood by how far off they are and how they sound, never by a list."""

import pytest

from search.normalisation import stem
from search.spelling import closest, is_english, rejoin

KNOWN = frozenset(
    [
        *("juggling", "unicycle", "trapeze", "acrobat", "acrobatics", "stilts", "clown", "phantom", "rhythm"),
        *("ultrasound", "outpatients", "ray", "x", "coordinator", "tightrope"),
    ]
)
STEMS = frozenset(map(stem, KNOWN))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("jugling", "juggling"),
        ("juggeling", "juggling"),
        ("ujggling", "juggling"),
        ("unicicle", "unicycle"),
        ("trapise", "trapeze"),
        ("akrobat", "acrobat"),
        ("fantom", "phantom"),
        ("rithm", "rhythm"),
        ("titerope", "tightrope"),
        ("stlts", "stilts"),
    ],
)
def test_the_word_that_was_meant_is_found(typed: str, meant: str) -> None:
    assert closest(typed, KNOWN) == meant


@pytest.mark.parametrize("typed", ["xyz", "quagga", "12345", "a", "", "zzzzzzzzzzzzzz", "clo"])
def test_what_is_too_far_off_or_too_short_is_left(typed: str) -> None:
    assert closest(typed, KNOWN) is None


def test_of_two_that_are_as_close_the_one_that_begins_alike_was_meant() -> None:
    assert closest("bater", ["water", "batter"]) == "batter"


def test_the_answer_does_not_depend_on_the_order_of_the_words() -> None:
    words = ["cane", "cone", "cube"]
    assert {closest("cune", words), closest("cune", words[::-1])} == {closest("cune", sorted(words))}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("ultra sound", ["ultrasound"]),
        ("out patients", ["outpatients"]),
        ("co ordinator", ["coordinator"]),
        ("xray", ["x", "ray"]),
        ("big clown", ["big", "clown"]),
        ("juggling", ["juggling"]),
        ("", []),
    ],
)
def test_words_are_put_together_and_taken_apart_as_the_site_writes_them(typed: str, words: list[str]) -> None:
    assert rejoin(typed.split(), KNOWN, STEMS) == words


def test_a_dictionary_tells_words_from_misspellings() -> None:
    assert is_english("weather")
    assert not is_english("wheather")
