"""What a query means, given what can be asked for: its words, its place, and whether it is a cry for help."""

from collections.abc import Collection

import pytest

from centres.geography.gazetteer import Position
from search.catalogue import Catalogue, Centre
from search.models import Urgency
from search.understanding import Understood, find_urgency, understand

# Two centres that know where they are, and one that does not.
PURFLEET = Centre(
    1, "Purfleet Ring", "Purfleet", "west", "/", ("purfleet", "purfleet ring", "the tent"), Position(51.49, 0.235)
)
CORRINGHAM = Centre(
    2, "Corringham Ring", "Corringham", "east", "/", ("corringham", "corringham ring"), Position(51.52, 0.457)
)
SOMEWHERE = Centre(
    3,
    "Ring of Testville",
    "Testville",
    "north",
    "/",
    ("testville", "ring of testville", "the big ring by the river"),
    None,
)
URGENT = (
    ("fell off the trapeze", Urgency.EMERGENCY),
    ("cant laugh", Urgency.CRISIS),
    ("up in flames", Urgency.URGENT),
    ("not safe", Urgency.CRISIS),
    ("help me please", Urgency.CRISIS),
    ("unicyclist", Urgency.URGENT),
)
WORDS = "juggling trapeze unicycle ultrasound x ray purfleet ring corringham testville tent the grays tilbury whales"
KNOWN = Catalogue((), (PURFLEET, CORRINGHAM, SOMEWHERE), URGENT, frozenset(WORDS.split()))


def meaning(
    query: str, *, texts: Collection[str] = (), titles: Collection[str] = (), exact: bool = False
) -> Understood:
    """Return what a query means on a site whose texts and titles have these words beside the catalogue's."""
    return understand(query, KNOWN, is_known=lambda word: word in texts, other_words=lambda: titles, exact=exact)


class TestWords:
    @pytest.mark.parametrize(
        ("query", "words"),
        [
            ("Juggling, please!", ["juggling"]),
            ("where can I go juggling", ["juggling"]),
            ("how are you", ["how", "are", "you"]),
            ("x-ray", ["x", "ray"]),
            ("xray", ["x", "ray"]),
            ("ultra sound", ["ultrasound"]),
            ("", []),
        ],
    )
    def test_they_are_what_is_looked_for_as_the_site_writes_it(self, query: str, words: list[str]) -> None:
        understood = meaning(query)
        assert (list(understood.words), list(understood.text_words)) == (words, words)
        assert understood.corrected_to == ""

    def test_the_place_is_no_word_that_is_looked_for_but_one_that_texts_may_have(self) -> None:
        understood = meaning("juggling in purfleet")
        assert understood.words == ("juggling",)
        assert understood.text_words == ("juggling", "purfleet")

    @pytest.mark.parametrize(
        ("query", "corrected"),
        [
            ("jugling", "juggling"),
            ("jugling trapeze", "juggling trapeze"),
            ("jugling near me", "juggling near me"),
            ("jugling rm191sx", "juggling RM19 1SX"),
            ("xray jugling", "x ray juggling"),
            ("juggle", ""),  # of the same stem
            ("jug1ing", ""),  # no word
            ("weather", ""),  # a word of the language
            ("zymurgology", ""),  # like nothing
            ("teh", ""),  # too short
            ("whats juggling", ""),  # a small word
        ],
    )
    def test_a_misspelt_one_is_mended_and_the_whole_query_said(self, query: str, corrected: str) -> None:
        assert meaning(query).corrected_to == corrected
        assert meaning(query, exact=True).corrected_to == ""

    def test_as_it_was_typed_nothing_is_mended_but_words_are_still_joined(self) -> None:
        assert meaning("jugling", exact=True).words == ("jugling",)
        assert meaning("ultra sound", exact=True).words == ("ultrasound",)

    def test_a_word_that_a_text_has_is_not_mended(self) -> None:
        assert meaning("jugling", texts=["jugling"]).corrected_to == ""
        assert meaning("jugling", texts=["other"]).corrected_to == "juggling"

    def test_a_word_of_another_title_is_mended_to_if_a_text_still_has_it(self) -> None:
        titles = ["zymurgology"]
        assert meaning("zymurgolgy", titles=titles, texts=titles).corrected_to == "zymurgology"
        assert meaning("zymurgolgy", titles=titles).corrected_to == ""
        # It is nearer than one that can be asked for, which is meant where no text has it any more.
        assert meaning("trapeezey", titles=["trapezey"], texts=["trapezey"]).corrected_to == "trapezey"
        assert meaning("trapeezey", titles=["trapezey"]).corrected_to == "trapeze"

    def test_an_english_word_is_mended_only_if_it_sounds_like_a_place_and_all_but_is(self) -> None:
        assert meaning("greys").corrected_to == "grays"
        assert meaning("tilburies").corrected_to == ""
        assert meaning("tint").corrected_to == ""  # too short to be taken for a tent
        assert meaning("grace").corrected_to == ""


class TestPlace:
    @pytest.mark.parametrize(
        ("query", "name", "centre", "words"),
        [
            ("juggling purfleet", "Purfleet", PURFLEET, ["juggling"]),
            ("purfleet ring juggling", "Purfleet", PURFLEET, ["juggling"]),
            ("juggling in the tent", "Purfleet", PURFLEET, ["juggling"]),
            ("juggling at purfleet medical centre", "Purfleet", PURFLEET, ["juggling"]),
            ("testville", "Testville", SOMEWHERE, []),
            ("ring of testville", "Testville", SOMEWHERE, []),
            ("juggling in grays", "Grays", None, ["juggling"]),
            ("juggling the big ring by the river", "Testville", SOMEWHERE, ["juggling"]),
            ("ring of testville grays", "Testville", SOMEWHERE, ["grays"]),
            ("juggling horndon on the hill", "Horndon on the Hill", None, ["juggling"]),
            ("linford", "East Tilbury", None, []),
            ("medical centre", None, None, ["medical", "centre"]),
            ("juggling", None, None, ["juggling"]),
        ],
    )
    def test_a_centre_or_town_is_known_by_the_longest_name_the_query_has(
        self, query: str, name: str | None, centre: Centre | None, words: list[str]
    ) -> None:
        understood = meaning(query)
        place = understood.place
        assert (place.name if place else None, place.centre if place else None) == (name, centre)
        assert list(understood.words) == words
        assert not place or not (place.is_postcode or place.is_outside)

    @pytest.mark.parametrize(
        ("query", "name"),
        [
            ("juggling rm19 1sx", "RM19 1SX"),
            ("RM191SX juggling", "RM19 1SX"),
            ("juggling rm19", "RM19"),
            ("rm19 1 juggling", "RM19 1"),
            ("juggling ss17 7aa", "SS17 7AA"),
        ],
    )
    def test_a_postcode_of_thurrock_has_a_place(self, query: str, name: str) -> None:
        understood = meaning(query)
        assert understood.place
        assert (understood.place.name, understood.place.is_postcode) == (name, True)
        assert understood.place.position
        assert not understood.place.is_outside
        assert understood.words == ("juggling",)

    def test_a_postcode_is_where_it_is_and_half_of_one_in_the_middle_of_all(self) -> None:
        whole, half = meaning("rm19 1sx").place, meaning("rm19 1").place
        assert whole
        assert half
        assert whole.position != half.position

    def test_a_postcode_too_new_for_the_list_is_where_its_neighbours_are(self) -> None:
        new, neighbours = meaning("rm19 1vv").place, meaning("rm19 1").place
        assert new
        assert neighbours
        assert (new.name, new.position, new.is_outside) == ("RM19 1VV", neighbours.position, False)

    @pytest.mark.parametrize(
        ("query", "name"),
        [("sw1a 1aa juggling", "SW1A 1AA"), ("juggling sw1a1aa", "SW1A 1AA"), ("cm1 juggling", "CM1")],
    )
    def test_a_postcode_elsewhere_is_outside(self, query: str, name: str) -> None:
        understood = meaning(query)
        assert understood.place
        assert (understood.place.name, understood.place.is_postcode, understood.place.is_outside) == (name, True, True)
        assert understood.place.position is None
        assert understood.words == ("juggling",)
        assert understood.distances == {}

    def test_the_words_around_a_postcode_are_what_is_looked_for(self) -> None:
        for postcode in ("cm1", "rm19", "rm19 1sx", "sw1a1aa"):
            assert meaning(f"juggling {postcode} trapeze").words == ("juggling", "trapeze")

    def test_half_a_postcode_of_far_away_is_a_word_such_as_a_vitamin(self) -> None:
        assert (meaning("b12").place, meaning("b12").words) == (None, ("b12",))

    def test_with_a_postcode_a_centre_that_is_named_is_meant_but_the_way_is_from_the_postcode(self) -> None:
        understood = meaning("juggling corringham rm19 1sx")
        place = understood.place
        assert place
        assert (place.name, place.centre, place.is_postcode, place.is_outside) == (
            "Corringham",
            CORRINGHAM,
            True,
            False,
        )
        assert understood.centre == CORRINGHAM.pk
        assert understood.distances[PURFLEET.pk] < understood.distances[CORRINGHAM.pk]
        outside = meaning("juggling corringham sw1a 1aa").place
        assert outside
        assert (outside.name, outside.position, outside.is_outside) == ("Corringham", None, True)

    def test_with_a_postcode_a_town_that_is_named_says_nothing_more(self) -> None:
        understood = meaning("juggling tilbury rm19 1sx")
        assert understood.place
        assert understood.place.name == "RM19 1SX"
        assert understood.words == ("juggling",)

    def test_the_distance_to_each_centre_that_knows_where_it_is_is_in_metres(self) -> None:
        distances = meaning("juggling purfleet").distances
        assert distances == {PURFLEET.pk: 0, CORRINGHAM.pk: pytest.approx(15_749, abs=100)}
        assert meaning("juggling").distances == {}
        assert meaning("testville").distances == {}

    def test_the_nearest_centre_is_meant_where_none_is_named(self) -> None:
        assert meaning("juggling grays").centre == PURFLEET.pk
        assert meaning("juggling stanford le hope").centre == CORRINGHAM.pk
        assert meaning("testville").centre == SOMEWHERE.pk
        assert meaning("juggling").centre is None

    @pytest.mark.parametrize(
        "query", ["juggling near me", "nearest juggling", "juggling in my area", "nearby juggling"]
    )
    def test_near_me_is_understood_where_no_place_is_named(self, query: str) -> None:
        assert meaning(query).is_near_me
        assert meaning(query).words == ("juggling",)
        assert not meaning(f"{query} grays").is_near_me
        assert not meaning("juggling").is_near_me


class TestUrgency:
    @pytest.mark.parametrize(
        ("query", "urgency"),
        [
            ("fell off the trapeze", Urgency.EMERGENCY),
            ("off my trapeze she fell", Urgency.EMERGENCY),
            ("fell trapeze", None),
            ("i felll off a trapeeze", Urgency.EMERGENCY),
            ("falling off trapezes", None),
            ("can't laugh", Urgency.CRISIS),
            ("cannot laugh", Urgency.CRISIS),
            ("dont laugh", Urgency.CRISIS),
            ("unable to laugh", Urgency.CRISIS),
            ("laugh", None),
            ("i do not feel safe", Urgency.CRISIS),
            ("safe", None),
            ("up in flames", Urgency.URGENT),
            ("flames", Urgency.URGENT),
            ("can you help me please", Urgency.CRISIS),
            ("please help me", None),  # of small words alone the order counts
            ("help me", None),
            ("zymurgolgy", None),
            ("unicyclists", Urgency.URGENT),
            ("juggling", None),
            ("", None),
        ],
    )
    def test_the_words_of_a_phrase_may_stand_in_any_order_among_others_and_be_misspelt(
        self, query: str, urgency: Urgency | None
    ) -> None:
        assert meaning(query).urgency == urgency
        assert find_urgency(query.replace("'", "").split(), KNOWN) == urgency

    def test_the_gravest_counts(self) -> None:
        assert meaning("up in flames and cant laugh").urgency == Urgency.CRISIS
        assert meaning("up in flames, cant laugh, fell off the trapeze").urgency == Urgency.EMERGENCY

    def test_a_word_of_the_language_is_another_only_if_it_sounds_the_same_and_all_but_is(self) -> None:
        def urgency_of(query: str, phrase: str) -> Urgency | None:
            return find_urgency([query], Catalogue((), (), ((phrase, Urgency.CRISIS),), frozenset()))

        assert urgency_of("strokes", "stroke") == Urgency.CRISIS
        assert urgency_of("strike", "stroke") == Urgency.CRISIS
        assert urgency_of("prays", "preyed") is None  # sounds otherwise
        assert urgency_of("chests", "chessy") is None
        assert urgency_of("bleating", "bleeding") is None  # two letters are other
        assert urgency_of("faint", "feint") is None  # short words sound the same too often

    def test_what_was_typed_counts_and_what_was_meant(self) -> None:
        known = Catalogue((), (), (("yugling", Urgency.URGENT), ("ultrasound", Urgency.CRISIS)), KNOWN.words)

        def understood(query: str) -> tuple[str, Urgency | None]:
            found = understand(query, known, is_known=lambda _: False, other_words=tuple)
            return found.corrected_to, found.urgency

        assert understood("yugling") == ("juggling", Urgency.URGENT)
        assert understood("ultra sound") == ("", Urgency.CRISIS)
