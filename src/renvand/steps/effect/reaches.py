"""Concentrations and classes of every reach, today and after, and the profile of a river."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from renvand.river import CLASSES, Spread, carry, ensemble, latin_hypercube, worst_class
from renvand.river.network import Floats
from renvand.steps.case import CaseData, records
from renvand.steps.effect.water import Water, limits

if TYPE_CHECKING:
    import pandas as pd

RATE_CV = 0.5  # of loss rates: a factor of two either way; planning value, confidence low
FLOW_CV = 0.15  # HydroATLAS against gauges: +2 % Yangtze, +13 % Jialing, +5 to +25 % Wu
RUNS = 500
PROFILE = (
    *("start", "distance_km", "reach", "flow", "substance", "before_mg_l", "after_mg_l"),
    *("after_low_mg_l", "after_high_mg_l", "is_mixed"),
)
QUANTILES = (0.025, 0.975)


def background(case: CaseData, substance: str) -> dict[str, float]:
    """Concentration of what flows in at heads and banks, by reach. [mg/L]"""
    rows = case.tables.get("background")
    if rows is None:
        return {}
    own = rows[rows["substance"] == substance]
    return dict(zip(own["reach"], own["concentration_mg_l"].astype(float), strict=True))


def inflow(case: CaseData, water: Water, *, substance: str) -> Floats:
    """Natural load that joins each reach: lateral flow times background. [kg/d]"""
    known = background(case, substance)
    c = np.array([known.get(name, 0.0) for name in water.net.ids])
    return c * water.lateral * 86.4


def by_reach(loads: pd.DataFrame, substance: str) -> dict[str, float]:
    """Sum loads of a substance by reach. [kg/d]"""
    own = loads[loads["substance"] == substance]
    return {str(k): float(v) for k, v in own.groupby("reach")["kg_d"].sum().items()}


def state(case: CaseData, water: Water, *, loads: pd.DataFrame, substance: str) -> Floats:
    """Fully mixed concentration at the head of every reach. [mg/L]"""
    load = inflow(case, water, substance=substance) + water.spread(by_reach(loads, substance))
    kept = water.kept(substance)
    return carry(water.net, load=load, flow=water.flow, kept=kept).head_mg_l


def change(
    water: Water, *, removed: pd.DataFrame, substance: str, seed: int
) -> tuple[Floats, Floats, Floats]:
    """How much lower the concentration at every head becomes, with its 95 % range.

    Returns
    -------
    tuple of array (reach,)
        Best estimate, low, high. [mg/L]
    """
    own = removed[removed["substance"] == substance]
    load = water.spread(by_reach(own, substance))
    kept = water.kept(substance)
    best = carry(water.net, load=load, flow=water.flow, kept=kept).head_mg_l
    weights = own["kg_d"].abs()
    cv = float(np.average(own["relative_sd"], weights=weights)) if weights.sum() > 0 else 0.0
    factors = latin_hypercube(Spread(rate=RATE_CV, flow=FLOW_CV, loads=(cv,)), runs=RUNS, seed=seed)
    runs = ensemble(
        water.net,
        loads=load[None, :],
        flow=water.flow,
        decay=water.rate(substance),
        time=water.channel.time,
        factors=factors,
        sections=np.flatnonzero(best != 0),
    ).at_sections
    low, high = best.copy(), best.copy()
    if runs.size:
        low[best != 0], high[best != 0] = np.quantile(runs, QUANTILES, axis=1)
    return best, low, high


def before_after(
    case: CaseData,
    waters: Mapping[str, Water],
    *,
    loads: pd.DataFrame,
    removed: pd.DataFrame,
    substances: tuple[str, ...],
) -> pd.DataFrame:
    """Every reach, substance and flow: today, after, the change with its range.

    Returns
    -------
    DataFrame
        ``reach``, ``flow``, ``substance``, ``before_mg_l``, ``after_mg_l``, ``change_mg_l``
        (negative is better), ``change_low_mg_l``, ``change_high_mg_l``, ``is_mixed``: where
        False, the figures are those far downstream and the bank sees more.
    """
    import pandas as pd

    seed = int(case.settings["case"]["seed"])
    parts: list[pd.DataFrame] = []
    for name, water in waters.items():
        for substance in substances:
            before = state(case, water, loads=loads, substance=substance)
            less, low, high = change(water, removed=removed, substance=substance, seed=seed)
            has_background = bool(background(case, substance))
            known = before if has_background else np.full(len(before), np.nan)
            parts.append(
                pd.DataFrame(
                    {
                        "reach": list(water.net.ids),
                        "flow": name,
                        "substance": substance,
                        "before_mg_l": known,
                        "after_mg_l": np.maximum(known - less, 0.0),
                        "change_mg_l": 0.0 - less,
                        "change_low_mg_l": 0.0 - high,
                        "change_high_mg_l": 0.0 - low,
                        "is_mixed": water.is_mixed,
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


def classes(table: pd.DataFrame) -> pd.DataFrame:
    """Class of each reach before and after, and the substance that decides it.

    Parameters
    ----------
    table : DataFrame
        Of :func:`before_after`.
    """
    import pandas as pd

    parts: list[pd.DataFrame] = []
    for flow, rows in table.groupby("flow", sort=False):
        part: dict[str, object] = {"reach": rows["reach"].unique(), "flow": flow}
        for when in ("before", "after"):
            wide = rows.pivot(index="reach", columns="substance", values=f"{when}_mg_l")
            wide = wide.loc[list(rows["reach"].unique())]
            values = {str(s): wide[s].to_numpy(dtype=np.float64) for s in wide.columns}
            if not set(values) & set(limits()):
                continue
            worst, decides = worst_class(values, limits=limits())
            part[f"class_{when}"] = ["" if np.isnan(w) else CLASSES[int(w)] for w in worst]
            part[f"decides_{when}"] = list(decides)
        parts.append(pd.DataFrame(part))
    return pd.concat(parts, ignore_index=True)


def profile(water: Water, table: pd.DataFrame, *, reach: str, substance: str) -> pd.DataFrame:
    """Follow the water from a reach to where it leaves: distance, before, after, range.

    Parameters
    ----------
    water : Water
        At the flow of the table.
    table : DataFrame
        Of :func:`before_after`.
    reach : str
        Where to start.
    substance : str
        Which one.
    """
    import pandas as pd

    own = table[(table["flow"] == water.name) & (table["substance"] == substance)]
    rows = {str(row["reach"]): row for row in records(own)}
    at, distance = water.net.place(reach), 0.0
    made: list[dict[str, object]] = []
    while at >= 0:
        row = rows[str(water.net.ids[at])]
        made.append(
            {
                "start": reach,
                "distance_km": distance,
                **{k: row[k] for k in ("reach", "flow", "substance", "before_mg_l", "after_mg_l")},
                "after_low_mg_l": row["before_mg_l"] + row["change_low_mg_l"],
                "after_high_mg_l": row["before_mg_l"] + row["change_high_mg_l"],
                "is_mixed": row["is_mixed"],
            }
        )
        distance += float(water.length_km[at])
        at = int(water.net.down[at])
    return pd.DataFrame(made, columns=list(PROFILE))
