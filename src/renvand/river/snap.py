"""Which reach an outlet discharges to, by distance and by the size of the river."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from renvand.errors import Fault
from renvand.river.network import Floats

if TYPE_CHECKING:
    import pandas as pd

EARTH_RADIUS = 6_371.0  # km, mean
FARTHEST = 30.0  # km; beyond it no reach is meant
DOUBTFUL_DISTANCE = 5.0  # km; a person should look
DOUBTFUL_SIZE = 3.0  # factor between the river that is meant and the reach
SIZE_PENALTY = 10.0  # km a factor of ten in flow counts as


def distance_km(longitude: Floats, latitude: Floats, *, to: tuple[Floats, Floats]) -> Floats:
    """Great-circle distances, rows by columns. [km]"""
    lon1, lat1 = np.radians(longitude)[:, None], np.radians(latitude)[:, None]
    lon2, lat2 = np.radians(to[0])[None, :], np.radians(to[1])[None, :]
    half = np.sin((lat2 - lat1) / 2) ** 2
    half = half + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS * np.arcsin(np.sqrt(half))


def snap(outlets: pd.DataFrame, reaches: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Fault, ...]]:
    """Find the reach of each outlet.

    Parameters
    ----------
    outlets : DataFrame
        ``id``, ``longitude``, ``latitude``, and ``river_flow_m3_s`` where the size of the
        receiving river is known.
    reaches : DataFrame
        ``id``, ``longitude``, ``latitude``, ``flow_mean_m3_s``.

    Returns
    -------
    tuple
        A frame ``id, reach, distance_km, is_doubtful`` (no reach where all are farther than
        30 km), and a finding for each doubtful or missing one.

    Notes
    -----
    The nearest line is often the wrong river: a brook beside the Yangtze is nearer to the
    Yangtze's line than to its own mouth. Where the size is known, a factor of ten in flow
    weighs as much as 10 km.
    """
    import pandas as pd

    lon, lat = (np.asarray(outlets[c], dtype=np.float64) for c in ("longitude", "latitude"))
    points = tuple(np.asarray(reaches[c], dtype=np.float64) for c in ("longitude", "latitude"))
    away = np.nan_to_num(distance_km(lon, lat, to=(points[0], points[1])), nan=np.inf)
    size = np.asarray(reaches["flow_mean_m3_s"], dtype=np.float64)
    meant = (
        np.asarray(outlets["river_flow_m3_s"], dtype=np.float64)
        if "river_flow_m3_s" in outlets
        else np.full(len(lon), np.nan)
    )
    apart = np.abs(np.log10(meant[:, None] / size[None, :]))
    cost = away + SIZE_PENALTY * np.nan_to_num(apart, nan=0.0)
    best = np.argmin(cost, axis=1)
    rows = np.arange(len(best))
    km, factor = away[rows, best], 10 ** np.nan_to_num(apart[rows, best], nan=0.0)
    names = [str(n) for n in reaches["id"]]
    found, faults = [], []
    for i, outlet in enumerate(str(o) for o in outlets["id"]):
        reach, fault = _judge(outlet, names[int(best[i])], km=float(km[i]), factor=float(factor[i]))
        found.append((outlet, reach, float(km[i]), fault is not None))
        faults += [fault] if fault else []
    frame = pd.DataFrame(found, columns=["id", "reach", "distance_km", "is_doubtful"])
    return frame, tuple(faults)


def _judge(outlet: str, reach: str, *, km: float, factor: float) -> tuple[str | None, Fault | None]:
    where = f"outlets.csv, outlet '{outlet}'"
    if not km <= FARTHEST:
        what = (
            f"is {km:.0f} km from the nearest reach." if np.isfinite(km) else "has no coordinates."
        )
        return None, Fault(
            where=where, what=what, do="Check its coordinates, or add the reach to reaches.csv."
        )
    if km > DOUBTFUL_DISTANCE or factor > DOUBTFUL_SIZE:
        what = f"was joined to '{reach}', {km:.1f} km away"
        if factor > DOUBTFUL_SIZE:
            what += f", whose flow differs by a factor of {factor:.1f}"
        return reach, Fault(
            where=where, what=f"{what}.", do="Write its reach into 'receiving_reach'."
        )
    return reach, None
