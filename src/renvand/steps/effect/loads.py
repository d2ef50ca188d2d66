"""What enters the rivers today, and what less would enter: by place, reach and substance."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from renvand.errors import Fault, FileError, near
from renvand.knowledge import table
from renvand.steps.case import CaseData, records
from renvand.steps.outcome import Outcome
from renvand.steps.plants import check, is_sound, monthly, yearly
from renvand.steps.plants.limits import SUBSTANCES, of_class

if TYPE_CHECKING:
    import pandas as pd

DAYS_PER_YEAR = 365  # d/a
SECONDS_PER_DAY = 86_400.0  # s/d
ASSUMED_CLASS = "1B"  # of plants whose class is not known; gb-18918-2002
REMOVED = (
    *("place", "kind", "reach", "substance", "kg_d", "removed_kg_d", "passing", "plant"),
    *("figure", "relative_sd", "cost_per_kg"),
)
COLUMNS = ("place", "kind", "reach", "substance", "kg_d", "basis")


@dataclass(frozen=True, kw_only=True)
class Route:
    """Where the water of an outlet goes."""

    reach: str  # '' when not known
    plant: str  # '' when it goes to the river itself


def routes(case: CaseData) -> dict[str, Route]:
    """Give the way of each outlet: its own reach, or its plant's."""
    plants = _rows(case, "plants")
    found: dict[str, Route] = {}
    for row in records(case.tables["outlets"]) if "outlets" in case.tables else []:
        plant = str(row.get("receiving_plant") or "")
        reach = str(row.get("receiving_reach") or "")
        if plant and plant in plants:
            reach = str(plants[plant].get("receiving_reach") or reach)
        found[str(row["id"])] = Route(reach=reach, plant=plant)
    return found


def _rows(case: CaseData, name: str) -> dict[str, dict[str, Any]]:
    if name not in case.tables:
        return {}
    return {str(row["id"]): row for row in records(case.tables[name])}


def effluent(case: CaseData) -> dict[str, float]:
    """Flow of treated and direct effluent into each reach. [m³/s]"""
    found: dict[str, float] = {}
    measured = _sound_years(case)
    for plant, row in _rows(case, "plants").items():
        year = measured.get(plant)
        flow = float(row["capacity_m3_d"])
        if year is not None:
            flow = float(year["volume_m3"]) / float(year["days"])
        reach = str(row.get("receiving_reach") or "")
        found[reach] = found.get(reach, 0.0) + flow / SECONDS_PER_DAY
    seen = case.tables.get("observations")
    if seen is not None:
        flows = seen.groupby("outlet")["flow_m3_d"].max()
        for outlet, way in routes(case).items():
            flow = float(flows.get(outlet, np.nan))
            if not way.plant and not np.isnan(flow):
                found[way.reach] = found.get(way.reach, 0.0) + flow / SECONDS_PER_DAY
    return found


def _sound_years(case: CaseData) -> dict[str, dict[str, Any]]:
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

    years = _sound_years(case)
    rows: list[tuple[Any, ...]] = []
    assumed: list[str] = []
    for plant, row in sorted(_rows(case, "plants").items()):
        if not row.get("receiving_reach"):
            continue
        year = years.get(plant)
        limits = of_class(str(row["discharge_class"] or ""))
        if year is None and not limits:
            assumed.append(plant)
            limits = of_class(ASSUMED_CLASS)
        for substance, name in SUBSTANCES.items():
            load = float(row["capacity_m3_d"]) * limits.get(name, np.nan) / 1e3
            if year is not None:
                load = float(year["volume_m3"]) / year["days"] * year[f"{name}_out"] / 1e3
            if not np.isnan(load):
                basis = "calculated" if year is not None else "estimated"
                rows.append((plant, "plant", row["receiving_reach"], substance, load, basis))
    return pd.DataFrame(rows, columns=list(COLUMNS)), _assumed(assumed)


def _assumed(plants: list[str]) -> tuple[Fault, ...]:
    if not plants:
        return ()
    what = f"has no discharge class for {len(plants)} plants ({', '.join(plants[:3])} …)."
    do = f"Their loads stand at the limits of class {ASSUMED_CLASS}; give class or operating data."
    return (Fault(where="plants.csv, discharge_class", what=what, do=do),)


@cache
def usual_passing() -> dict[str, float]:
    """Share of a load that passes a plant: median of the real plants of the shipped table."""
    rows = table("reference_plants")
    return {
        substance: float((rows[f"{name}_out_mg_l"] / rows[f"{name}_in_mg_l"]).median())
        for substance, name in SUBSTANCES.items()
    }


def passing(case: CaseData, plant: str, *, substance: str) -> tuple[float, str]:
    """Share of what a plant receives that leaves with its effluent, and how it is known.

    Returns
    -------
    tuple
        Share, and 'measured' (own months), 'usual' (other plants), or 'bound': nothing is known
        of the substance, so all of it is taken to pass.
    """
    months = monthly(case)
    own = months[months["plant"] == plant]
    name = SUBSTANCES.get(substance)
    if name is not None and len(own):
        year = yearly(own)
        share = float((year[f"{name}_out"] / year[f"{name}_in"]).iloc[0])
        if share == share:
            return share, "measured"
    if substance in usual_passing():
        return usual_passing()[substance], "usual"
    return 1.0, "bound"


def to_river(case: CaseData, removals: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Fault, ...]]:
    """Follow what is removed to the reach where it no longer arrives.

    Parameters
    ----------
    case : CaseData
        Outlets and plants.
    removals : DataFrame
        ``substance``, ``kg_d``, ``figure`` (id of the figure it stands on, or ''), and one of
        ``outlet``, ``plant``, ``reach``. Optional: ``relative_sd`` and ``cost_per_kg``.

    Returns
    -------
    tuple
        Frame with ``place``, ``kind``, ``reach``, ``substance``, ``kg_d`` (at the river),
        ``removed_kg_d`` (at the place), ``passing`` (how the share was known), ``plant``,
        ``figure``, ``relative_sd``, ``cost_per_kg``; findings.

    Raises
    ------
    FileError
        Unknown places, or places without a reach.
    """
    import pandas as pd

    ways, plants, reaches = routes(case), _rows(case, "plants"), _rows(case, "reaches")
    faults: list[Fault] = []
    notes: dict[str, Fault] = {}
    rows: list[dict[str, Any]] = []
    for row in records(removals):
        place, kind, way = _way(row, ways=ways, plants=plants)
        if way is None or way.reach not in reaches:
            faults.append(_lost(place, kind, way, known=(*ways, *plants, *reaches)))
            continue
        share, how = (1.0, "direct")
        if kind == "outlet" and way.plant:
            share, how = passing(case, way.plant, substance=str(row["substance"]))
        if how == "bound":
            notes[str(row["substance"])] = _bound(str(row["substance"]))
        rows.append(
            {
                "place": place,
                "kind": kind,
                "reach": way.reach,
                "substance": str(row["substance"]),
                "kg_d": share * float(row["kg_d"]),
                "removed_kg_d": float(row["kg_d"]),
                "passing": how,
                "plant": way.plant,
                "figure": str(row.get("figure") or ""),
                "relative_sd": float(row.get("relative_sd") or 0.0),
                "cost_per_kg": float(row.get("cost_per_kg") or np.nan),
            }
        )
    if faults:
        raise FileError(faults)
    return pd.DataFrame(rows, columns=list(REMOVED)), tuple(notes.values())


def _way(
    row: dict[str, Any], *, ways: dict[str, Route], plants: dict[str, dict[str, Any]]
) -> tuple[str, str, Route | None]:
    for kind in ("outlet", "plant", "reach"):
        place = row.get(kind)
        if not isinstance(place, str) or not place:
            continue
        if kind == "outlet":
            return place, kind, ways.get(place)
        if kind == "plant":
            reach = str(plants[place].get("receiving_reach") or "") if place in plants else None
            return place, kind, None if reach is None else Route(reach=reach, plant="")
        return place, kind, Route(reach=place, plant="")
    return "", "place", None


def _lost(place: str, kind: str, way: Route | None, *, known: tuple[str, ...]) -> Fault:
    where = f"removals, {kind} '{place}'"
    if way is None or kind == "reach":
        return Fault(where=where, what="is not known.", do=near(place, known))
    what = "has no reach, so what is removed there cannot be followed."
    return Fault(where=where, what=what, do="Give its receiving_reach or receiving_plant.")


def _bound(substance: str) -> Fault:
    return Fault(
        where=f"effect, {substance}",
        what="nothing is known of how much of it a treatment plant holds back.",
        do="All of it is taken to pass: the gain in the river is an upper bound.",
    )
