"""What a plant's class of discharge allows, and how often it was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from renvand.steps.case import CaseData, records

if TYPE_CHECKING:
    import pandas as pd

SUBSTANCES = {"COD": "cod", "BOD5": "bod", "SS": "ss", "NH4-N": "nh4", "TN": "tn", "TP": "tp"}


def of_class(case: CaseData, grade: str) -> dict[str, float]:
    """Give the limits of a class in force, by substance as in the operating data. [mg/L]

    The standard is the one of ``[standards] plants`` of the case.
    """
    return case.knowledge.once(f"plants {case.standards.plants} {grade}", lambda: _of(case, grade))


def _of(case: CaseData, grade: str) -> dict[str, float]:
    rows = case.table("limits")
    rows = rows[(rows["standard"] == case.standards.plants) & (rows["grade"] == grade)]
    rows = rows[rows["substance"].isin(list(SUBSTANCES)) & (rows["kind"] == "max")]
    rows = rows[rows["condition"] != "built-before-2006"]
    found: dict[str, float] = {}
    for row in records(rows):
        if row["condition"] in ("any", "warm"):
            found[SUBSTANCES[row["substance"]]] = float(row["limit"])
    return found


def share_above(case: CaseData, months: pd.DataFrame, *, grade: str) -> float:
    """Share of months in which any limit of the class was not kept; NaN where none is known."""
    import pandas as pd

    limits = of_class(case, grade)
    if not limits or months.empty:
        return float("nan")
    above = pd.concat([months[f"{name}_out"] > limit for name, limit in limits.items()], axis=1)
    return float(above.any(axis=1).mean())
