"""Circles that would lie upon each other, gathered: one for each square of the map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MOST = 400  # circles a map shows one by one
ACROSS = 24  # squares from west to east
OTHER = "other"  # sector of a square without one that more than half of it belongs to


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A company on the drawing."""

    id: str
    name: str
    sector: str
    x: float
    y: float
    share: float  # of the largest load


@dataclass(frozen=True, kw_only=True)
class Area:
    """A part of the drawing."""

    x: float
    y: float
    width: float
    height: float

    def holds(self, spot: Spot) -> bool:
        """Say whether a company lies in it."""
        return self.x <= spot.x <= self.x + self.width and self.y <= spot.y <= self.y + self.height


@dataclass(frozen=True, kw_only=True)
class Group:
    """The companies of one square, in the middle of where they are."""

    area: Area
    count: int
    sector: str
    x: float
    y: float
    share: float


def gathered(spots: Iterable[Spot], area: Area) -> Iterator[Group]:
    """Gather companies by the squares of a grid, the largest loads first.

    Parameters
    ----------
    spots : iterable of Spot
        Within the area.
    area : Area
        What the map shows.
    """
    side = area.width / ACROSS
    squares: dict[tuple[int, int], list[Spot]] = {}
    for spot in spots:
        place = int((spot.x - area.x) // side), int((spot.y - area.y) // side)
        squares.setdefault(place, []).append(spot)
    groups = [_group(place, held, area, side) for place, held in squares.items()]
    yield from sorted(groups, key=lambda group: -group.share)


def _group(place: tuple[int, int], held: list[Spot], area: Area, side: float) -> Group:
    sector, most = Counter(spot.sector for spot in held).most_common(1)[0]
    return Group(
        area=Area(x=area.x + place[0] * side, y=area.y + place[1] * side, width=side, height=side),
        count=len(held),
        sector=sector if 2 * most > len(held) else OTHER,
        x=sum(spot.x for spot in held) / len(held),
        y=sum(spot.y for spot in held) / len(held),
        share=sum(spot.share for spot in held),
    )
