"""Postcodes as they are typed and kept, days that have not come, and what a tick list says of a wrong tick."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from core.fields import PostcodeField, TickListField, https_validator, postcode_validator, validate_not_future


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("rm19 1sx", "RM19 1SX"),
        (" Rm 191 sX ", "RM19 1SX"),
        ("m11ae", "M1 1AE"),
        ("ec1a1bb", "EC1A 1BB"),
        ("RM19 1SX", "RM19 1SX"),
    ],
)
def test_a_postcode_is_kept_in_capitals_with_one_space_however_it_was_typed(typed: str, kept: str) -> None:
    assert PostcodeField("postcode").clean(typed, None) == kept


@pytest.mark.parametrize(
    ("typed", "kept"), [("", ""), (None, ""), ("m11a", "M11A"), ("ec1a 1bbb", "EC1A1BBB"), ("nowhere", "NOWH ERE")]
)
def test_what_is_no_postcode_is_kept_for_the_validator_to_refuse(typed: str | None, kept: str) -> None:
    assert PostcodeField().to_python(typed) == kept
    if kept:
        with pytest.raises(ValidationError):
            postcode_validator(kept)


def test_a_postcode_takes_eight_characters_and_its_box_room_for_stray_spaces() -> None:
    field = PostcodeField("postal code", max_length=99, help_text="Of the centre.")
    assert (field.max_length, field.verbose_name, field.help_text) == (8, "postal code", "Of the centre.")
    shown: Any = field.formfield()
    narrow: Any = field.formfield(max_length=12)
    assert (shown.max_length, narrow.max_length) == (20, 12)


def test_a_day_may_be_today_in_london_and_no_later(london_time_is: Callable[..., datetime]) -> None:
    london_time_is(2026, 5, 5, 0, 30)  # still the 4th in Greenwich
    validate_not_future(date(2026, 5, 4))
    validate_not_future(date(2026, 5, 5))
    with pytest.raises(ValidationError) as refused:
        validate_not_future(date(2026, 5, 6))
    assert (refused.value.message, refused.value.code) == ("This day has not come yet.", "future")


@pytest.mark.parametrize(
    "value", ["http://example.org", "example.org", " https://example.org", "HTTPS://example.org", ""]
)
def test_an_address_must_begin_with_https(value: str) -> None:
    https_validator("https://example.org")
    with pytest.raises(ValidationError, match="must begin with https://") as refused:
        https_validator(value)
    assert refused.value.code == "https"


@pytest.mark.parametrize("value", [["slide"], "lift", [1]])
def test_a_tick_that_is_not_on_the_list_is_told_so(value: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        TickListField(ticks=[("lift", "Lift")]).validate(value, None)
    assert (refused.value.message, refused.value.code) == ("Choose from the list.", "invalid_choice")


def test_a_tick_list_may_be_empty_and_each_page_has_its_own() -> None:
    field = TickListField(ticks=[("lift", "Lift")])
    assert field.clean([], None) == field.get_default() == []
    assert field.get_default() is not field.get_default()
    with pytest.raises(ValidationError):
        TickListField(ticks=[("lift", "Lift")], blank=False).clean([], None)
    assert TickListField(default=tuple).get_default() == ()


def test_a_tick_list_is_shown_with_the_words_a_form_gives_it() -> None:
    field = TickListField("ways in", ticks=[("lift", "Lift")], help_text="Tick what is there.")
    shown: Any = field.formfield(label="Access", help_text="Any of these.")
    assert (shown.label, shown.help_text) == ("Access", "Any of these.")
    assert list(shown.choices) == [("lift", "Lift")]
    assert (field.formfield().label, field.formfield().help_text) == ("Ways in", "Tick what is there.")
