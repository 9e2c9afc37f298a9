"""The site's one picture: Thurrock drawn from its postcodes, a dot for each, as a small static SVG."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median
from typing import NamedTuple
from xml.sax.saxutils import escape

from .postcodes import Postcode

TITLE = "Map of Thurrock"
DESCRIPTION = (
    "Each dot is a postcode. Together they draw the towns and villages of Thurrock and the north bank of the "
    "Thames. Four towns are named, from west to east: Purfleet, Grays, Tilbury and Corringham."
)
# The licence asks for these words wherever the data goes; data/README.md says where it is from.
ATTRIBUTION = (
    "Contains Ordnance Survey data © Crown copyright and database right 2025. "
    "Contains Royal Mail data © Royal Mail copyright and database right 2025. "
    "Contains National Statistics data © Crown copyright and database right 2025."
)

TOWN_COLOUR = "#0b4a59"
DOT_COLOUR = "#7fb0b8"

# In units of the drawing, which is WIDTH units wide.
WIDTH = 640
MARGIN = 8
# The side of a square of the grid that dots are put on. Smaller is finer and costs bytes: at 2 seven in eight
# postcodes keep a dot of their own.
CELL = 2
DOT_DIAMETER = 2.3
TOWN_RADIUS = 9
TOWN_CLEARING = 14
# At 320 CSS pixels wide this is still 14 pixels.
FONT_SIZE = 28
LETTER_WIDTH = 0.58 * FONT_SIZE
LABEL_CLEARING = 4


@dataclass(frozen=True, slots=True)
class MapTown:
    """A town of a centre: which postcodes are its own, and where its name stands beside its dot.

    The name begins (anchor "start") or is centred ("middle") `right` and `down` units from the dot.
    """

    name: str
    areas: frozenset[str]
    anchor: str
    right: int
    down: int

    def has(self, postcode: Postcode) -> bool:
        """Tell whether the postcode is in one of the town's wards or postcode districts."""
        return postcode.ward in self.areas or postcode.district in self.areas


# A town's dot is the median of its postcodes: the town, not the site of its centre. Areas are the postcode
# district whose post town it is, or the wards that carry its name (Office for National Statistics codes).
TOWNS = (
    MapTown("Purfleet", frozenset({"RM19"}), "start", -34, 46),
    # Grays Riverside, Grays Thurrock
    MapTown("Grays", frozenset({"E05002235", "E05002236"}), "middle", -30, 46),
    # Tilbury Riverside and Thurrock Park, Tilbury St Chads
    MapTown("Tilbury", frozenset({"E05002246", "E05002247"}), "start", 40, 10),
    # Corringham and Fobbing, Stanford East and Corringham Town
    MapTown("Corringham", frozenset({"E05002233", "E05002242"}), "middle", 54, 46),
)


class Point(NamedTuple):
    """A place on the drawing, in its units, from the top left corner."""

    x: float
    y: float


class Box(NamedTuple):
    """A rectangle of the drawing in its units."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, point: Point) -> bool:
        """Tell whether the point is inside or on the edge."""
        return self.left <= point.x <= self.right and self.top <= point.y <= self.bottom


@dataclass(frozen=True, slots=True)
class Projection:
    """Degrees to units of the drawing, as if the borough were flat: at its size the error is under a unit.

    An equirectangular projection, in which a degree of longitude is shorter by the cosine of the latitude.
    """

    west: float
    north: float
    units_per_degree: float
    narrowing: float
    height: int

    @classmethod
    def fitting(cls, postcodes: Sequence[Postcode]) -> "Projection":
        """Return the projection that fills the drawing's width with these postcodes; needs at least two."""
        longitudes = [postcode.longitude for postcode in postcodes]
        latitudes = [postcode.latitude for postcode in postcodes]
        west, north = min(longitudes), max(latitudes)
        narrowing = math.cos(math.radians((north + min(latitudes)) / 2))
        units_per_degree = (WIDTH - 2 * MARGIN) / ((max(longitudes) - west) * narrowing)
        height = math.ceil((north - min(latitudes)) * units_per_degree + 2 * MARGIN)
        return cls(west, north, units_per_degree, narrowing, height)

    def point(self, latitude: float, longitude: float) -> Point:
        """Return where a position (WGS84 degrees) is on the drawing."""
        return Point(
            MARGIN + (longitude - self.west) * self.narrowing * self.units_per_degree,
            MARGIN + (self.north - latitude) * self.units_per_degree,
        )


def draw(postcodes: Sequence[Postcode]) -> str:
    """Return the map as the text of an SVG file, the same for the same postcodes in any order.

    Raises ValueError when a town has no postcode. Styled by attributes alone, so that a strict content security
    policy has nothing to refuse.
    """
    projection = Projection.fitting(postcodes)
    places = {town: town_point(town, postcodes, projection) for town in TOWNS}
    dots = [projection.point(postcode.latitude, postcode.longitude) for postcode in postcodes]
    cells = {_cell(dot) for dot in dots}
    free = {cell for cell in cells if not any(_covers(town, at, cell) for town, at in places.items())}
    half = CELL / 2
    towns = "\n".join(_town(town, at) for town, at in places.items())
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {projection.height}"
  role="img" aria-labelledby="title desc">
<title id="title">{escape(TITLE)}</title>
<desc id="desc">{escape(DESCRIPTION)}</desc>
<!-- {ATTRIBUTION} -->
<path transform="scale({half:g})" fill="none" stroke="{DOT_COLOUR}" stroke-width="{DOT_DIAMETER / half:.2g}"
  stroke-linecap="round" stroke-dasharray="0 2" d="{dots_path(free)}"/>
<g fill="{TOWN_COLOUR}" font-family="Arial, Helvetica, sans-serif" font-size="{FONT_SIZE}" font-weight="700">
{towns}
</g>
</svg>
"""


def town_boxes(postcodes: Sequence[Postcode]) -> dict[str, tuple[int, int, int, int]]:
    """Return the room each town's dot and name take together: left, top, width and height in units of the drawing.

    The keys are the towns in lower case, which are the slugs of their centres: pages lay links over the boxes.
    """
    projection = Projection.fitting(postcodes)
    boxes = {}
    for town in TOWNS:
        at = town_point(town, postcodes, projection)
        label = label_box(town, at)
        left, top = min(label.left, at.x - TOWN_CLEARING), min(label.top, at.y - TOWN_CLEARING)
        right, bottom = max(label.right, at.x + TOWN_CLEARING), max(label.bottom, at.y + TOWN_CLEARING)
        boxes[town.name.lower()] = (round(left), round(top), round(right - left), round(bottom - top))
    return boxes


def dots_path(cells: Iterable[tuple[int, int]]) -> str:
    """Return the path data whose dashes of no length, 2 apart, put a dot on each cell (column, row) of the grid.

    Neighbours in a row share one stroke, which is what keeps three thousand dots small. A stroke is one longer
    than its last dot needs, because a dash at the very end of a stroke is not drawn by every browser.
    """
    path = []
    pen_x = pen_y = 0
    for row, first, last in _runs(cells):
        x, y, length = 2 * first, 2 * row, 2 * (last - first) + 1
        down = y - pen_y
        path.append(f"m{x - pen_x}{'' if down < 0 else ' '}{down}h{length}")
        pen_x, pen_y = x + length, y
    return "".join(path)


def town_point(town: MapTown, postcodes: Iterable[Postcode], projection: Projection) -> Point:
    """Return where a town is: the median of its postcodes; raises ValueError when it has none."""
    own = [postcode for postcode in postcodes if town.has(postcode)]
    if not own:
        raise ValueError(f"No postcode is in {town.name}")
    return projection.point(
        median(postcode.latitude for postcode in own), median(postcode.longitude for postcode in own)
    )


def label_box(town: MapTown, at: Point) -> Box:
    """Return the room that a town's name takes, with a little air; letters are reckoned wide."""
    width = len(town.name) * LETTER_WIDTH
    left = at.x + town.right - (width / 2 if town.anchor == "middle" else 0)
    baseline = at.y + town.down
    return Box(
        left - LABEL_CLEARING,
        baseline - 0.75 * FONT_SIZE - LABEL_CLEARING,
        left + width + LABEL_CLEARING,
        baseline + 0.22 * FONT_SIZE + LABEL_CLEARING,
    )


def _cell(point: Point) -> tuple[int, int]:
    return round(point.x / CELL), round(point.y / CELL)


def _covers(town: MapTown, at: Point, cell: tuple[int, int]) -> bool:
    """Tell whether a town's dot or name stands on the cell."""
    dot = Point(cell[0] * CELL, cell[1] * CELL)
    return math.dist(dot, at) < TOWN_CLEARING or label_box(town, at).holds(dot)


def _runs(cells: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Yield the stretches of neighbouring cells as (row, first column, last column), from the top left."""
    by_row = sorted({(row, column) for column, row in cells})
    # Along a stretch the column grows as fast as the count, so their difference stays the same.
    for (row, _), stretch in groupby(enumerate(by_row), key=lambda item: (item[1][0], item[1][1] - item[0])):
        columns = [column for _, (_, column) in stretch]
        yield row, columns[0], columns[-1]


def _town(town: MapTown, at: Point) -> str:
    return (
        f'<circle cx="{at.x:.0f}" cy="{at.y:.0f}" r="{TOWN_RADIUS}"/>\n'
        f'<text x="{at.x + town.right:.0f}" y="{at.y + town.down:.0f}" text-anchor="{town.anchor}">'
        f"{escape(town.name)}</text>"
    )
