"""What is left of a text: every sign that somebody can see or a script needs, and no other."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaning.text import clean_text

INVISIBLE = (
    "\u200b\u00ad\ufeff\u2060\u2062\u200c\u200d\u200e\u200f\u202a\u202d\u202e\u2066\u2069\u180e\u034f\u3164\u2800"
)


@pytest.mark.parametrize("sign", INVISIBLE)
def test_what_nobody_can_see_goes_wherever_it_stands(sign: str) -> None:
    assert clean_text(f"{sign}Blood{sign} te{sign}sts{sign}{sign}") == "Blood tests"
    assert clean_text(sign * 3) == ""


@pytest.mark.parametrize("sign", ["\0", "\x07", "\x1b", "\x7f", "\x9c", "\ud800", "\ufffe", "\U0001ffff"])
def test_control_characters_and_what_is_no_character_go(sign: str) -> None:
    assert clean_text(f"te{sign}sts") == "tests"


def test_lines_and_tabs_stay_and_all_line_breaks_are_alike() -> None:
    assert clean_text("a\r\nb\tc\nd\u2028e\x85f") == "a\r\nb\tc\nd\ne\nf"


def test_letters_are_composed_even_where_something_stood_between() -> None:
    assert clean_text("Cafe\u0301") == clean_text("Cafe\u200b\u0301") == "Café"


@pytest.mark.parametrize(
    "text",
    [
        "می‌خواهم",  # Persian: the letters must not join here
        "क्‍ष और क्‌ष",  # Hindi: half a letter, and two that do not become one
        "ශ්‍රී",  # Sinhala
        "👩🏽‍⚕️ and 👨‍👩‍👧",
        "❤️ 1️⃣",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # the flag of England
        "\u200fمرحبا (NHS)\u200f",  # noqa: RUF001
        "مرحبا \u2066NHS 111\u2069",
        "葛\U000e0100城",
        "“Blood tests” – at 9am… £5 · naïve, Łódź, Ærø",
        "한국어 ไทย ქართული",
    ],
)
def test_what_a_script_or_an_emoji_needs_stays(text: str) -> None:
    assert clean_text(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("مرحبا \u202eNHS\u202c", "مرحبا NHS"),
        ("مرحبا \u2066NHS", "مرحبا NHS"),
        ("مرحبا NHS\u2069", "مرحبا NHS"),
        ("NHS\u200f", "NHS"),
        ("a\u200db 1\u200d2", "ab 12"),
        ("می\u200c\u200cخواهم", "می\u200cخواهم"),  # noqa: RUF001
        ("x\ufe0f", "x"),
        ("a\U000e0067", "a"),
    ],
)
def test_the_same_signs_go_where_they_do_nothing(text: str, cleaned: str) -> None:
    assert clean_text(text) == cleaned


ODD = st.text(
    st.sampled_from(f"{INVISIBLE}ae\u0301 \u0627\u06cc\u0915\u094d👩🏽⚕\ufe0f\u05d0\uac00\u1100\u1161\0\n"), max_size=12
)


@settings(max_examples=300, derandomize=True, database=None)
@given(ODD | st.text(max_size=20))
def test_a_clean_text_stays_as_it_is(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert "\0" not in cleaned
