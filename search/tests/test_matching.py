"""Which services and roles a query asks for, the likeliest first, and which of them go before everything else."""

from math import log

import pytest

from search.catalogue import KNOWN_AS, MEANS_THE_SAME, NAMED, ROLE, SERVICE, Catalogue, CatalogueEntry, Phrase
from search.matching import Match, leading, match
from search.normalisation import stems, words_of


def phrase(words: str, weight: float = NAMED) -> Phrase:
    return Phrase(stems(words_of(words)), weight)


def entry(title: str, *others: Phrase, kind: str = SERVICE, described: str = "") -> CatalogueEntry:
    """A service that is asked for by its title, by other phrases, and by what is said about it."""
    return CatalogueEntry(kind, 0, title, "", "", (phrase(title), *others), frozenset(stems(words_of(described))))


def catalogue(*things: CatalogueEntry) -> Catalogue:
    return Catalogue(things, centres=(), urgent=(), words=frozenset())


def asked(query: str, *things: CatalogueEntry) -> list[str]:
    """Return the titles of what a query asks for, the likeliest first."""
    return [each.entry.title for each in match(words_of(query), catalogue(*things))]


def score(query: str, *things: CatalogueEntry) -> float:
    """Return how surely a query asks for the first of some things; 0 if it does not."""
    found = match(words_of(query), catalogue(*things))
    return next((each.score for each in found if each.entry is things[0]), 0)


class TestHowSurely:
    """Words of which each stands in one of two things, so that all are as rare as each other."""

    OTHER = entry("Trapeze")

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("juggling", 1 + 0.25 + 0.05),  # its name, and nothing else
            ("juggling tossing", 1),  # its name and another, in two phrases
            ("juggling trapeze", 1 / 2),  # half of the words
            ("throw and catch", 1 + 0.25 + 0.05),  # all of what it is also known as
            ("throw", 1 / 3),  # one of the three words of that
            ("lobbing", 0.95 + 0.25 * 0.95),  # what means the same
            ("clubs", 0.3),  # what is said about it
            ("clubs lobbing", (0.3 + 0.95) / 2),
            ("lobbing trapeze", 0.95 / 2),
            ("clubs trapeze", 0.3 / 2),
            ("clubs trapeze lion", 0),  # a third of what is said is too little
            ("lion", 0),
            ("", 0),
        ],
    )
    def test_a_thing_is_asked_for_by_how_many_of_the_words_it_has_and_where(self, query: str, expected: float) -> None:
        juggling = entry(
            "Juggling",
            phrase("tossing", KNOWN_AS),
            phrase("throw and catch", KNOWN_AS),
            phrase("lobbing", MEANS_THE_SAME),
            described="Balls, clubs and rings.",
        )
        assert score(query, juggling, self.OTHER) == pytest.approx(expected)


class TestRareWords:
    """Of four tests each has a name of its own, which says log(1 + 4 / 1), and the word "test", log(1 + 4 / 4)."""

    TESTS = [entry(f"{name} test") for name in ("Blood", "Eye", "Hearing", "Skin")]
    NAME, TEST = log(5), log(2)

    def test_a_word_that_few_have_says_more_than_one_that_many_have(self) -> None:
        assert score("blood", *self.TESTS) == pytest.approx(self.NAME / (self.NAME + self.TEST))
        assert score("test", *self.TESTS) == pytest.approx(self.TEST / (self.NAME + self.TEST))

    def test_who_asks_for_one_of_many_does_not_ask_for_the_others(self) -> None:
        assert asked("blood test", *self.TESTS) == ["Blood test"]
        assert asked("test", *self.TESTS) == ["Blood test", "Eye test", "Hearing test", "Skin test"]

    def test_a_word_that_nothing_has_counts_as_much_as_one_that_a_single_thing_has(self) -> None:
        things = [entry("Test"), *self.TESTS[1:]]
        assert score("test quagga", *things) == pytest.approx(self.TEST / (self.NAME + self.TEST))

    def test_a_word_that_is_asked_for_twice_counts_once(self) -> None:
        assert score("blood blood test tests", *self.TESTS) == score("blood test", *self.TESTS)


class TestOrder:
    def test_the_likeliest_comes_first(self) -> None:
        things = [entry("Clowns", described="Juggling, too."), entry("Tossing", phrase("juggling", MEANS_THE_SAME))]
        assert asked("juggling", *things, entry("Trapeze"), entry("Juggling")) == ["Juggling", "Tossing", "Clowns"]

    def test_of_two_that_are_as_likely_a_service_comes_before_a_role_and_then_the_alphabet_decides(self) -> None:
        things = [
            entry("Zebra rider", phrase("riding"), kind=ROLE),
            entry("Acrobat", phrase("riding"), kind=ROLE),
            entry("Unicycles", phrase("riding")),
            entry("Horses", phrase("riding")),
        ]
        assert asked("riding", *things) == ["Horses", "Unicycles", "Acrobat", "Zebra rider"]

    def test_all_words_of_a_phrase_say_more_than_all_words_of_several(self) -> None:
        things = [entry("Fire", phrase("eating")), entry("Shows", phrase("fire eating"))]
        assert asked("fire eating", *things) == ["Shows", "Fire"]
        assert asked("eating fire", *things) == ["Shows", "Fire"]

    def test_the_best_phrase_that_has_a_word_counts_and_no_later_one_takes_from_it(self) -> None:
        things = [entry("Juggling", phrase("juggling with seven balls"), described="Juggling."), entry("Trapeze")]
        assert score("juggling", *things) == pytest.approx(1.3)
        turned = entry("Juggling with seven balls", phrase("juggling"), phrase("juggling in the air"))
        assert score("juggling", turned, entry("Trapeze")) == pytest.approx(1.3)

    def test_nothing_is_asked_for_where_there_is_nothing(self) -> None:
        assert asked("juggling") == []


class TestLeading:
    """Things that go before everything else: sure enough, and at least half as likely as the likeliest."""

    @pytest.mark.parametrize(
        ("scores", "expected"),
        [
            ([1.3, 0.7, 0.65, 0.64], [1.3, 0.7, 0.65]),
            ([0.8, 0.41, 0.4, 0.39], [0.8, 0.41, 0.4]),
            ([0.4, 0.39], [0.4]),
            ([0.39], []),
            ([], []),
        ],
    )
    def test_they_are_not_far_behind_the_likeliest(self, scores: list[float], expected: list[float]) -> None:
        matches = [Match(entry("Juggling"), score) for score in scores]
        assert [each.score for each in leading(matches)] == expected

    def test_what_has_the_very_name_leaves_behind_what_has_a_part_of_it(self) -> None:
        """By its name alone a thing is asked for with 1.3, so that 0.64 is less than half of it."""
        own, other = entry("Juggling"), entry("Clowns")
        [named] = match(["juggling"], catalogue(own, other))
        assert leading([named, Match(other, 0.65)]) == [named, Match(other, 0.65)]
        assert leading([named, Match(other, 0.64)]) == [named]
