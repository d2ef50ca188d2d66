"""Which reach an outlet discharges to, by distance and by the size of the river."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from renvand.errors import Fault
from renvand.river.network import Floats

if TYPE_CHECKING:
    import pandas as pd

KM_PER_DEGREE = 111.2  # of latitude; mean sphere of 6371 km
FARTHEST = 30.0  # km; from here on no reach is meant
DOUBTFUL_DISTANCE = 5.0  # km; a person should look
DOUBTFUL_SIZE = 3.0  # factor between the river that is meant and the reach
SIZE_PENALTY = 10.0  # km a factor of ten in size counts as
SIZES = {  # column of outlets: column of reaches, what it is
    "river_flow_m3_s": ("flow_mean_m3_s", "flow"),
    "catchment_km2": ("catchment_km2", "catchment"),
}
COLUMNS = ("id", "reach", "distance_km", "size_factor", "is_doubtful")


def distance_to_line(longitude: Floats, latitude: Floats, *, line: Floats) -> Floats:
    """Distance of points from a line of straight pieces.

    Parameters
    ----------
    longitude, latitude : array (point,)
        WGS-84. [°]
    line : array (vertex, 2)
        Longitude and latitude; one vertex is a point. [°]

    Returns
    -------
    array (point,)
        Distance on a plane that touches the globe at each point: good to 1 % over 100 km. [km]
    """
    shrink = np.stack((np.cos(np.radians(latitude)), np.ones_like(latitude)), axis=1)
    points = np.stack((longitude, latitude), axis=1)
    away = (line[None, :, :] - points[:, None, :]) * (KM_PER_DEGREE * shrink)[:, None, :]
    if len(line) == 1:
        return np.hypot(away[:, 0, 0], away[:, 0, 1])
    start, piece = away[:, :-1], np.diff(away, axis=1)
    long = np.maximum((piece**2).sum(axis=2), np.finfo(float).tiny)
    at = np.clip(-(start * piece).sum(axis=2) / long, 0, 1)
    nearest = start + at[:, :, None] * piece
    return np.sqrt((nearest**2).sum(axis=2)).min(axis=1)


def course(reaches: pd.DataFrame) -> dict[str, Floats]:
    """Draw each reach as a straight line from its own point to that of the reach below.

    Parameters
    ----------
    reaches : DataFrame
        ``id``, ``downstream``, ``longitude``, ``latitude``. Reaches without a point have no line.
    """
    points = {
        str(name): (float(lon), float(lat))
        for name, lon, lat in zip(
            reaches["id"], reaches["longitude"], reaches["latitude"], strict=True
        )
    }
    onward = reaches["downstream"] if "downstream" in reaches else [None] * len(reaches)
    below = dict(zip(map(str, reaches["id"]), onward, strict=True))
    lines: dict[str, Floats] = {}
    for name, point in points.items():
        ends = [point, points.get(str(below[name]), point)]
        line = np.array([end for end in dict.fromkeys(ends) if not np.isnan(end).any()])
        if len(line) and not np.isnan(point).any():
            lines[name] = line
    return lines


def snap(
    outlets: pd.DataFrame,
    reaches: pd.DataFrame,
    *,
    lines: Mapping[str, Floats] | None = None,
    file: str = "outlets.csv",
) -> tuple[pd.DataFrame, tuple[Fault, ...]]:
    """Find the reach of each outlet.

    Parameters
    ----------
    outlets : DataFrame
        ``id``, ``longitude``, ``latitude``; ``river_flow_m3_s`` or ``catchment_km2`` where the
        size of the receiving river is known.
    reaches : DataFrame
        ``id``, ``downstream``, ``longitude``, ``latitude``, ``flow_mean_m3_s``, and
        ``catchment_km2`` where outlets are compared by it.
    lines : mapping of reach to array (vertex, 2), optional
        How the reaches run; left out, straight from point to point by :func:`course`.
    file : str
        Where the outlets stand, for the findings.

    Returns
    -------
    tuple
        A frame of ``COLUMNS`` (no reach where all are 30 km away or farther), and a finding for
        each doubtful or missing one.

    Notes
    -----
    The nearest line is often the wrong river: a brook beside the Yangtze is nearer to the
    Yangtze's line than to its own mouth. Where the size is known, a factor of ten in flow or
    catchment weighs as much as 10 km.
    """
    import pandas as pd

    drawn = course(reaches) if lines is None else lines
    lon, lat = (np.asarray(outlets[c], dtype=np.float64) for c in ("longitude", "latitude"))
    names = [str(n) for n in reaches["id"]]
    away = np.full((len(lon), len(names)), np.inf)
    for i, name in enumerate(names):
        if name in drawn:
            away[:, i] = distance_to_line(lon, lat, line=drawn[name])
    away = np.nan_to_num(away, nan=np.inf)
    apart, compared = _apart(outlets, reaches)
    best = np.argmin(away + SIZE_PENALTY * apart, axis=1) if names else np.zeros(0, dtype=int)
    found, faults = [], []
    for row, outlet in enumerate(str(o) for o in outlets["id"]):
        at = int(best[row])
        km, factor = float(away[row, at]), float(10 ** apart[row, at])
        size = f"whose {compared[row]} differs by a factor of {factor:.1f}"
        doubt = size if factor > DOUBTFUL_SIZE else ""
        where = f"{file}, '{outlet}'"
        reach, fault = _judge(where, names[at], km=km, doubt=doubt)
        found.append((outlet, reach, km, factor, fault is not None))
        faults += [fault] if fault else []
    return pd.DataFrame(found, columns=list(COLUMNS)), tuple(faults)


def _apart(outlets: pd.DataFrame, reaches: pd.DataFrame) -> tuple[Floats, list[str]]:
    """Powers of ten between the river that is meant and each reach, by the first size known."""
    apart = np.zeros((len(outlets), len(reaches)))
    compared = [""] * len(outlets)
    for column, (other, what) in SIZES.items():
        if column not in outlets or other not in reaches:
            continue
        meant = np.asarray(outlets[column], dtype=np.float64)
        size = np.asarray(reaches[other], dtype=np.float64)
        gap = np.abs(np.log10(meant[:, None] / size[None, :]))
        for row in np.flatnonzero(~np.isnan(meant)):
            if not compared[row]:
                compared[row] = what
                apart[row] = np.nan_to_num(gap[row], nan=0.0)
    return apart, compared


def _judge(where: str, reach: str, *, km: float, doubt: str) -> tuple[str | None, Fault | None]:
    if not np.isfinite(km):
        return None, Fault(where=where, what="has no coordinates.", do="Write its receiving_reach.")
    if km >= FARTHEST:
        do = "Check its coordinates, or add the reach to reaches.csv."
        return None, Fault(where=where, what=f"is {km:.0f} km from the nearest reach.", do=do)
    if km > DOUBTFUL_DISTANCE or doubt:
        what = f"was joined to '{reach}', {km:.1f} km away" + (f", {doubt}" if doubt else "")
        do = "Look at a map, and write its receiving_reach."
        return reach, Fault(where=where, what=f"{what}.", do=do)
    return reach, None
