"""The bank below a discharge to a large river, where full mixing is far away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from renvand.river import plume
from renvand.river.network import Floats
from renvand.river.transport import MG_L_PER_KG_D
from renvand.steps.case import CaseData, records
from renvand.steps.effect.water import Water

if TYPE_CHECKING:
    import pandas as pd

DISTANCES = (500.0, 1_000.0, 5_000.0, 10_000.0)  # m below the outlet, along its own bank


def intakes(case: CaseData, reach: str) -> tuple[float, ...]:
    """Distances at which a reach is looked at: the usual ones within it. [m]"""
    length = case.tables["reaches"].set_index("id")["length_km"].astype(float)[reach] * 1e3
    return tuple(d for d in DISTANCES if d <= length) or (float(length),)


def banks(
    case: CaseData, water: Water, *, loads: pd.DataFrame, removed: pd.DataFrame
) -> pd.DataFrame:
    """Rise along the bank below each place where something is removed from a large river.

    Parameters
    ----------
    case : CaseData
        Reaches.
    water : Water
        At one flow.
    loads : DataFrame
        Today's loads by place.
    removed : DataFrame
        What no longer arrives, of :func:`removals.to_river`.

    Returns
    -------
    DataFrame
        ``place``, ``reach``, ``substance``, ``flow``, ``distance_m``, ``rise_mg_l`` of the whole
        load of the place (NaN where it is not known), ``fall_mg_l`` of what is removed,
        ``mixed_fall_mg_l`` were it mixed across, ``mixing_km``. Only where the reach ends
        before the water is mixed.
    """
    import pandas as pd

    today = loads.groupby(["place", "substance"])["kg_d"].sum().to_dict()
    rows: list[dict[str, object]] = []
    for row in records(removed):
        at = water.net.place(str(row["reach"]))
        if water.is_mixed[at] or np.isnan(water.mixing_km[at]):
            continue
        distances = np.array(intakes(case, str(row["reach"])))
        one = _one_kg(water, at, distances, substance=str(row["substance"]))
        own = today.get((row["place"], row["substance"]), float("nan"))
        for distance, rise in zip(distances, one, strict=True):
            rows.append(
                {
                    **{k: row[k] for k in ("place", "reach", "substance")},
                    "flow": water.name,
                    "distance_m": float(distance),
                    "rise_mg_l": rise * own,
                    "fall_mg_l": rise * row["kg_d"],
                    "mixed_fall_mg_l": row["kg_d"] * MG_L_PER_KG_D / water.flow[at],
                    "mixing_km": float(water.mixing_km[at]),
                }
            )
    columns = ["place", "reach", "substance", "flow", "distance_m", "rise_mg_l", "fall_mg_l"]
    return pd.DataFrame(rows, columns=[*columns, "mixed_fall_mg_l", "mixing_km"])


def _one_kg(water: Water, at: int, distances: Floats, *, substance: str) -> Floats:
    """Rise at the bank for one kilogram a day. [mg/L per kg/d]"""
    shape = water.channel
    return plume(
        1.0,
        distances,
        y=0.0,
        width=float(shape.width[at]),
        depth=float(shape.depth[at]),
        velocity=float(shape.velocity[at]),
        coefficient=float(water.across[at]),
        decay=float(water.rate(substance)[at]),
    )
