"""The map of a register, drawn on the server: no script, no other host, fit for printing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote

from django.utils.html import escape
from django.utils.safestring import mark_safe

from renvand.knowledge import geo
from renvand.web.shown import Listing

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
    """A company on the map, written once: lit, and faint."""

    id: str
    radius: float
    lit: str
    faint: str


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


def drawing(listing: Listing, region: str, *, lit: frozenset[str] | None) -> dict[str, Any] | None:
    """Draw the companies of a register.

    Parameters
    ----------
    listing : Listing
        With id, longitude, latitude, sector, equal_standard_m3_a, name_zh, name_en.
    region : str
        For districts and rivers; without them, circles only.
    lit : frozenset of str, optional
        Ids to show in full, the others stay faint; None for all.
    """
    drawn = _drawn(listing, region)
    if drawn is None:
        return None
    held, circles = drawn
    _, districts, rivers = base(region) or (held, (), ())
    faint = [] if lit is None else [circle.faint for circle in circles if circle.id not in lit]
    shown = [circle.lit for circle in circles if lit is None or circle.id in lit]
    return {
        "width": WIDTH,
        "height": held.height,
        "districts": districts,
        "rivers": rivers,
        "circles": mark_safe("".join((*faint, *shown))),
        "placed": len(circles),
    }


@lru_cache(maxsize=8)
def _drawn(listing: Listing, region: str) -> tuple[Frame, tuple[Circle, ...]] | None:
    """Write every circle once: thousands of them are the same in most answers."""
    placed = [c for c in listing.dicts() if c.get("longitude") and c.get("latitude")]
    if not placed:
        return None
    points = [(float(c["longitude"]), float(c["latitude"])) for c in placed]
    drawn = base(region)
    held = drawn[0] if drawn else frame(points)
    loads = [float(c.get("equal_standard_m3_a") or 0) for c in placed]
    largest = max(loads) or 1.0
    circles = [
        _circle(company, held.place(*point), load / largest)
        for company, point, load in zip(placed, points, loads, strict=True)
    ]
    circles.sort(key=lambda circle: -circle.radius)  # small ones on top
    return held, tuple(circles)


def _circle(company: Mapping[str, str], place: tuple[float, float], share: float) -> Circle:
    radius = round(max(SMALLEST, LARGEST * math.sqrt(share)), 1)
    sector = company["sector"] if company.get("sector") in SECTORS else "other"
    name = escape(company.get("name_en") or company.get("name_zh") or company["id"])
    at = f'cx="{place[0]:g}" cy="{place[1]:g}" r="{radius:g}"'
    lit, faint = (
        f'<a href="?q={quote(company["id"])}" tabindex="-1"><circle {at} class="{sector}{how}">'
        f"<title>{name}</title></circle></a>"
        for how in ("", " faint")
    )
    return Circle(id=company["id"], radius=radius, lit=lit, faint=faint)
