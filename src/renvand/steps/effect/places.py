"""Where outlets and plants meet the rivers: by their own word, or by the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from renvand.errors import Fault
from renvand.river import snap
from renvand.river.snap import COLUMNS
from renvand.steps.case import CaseData, records

if TYPE_CHECKING:
    import pandas as pd

SEWERED = ("sewer",)  # never to a river by itself


@dataclass(frozen=True, kw_only=True)
class Route:
    """Where the water of an outlet goes."""

    reach: str  # '' when not known
    plant: str  # '' when it goes to the river itself


def rows_of(case: CaseData, name: str) -> dict[str, dict[str, Any]]:
    """Give the rows of a table by id; none where the case lacks the table."""
    if name not in case.tables:
        return {}
    return {str(row["id"]): row for row in records(case.tables[name])}


def snapped(case: CaseData) -> tuple[pd.DataFrame, tuple[Fault, ...]]:
    """Join outlets and plants that name no reach, but have a position, to the nearest fitting one.

    Returns
    -------
    tuple
        ``kind`` and the columns of :func:`renvand.river.snap`, and a finding for each that is
        doubtful or too far. Positions that are the middle of a district are no outfalls.
    """
    import pandas as pd

    parts: list[pd.DataFrame] = []
    faults: list[Fault] = []
    for kind, table in (("outlet", "outlets"), ("plant", "plants")):
        homeless = _homeless(case, table)
        if homeless is None or "reaches" not in case.tables:
            continue
        found, doubts = snap(homeless, case.tables["reaches"], file=f"{table}.csv")
        parts.append(found.assign(kind=kind))
        faults += doubts
    columns = ["kind", *COLUMNS]
    joined = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return joined[columns], tuple(faults)


def _homeless(case: CaseData, table: str) -> pd.DataFrame | None:
    rows = case.tables.get(table)
    if rows is None or rows.empty or not {"longitude", "latitude"} <= set(rows):
        return None
    is_open = rows["receiving_reach"].isna() & rows["longitude"].notna() & rows["latitude"].notna()
    if "receiving_plant" in rows:
        is_open &= rows["receiving_plant"].isna() & ~rows["kind"].isin(SEWERED)
    if "position_quality" in rows:
        is_open &= rows["position_quality"] != "district"
    return rows[is_open] if is_open.any() else None


def routes(case: CaseData) -> dict[str, Route]:
    """Give the way of each outlet: its own reach, its plant's, or the one it lies at."""
    joined = _joined(case, "outlet")
    homes = plant_reaches(case)
    found: dict[str, Route] = {}
    for outlet, row in rows_of(case, "outlets").items():
        plant = str(row.get("receiving_plant") or "")
        reach = str(row.get("receiving_reach") or "") or joined.get(outlet, "")
        if plant in homes:
            reach = homes[plant] or reach
        found[outlet] = Route(reach=reach, plant=plant)
    return found


def plant_reaches(case: CaseData) -> dict[str, str]:
    """Give the reach of each public plant, '' where it is not known."""
    joined = _joined(case, "plant")
    return {
        plant: str(row.get("receiving_reach") or "") or joined.get(plant, "")
        for plant, row in rows_of(case, "plants").items()
    }


def _joined(case: CaseData, kind: str) -> dict[str, str]:
    found, _ = snapped(case)
    own = found[(found["kind"] == kind) & found["reach"].notna()]
    return dict(zip(own["id"].astype(str), own["reach"].astype(str), strict=True))


def places(case: CaseData) -> pd.DataFrame:
    """List every outlet and plant that reaches a river of the case."""
    import pandas as pd

    known = set(case.tables["reaches"]["id"])
    rows = [(o, "outlet", way.reach, way.plant) for o, way in routes(case).items()]
    rows += [(plant, "plant", reach, "") for plant, reach in plant_reaches(case).items()]
    kept = [row for row in rows if row[2] in known]
    return pd.DataFrame(kept, columns=["place", "kind", "reach", "plant"])


def homeless(case: CaseData) -> tuple[Fault, ...]:
    """Say which direct outlets have neither reach nor position: their loads go nowhere."""
    kinds = {outlet: row["kind"] for outlet, row in rows_of(case, "outlets").items()}
    lost = [o for o, way in routes(case).items() if not way.reach and kinds[o] == "direct"]
    located = set(snapped(case)[0]["id"])
    lost = [outlet for outlet in lost if outlet not in located]
    if not lost:
        return ()
    more = f" and {len(lost) - 3} more" if len(lost) > 3 else ""
    what = f"neither receiving_reach nor position: {', '.join(lost[:3])}{more}."
    do = "Give one of the two; what they discharge is left out."
    return (Fault(where="outlets.csv, direct outlets", what=what, do=do),)
