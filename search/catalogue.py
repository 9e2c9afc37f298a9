"""What the site can be asked for: its services, roles and centres, by all the words people use for them.

It is small, so every search reads it anew from the database: nothing that was hidden a moment ago is still in it. What
is worked out from it is kept for as long as it reads the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from django.db.models import CharField, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from wagtail.rich_text import get_text_for_indexing

from centres.geography.gazetteer import Position, gazetteer
from centres.models.choices import GONE
from centres.queries import public_centres, public_roles, public_services

from .models import SynonymGroup, UrgentPhrase
from .normalisation import meaningful, normalise, phrases_of, stem, stems, words_of

SERVICE, ROLE = "service", "role"
# How much a word counts by where an entry has it: in its name, in what it is also known as, in words that mean the same
# as one of these, or in what is said about it.
NAMED, KNOWN_AS, MEANS_THE_SAME, DESCRIBED = 1.0, 1.0, 0.95, 0.3


class EntryRow(NamedTuple):
    """A service or role as the database has it."""

    kind: str
    pk: int
    title: str
    slug: str
    url_path: str
    also_known_as: str
    description: str


class CentreRow(NamedTuple):
    """A centre as the database has it."""

    pk: int
    title: str
    short_name: str
    slug: str
    url_path: str
    also_known_as: str
    postcode: str
    latitude: float | None
    longitude: float | None
    stage: str


class TaughtRow(NamedTuple):
    """What editors taught the search: a group of synonyms (`urgency` empty), or an urgent phrase."""

    words: str
    urgency: str


@dataclass(frozen=True)
class Phrase:
    """Words by which an entry is asked for: as stems, and how much they count."""

    stems: tuple[str, ...]
    weight: float


@dataclass(frozen=True)
class CatalogueEntry:
    """A service or role, with the phrases it is asked for by and the stems of what is said about it."""

    kind: str
    pk: int
    title: str
    slug: str
    url_path: str
    phrases: tuple[Phrase, ...]
    described: frozenset[str]


@dataclass(frozen=True)
class Centre:
    """A centre, with its names as normalised phrases, and where it is if anybody knows."""

    pk: int
    title: str
    short_name: str
    slug: str
    url_path: str
    names: tuple[str, ...]
    position: Position | None
    is_gone: bool = False


@dataclass(frozen=True)
class Catalogue:
    """What can be asked for. `urgent` has normalised phrases with their urgency."""

    entries: tuple[CatalogueEntry, ...]
    centres: tuple[Centre, ...]
    urgent: tuple[tuple[str, str], ...]
    words: frozenset[str]

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of `words`."""
        return frozenset(map(stem, self.words))

    @cached_property
    def postings(self) -> dict[str, list[int]]:
        """The places in `entries` of those that have a stem."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, entry in enumerate(self.entries):
            own = {each for phrase in entry.phrases for each in phrase.stems} | entry.described
            for each in own:
                found[each].append(number)
        return found


def catalogue() -> Catalogue:
    """Return what can be asked for now and by anyone. It takes three queries."""
    services = _described(public_services(), SERVICE, "how_to_use")
    roles = _described(public_roles(), ROLE, "helps_with")
    entries = tuple(sorted(EntryRow(*row) for row in services.union(roles, all=True)))
    centres = tuple(
        CentreRow(*row)
        for row in public_centres().values_list(
            *(
                "pk",
                "title",
                "short_name",
                "slug",
                "url_path",
                "also_known_as",
                "postcode",
                "latitude",
                "longitude",
                "stage",
            )
        )
    )
    groups = SynonymGroup.objects.order_by().values_list("words", Value("", CharField()))
    urgent = UrgentPhrase.objects.order_by().values_list(Cast("phrase", TextField()), "urgency")
    taught = tuple(sorted(TaughtRow(*row) for row in groups.union(urgent, all=True)))
    return _built(entries, centres, taught)


def _described(pages: "QuerySet[Any]", kind: str, text: str) -> "QuerySet[Any]":
    return pages.order_by().values_list(
        Value(kind, CharField()),
        "id",
        "title",
        "slug",
        "url_path",
        "also_known_as",
        Concat("summary", Value(" "), text, output_field=TextField()),
    )


@lru_cache(maxsize=4)
def _built(entries: tuple[EntryRow, ...], centres: tuple[CentreRow, ...], taught: tuple[TaughtRow, ...]) -> Catalogue:
    synonyms = tuple(
        tuple(dict.fromkeys(filter(None, map(normalise, phrases_of(row.words))))) for row in taught if not row.urgency
    )
    alike = _alike(synonyms)
    built = tuple(_entry(row, alike) for row in entries)
    places = tuple(_centre(row) for row in centres)
    towns = [name for town in gazetteer().towns for name in town.names]
    known = set(_words(entries, centres, synonyms, towns))
    return Catalogue(
        entries=built,
        centres=places,
        urgent=tuple((normalise(row.words), row.urgency) for row in taught if row.urgency),
        words=frozenset(known),
    )


def _words(
    entries: Iterable[EntryRow],
    centres: Iterable[CentreRow],
    synonyms: Iterable[tuple[str, ...]],
    towns: Iterable[str],
) -> Iterator[str]:
    """Return all words that names and synonyms have."""
    for entry in entries:
        yield from words_of(f"{entry.title} {entry.also_known_as}")
    for centre in centres:
        yield from words_of(f"{centre.title} {centre.short_name} {centre.also_known_as}")
    for group in synonyms:
        for phrase in group:
            yield from phrase.split()
    for town in towns:
        yield from words_of(town)


def _alike(synonyms: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], list[tuple[str, ...]]]:
    """Return for the stems of each phrase of a group those of the others."""
    alike: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
    for group in synonyms:
        in_stems = [_phrase(each) for each in group]
        for phrase in in_stems:
            alike[phrase] += [other for other in in_stems if other != phrase]
    return alike


def _phrase(text: str) -> tuple[str, ...]:
    return stems(meaningful(words_of(text)))


def _entry(row: EntryRow, alike: dict[tuple[str, ...], list[tuple[str, ...]]]) -> CatalogueEntry:
    weights: dict[tuple[str, ...], float] = {_phrase(row.title): NAMED, _phrase(row.slug.replace("-", " ")): NAMED}
    for line in phrases_of(row.also_known_as):
        weights.setdefault(_phrase(line), KNOWN_AS)
    for phrase in list(weights):
        for other in alike.get(phrase, ()):
            weights.setdefault(other, MEANS_THE_SAME)
    weights.pop((), None)
    described = stems(meaningful(words_of(get_text_for_indexing(row.description))))
    return CatalogueEntry(
        kind=row.kind,
        pk=row.pk,
        title=row.title,
        slug=row.slug,
        url_path=row.url_path,
        phrases=tuple(Phrase(phrase, weight) for phrase, weight in weights.items()),
        described=frozenset(described),
    )


def _centre(row: CentreRow) -> Centre:
    names = [normalise(each) for each in (row.short_name, row.title, *phrases_of(row.also_known_as))]
    return Centre(
        pk=row.pk,
        title=row.title,
        short_name=row.short_name,
        slug=row.slug,
        url_path=row.url_path,
        names=tuple(dict.fromkeys(filter(None, names))),
        position=_position(row),
        is_gone=row.stage in GONE,
    )


def _position(row: CentreRow) -> Position | None:
    """Return where a centre is: its own position, else that of its postcode, else the middle of its town."""
    if row.latitude is not None and row.longitude is not None:
        return Position(float(row.latitude), float(row.longitude))
    known = gazetteer()
    town = known.town(row.short_name)
    return known.postcodes.get(row.postcode.lower()) or (town.position if town else None)
