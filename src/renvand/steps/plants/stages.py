"""Where the electricity of a plant goes, typical and at its best, by stage of a treatment train."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from renvand.errors import Fault, FileError, near
from renvand.knowledge import SHIPPED

if TYPE_CHECKING:
    import pandas as pd

FLOW = 37_854.0  # m³/d, 10 million gallons a day, for which the trains were designed; werf-2015
SUMS = (
    *("liquid-stream-processes", "solids-processes", "plant-wide", "net-electricity-import"),
    *("total-electricity-usage", "total-electricity-usage-excluding-chemical-production"),
)
# The train that is nearest to each process: our judgement, confidence low. Extended aeration
# stands for ditches, nitrogen removal with carbon dosing for the Bardenpho family.
TRAINS = {"A2O": "g1", "AO": "f1", "OD": "i2", "CAS": "b1", "MBR": "n2"}


@cache
def _trains() -> frozenset[str]:
    return frozenset(map(str, SHIPPED.table("stage_energies")["train"]))


def stages(train: str) -> pd.DataFrame:
    """Compare a train's typical electricity with best practice, stage by stage.

    Parameters
    ----------
    train : str
        Letter of the train, 'b1' to 'p1e'.

    Returns
    -------
    DataFrame
        Index ``stage``, without sums; ``typical_kwh_m3``, ``best_kwh_m3``, ``saving`` (share).
        American plants of 37,854 m³/d: shares carry over better than figures per m³.

    Raises
    ------
    FileError
        When there is no such train.

    References
    ----------
    werf-2015
    """
    import pandas as pd

    if train not in _trains():
        what = f"no treatment train '{train}'."
        raise FileError(Fault(where="stage_energies", what=what, do=near(train, _trains())))
    rows = SHIPPED.table("stage_energies")
    rows = rows[(rows["train"] == train) & ~rows["stage"].isin(SUMS)]
    wide = rows.pivot(index="stage", columns="level", values="electricity_kwh_d") / FLOW
    typical, best = wide["typical"].fillna(0.0), wide["best-practice"].fillna(0.0)
    return pd.DataFrame(
        {"typical_kwh_m3": typical, "best_kwh_m3": best, "saving": 1 - best / typical}
    )


def saving(process: str) -> float:
    """Share of a plant's electricity that best practice saves against typical; NaN if unknown.

    A ceiling for what a trial may promise, not a forecast.
    """
    if process not in TRAINS:
        return float("nan")
    total = stages(TRAINS[process])[["typical_kwh_m3", "best_kwh_m3"]].sum()
    return float(1 - total["best_kwh_m3"] / total["typical_kwh_m3"])
