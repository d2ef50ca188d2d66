"""What no longer enters the rivers, after what a public plant between would have held back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from renvand.errors import Fault, FileError, near
from renvand.knowledge import SHIPPED
from renvand.steps.case import CaseData, records
from renvand.steps.effect.loads import sound_years
from renvand.steps.effect.places import Route, plant_reaches, routes, rows_of
from renvand.steps.plants.limits import SUBSTANCES

if TYPE_CHECKING:
    import pandas as pd

MONEY = ("cost_per_kg", "capital_a", "net_cost_a")  # where it is known
REMOVED = (
    *("place", "kind", "reach", "substance", "kg_d", "removed_kg_d", "passing", "plant"),
    *("figure", "relative_sd", "measure", *MONEY),
)


@cache
def usual_passing() -> dict[str, float]:
    """Share of a load that passes a plant: median of the real plants of the shipped table."""
    rows = SHIPPED.table("reference_plants")
    return {
        substance: float((rows[f"{name}_out_mg_l"] / rows[f"{name}_in_mg_l"]).median())
        for substance, name in SUBSTANCES.items()
    }


def passing(
    case: CaseData,
    plant: str,
    *,
    substance: str,
    years: Mapping[str, Mapping[str, Any]] | None = None,
) -> tuple[float, str]:
    """Share of what a plant receives that leaves with its effluent, and how it is known.

    Parameters
    ----------
    case : CaseData
        Months of its plants.
    plant, substance : str
        Which ones.
    years : mapping, optional
        Of :func:`loads.sound_years`, where many plants are asked for.

    Returns
    -------
    tuple
        Share, and 'measured' (own months), 'usual' (other plants), or 'bound': nothing is known
        of the substance, so all of it is taken to pass.
    """
    known = sound_years(case) if years is None else years
    year, name = known.get(plant), SUBSTANCES.get(substance)
    if year is not None and name is not None:
        share = float(year[f"{name}_out"]) / float(year[f"{name}_in"])
        if not np.isnan(share):
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
        ``outlet``, ``plant``, ``reach``. Optional: ``relative_sd``, ``cost_per_kg``, and of what
        is done to remove it ``measure``, ``capital_a``, ``net_cost_a`` of the whole measure.

    Returns
    -------
    tuple
        Frame with ``place``, ``kind``, ``reach``, ``substance``, ``kg_d`` (at the river),
        ``removed_kg_d`` (at the place), ``passing`` (how the share was known), ``plant``,
        ``figure``, ``relative_sd``, ``cost_per_kg``, ``measure`` (the place where none is given),
        ``capital_a``, ``net_cost_a``; findings.

    Raises
    ------
    FileError
        Unknown places and substances, or places without a reach.
    """
    import pandas as pd

    ways, plants, reaches = routes(case), plant_reaches(case), rows_of(case, "reaches")
    years, substances = sound_years(case), set(SHIPPED.table("substances")["id"])
    faults: list[Fault] = []
    unknown: list[str] = []
    rows: list[dict[str, Any]] = []
    for row in records(removals):
        place, kind, way = _way(row, ways=ways, plants=plants)
        if row["substance"] not in substances:
            where = f"removals, {kind} '{place}'"
            what = f"'{row['substance']}' is no substance we know."
            faults.append(Fault(where=where, what=what, do=near(str(row["substance"]), substances)))
        if way is None or way.reach not in reaches:
            faults.append(_lost(place, kind, way, known=(*ways, *plants, *reaches)))
            continue
        share, how = (1.0, "direct")
        if kind == "outlet" and way.plant:
            share, how = passing(case, way.plant, substance=str(row["substance"]), years=years)
        if how == "bound":
            unknown.append(str(row["substance"]))
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
                "figure": figure if isinstance(figure := row.get("figure"), str) else "",
                "relative_sd": float(np.nan_to_num(row.get("relative_sd", 0.0))),
                "measure": measure if isinstance(measure := row.get("measure"), str) else place,
                **{
                    c: float(row.get(c, np.nan)) for c in ("cost_per_kg", "capital_a", "net_cost_a")
                },
            }
        )
    if faults:
        raise FileError(faults)
    return pd.DataFrame(rows, columns=list(REMOVED)), _bound(unknown)


def _way(
    row: dict[str, Any], *, ways: dict[str, Route], plants: dict[str, str]
) -> tuple[str, str, Route | None]:
    for kind in ("outlet", "plant", "reach"):
        place = row.get(kind)
        if not isinstance(place, str) or not place:
            continue
        if kind == "outlet":
            return place, kind, ways.get(place)
        if kind == "plant":
            way = Route(reach=plants[place], plant="") if place in plants else None
            return place, kind, way
        return place, kind, Route(reach=place, plant="")
    return "", "place", None


def _lost(place: str, kind: str, way: Route | None, *, known: tuple[str, ...]) -> Fault:
    where = f"removals, {kind} '{place}'"
    if way is None or kind == "reach":
        return Fault(where=where, what="is not known.", do=near(place, known))
    what = "has no reach, so what is removed there cannot be followed."
    return Fault(where=where, what=what, do="Give its receiving_reach or receiving_plant.")


def _bound(substances: list[str]) -> tuple[Fault, ...]:
    if not substances:
        return ()
    names = ", ".join(dict.fromkeys(substances))
    return (
        Fault(
            where="effect",
            what=f"nothing is known of how much a treatment plant holds back of {names}.",
            do="All of it is taken to pass: the gain in the river is an upper bound.",
        ),
    )
