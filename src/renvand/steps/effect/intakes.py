"""What reaches the intakes of water: before it is mixed across, the bank decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from renvand.errors import Fault
from renvand.river.plume import across
from renvand.river.transport import MG_L_PER_KG_D
from renvand.steps.case import CaseData, records
from renvand.steps.effect.water import Water

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    *("intake", "reach", "place", "substance", "flow", "distance_km", "travel_h", "is_mixed"),
    *("same_bank_fall_mg_l", "other_bank_fall_mg_l", "mixed_fall_mg_l"),
)
KM, HOURS = 1e3, 24.0  # m/km, h/d


@dataclass(frozen=True, kw_only=True)
class Way:
    """The water's way from a place to an intake."""

    distance_km: float
    days: float
    share: float  # of what was discharged, after losses and partings
    spread: float  # standard deviation over width; NaN where a slope is lacking
    mixing: float  # distance over the length that mixes across, 1 and above: mixed


def intakes(case: CaseData, water: Water, *, removed: pd.DataFrame) -> pd.DataFrame:
    """Say what intakes gain from each place where something is removed.

    Parameters
    ----------
    case : CaseData
        ``intakes.csv``.
    water : Water
        At one flow.
    removed : DataFrame
        Of :func:`removals.to_river`.

    Returns
    -------
    DataFrame
        ``COLUMNS``: fall of concentration at the bank of the outlet, at the other one, and
        were the water mixed across; ``is_mixed`` says whether it is. A river that joins a
        larger one is there like an outlet at the bank. Places whose water does not pass the
        intake are left out.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for intake in _listed(case):
        for row in records(removed):
            way = _way(water, str(row["reach"]), intake, substance=str(row["substance"]))
            if way is not None:
                rows.append(_row(water, intake, row, way))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def beyond(case: CaseData) -> tuple[Fault, ...]:
    """Name intakes that lie below the end of their reach."""
    lengths = dict(
        zip(case.tables["reaches"]["id"], case.tables["reaches"]["length_km"], strict=True)
    )
    return tuple(
        Fault(
            where=f"intakes.csv, '{row['id']}'",
            what=f"lies {row['distance_km']:g} km down '{row['reach']}', "
            f"which is {lengths[row['reach']]:g} km long.",
            do="Name the reach it lies at; it is taken to lie at the end of this one.",
        )
        for row in _listed(case)
        if row["distance_km"] > lengths[row["reach"]]
    )


def _listed(case: CaseData) -> list[dict[str, Any]]:
    rows = case.tables.get("intakes")
    return [] if rows is None else records(rows)


def _row(water: Water, intake: dict[str, Any], row: dict[str, Any], way: Way) -> dict[str, Any]:
    at = water.net.place(str(intake["reach"]))
    mixed = float(row["kg_d"]) * way.share * MG_L_PER_KG_D / float(water.flow[at])
    same, other = (mixed * across(y, spread=way.spread) for y in (0.0, 1.0))
    return {
        "intake": intake["id"],
        **{name: row[name] for name in ("place", "substance")},
        "reach": intake["reach"],
        "flow": water.name,
        "distance_km": way.distance_km,
        "travel_h": way.days * HOURS,
        "is_mixed": way.mixing >= 1,
        "same_bank_fall_mg_l": same,
        "other_bank_fall_mg_l": other,
        "mixed_fall_mg_l": mixed,
    }


def _way(water: Water, start: str, intake: dict[str, Any], *, substance: str) -> Way | None:
    """Follow the main stream down; None when it does not pass the intake."""
    rate, goal = water.rate(substance), water.net.place(str(intake["reach"]))
    kept = water.kept(substance)
    distance = days = variance = mixing = 0.0
    share = 1.0
    for at, passed_on in _down(water, water.net.place(start)):
        length = float(water.length_km[at])
        part = min(float(intake["distance_km"]), length) / length if at == goal else 1.0
        lake, speed = water.is_lake[at], float(water.channel.velocity[at])
        across_m2 = 2 * float(water.across[at]) * part * length * KM / speed
        variance += np.inf if lake else across_m2 / float(water.channel.width[at]) ** 2
        mixing += np.inf if lake else part * length / float(water.mixing_km[at])
        distance += part * length
        days += part * float(water.time[at])
        if at == goal:
            share *= float(np.exp(-rate[at] * part * water.time[at])) if not lake else kept[at]
            spread = float(np.sqrt(variance))
            return Way(distance_km=distance, days=days, share=share, spread=spread, mixing=mixing)
        share *= float(kept[at]) * passed_on
        below = int(water.net.down[at])
        if water.flow[at] < water.flow[below] / 2:  # a mouth is an outlet at the bank
            variance = mixing = 0.0
    return None


def _down(water: Water, at: int) -> Iterator[tuple[int, float]]:
    """Give each reach of the main way and the share of its load that goes on along it."""
    net = water.net
    while at >= 0:
        edges = range(int(net.start[at]), int(net.start[at + 1]))
        parts = [float(net.share[e]) for e in edges if net.target[e] == net.down[at]]
        yield at, (parts[0] if parts else 1.0)
        at = int(net.down[at])
