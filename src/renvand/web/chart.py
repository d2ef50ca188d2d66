"""The map of a register, drawn on the server: no script, no other host, fit for printing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from renvand.knowledge import geo

WIDTH = 1000.0  # units of the drawing
LARGEST, SMALLEST = 16.0, 2.5  # radius of a circle, same units
SECTORS = ("textile-dyeing", "surface-treatment", "metalworking")  # with a colour of their own


@dataclass(frozen=True, kw_only=True)
class Frame:
    """How degrees become places on the drawing: equirectangular, true at mid latitude."""

    west: float
    north: float
    scale: float  # units a degree of latitude
    squeeze: float  # of a degree of longitude
    height: float

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Give the place of a point."""
        x = (longitude - self.west) * self.scale * self.squeeze
        return round(x, 1), round((self.north - latitude) * self.scale, 1)


def frame(points: Sequence[tuple[float, float]]) -> Frame:
    """Choose the frame that holds all points."""
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    edge = max(east - west, north - south, 0.1) * 0.03
    scale = WIDTH / ((east - west + 2 * edge) * squeeze)
    height = round((north - south + 2 * edge) * scale, 1)
    return Frame(west=west - edge, north=north + edge, scale=scale, squeeze=squeeze, height=height)


@dataclass(frozen=True, kw_only=True)
class Circle:
    """A company on the map."""

    id: str
    name: str
    place: tuple[float, float]
    radius: float
    sector: str
    is_lit: bool


def _lines(geometry: Mapping[str, Any]) -> Iterator[list[list[float]]]:
    """Give every line or ring of a geometry."""
    depth = {"LineString": 0, "Polygon": 1, "MultiLineString": 1, "MultiPolygon": 2}
    found: list[Any] = [geometry["coordinates"]]
    for _ in range(depth.get(geometry["type"], 0)):
        found = [line for part in found for line in part]
    yield from found if geometry["type"] in depth else ()


def _path(feature: Mapping[str, Any], held: Frame) -> str:
    parts: list[str] = []
    for line in _lines(feature["geometry"]):
        places: list[tuple[float, float]] = []
        for longitude, latitude, *_ in line:
            place = held.place(longitude, latitude)
            if not places or place != places[-1]:
                places.append(place)
        parts.append("M" + " ".join(f"{x:g},{y:g}" for x, y in places))
    return "".join(parts)


@cache
def base(region: str) -> tuple[Frame, tuple[str, ...], tuple[str, ...]] | None:
    """Draw districts and rivers of a region, or nothing where we ship none."""
    if region not in geo.regions():
        return None
    districts, rivers = geo.outline(region)["features"], geo.rivers(region)["features"]
    points = [(p[0], p[1]) for f in districts for line in _lines(f["geometry"]) for p in line]
    held = frame(points)
    return held, tuple(_path(f, held) for f in districts), tuple(_path(f, held) for f in rivers)


def drawing(
    companies: Sequence[Mapping[str, str]], region: str, *, lit: frozenset[str]
) -> dict[str, Any] | None:
    """Draw the companies of a register.

    Parameters
    ----------
    companies : sequence of mapping
        Rows with id, longitude, latitude, sector, equal_standard_m3_a, name_zh, name_en.
    region : str
        For districts and rivers; without them, circles only.
    lit : frozenset of str
        Ids to show in full; the others stay faint.
    """
    placed = [c for c in companies if c.get("longitude") and c.get("latitude")]
    if not placed:
        return None
    points = [(float(c["longitude"]), float(c["latitude"])) for c in placed]
    drawn = base(region)
    held, districts, rivers = drawn or (frame(points), (), ())
    loads = [float(c.get("equal_standard_m3_a") or 0) for c in placed]
    largest = max(loads) or 1.0
    circles = [
        Circle(
            id=company["id"],
            name=company.get("name_en") or company.get("name_zh") or company["id"],
            place=held.place(*point),
            radius=round(max(SMALLEST, LARGEST * math.sqrt(load / largest)), 1),
            sector=company["sector"] if company.get("sector") in SECTORS else "other",
            is_lit=company["id"] in lit,
        )
        for company, point, load in zip(placed, points, loads, strict=True)
    ]
    circles.sort(key=lambda circle: (circle.is_lit, -circle.radius))  # small ones on top
    return {
        "width": WIDTH,
        "height": held.height,
        "districts": districts,
        "rivers": rivers,
        "circles": circles,
    }
