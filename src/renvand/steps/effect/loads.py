"""What enters the rivers today: by place, reach and substance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from renvand.errors import Fault
from renvand.steps.case import CaseData, records
from renvand.steps.effect.places import plant_reaches, routes, rows_of
from renvand.steps.outcome import Outcome
from renvand.steps.plants import check, is_sound, monthly, yearly
from renvand.steps.plants.limits import SUBSTANCES, of_class

if TYPE_CHECKING:
    import pandas as pd

DAYS_PER_YEAR = 365  # d/a
SECONDS_PER_DAY = 86_400.0  # s/d
COLUMNS = ("place", "kind", "reach", "substance", "kg_d", "basis")


def effluent(case: CaseData) -> dict[str, float]:
    """Flow of treated and direct effluent into each reach. [m³/s]"""
    found: dict[str, float] = {}
    measured, homes = sound_years(case), plant_reaches(case)
    for plant, row in rows_of(case, "plants").items():
        year = measured.get(plant)
        flow = float(row["capacity_m3_d"])
        if year is not None:
            flow = float(year["volume_m3"]) / float(year["days"])
        reach = homes[plant]
        found[reach] = found.get(reach, 0.0) + flow / SECONDS_PER_DAY
    seen = case.tables.get("observations")
    if seen is not None:
        flows = seen.groupby("outlet")["flow_m3_d"].max()
        for outlet, way in routes(case).items():
            flow = float(flows.get(outlet, np.nan))
            if not way.plant and not np.isnan(flow):
                found[way.reach] = found.get(way.reach, 0.0) + flow / SECONDS_PER_DAY
    return found


def sound_years(case: CaseData) -> dict[str, dict[str, Any]]:
    """Give the year of each plant whose months hold together."""
    months = monthly(case)
    sound = months if months.empty else months[is_sound(months, check(months))]
    if sound.empty:
        return {}
    return {str(row["plant"]): row for row in records(yearly(sound).reset_index())}


def of_outlets(case: CaseData) -> pd.DataFrame:
    """Loads of the outlets that reach a river without a public plant, newest year.

    Returns
    -------
    DataFrame
        ``COLUMNS``; a censored concentration counts half. [kg/d]
    """
    import pandas as pd

    ways = routes(case)
    rows: dict[tuple[str, str], tuple[Any, ...]] = {}
    seen = case.tables.get("observations")
    ordered = [] if seen is None else records(seen.sort_values("year", kind="stable"))
    for row in ordered:
        outlet, substance = str(row["outlet"]), str(row["substance"])
        way = ways.get(outlet)
        value = row["flow_m3_d"] * row["concentration_mg_l"] / 1e3
        if way is None or way.plant or not way.reach or np.isnan(value):
            continue
        part = 0.5 if bool(row["is_censored"]) else 1.0
        days = row["days"] if row["days"] == row["days"] and row["days"] else DAYS_PER_YEAR
        load = float(value) * part * float(days) / DAYS_PER_YEAR
        rows[outlet, substance] = (outlet, "outlet", way.reach, substance, load, row["basis"])
    return pd.DataFrame(list(rows.values()), columns=list(COLUMNS))


def of_register(register: Outcome) -> pd.DataFrame:
    """Bring the loads of the register into the columns of :func:`of_outlets`.

    Parameters
    ----------
    register : Outcome
        Of step 1: tables ``outlets`` and ``loads``; the newest year of each outlet counts.
    """
    import pandas as pd

    outlets = {str(row["id"]): row for row in records(register.tables["outlets"])}
    rows: dict[tuple[str, str], tuple[Any, ...]] = {}
    for row in records(register.tables["loads"].sort_values("year", kind="stable")):
        outlet = outlets.get(str(row["outlet"]), {})
        reach = str(outlet.get("receiving_reach") or "")
        load = float(row["load_kg_a"]) / DAYS_PER_YEAR
        if not reach or outlet.get("receiving_plant") or np.isnan(load):
            continue
        key = str(row["outlet"]), str(row["substance"])
        rows[key] = (key[0], "outlet", reach, key[1], load, "calculated")
    return pd.DataFrame(list(rows.values()), columns=list(COLUMNS))


def of_plants(case: CaseData) -> tuple[pd.DataFrame, tuple[Fault, ...]]:
    """Loads of the public plants: measured where months are sound, else flow times limit.

    Returns
    -------
    tuple
        Frame of ``COLUMNS``, and a finding that names the plants whose class was assumed.
    """
    import pandas as pd

    years, homes = sound_years(case), plant_reaches(case)
    rows: list[tuple[Any, ...]] = []
    assumed: list[str] = []
    unknown = case.standards.unknown_plant
    for plant, row in sorted(rows_of(case, "plants").items()):
        if not homes[plant]:
            continue
        year = years.get(plant)
        limits = of_class(case, str(row["discharge_class"] or ""))
        if year is None and not limits:
            assumed.append(plant)
            limits = of_class(case, unknown)
        for substance, name in SUBSTANCES.items():
            load = float(row["capacity_m3_d"]) * limits.get(name, np.nan) / 1e3
            if year is not None:
                load = float(year["volume_m3"]) / year["days"] * year[f"{name}_out"] / 1e3
            if not np.isnan(load):
                basis = "calculated" if year is not None else "estimated"
                rows.append((plant, "plant", homes[plant], substance, load, basis))
    return pd.DataFrame(rows, columns=list(COLUMNS)), _assumed(assumed, unknown)


def _assumed(plants: list[str], grade: str) -> tuple[Fault, ...]:
    if not plants:
        return ()
    what = f"has no discharge class for {len(plants)} plants ({', '.join(plants[:3])} …)."
    stand = f"Their loads stand at the limits of class {grade}" if grade else "They have no loads"
    do = f"{stand}; give class or operating data."
    return (Fault(where="plants.csv, discharge_class", what=what, do=do),)
