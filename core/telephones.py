"""How a telephone number may be written, how it is dialled, and what a spreadsheet does to it."""

import re

from django.core.validators import RegexValidator

# Room for the longest number with its country code and spaces between all groups of digits (ITU-T E.164: 15 digits).
TELEPHONE_LENGTH = 25
telephone_validator = RegexValidator(
    r"^\+?[0-9][0-9 ]{2,24}\Z", "Enter a telephone number in digits and spaces, such as 01632 960000."
)
_NO_FIRST_ZERO = re.compile(r"[1-9][0-9]{8,}")


def telephone_uri(number: str) -> str:
    """Return the address that dials a number as people write it, as "tel:01632960000" (RFC 3966)."""
    return "tel:" + "".join(character for character in number if character.isdigit() or character == "+")


def lacks_first_zero(number: str) -> bool:
    """Tell whether a number has lost its first 0, as it does in a spreadsheet's cell that is not text.

    Short numbers, such as 111, never had one.
    """
    return bool(_NO_FIRST_ZERO.fullmatch(number.replace(" ", "")))
