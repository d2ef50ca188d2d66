"""The mean inflow of a plant's own months, for a drawing that begins with usual sewage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from renvand.process.model import Model

if TYPE_CHECKING:
    import pandas as pd

AMMONIUM, PHOSPHATE = ("S_NH4", "S_NH"), ("S_PO4", "S_PO")  # as models call them
FEWEST = 3  # months with flow and COD
DIGITS = 4  # of what is written


def own_mean(
    usual: Mapping[str, float], operation: pd.DataFrame, model: Model
) -> tuple[dict[str, float], int]:
    """Bring usual sewage to the mean strength, flow and temperature of a plant's months.

    All organic matter keeps its usual shares and is scaled to the COD measured; ammonium is that
    measured; phosphate is what the measured phosphorus leaves beside the organic matter. What was
    not measured stays as usual. Not for inflows with much industry, whose shares are others, nor
    for what happens within a month.

    Parameters
    ----------
    usual : mapping
        Components of the model with Q and T. [g/m³, m³/d, °C]
    operation : DataFrame
        ``operation.csv``: flow_m3_d, cod_in_mg_l and, where measured, nh4_in_mg_l, tp_in_mg_l,
        temperature_c.
    model : Model
        Whose observables COD and TP say what the components hold.

    Returns
    -------
    tuple of dict and int
        The inflow and the months it is the mean of; as usual, and 0, where fewer than three months
        have flow and COD.
    """
    whole = operation.dropna(subset=["flow_m3_d", "cod_in_mg_l"])
    whole = whole[(whole["flow_m3_d"] > 0) & (whole["cod_in_mg_l"] > 0)]
    made = dict(usual)
    if len(whole) < FEWEST:
        return made, 0
    weights = dict(zip(model.components, model.observables["COD"], strict=True))
    organic = [name for name in model.components if weights[name] and made.get(name)]
    factor = _mean(whole, "cod_in_mg_l") / sum(weights[name] * made[name] for name in organic)
    made |= {name: made[name] * factor for name in organic}
    made["Q"] = float(whole["flow_m3_d"].mean())
    for column, names in (("nh4_in_mg_l", AMMONIUM), ("temperature_c", ("T",))):
        value = _mean(whole, column)
        made |= {name: value for name in names if name in made and np.isfinite(value)}
    _leave_phosphate(made, _mean(whole, "tp_in_mg_l"), model)
    return {name: float(f"{value:.{DIGITS}g}") for name, value in made.items()}, len(whole)


def _leave_phosphate(made: dict[str, float], total: float, model: Model) -> None:
    """Let phosphate be what a measured phosphorus leaves; none where organic matter holds all."""
    name = next((name for name in PHOSPHATE if name in made), "")
    if not name or "TP" not in model.observables or not np.isfinite(total):
        return
    held = np.array([made.get(component, 0.0) for component in model.components])
    bound = float(model.observables["TP"] @ held) - made[name]
    made[name] = max(total - bound, 0.0)


def _mean(months: pd.DataFrame, column: str) -> float:
    """Mean of a column by flow; nan where nothing is measured."""
    known = months.dropna(subset=[column]) if column in months else months.iloc[:0]
    if known.empty:
        return float("nan")
    return float(np.average(known[column].astype(float), weights=known["flow_m3_d"].astype(float)))
