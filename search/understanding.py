"""What a query means: its words as they were meant, the place it names, and whether somebody may need help now."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from centres.geography.gazetteer import DISTRICT_NEARBY, FULL_POSTCODE, Position, gazetteer

from .catalogue import Catalogue, Centre
from .models import Urgency
from .normalisation import FILLERS, meaningful, normalise, stem
from .spelling import closest, is_english, rejoin, sound

# What people call any of the centres; beside a place these words say nothing more.
CENTRE_WORDS = (
    *("integrated medical centre", "integrated medical center", "medical centre", "medical center"),
    *("health centre", "health center", "imc", "centre", "center", "hub"),
)
NEAR_ME = ("near me", "near by", "nearby", "nearest", "closest", "close to me", "around here", "in my area")
# The longest name of a place that is looked for, in words.
LONGEST_NAME = 6
# Words in which one cry for help differs from another, beside those that an urgent phrase must have.
URGENT_FILLERS = FILLERS - {"cant", "cannot", "dont", "not", "out", "off", "over"}
NEGATIONS = dict.fromkeys(("cannot", "couldnt", "unable", "not", "dont"), "cant")
GRAVEST_FIRST = (Urgency.EMERGENCY, Urgency.CRISIS, Urgency.URGENT)


@dataclass(frozen=True)
class QueryPlace:
    """A place in a query: a centre, a town or a postcode, and how to say it.

    Without a position nobody knows where it is: it is outside Thurrock, or a centre that has none.
    """

    name: str
    position: Position | None = None
    centre: Centre | None = None
    is_postcode: bool = False
    is_outside: bool = False


@dataclass(frozen=True)
class Understood:
    """A query as it was understood.

    `words` are what is looked for, normalised, without the place; `text_words` with it, as texts may have it.
    `corrected_to` is the whole query as it was meant, empty if nothing was mended. `distances` are the metres from
    the place to each centre by its primary key, where both are known.
    """

    words: tuple[str, ...]
    text_words: tuple[str, ...]
    corrected_to: str
    place: QueryPlace | None
    is_near_me: bool
    urgency: Urgency | None
    distances: Mapping[int, float]

    @property
    def centre(self) -> int | None:
        """The primary key of the centre that the query names, else of the one nearest to the place it names."""
        if self.place and self.place.centre:
            return self.place.centre.pk
        return min(self.distances, key=lambda pk: self.distances[pk]) if self.distances else None


def understand(
    query: str,
    known: Catalogue,
    *,
    is_known: Callable[[str], bool],
    other_words: Callable[[], Collection[str]],
    exact: bool = False,
) -> Understood:
    """Return what a query means.

    `is_known` says whether a word stands in a text of the site; `other_words` returns the words of its other titles.
    Both are asked only about a word that nobody else knows. With `exact` nothing is mended.
    """
    typed = normalise(query).split()
    postcode, words = _take_postcode(typed)
    joined = rejoin(words, known.words, known.stems)
    meant = joined if exact else [_mended(word, known, is_known, other_words) for word in joined]
    named, rest = _take_place(meant, known)
    rest, is_near_me = _without(rest, NEAR_ME)
    place = postcode or named
    if place:
        rest, _ = _without(rest, CENTRE_WORDS)
    if postcode and named and named.centre:
        place = QueryPlace(
            named.name, postcode.position, named.centre, is_postcode=True, is_outside=postcode.is_outside
        )
    corrected = [*meant, postcode.name] if postcode else meant
    return Understood(
        words=tuple(meaningful(rest)),
        text_words=tuple(meaningful(meant)),
        corrected_to=" ".join(corrected) if meant != joined else "",
        place=place,
        is_near_me=is_near_me and place is None,
        urgency=find_urgency(typed, known) or find_urgency(meant, known),
        distances=_distances(place, known.centres),
    )


def _mended(
    word: str, known: Catalogue, is_known: Callable[[str], bool], other_words: Callable[[], Collection[str]]
) -> str:
    """Return the word that was meant; the word itself if anybody knows it, or nothing like it."""
    if word in FILLERS or word in known.words or stem(word) in known.stems or not word.isalpha():
        return word
    if is_english(word):
        return _place_that_sounds_so(word, known) or word
    if is_known(word):
        return word
    likely = closest(word, {*known.words, *other_words()})
    # The word of a title may be that of a page which is private by now.
    if likely and likely not in known.words and not is_known(likely):
        likely = closest(word, known.words)
    return likely or word


def _place_that_sounds_so(word: str, known: Catalogue) -> str | None:
    """Return a name of a place that an English word sounds like and all but is: "greys" for Grays."""
    names = {part for name in _places(known.centres) for part in name.split() if len(part) > 4}
    alike = [name for name in names if sound(name) == sound(word) and OSA.distance(name, word) == 1]
    return min(alike, default=None)


def _take_postcode(words: list[str]) -> tuple[QueryPlace | None, list[str]]:
    """Return the postcode of a query, whole or its first half, and the other words."""
    postcodes = gazetteer().postcodes
    for number, word in enumerate(words):
        for length in (2, 1):
            text = " ".join(words[number : number + length])
            rest = words[:number] + words[number + length :]
            if full := FULL_POSTCODE.fullmatch(text):
                code = f"{full[1]} {full[2]}"
                # A code too new for the list is where its neighbours are.
                position = postcodes.get(code) or postcodes.get(code[:-2])
                return QueryPlace(code.upper(), position, is_postcode=True, is_outside=position is None), rest
            if text in postcodes:
                return QueryPlace(text.upper(), postcodes[text], is_postcode=True), rest
        if DISTRICT_NEARBY.fullmatch(word):
            return QueryPlace(word.upper(), is_postcode=True, is_outside=True), words[:number] + words[number + 1 :]
    return None, words


@lru_cache(maxsize=4)
def _places(centres: tuple[Centre, ...]) -> dict[str, QueryPlace]:
    """Return the towns and centres by all their names, normalised; a centre comes before the town of its name."""
    towns = {
        normalise(name): QueryPlace(town.names[0], town.position) for town in gazetteer().towns for name in town.names
    }
    return towns | {name: QueryPlace(each.short_name, each.position, each) for each in centres for name in each.names}


def _take_place(words: list[str], known: Catalogue) -> tuple[QueryPlace | None, list[str]]:
    """Return the place that a query names, by the longest name it has, and the other words."""
    places = _places(known.centres)
    for length in range(min(LONGEST_NAME, len(words)), 0, -1):
        for number in range(len(words) - length + 1):
            if place := places.get(" ".join(words[number : number + length])):
                return place, words[:number] + words[number + length :]
    return None, words


def _without(words: Iterable[str], phrases: Iterable[str]) -> tuple[list[str], bool]:
    """Return words without those of the phrases, and whether there were any."""
    text = f" {' '.join(words)} "
    before = text
    for phrase in phrases:
        text = text.replace(f" {phrase} ", " ")
    return text.split(), text != before


def _distances(place: QueryPlace | None, centres: Iterable[Centre]) -> dict[int, float]:
    if place is None or place.position is None:
        return {}
    return {each.pk: place.position.metres_to(each.position) for each in centres if each.position}


def find_urgency(words: list[str], known: Catalogue) -> Urgency | None:
    """Return which help somebody who asks in these words may need first; None if there is no sign of an emergency.

    The words of an urgent phrase may stand in any order, with others among them, and be misspelt. A phrase of nothing
    but small words, such as "a and e", counts as it stands.
    """
    found = {urgency for phrase, urgency in known.urgent if _has_phrase(words, phrase)}
    return next((urgency for urgency in GRAVEST_FIRST if urgency in found), None)


def _has_phrase(words: list[str], phrase: str) -> bool:
    needed = [NEGATIONS.get(word, word) for word in phrase.split() if word not in URGENT_FILLERS]
    if not needed:
        return f" {phrase} " in f" {' '.join(words)} "
    typed = [NEGATIONS.get(word, word) for word in words]
    return all(any(_may_mean(word, each) for word in typed) for each in needed)


def _may_mean(word: str, urgent: str) -> bool:
    if stem(word) == stem(urgent):
        return True
    if is_english(word):
        return len(urgent) > 5 and sound(word) == sound(urgent) and OSA.distance(word, urgent) == 1
    return closest(word, [urgent]) is not None
