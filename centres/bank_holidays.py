"""England's bank holidays, from the `holidays` package, which carries the data inside: nothing is fetched."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from types import MappingProxyType

import holidays

# The package's names where GOV.UK (https://www.gov.uk/bank-holidays) uses others.
_GOV_UK_NAMES = {
    "May Day": "Early May bank holiday",
    "Spring Bank Holiday": "Spring bank holiday",
    "Late Summer Bank Holiday": "Summer bank holiday",
}
_SUBSTITUTE = " (observed)"


def bank_holiday(day: date) -> str | None:
    """Return the name of England's bank holiday on `day`, or None.

    Christmas Day, Boxing Day and New Year's Day keep their name when they fall on a weekend, and the weekday
    off in their place is a "substitute day for Boxing Day". Days not yet proclaimed (a coronation) come with
    a newer package.
    """
    return bank_holidays(day.year).get(day)


@cache
def bank_holidays(year: int) -> Mapping[date, str]:
    """Return England's bank holidays of a year with their names, worked out once per process."""
    found = holidays.country_holidays("GB", subdiv="ENG", years=year, language="en_GB")
    return MappingProxyType({day: _plain_name(name) for day, name in sorted(found.items())})


def _plain_name(name: str) -> str:
    if name.endswith(_SUBSTITUTE):
        return f"substitute day for {_plain_name(name.removesuffix(_SUBSTITUTE))}"
    return _GOV_UK_NAMES.get(name, name)
