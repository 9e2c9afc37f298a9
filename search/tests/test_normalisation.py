"""Words as people type them, made alike."""

import pytest

from search.normalisation import MAX_LENGTH, clean_query, meaningful, normalise, phrases_of, stem, words_of


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("  Juggling   CLASS ", "juggling class"),
        ("Café crème", "cafe creme"),
        ("can't, won’t", "cant wont"),
        ("X-ray/scan", "x ray scan"),
        ("A&E", "ae"),
        ("G.P.", "gp"),
        ("co-ordinator", "co ordinator"),
        ("under_score", "under score"),
        ("🤹 juggling 🤹", "juggling"),
        ("", ""),
        ("?!*", ""),
        ("STRASSE straße", "strasse strasse"),
    ],
)
def test_words_are_made_alike(typed: str, words: str) -> None:
    assert normalise(typed) == words


def test_a_very_long_word_is_cut() -> None:
    assert len(words_of("a" * 1000)[0]) == 40


def test_endings_do_not_matter() -> None:
    assert stem("tests") == stem("test") == stem("testing")


def test_small_words_are_left_out_unless_there_are_no_others() -> None:
    assert meaningful(words_of("where can I get my knee looked at")) == ["knee", "looked"]
    assert meaningful(words_of("how are you")) == ["how", "are", "you"]


def test_a_query_is_one_line_without_control_characters_and_not_too_long() -> None:
    assert clean_query(" a\x00\r\n b\u2028c ") == "a b c"
    assert len(clean_query("word " * 5000)) <= MAX_LENGTH


def test_phrases_stand_one_on_each_line() -> None:
    assert phrases_of(" one \n\n two three\r\n") == ["one", "two three"]


def test_a_query_is_cut_after_200_characters() -> None:
    assert clean_query("a" * 300) == "a" * 200
