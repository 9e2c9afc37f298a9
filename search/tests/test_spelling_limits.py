"""How far off a misspelt word may be, which of several was meant, and when words are put together or taken apart."""

import pytest

from search.normalisation import stems
from search.spelling import closest, rejoin


@pytest.mark.parametrize(
    ("typed", "known", "is_meant"),
    [
        # Up to four letters one may be wrong, up to seven two, of more three.
        ("clwn", "clown", True),
        ("rign", "ring", True),
        ("rixx", "ring", False),
        ("trpze", "trapeze", True),
        ("tarpzee", "trapeze", True),
        ("trxyzze", "trapeze", False),
        ("acrxyzt", "acrobat", False),
        ("acrxyzts", "acrobats", True),
        ("acwxyzts", "acrobats", False),
        # Of words that sound the same, one more.
        ("fone", "phone", True),
        ("kwik", "quick", False),
        # Abbreviations and numbers are what they are.
        ("cat", "cats", False),
        ("cats", "cat", False),
        ("12345", "12346", False),
    ],
)
def test_a_word_may_be_so_far_off_and_no_farther(typed: str, known: str, is_meant: bool) -> None:
    assert closest(typed, [known]) == (known if is_meant else None)


@pytest.mark.parametrize(
    ("typed", "known", "meant"),
    [
        ("juggler", ["jugglers", "juggle", "smuggler"], "juggle"),
        ("pello", ["hello", "pellot"], "pellot"),  # begins alike
        ("pello", ["pellot", "yellow", "hello"], "pellot"),
        ("clowm", ["clow", "clown", "clowmp"], "clown"),  # has the same length
        ("bater", ["water", "batter"], "batter"),  # sounds the same
        ("cune", ["cone", "cane", "cube"], "cane"),  # the alphabet decides
    ],
)
def test_of_several_the_likeliest_was_meant(typed: str, known: list[str], meant: str) -> None:
    assert closest(typed, known) == closest(typed, known[::-1]) == meant


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("gp s", ["gps"]),
        ("the ultra sound please", ["the", "ultrasound", "please"]),
        ("clow ns", ["clowns"]),  # of the stem of a word that is known
        ("sti lt", ["sti", "lt"]),  # so short it may be anything
        ("big xray and xray", ["big", "x", "ray", "and", "x", "ray"]),
        ("xrays", ["xrays"]),
        ("quagga", ["quagga"]),
        ("xquagga", ["xquagga"]),
        ("quaggaray", ["quaggaray"]),
        ("clownup", ["clownup"]),  # two letters at the end are an ending
        ("aray", ["aray"]),  # a small word before it says nothing
        ("stilting", ["stilting"]),
    ],
)
def test_only_words_of_some_length_are_put_together_or_taken_apart(typed: str, words: list[str]) -> None:
    known = {"a", "x", "up", "ray", "gps", "clown", "stilts", "ultrasound"}
    assert rejoin(typed.split(), known, set(stems(known))) == words
