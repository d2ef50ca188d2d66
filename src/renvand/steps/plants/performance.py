"""What a plant did in a month or a year: one row each, the same columns whatever the source."""

from __future__ import annotations

import calendar
from typing import TYPE_CHECKING

import numpy as np

from renvand.steps.case import CaseData

if TYPE_CHECKING:
    import pandas as pd

SUBSTANCES = ("cod", "bod", "ss", "nh4", "tn", "tp")
CONCENTRATIONS = tuple(f"{s}_{side}" for s in SUBSTANCES for side in ("in", "out"))
DAYS_PER_YEAR = 365  # d/a
COLUMNS = (
    *("plant", "period", "days", "capacity_m3_d", "volume_m3", "energy_kwh", "temperature_c"),
    *CONCENTRATIONS,
)


def monthly(case: CaseData) -> pd.DataFrame:
    """Bring the operating data of all plants of a case into one frame.

    Parameters
    ----------
    case : CaseData
        ``plants.csv`` and ``plants/<id>/operation.csv``.

    Returns
    -------
    DataFrame
        Columns ``COLUMNS``; volume and energy of the month, concentrations in mg/L.
    """
    import pandas as pd

    capacity = case.tables["plants"].set_index("id")["capacity_m3_d"]
    parts: list[pd.DataFrame] = []
    for plant in sorted(case.plant_folders):
        table = case.plant_folders[plant].tables.get("operation")
        if table is None or table.empty or plant not in capacity:
            continue
        months = [tuple(map(int, str(month).split("-"))) for month in table["month"]]
        days = np.array([calendar.monthrange(year, month)[1] for year, month in months])
        part = pd.DataFrame(
            {
                "plant": plant,
                "period": table["month"].astype(str),
                "days": days,
                "capacity_m3_d": float(capacity[plant]),
                "volume_m3": table["flow_m3_d"] * days,
                "energy_kwh": table["electricity_kwh"],
                "temperature_c": table["temperature_c"],
                **{name: table[f"{name}_mg_l"] for name in CONCENTRATIONS},
            }
        )
        parts.append(part)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))


def yearly(months: pd.DataFrame) -> pd.DataFrame:
    """Sum months to one row a plant: concentrations weighted by volume.

    Parameters
    ----------
    months : DataFrame
        Of :func:`monthly`, without the rows that are in doubt.

    Returns
    -------
    DataFrame
        Index ``plant``; ``months`` says how many were summed, ``days`` how many days they had.
    """
    import pandas as pd

    by = months.groupby("plant")
    made: dict[str, pd.Series] = {
        "months": by.size(),
        "days": by["days"].sum(),
        "capacity_m3_d": by["capacity_m3_d"].first(),
        "volume_m3": by["volume_m3"].sum(min_count=1),
        "energy_kwh": by["energy_kwh"].sum(min_count=1),
        "temperature_c": by["temperature_c"].mean(),
        "coldest_c": by["temperature_c"].min(),
    }
    for name in CONCENTRATIONS:
        weight = months["volume_m3"].where(months[name].notna())
        total = (months[name] * weight).groupby(months["plant"]).sum(min_count=1)
        made[name] = total / weight.groupby(months["plant"]).sum(min_count=1)
    return pd.DataFrame(made)
