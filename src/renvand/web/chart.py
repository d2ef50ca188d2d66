"""The map of a register, drawn on the server: no script, no other host, fit for printing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.utils.html import escape
from django.utils.safestring import mark_safe

from renvand.knowledge import geo
from renvand.web import files
from renvand.web.gather import MOST, OTHER, Area, Group, Spot, gathered
from renvand.web.shown import Listing

WIDTH = 1000.0  # units of the drawing
LARGEST, SMALLEST = 16.0, 2.5  # radius of a circle, same units
LEAST_OF_SEVERAL = 8.0  # radius of one that stands for several: its number must be read
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

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        """Give the longitude and latitude of a place."""
        return self.west + x / (self.scale * self.squeeze), self.north - y / self.scale

    def area(self, near: Near | None) -> Area:
        """Give a part of the drawing, or the whole."""
        if near is None:
            return Area(x=0.0, y=0.0, width=WIDTH, height=self.height)
        left, top = self.place(near.west, near.north)
        right, bottom = self.place(near.east, near.south)
        return Area(x=left, y=top, width=max(right - left, 1.0), height=max(bottom - top, 1.0))


def frame(points: Sequence[tuple[float, float]]) -> Frame:
    """Choose the frame that holds all points."""
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    edge = max(east - west, north - south, 0.1) * 0.03
    scale = WIDTH / ((east - west + 2 * edge) * squeeze)
    height = round((north - south + 2 * edge) * scale, 1)
    return Frame(west=west - edge, north=north + edge, scale=scale, squeeze=squeeze, height=height)


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


@dataclass(frozen=True, kw_only=True)
class Base:
    """What lies under a map: districts and rivers, and whose they are."""

    frame: Frame
    districts: tuple[str, ...]
    rivers: tuple[str, ...]
    credit: str


def base(region: str) -> Base | None:
    """Draw districts and rivers of a region, or nothing where neither case nor we have any."""
    return _base(region, files.case_folder())


@cache
def _base(region: str, folder: Path) -> Base | None:
    shapes, lines = geo.outline(region, folder=folder), geo.rivers(region, folder=folder)
    if shapes is None:
        return None
    districts, rivers = shapes["features"], lines["features"] if lines else []
    points = [(p[0], p[1]) for f in districts for line in _lines(f["geometry"]) for p in line]
    held = frame(points)
    return Base(
        frame=held,
        districts=tuple(_path(f, held) for f in districts),
        rivers=tuple(_path(f, held) for f in rivers),
        credit=geo.credits(region, folder=folder),
    )


@dataclass(frozen=True, kw_only=True)
class Near:
    """A part of the map, in degrees: companies of it are shown closer, and listed alone."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def read(cls, text: str) -> Near | None:
        """Read 'west,south,east,north'; None where it is no part of a map."""
        try:
            west, south, east, north = (float(part) for part in text.split(","))
        except ValueError:
            return None
        is_part = -180 <= west < east <= 180 and -90 <= south < north <= 90
        return cls(west=west, south=south, east=east, north=north) if is_part else None

    def only(self, listing: Listing) -> Listing:
        """Keep the companies that lie in it."""
        if not {"longitude", "latitude"} <= set(listing.columns):
            return listing
        x, y = listing.columns.index("longitude"), listing.columns.index("latitude")
        rows = (row for row in listing.rows if row[x] and row[y])
        kept = (
            row
            for row in rows
            if self.west <= float(row[x]) <= self.east and self.south <= float(row[y]) <= self.north
        )
        return Listing(columns=listing.columns, rows=tuple(kept))


def drawing(
    listing: Listing, region: str, *, lit: frozenset[str] | None, near: Near | None, told: str
) -> dict[str, Any] | None:
    """Draw the companies of a register; where they are many, gathered by squares.

    Parameters
    ----------
    listing : Listing
        With id, longitude, latitude, sector, equal_standard_m3_a, name_zh, name_en.
    region : str
        For districts and rivers; without them, circles only.
    lit : frozenset of str, optional
        Ids to show in full, the others stay faint or, where they are many, away; None for all.
    near : Near, optional
        The part to show; None for the whole.
    told : str
        What a circle of several says: '{count} companies'.
    """
    drawn = _drawn(listing, region)
    if drawn is None:
        return None
    held, _ = drawn
    area = held.area(near)
    circles, placed = _circles(listing, region, lit, near, told)
    below = base(region)
    return {
        "box": f"{area.x:g} {area.y:g} {area.width:g} {area.height:g}",
        "districts": below.districts if below else (),
        "rivers": below.rivers if below else (),
        "credit": below.credit if below else "",
        "circles": mark_safe(circles),
        "placed": placed,
    }


@lru_cache(maxsize=8)
def _drawn(listing: Listing, region: str) -> tuple[Frame, tuple[Spot, ...]] | None:
    """Place every company once: thousands of them are the same in most answers."""
    placed = [c for c in listing.dicts() if c.get("longitude") and c.get("latitude")]
    if not placed:
        return None
    points = [(float(c["longitude"]), float(c["latitude"])) for c in placed]
    drawn = base(region)
    held = drawn.frame if drawn else frame(points)
    loads = [float(c.get("equal_standard_m3_a") or 0) for c in placed]
    largest = max(loads) or 1.0
    spots = [
        Spot(
            id=company["id"],
            name=company.get("name_en") or company.get("name_zh") or company["id"],
            sector=company["sector"] if company.get("sector") in SECTORS else OTHER,
            x=x,
            y=y,
            share=load / largest,
        )
        for company, (x, y), load in zip(
            placed, (held.place(*point) for point in points), loads, strict=True
        )
    ]
    spots.sort(key=lambda spot: -spot.share)  # small ones on top
    return held, tuple(spots)


@lru_cache(maxsize=64)
def _circles(
    listing: Listing, region: str, lit: frozenset[str] | None, near: Near | None, told: str
) -> tuple[str, int]:
    """Write the companies of a part of the map, once for all who see the same; and count them."""
    drawn = _drawn(listing, region)
    if drawn is None:
        return "", 0
    held, spots = drawn
    area = held.area(near)
    inside = [spot for spot in spots if near is None or area.holds(spot)]
    return _written(inside, held, area=area, lit=lit, told=told), len(inside)


def _written(
    spots: Sequence[Spot], held: Frame, *, area: Area, lit: frozenset[str] | None, told: str
) -> str:
    shown = [spot for spot in spots if lit is None or spot.id in lit]
    scale = area.width / WIDTH
    if len(shown) > MOST:
        groups = list(gathered(shown, area))
        largest = max(group.share for group in groups) or 1.0
        return "".join(
            _group(group, held, scale=scale, part=group.share / largest, told=told)
            for group in groups
        )
    faint = [] if lit is None or len(spots) > MOST else [s for s in spots if s.id not in lit]
    return "".join(
        (
            *(_one(spot, scale=scale, how=" faint") for spot in faint),
            *(_one(spot, scale=scale, how="") for spot in shown),
        )
    )


def _one(spot: Spot, *, scale: float, how: str) -> str:
    radius = scale * max(SMALLEST, LARGEST * math.sqrt(spot.share))
    return (
        f'<a href="?q={quote(spot.id)}" tabindex="-1"><circle cx="{spot.x:g}" cy="{spot.y:g}"'
        f' r="{radius:.3g}" class="{spot.sector}{how}"><title>{escape(spot.name)}</title>'
        "</circle></a>"
    )


def _group(group: Group, held: Frame, *, scale: float, part: float, told: str) -> str:
    radius = scale * (LEAST_OF_SEVERAL + (LARGEST - LEAST_OF_SEVERAL) * math.sqrt(part))
    corners = (
        *held.degrees(group.area.x, group.area.y + group.area.height),
        *held.degrees(group.area.x + group.area.width, group.area.y),
    )
    at = f'x="{group.x:g}" y="{group.y + 3.5 * scale:g}" font-size="{10 * scale:.3g}"'
    number = f"<text {at}>{group.count}</text>" if group.count > 1 else ""
    return (
        f'<a href="?near={",".join(f"{degree:.4f}" for degree in corners)}" tabindex="-1">'
        f"<title>{escape(told.format(count=group.count))}</title>"
        f'<circle cx="{group.x:g}" cy="{group.y:g}" r="{radius:.3g}" class="{group.sector}"/>'
        f"{number}</a>"
    )
