"""What makes a plant a good place for a trial: relevance, feasibility, benefit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from renvand.steps.plants.energy import Frontier, delta, kpis

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]

# How well findings of a trial carry to other plants and how many levers the process has: our
# judgement, 0 to 1, confidence low.
PROCESS = {
    "A2O": 1.0,
    "AO": 0.8,
    "OD": 0.8,
    "SBR": 0.5,
    "CASS": 0.5,
    "CAS": 0.5,
    "MBR": 0.4,
    "BIOFILM": 0.3,
    "OTHER": 0.2,
}
TN_LIMIT = 15.0  # mg/L, where a class has none: annex I of 91/271/EEC, 10,000 to 100,000 p.e.
SAVING_UNIT = 1e4  # kWh/a; savings count by their logarithm above this
BOD_TN_ENOUGH, BOD_TN_SPAN = 5.0, 3.0  # below 5 short of carbon, below 2 fully; gb50014-2021 has 4
BOD_TP_ENOUGH, BOD_TP_SPAN = 30.0, 15.0  # below 17 biological P removal fails, gb50014-2021
COLD = 15.0  # °C, below which nitrification limits what may be tried
SIZE_CORNERS = (4.0, 4.48, 5.3, 5.7)  # log10 of m³/d: 10,000; 30,000; 200,000; 500,000
LOAD_CORNERS = (0.5, 0.75, 0.95, 1.15)
MARGIN_CORNERS = (-0.2, 0.2, 0.45, 0.75)
FROM_OPERATION = ("gap", "save", "nitrogen", "carbon", "phosphorus", "load", "size")
WEIGHTS = {  # swing weights, our judgement; a case may set its own under [plants.weights]
    "gap": 0.15,
    "save": 0.10,
    "nitrogen": 0.10,
    "carbon": 0.08,
    "phosphorus": 0.05,
    "load": 0.10,
    "size": 0.06,
    "process": 0.06,
    "lines": 0.06,
    "winter": 0.04,
    "quality": 0.08,
    "river": 0.08,
    "transfer": 0.04,
}


def trapezium(value: npt.ArrayLike, corners: tuple[float, float, float, float]) -> Floats:
    """Rise from 0 to 1 between the first two corners, fall again between the last two."""
    a, b, c, d = corners
    x = np.asarray(value, dtype=np.float64)
    return np.clip(np.minimum((x - a) / (b - a), (d - x) / (d - c)), 0.0, 1.0)


def from_operation(
    year: pd.DataFrame, *, frontier: Frontier | None = None, tn_limit: npt.ArrayLike = TN_LIMIT
) -> pd.DataFrame:
    """Compute what follows from a year of operation.

    Parameters
    ----------
    year : DataFrame
        Of :func:`performance.yearly`.
    frontier : Frontier, optional
        What good plants of the same conditions use; left out, those of :func:`energy.delta`.
    tn_limit : array (plant,)
        Limit of total nitrogen. [mg/L]

    Returns
    -------
    DataFrame
        ``gap``: share of energy above the best tenth; ``save``: log10(1 + kWh/a over 10,000);
        ``nitrogen``: margin to the limit, best when it binds but holds; ``carbon``,
        ``phosphorus``: how short the sewage is of what removal needs; ``load``, ``size``: room
        for a trial and a signal to see. All but ``save`` from 0 to 1.
    """
    import pandas as pd

    figures = kpis(year)
    best = (frontier or delta()).reference(figures)
    gap = (1 - best / figures["kwh_m3"]).clip(lower=0.0)
    margin = (np.asarray(tn_limit) - year["tn_out"]) / np.asarray(tn_limit)
    return pd.DataFrame(
        {
            "gap": gap,
            "save": np.log10(1 + gap * figures["energy_kwh_a"] / SAVING_UNIT),
            "nitrogen": trapezium(margin, MARGIN_CORNERS),
            "carbon": ((BOD_TN_ENOUGH - figures["bod_tn"]) / BOD_TN_SPAN).clip(0.0, 1.0),
            "phosphorus": ((BOD_TP_ENOUGH - figures["bod_tp"]) / BOD_TP_SPAN).clip(0.0, 1.0),
            "load": trapezium(figures["load"], LOAD_CORNERS),
            "size": trapezium(np.log10(figures["flow_m3_d"]), SIZE_CORNERS),
        },
        index=year.index,
    )


def transferability(plants: pd.DataFrame) -> pd.Series:
    """Share of the region's capacity that is treated by the same process."""
    capacity = plants.groupby("process")["capacity_m3_d"].sum()
    known = plants["process"].where(plants["process"] != "OTHER")
    return known.map(capacity / capacity.sum())


def river_benefit(plants: pd.DataFrame, reaches: pd.DataFrame) -> pd.Series:
    """Score how little the first receiving water dilutes: 1 at 1 m³/s of low flow, 0 at 1,000.

    The concentration that a kilogram a day makes there goes with one over the flow; the score is
    linear in its logarithm.
    """
    import pandas as pd

    low = plants["receiving_reach"].map(reaches.set_index("id")["flow_low_m3_s"])
    score = 1 - np.log10(low.to_numpy(dtype=np.float64)) / 3
    return pd.Series(np.clip(score, 0.0, 1.0), index=plants.index)
