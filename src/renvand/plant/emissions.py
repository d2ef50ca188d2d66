"""What a plant gives to the air over a run: nitrous oxide and carbon dioxide by factor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from renvand.errors import Fault, PlantError, near
from renvand.knowledge import read
from renvand.plant.performance import GRAMS, performance, window_of

if TYPE_CHECKING:
    from renvand.plant.result import Result

NITROUS = "S_N2O"
N2O_PER_N = 44 / 28  # g/g
FACTOR = "n2o-ipcc-plant"  # of nitrogen in, with its range


def stripped(result: Result) -> dict[str, float]:
    """Give what gases of the page but oxygen lose to the air since ``evaluate_from``. [kg/d]"""
    plant, (window, length) = result.plant, window_of(result)
    record, tanks = result.record[window], plant.plan.tanks
    column = {at: i for i, at in enumerate(plant.plan.columns)}
    found: dict[str, float] = {}
    for gas in plant.model.page.gases:
        row = plant.model.components.index(gas.name)
        speed, held = plant.model.gas_speed[row], plant.model.gas_saturation[row]
        lost = np.zeros(len(record))
        for name in tanks:
            excess = record[:, column[name, gas.name]] - held
            lost += plant.drawing.tanks[name].volume * record[:, column[name, "kla"]] * excess
        found[gas.name] = speed * float(length @ lost) / float(length.sum()) / GRAMS
    return found


def emissions(result: Result, *, grid: str) -> dict[str, float]:
    """Work out greenhouse gases, as carbon dioxide, since ``evaluate_from``.

    Parameters
    ----------
    result : Result
        A run.
    grid : str
        A row of kind electricity in the knowledge table ``emission_factors`` ('grid-cn-2023').

    Returns
    -------
    dict
        'electricity'; 'N2O low', 'N2O typical', 'N2O high' by the factor of nitrogen in, which
        differs between plants a hundredfold; 'N2O model' where the page has nitrous oxide.
        [kg CO2e/d]

    Raises
    ------
    PlantError
        When there is no such row.

    References
    ----------
    ipcc-2019, ipcc-ar6, as the table cites them
    """
    rows: list[Any] = read.table("emission_factors").to_dict("records")
    factors: dict[str, Any] = {row["id"]: row for row in rows}
    grids = [name for name, row in factors.items() if row["kind"] == "electricity"]
    if grid not in grids:
        fault = Fault(where=f"grid '{grid}'", what="is not known.", do=near(grid, grids))
        raise PlantError(fault)
    warming = N2O_PER_N * float(factors["gwp-n2o"]["typical"])
    used = performance(result)
    energy = used["AE"] + used["PE"] + used["ME"]
    found = {"electricity": energy * float(factors[grid]["typical"])}
    nitrogen = _nitrogen_in(result)
    for bound in ("low", "typical", "high"):
        found[f"N2O {bound}"] = warming * float(factors[FACTOR][bound]) * nitrogen
    if NITROUS in (gone := stripped(result)):
        found["N2O model"] = warming * gone[NITROUS]
    return found


def _nitrogen_in(result: Result) -> float:
    """Total nitrogen of the influent. [kg/d]"""
    window, length = window_of(result)
    rows = result.influent[window]
    content = rows[:, :-2] @ result.plant.model.observables["TN"]
    return float(length @ (content * rows[:, -1])) / float(length.sum()) / GRAMS
