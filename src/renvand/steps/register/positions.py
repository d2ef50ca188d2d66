"""Positions as lists give them: decimal or in degrees and minutes, in WGS-84 or GCJ-02."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from renvand.errors import Fault
from renvand.knowledge import SHIPPED, Knowledge
from renvand.knowledge.geo import gcj02_to_wgs84
from renvand.steps.register.records import Entry
from renvand.steps.register.values import folded

KM_PER_DEGREE = 111.2  # km, of a great circle
FARTHEST = 150.0  # km from the middle of its district; the largest districts reach 100
_DEGREES = re.compile(
    r"(\d{1,3})[°度]\s*(\d{1,2}(?:\.\d+)?)['′’分]\s*(?:(\d{1,2}(?:\.\d+)?)(?:[\"″”秒]|['′’]{2}))?"
)

Position = tuple[float | None, float | None, str]  # longitude, latitude, quality


def position(
    entries: Iterable[Entry],
    division: str,
    *,
    findings: list[Fault],
    knowledge: Knowledge = SHIPPED,
) -> Position:
    """Take the first usable position of a site.

    Parameters
    ----------
    entries : iterable of Entry
        Rows of the site, the most trusted first.
    division : str
        Code of its district; '' when it is not known.
    findings : list of Fault
        Positions that cannot be are added to it; they are left out, not turned.
    knowledge : Knowledge
        Of the case, with its districts; by default the shipped tables.

    Returns
    -------
    tuple
        Longitude and latitude in WGS-84 [°], and what they are a position of; None, None, ''
        when there is none.
    """
    middle = knowledge.once("middles", lambda: _middles(knowledge)).get(division)
    for entry in entries:
        written = [folded(entry.row.cells.get(c, "")) for c in ("longitude", "latitude")]
        if not any(written):
            continue
        longitude, latitude = map(degrees, written)
        if longitude is None or latitude is None or not (longitude and latitude):
            findings.append(_fault(entry, written, "is no position", "Write decimal degrees."))
            continue
        if entry.coordinates == "GCJ-02":
            longitude, latitude = gcj02_to_wgs84(longitude, latitude)
        distance = _away(longitude, latitude, middle)
        if distance > FARTHEST:
            swapped = _away(latitude, longitude, middle) <= FARTHEST
            do = "Longitude and latitude look swapped." if swapped else "Look the place up."
            findings.append(_fault(entry, written, f"is {distance:.0f} km from its district", do))
            continue
        quality = entry.row.cells.get("position_quality") or "address"
        return round(longitude, 6), round(latitude, 6), quality
    return None, None, ""


def degrees(text: str) -> float | None:
    """Read 106.5532 or 106°33′11.5″; None when it is neither."""
    found = _DEGREES.fullmatch(text)
    if found:
        whole, minutes, seconds = (float(part or 0) for part in found.groups())
        return whole + minutes / 60 + seconds / 3600
    try:
        value = float(text)
    except ValueError:
        return None
    return value if -180 <= value <= 180 else None


def _fault(entry: Entry, written: list[str], what: str, do: str) -> Fault:
    shown = " / ".join(written)
    return Fault(
        where=f"{entry.row.where}, longitude", what=f"'{shown}' {what}; it is left out.", do=do
    )


def _middles(knowledge: Knowledge) -> dict[str, tuple[float, float]]:
    divisions = knowledge.table("divisions").dropna(subset=["longitude", "latitude"])
    places = zip(divisions["longitude"], divisions["latitude"], strict=True)
    return dict(zip(divisions["id"], places, strict=True))


def _away(longitude: float, latitude: float, middle: tuple[float, float] | None) -> float:
    """Give the distance from the middle of a district [km]; 0 when the district is not known."""
    if middle is None:
        return 0.0
    east = (longitude - middle[0]) * math.cos(math.radians(middle[1]))
    return KM_PER_DEGREE * math.hypot(east, latitude - middle[1])
