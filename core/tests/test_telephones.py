"""How a telephone number may be written, how it is dialled, and what a spreadsheet does to it."""

import pytest
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string

from core.telephones import lacks_first_zero, telephone_uri, telephone_validator


@pytest.mark.parametrize("value", ["01632 960000", "+44 1632 960000", "111", "0800 1111"])
def test_a_telephone_number_is_accepted(value: str) -> None:
    telephone_validator(value)


@pytest.mark.parametrize(
    "value", ["", "ring us", "01632-960000", "01632 960000 ext 3", "+", "11", "1" * 27, "٠١٦٣٢ ٩٦٠٠٠٠", "111\n"]
)
def test_anything_else_is_no_telephone_number(value: str) -> None:
    with pytest.raises(ValidationError):
        telephone_validator(value)


@pytest.mark.parametrize(
    ("number", "link"),
    [("01632 960 000", "01632960000"), ("+44 (0)1632 960000", "+4401632960000"), ("111", "111"), ('"><b>1', "1")],
)
def test_a_telephone_number_becomes_what_a_telephone_dials(number: str, link: str) -> None:
    assert telephone_uri(number) == f"tel:{link}"
    assert f'href="tel:{link}"' in render_to_string("includes/telephone.html", {"number": number})


@pytest.mark.parametrize(
    ("number", "lacks"),
    [
        ("1632960000", True),
        ("1632 960 000", True),
        ("01632960000", False),
        ("+441632960000", False),
        ("111", False),
        ("", False),
        ("ring us", False),
    ],
)
def test_a_number_that_lost_its_first_zero_in_a_spreadsheet_is_known(number: str, lacks: bool) -> None:
    assert lacks_first_zero(number) is lacks
