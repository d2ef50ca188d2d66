"""The figures of the rivers that reach a reader, each with its origins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from renvand.steps.case import CaseData, records
from renvand.steps.plants.figures import operation
from renvand.trace import Figure, Origin

if TYPE_CHECKING:
    import pandas as pd


_METHODS = {
    True: "Change of the fully mixed concentration at {flow} flow.",
    False: "Change of the mean over the cross-section at {flow} flow. The water is not mixed "
    "across here: along the bank below the outlet it changes more.",
}


def figures(case: CaseData, *, removed: pd.DataFrame, table: pd.DataFrame) -> tuple[Figure, ...]:
    """Make the figures: what no longer arrives, and the change where it would have.

    Parameters
    ----------
    case : CaseData
        For the sources of the reaches.
    removed : DataFrame
        Of :func:`removals.to_river`.
    table : DataFrame
        Of :func:`reaches.before_after`.
    """
    made: list[Figure] = []
    by_reach: dict[tuple[str, str], list[str | Origin]] = {}
    for place, substance in _pairs(removed, "place"):
        own = _of(removed, place=place, substance=substance)
        parts = tuple(dict.fromkeys(f for f in own["figure"] if f))
        figure = Figure(
            id=f"effect.{place}.{substance}.removed",
            value=float(own["kg_d"].sum()),
            unit="kg/d",
            method="Removed at the place, less what a public plant between would have held back.",
            made_of=(*(parts or (_place(case, place),)), *_held_back(case, records(own)[0])),
        )
        made.append(figure)
        by_reach.setdefault((str(own["reach"].iloc[0]), substance), []).append(figure.id)
    rows = {(r["reach"], r["substance"], r["flow"]): r for r in records(table)}
    for (reach, substance), parts in by_reach.items():
        for flow in ("mean", "low"):
            row = rows[reach, substance, flow]
            made.append(
                Figure(
                    id=f"effect.{reach}.{substance}.change-{flow}",
                    value=float(row["change_mg_l"]),
                    unit="mg/l",
                    method=_METHODS[bool(row["is_mixed"])].format(flow=flow),
                    made_of=(*parts, _reach(case, reach, flow=flow)),
                    low=float(row["change_low_mg_l"]),
                    high=float(row["change_high_mg_l"]),
                )
            )
    return tuple(made)


def _held_back(case: CaseData, row: dict[str, Any]) -> tuple[Origin, ...]:
    """Point at what the share that passes a plant was taken from."""
    if row["passing"] == "measured":
        return (operation(case, str(row["plant"]), columns=f"{row['substance']} in and out"),)
    if row["passing"] == "usual":
        median = "median of all rows"
        return (Origin(file="knowledge/reference_plants.csv", row=median, source="yrd93"),)
    return ()


def _pairs(removed: pd.DataFrame, column: str) -> list[tuple[str, str]]:
    pairs = zip(removed[column], removed["substance"], strict=True)
    return list(dict.fromkeys((str(a), str(b)) for a, b in pairs))


def _of(removed: pd.DataFrame, *, place: str, substance: str) -> pd.DataFrame:
    return removed[(removed["place"] == place) & (removed["substance"] == substance)]


def _origin(row: dict[str, Any], *, file: str, column: str) -> Origin:
    return Origin(
        file=file,
        row=str(row["id"]),
        column=column,
        value="" if column == "" else str(row[column]),
        basis=row["basis"],
        source=str(row["source"]),
        locator=str(row["locator"] or ""),
        confidence=row["confidence"] or "low",
    )


def _place(case: CaseData, place: str) -> Origin:
    for name in ("outlets", "plants", "reaches"):
        if name not in case.tables:
            continue
        for row in records(case.tables[name]):
            if row["id"] == place:
                return _origin(row, file=f"{name}.csv", column="")
    return Origin(file="", row=place, basis="estimated", confidence="low")


def _reach(case: CaseData, reach: str, *, flow: str) -> Origin:
    row = next(r for r in records(case.tables["reaches"]) if r["id"] == reach)
    return _origin(row, file="reaches.csv", column=f"flow_{flow}_m3_s")
