"""Words as people type them, made alike: lower case, plain letters, whole words, stems."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import snowballstemmer

from cleaning.text import clean_text

# Longer than any sensible question; more only costs time.
MAX_LENGTH = 200
# Longer than any word people search for.
MAX_WORD = 40
APOSTROPHES = str.maketrans("", "", "'’‘`")
WORD = re.compile(r"[^\W_]+")
# "A&E" and "G.P." are one word each.
SHORT_FORMS = re.compile(r"\b(\w)[.&](?=\w\b)")

# Words that say how something is asked, not what for. Source: the closed classes of English grammar, and the verbs
# and polite words with which questions are put.
FILLERS = frozenset(
    re.findall(
        r"\w+",
        "a about all am an and any are as at be been being both but by can cannot cant could did do does doing done "
        "dont each for from get gets getting give go going got had has have having he help her here hers him his "
        "how i id if im in into is it its ive just let like looking lots make may me might mine more most much "
        "must my near nearest need needs of off on one or our ours out over own please see shall she should so some "
        "such than that the their theirs them then there these they this those to too up us use very want was we "
        "were what whats when where wheres which while who whom whose why will with without would you your yours "
        "thanks thank find found know tell open available",
    )
)

_stemmer = snowballstemmer.stemmer("english")


def one_line(text: str) -> str:
    """Return what a person typed as one line in plain letters (NFKC), without control characters.

    It may be longer than what was typed: one sign of Arabic stands for 18 letters.
    """
    plain = unicodedata.normalize("NFKC", clean_text(text[: MAX_LENGTH * 50]))
    return " ".join("".join(character if character.isprintable() else " " for character in plain).split())


def clean_query(text: str) -> str:
    """Return what a person typed as one line in plain letters, at most `MAX_LENGTH` of them."""
    return one_line(text)[:MAX_LENGTH].strip()


def normalise(text: str) -> str:
    """Return text as plain lower-case words with single spaces: "Café,  A&E" becomes "cafe ae"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(APOSTROPHES))
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(word[:MAX_WORD] for word in WORD.findall(SHORT_FORMS.sub(r"\1", plain)))


def words_of(text: str) -> list[str]:
    """Return the normalised words of a text, in order."""
    return normalise(text).split()


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return a normalised word without its ending, so that "tests" and "test" are the same (Snowball, English)."""
    stemmed: str = _stemmer.stemWord(word)
    return stemmed


def stems(words: Iterable[str]) -> tuple[str, ...]:
    """Return the stems of normalised words, in order."""
    return tuple(stem(word) for word in words)


def meaningful(words: Iterable[str]) -> list[str]:
    """Return the words that say what is looked for; all of them where none does."""
    words = list(words)
    return [word for word in words if word not in FILLERS] or words


def phrases_of(lines: str) -> list[str]:
    """Return the phrases of a text field that has one on each line."""
    return [line.strip() for line in lines.splitlines() if line.strip()]
