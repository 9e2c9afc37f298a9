"""Words that were meant: what is typed in two or as one, misspelt, or as it sounds.

No misspelling is stored anywhere. A word that nobody knows is compared with those the site has: by how many letters
are wrong (optimal string alignment: a letter more, less, other, or two the wrong way round), and by how both sound
(Metaphone).
"""

from collections.abc import Collection, Iterable
from functools import lru_cache

import jellyfish
from rapidfuzz.distance import OSA
from spellchecker import SpellChecker

from .normalisation import FILLERS, stem

# Words this short are abbreviations; any other three letters are one wrong letter away.
SHORTEST = 4
# How many letters may be wrong, by the length of the word as it was typed.
ALLOWED = ((4, 1), (7, 2), (40, 3))
SOUNDS_THE_SAME = 1.5


@lru_cache(maxsize=1)
def _english() -> SpellChecker:
    return SpellChecker(language="en")


def is_english(word: str) -> bool:
    """Whether a normalised word is in a dictionary of English."""
    return bool(_english().known([word]))


@lru_cache(maxsize=20_000)
def sound(word: str) -> str:
    """Return how a normalised word sounds, as Metaphone writes it."""
    return jellyfish.metaphone(word)


def rejoin(words: Iterable[str], known: Collection[str], stems: Collection[str]) -> list[str]:
    """Return words with those put together, or taken apart, that the site writes so: "ultra sound", "xray".

    `stems` are those of the words it knows.
    """
    words = list(words)
    found: list[str] = []
    while words:
        word = words.pop(0)
        if words and (word + words[0] in known or (len(word + words[0]) > 5 and stem(word + words[0]) in stems)):
            found.append(word + words.pop(0))
        elif word not in known and stem(word) not in stems and (halves := _halves(word, known)):
            found += halves
        else:
            found.append(word)
    return found


def _halves(word: str, known: Collection[str]) -> list[str]:
    """Return the two known words that a word is made of, if it is; one may be a single letter, as in "xray"."""
    # The second has three letters at least: two may be an ending.
    for place in range(1, len(word) - 2):
        first, second = word[:place], word[place:]
        if first in known and second in known and first not in FILLERS:
            return [first, second]
    return []


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that was most likely meant by a misspelt word; None if none is close enough."""
    if len(word) < SHORTEST or word.isdigit():
        return None
    limit = next(errors for length, errors in ALLOWED if len(word) <= length)
    heard = sound(word)
    best: tuple[float, bool, int, str] | None = None
    for candidate in candidates:
        if len(candidate) < SHORTEST or abs(len(candidate) - len(word)) > limit + SOUNDS_THE_SAME:
            continue
        wrong: float = OSA.distance(word, candidate, score_cutoff=int(limit + SOUNDS_THE_SAME))
        if sound(candidate) == heard:
            wrong -= SOUNDS_THE_SAME
        if wrong > limit:
            continue
        # Of two that are as close, the one that begins alike, then the one of the same length.
        rank = (wrong, candidate[0] != word[0], abs(len(candidate) - len(word)), candidate)
        best = min(best, rank) if best else rank
    return best[-1] if best else None
