"""The fields of our own: tick lists, postcodes."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from core.fields import TickListField, postcode_validator

pytestmark = pytest.mark.database

TICKS = [("lift", "Lift"), ("ramp", "Ramp & rail"), ("slide", "Slide")]


@pytest.fixture
def field() -> TickListField:
    found = TickListField("ways in", ticks=TICKS, help_text="Tick what is there.")
    found.set_attributes_from_name("ways_in")
    return found


@pytest.mark.parametrize("value", [[], ["lift"], ["ramp", "slide"], ["lift", "ramp", "slide"]])
def test_ticks_from_the_list_are_accepted(field: TickListField, value: list[str]) -> None:
    assert field.clean(value, None) == value


@pytest.mark.parametrize(
    "value",
    [["trampoline"], ["lift", "trampoline"], ["Lift"], "lift", {"lift": True}, None, [1], [None], [["lift"]], 7],
)
def test_anything_but_ticks_from_the_list_is_refused(field: TickListField, value: Any) -> None:
    with pytest.raises(ValidationError):
        field.clean(value, None)


def test_the_form_shows_a_box_for_each_with_its_words(field: TickListField) -> None:
    form_field = field.formfield()
    html = form_field.widget.render("ways_in", ["ramp"])
    assert html.count('type="checkbox"') == 3
    assert html.count("checked") == 1
    assert "Ramp &amp; rail" in html
    assert form_field.label == "Ways in"
    assert form_field.help_text == "Tick what is there."
    assert not form_field.required


def test_the_form_refuses_a_key_that_was_never_on_offer(field: TickListField) -> None:
    form_field = field.formfield()
    assert form_field.clean([]) == []
    assert form_field.clean(["slide", "lift"]) == ["slide", "lift"]
    with pytest.raises(ValidationError, match="trampoline"):
        form_field.clean(["trampoline"])


def test_the_order_of_ticks_is_no_change(field: TickListField) -> None:
    form_field = field.formfield()
    assert not form_field.has_changed(["lift", "ramp"], ["ramp", "lift"])
    assert not form_field.has_changed(None, [])
    assert form_field.has_changed(["lift"], ["lift", "ramp"])
    assert form_field.has_changed(["lift"], [])


@pytest.mark.parametrize("value", ["RM19 1SX", "W1A 1AA", "M1 1AE", "B33 8TH", "CR2 6XH", "EC1A 1BB"])
def test_a_full_postcode_is_accepted(value: str) -> None:
    postcode_validator(value)


@pytest.mark.parametrize(
    "value", ["RM19", "rm19 1sx", "RM191SX", "RM19  1SX", "RM19 1SX ", "RM19 1SX\n", "1M19 1SX", "٣M1 1AE"]
)
def test_anything_else_is_no_postcode(value: str) -> None:
    with pytest.raises(ValidationError):
        postcode_validator(value)
