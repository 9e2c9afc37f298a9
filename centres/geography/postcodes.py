"""Reads the file of Thurrock's postcodes, which the gazetteer and the map are both made from."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parent / "data"
POSTCODES = DATA / "thurrock_postcodes.csv"


class Postcode(NamedTuple):
    """A postcode with its position (WGS84 degrees) and the code of its electoral ward."""

    code: str
    latitude: float
    longitude: float
    ward: str

    @property
    def district(self) -> str:
        """The first half: "RM19" of "RM19 1QJ"."""
        return self.code.split()[0]


def read_postcodes(lines: Iterable[str]) -> list[Postcode]:
    """Return the postcodes of a CSV file with a header; raises KeyError or ValueError for a bad column."""
    return [
        Postcode(row["postcode"], float(row["latitude"]), float(row["longitude"]), row["ward_code"])
        for row in csv.DictReader(lines)
    ]
