"""What becomes of a substance in a reach, from the shipped table and the case's own rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from renvand.errors import Fault, FileError, near
from renvand.river.network import Floats
from renvand.steps.case import CaseData

NAME = "river_rates"
LOST = ("loss", "oxidation", "denitrification", "settling")  # hydrolysis only changes the form

Rows = tuple[dict[str, Any], ...]


def rates_of(case: CaseData) -> Rows:
    """Give the rows of the shipped table, each replaced by the case's own with the same id."""
    return tuple(case.knowledge.rows(NAME))


def value_of(rows: Rows, name: str) -> float:
    """Give the number of one row.

    Raises
    ------
    FileError
        When there is no such row.
    """
    for row in rows:
        if row["id"] == name:
            return float(row["typical"])
    known = [str(row["id"]) for row in rows]
    raise FileError(Fault(where=NAME, what=f"has no row '{name}'.", do=near(name, known)))


def rate(
    rows: Rows,
    substance: str,
    *,
    processes: tuple[str, ...] = LOST,
    temperature: Floats,
    depth: Floats,
) -> Floats:
    """Add up what a substance loses in each reach.

    Parameters
    ----------
    rows : tuple of dict
        Of :func:`rates_of`.
    substance : str
        Which one; without a row it stays in the water.
    processes : tuple of str
        Which ones count.
    temperature, depth : array (reach,)
        Of the water. [°C], [m]

    Returns
    -------
    array (reach,)
        Rate at the temperature of the reach. [1/d]
    """
    total = np.zeros(len(temperature))
    for row in rows:
        if row["substance"] != substance or row["process"] not in processes:
            continue
        theta, bound = (_or_one(row[name]) for name in ("theta", "bound_share"))
        at20 = float(row["typical"]) * theta ** (temperature - 20)
        total += at20 * bound / depth if row["unit"] == "m/d" else at20
    return total


def _or_one(value: Any) -> float:
    return 1.0 if value is None or value != value else float(value)
