"""Where things are in Thurrock: its postcodes, its towns and villages, and how far apart they are."""

import csv
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from statistics import fmean

from .postcodes import DATA, POSTCODES, Postcode, read_postcodes

# GOV.UK's form of a postcode, in lower case, and its first half alone.
FULL_POSTCODE = re.compile(r"([a-z]{1,2}[0-9][a-z0-9]?)\s?([0-9][a-z]{2})")
# The postcode areas around Thurrock: elsewhere "b12" is a vitamin rather than a place.
DISTRICT_NEARBY = re.compile(r"(?:cm|da|ig|rm|ss)[0-9]{1,2}")
METRES_PER_DEGREE = 111_320


@dataclass(frozen=True)
class Position:
    """A point, in degrees (WGS84)."""

    latitude: float
    longitude: float

    def metres_to(self, other: "Position") -> float:
        """Return the distance as the crow flies; within Thurrock the earth is flat enough."""
        north = self.latitude - other.latitude
        east = (self.longitude - other.longitude) * math.cos(math.radians(self.latitude))
        return math.hypot(north, east) * METRES_PER_DEGREE


@dataclass(frozen=True)
class Town:
    """A town or village, with all its names as people write them; the first is its own."""

    names: tuple[str, ...]
    position: Position


@dataclass(frozen=True)
class Gazetteer:
    """What is known of Thurrock's places. `postcodes` are by code, such as "rm19 1sx" or "rm19", in lower case."""

    postcodes: dict[str, Position]
    towns: tuple[Town, ...]

    def town(self, name: str) -> Town | None:
        """Return the town of this name, in any case."""
        return next((town for town in self.towns if name.casefold() in (each.casefold() for each in town.names)), None)


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """Return Thurrock's places, read once from the files in `data/`."""
    with POSTCODES.open(encoding="utf-8", newline="") as file:
        postcodes = read_postcodes(file)
    positions = {each.code.lower(): _middle([each]) for each in postcodes}
    for length in (1, 2):
        parts: dict[str, list[Postcode]] = {}
        for each in postcodes:
            outward, inward = each.code.lower().split()
            parts.setdefault(outward if length == 1 else f"{outward} {inward[0]}", []).append(each)
        positions |= {part: _middle(members) for part, members in parts.items()}
    with (DATA / "thurrock_towns.csv").open(encoding="utf-8", newline="") as file:
        towns = tuple(_town(row, postcodes) for row in csv.DictReader(file))
    return Gazetteer(positions, towns)


def _middle(postcodes: Iterable[Postcode]) -> Position:
    found = list(postcodes)
    return Position(fmean(each.latitude for each in found), fmean(each.longitude for each in found))


def _town(row: dict[str, str], postcodes: list[Postcode]) -> Town:
    wards, districts = row["wards"].split(";"), row["districts"].split(";")
    own = [each for each in postcodes if each.ward in wards and each.district in districts]
    return Town((row["town"], *filter(None, row["also"].split(";"))), _middle(own))
