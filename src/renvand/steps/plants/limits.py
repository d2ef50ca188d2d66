"""What a plant's class of discharge allows, and how often it was kept."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from renvand.knowledge import table
from renvand.steps.case import records

if TYPE_CHECKING:
    import pandas as pd

STANDARD = "gb-18918-2002"
SUBSTANCES = {"COD": "cod", "BOD5": "bod", "SS": "ss", "NH4-N": "nh4", "TN": "tn", "TP": "tp"}


@cache
def of_class(grade: str) -> dict[str, float]:
    """Give the limits of a class in force, by substance as in the operating data. [mg/L]"""
    rows = table("limits")
    rows = rows[(rows["standard"] == STANDARD) & (rows["grade"] == grade)]
    rows = rows[rows["substance"].isin(list(SUBSTANCES)) & (rows["kind"] == "max")]
    rows = rows[rows["condition"] != "built-before-2006"]
    found: dict[str, float] = {}
    for row in records(rows):
        if row["condition"] in ("any", "warm"):
            found[SUBSTANCES[row["substance"]]] = float(row["limit"])
    return found


def share_above(months: pd.DataFrame, *, grade: str) -> float:
    """Share of months in which any limit of the class was not kept; NaN where none is known."""
    import pandas as pd

    limits = of_class(grade)
    if not limits or months.empty:
        return float("nan")
    above = pd.concat([months[f"{name}_out"] > limit for name, limit in limits.items()], axis=1)
    return float(above.any(axis=1).mean())
