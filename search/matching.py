"""Which services and roles a query asks for, and how surely."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .catalogue import DESCRIBED, NAMED, SERVICE, Catalogue, CatalogueEntry
from .normalisation import stems

# Below this an entry shares no more than a word or two of many with the query, so what texts say comes first.
SURE = 0.4
LEAST = 0.12
# Entries that are at least this much as likely as the likeliest are all offered first.
LEADING = 0.5
EXACTLY, EXACTLY_ITS_NAME = 0.25, 0.05


@dataclass(frozen=True)
class Match:
    """An entry that was asked for, and how surely: 0 for not at all, 1 and more for all words of the query."""

    entry: CatalogueEntry
    score: float


def match(words: Sequence[str], known: Catalogue) -> list[Match]:
    """Return the services and roles that normalised words ask for, the likeliest first.

    Each word of the query earns credit where an entry has it: the more, the rarer the word is among all entries, and
    the more of the phrase it stands in was asked for. So "side effects of my tablets" is a clinical pharmacist, who
    has both phrases, and a "blood test" is none of the other tests.
    """
    asked = list(dict.fromkeys(stems(words)))
    if not asked:
        return []
    rarity = {stem: _rarity(len(known.postings.get(stem, ())), len(known.entries)) for stem in asked}
    total = sum(rarity.values())
    numbers = {number for stem in asked for number in known.postings.get(stem, ())}
    candidates = [
        Match(known.entries[number], _score(known.entries[number], asked, rarity, total, known)) for number in numbers
    ]
    likely = [candidate for candidate in candidates if candidate.score >= LEAST]
    return sorted(
        likely, key=lambda candidate: (-candidate.score, candidate.entry.kind != SERVICE, candidate.entry.title)
    )


def leading(matches: Iterable[Match]) -> list[Match]:
    """Return the likeliest of some matches, likeliest first, if they are sure enough to go before everything else."""
    sure = [each for each in matches if each.score >= SURE]
    return [each for each in sure if each.score >= LEADING * sure[0].score]


def _rarity(having: int, of: int) -> float:
    return math.log(1 + of / (having or 1))


def _score(entry: CatalogueEntry, asked: list[str], rarity: dict[str, float], total: float, known: Catalogue) -> float:
    credit = {stem: DESCRIBED for stem in asked if stem in entry.described}
    bonus = 0.0
    for phrase in entry.phrases:
        shared = [stem for stem in asked if stem in phrase.stems]
        if not shared:
            continue
        size = sum(_rarity(len(known.postings[stem]), len(known.entries)) for stem in phrase.stems)
        covered = sum(rarity[stem] for stem in shared) / size
        for stem in shared:
            credit[stem] = max(credit.get(stem, 0), phrase.weight * min(covered, 1))
        if set(phrase.stems) == set(asked):
            bonus = max(bonus, EXACTLY * phrase.weight + (EXACTLY_ITS_NAME if phrase.weight == NAMED else 0))
    return sum(rarity[stem] * credit[stem] for stem in credit) / total + bonus
