"""Step 4 of the programme: every reviewed company, reconciled, compared and judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from renvand.errors import Fault, FileError
from renvand.reconcile import next_meters
from renvand.steps.case import CaseData, records
from renvand.steps.outcome import Outcome
from renvand.steps.review.balance import (
    advice_row,
    balance_table,
    findable_rows,
    meter_rows,
    stream_figures,
    stream_table,
    test_row,
)
from renvand.steps.review.comparison import comparison
from renvand.steps.review.compliance import compliance, grades
from renvand.steps.review.days import (
    by_day,
    day_figures,
    day_findings,
    diary,
    idle_flows,
    unseen,
)
from renvand.steps.review.diagram import money_edges, sankey
from renvand.steps.review.faults import check
from renvand.steps.review.findings import findings
from renvand.steps.review.insight import insights
from renvand.steps.review.key_figures import key_figures
from renvand.steps.review.money import drain_money
from renvand.steps.review.network import Reviewed, Row, reconciled
from renvand.steps.review.sankey import closures, edges
from renvand.steps.review.wins import quick_wins
from renvand.trace import Figure

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {
    "tests": ["review", "objective", "dof", "p_value", "wrong"],
    "key_figures": ["review", "indicator", "place", "substance", "value", "low", "high", "unit"],
    "comparison": ["review", "indicator", "place", "value", "level", "position", "source"],
    "compliance": ["review", "stream", "substance", "value", "limit", "probability_exceeded"],
    "grades": ["review", "stream", "substance", "grade", "limit", "probability_exceeded"],
    "next_meters": ["review", "stream", "quantity", "tells", "gain"],
    "cheapest_meters": ["review", "stream", "price"],
    "findable": ["review", "stream", "quantity", "alarm", "located", "rival"],
    "insight": ["review", "place", "quantity", "value", "low", "high", "unit", "source"],
    "edges": ["review", "quantity", "unit", "stream", "from", "to", "kind", "value", "sd"],
    "closures": ["review", "quantity", "unit", "inflow", "outflow", "closure", "is_known"],
    "drain_money": ["review", "place", "item", "substance", "value", "low", "high", "unit"],
    "quick_wins": ["review", "key", "place", "saved_m3_a", "saved_money_a"],
    "unseen": ["review", "unit", "leak_m3_d", "use_m3_d", "idle_days", "working_days"],
    "idle": ["review", "stream", "idle_m3_d", "working_m3_d", "share"],
    "days": ["review", "day", "is_production", "stream", "raw", "value", "sd", "status"],
}


@dataclass
class _Gathered:
    frames: dict[str, list[pd.DataFrame]] = field(default_factory=dict[str, "list[pd.DataFrame]"])
    rows: dict[str, list[Row]] = field(default_factory=dict[str, list[Row]])
    figures: list[Figure] = field(default_factory=list[Figure])
    faults: list[Fault] = field(default_factory=list[Fault])
    diagrams: dict[str, Any] = field(default_factory=dict[str, Any])


def review(case: CaseData) -> Outcome:
    """Balance every reviewed company and say what the balance shows.

    Parameters
    ----------
    case : CaseData
        Reviews; outlets and permits of their enterprises.

    Returns
    -------
    Outcome
        Tables ``streams, balances`` and those of `COLUMNS`, each with a column ``review``; extras
        ``sankey`` by review.

    Raises
    ------
    FileError
        With the faults of all reviews that cannot be balanced.
    """
    known = case.knowledge
    faults = [f for n, data in case.reviews.items() for f in check(n, data, knowledge=known)]
    if faults:
        raise FileError(faults)
    all_of = _Gathered()
    for name, data in sorted(case.reviews.items()):
        _add(case, reconciled(name, data, knowledge=known), all_of)
    return Outcome(
        tables=_tables(all_of),
        figures=tuple(all_of.figures),
        findings=tuple(all_of.faults),
        extras={"sankey": all_of.diagrams},
    )


def _add(case: CaseData, reviewed: Reviewed, all_of: _Gathered) -> None:
    streams, balances = stream_table(reviewed), balance_table(reviewed)
    figures = key_figures(reviewed)
    compared, levels = comparison(reviewed, figures)
    allowed, risks = compliance(case, reviewed, figures=figures, compared=compared)
    all_of.frames.setdefault("streams", []).append(streams)
    all_of.frames.setdefault("balances", []).append(balances)
    _gather(
        all_of,
        tests=[test_row(reviewed)],
        key_figures=[k.row() for k in figures],
        comparison=compared,
        compliance=allowed,
        grades=grades(case, reviewed, figures=figures, compared=compared),
        next_meters=[advice_row(reviewed, a) for a in next_meters(reviewed.result)],
        cheapest_meters=meter_rows(reviewed),
        findable=findable_rows(reviewed),
    )
    all_of.figures += [
        *stream_figures(reviewed, streams),
        *_closures(reviewed, balances),
        *(k.figure() for k in figures),
        *levels,
        *risks,
    ]
    all_of.faults += findings(reviewed, allowed)
    _look_closer(case, reviewed, all_of)


def _look_closer(case: CaseData, reviewed: Reviewed, all_of: _Gathered) -> None:
    """Add what goes beyond the balance: processes, money, days, quick wins."""
    days, known = diary(reviewed), insights(reviewed)
    found = edges(reviewed)
    leaks, idle = unseen(reviewed, days), idle_flows(reviewed, days)
    losses = drain_money(case, reviewed, found)
    wins = quick_wins(case, reviewed, known=known, days=days)
    _gather(
        all_of,
        insight=[one.row() for one in known],
        edges=[e.row(reviewed.id) for e in found] + money_edges(losses),
        closures=closures(reviewed, found),
        drain_money=[loss.row() for loss in losses],
        quick_wins=[win.row() for win in wins],
        unseen=leaks,
        idle=idle,
        days=by_day(reviewed),
    )
    currency = case.currency
    all_of.figures += [
        *(one.figure() for one in known),
        *(loss.figure() for loss in losses),
        *(figure for win in wins for figure in win.figures(currency)),
        *day_figures(reviewed, leaks, idle),
    ]
    all_of.faults += day_findings(reviewed, days, leaks)
    all_of.diagrams[reviewed.id] = sankey(reviewed, found, losses)


def _gather(all_of: _Gathered, **tables: list[Row]) -> None:
    for name, rows in tables.items():
        all_of.rows.setdefault(name, []).extend(rows)


def _closures(reviewed: Reviewed, balances: pd.DataFrame) -> Iterator[Figure]:
    """How far the readings of a unit miss each other before anything is corrected."""
    for row in records(balances):
        if row["quantity"] == "flow" and row["raw_closure"] == row["raw_closure"]:
            own = [
                s["id"]
                for s in reviewed.streams.values()
                if row["unit"] in (s["from_unit"], s["to_unit"])
            ]
            yield Figure(
                id=f"review.{reviewed.id}.{row['unit']}.raw_closure",
                value=row["raw_closure"],
                unit="1",
                method="(in - out) / in of the readings, before reconciliation",
                made_of=tuple(o for s in own for o in reviewed.readings.get((s, "flow"), [])),
            )


def _tables(all_of: _Gathered) -> dict[str, pd.DataFrame]:
    import pandas as pd

    made = {name: pd.concat(frames, ignore_index=True) for name, frames in all_of.frames.items()}
    for name, columns in COLUMNS.items():
        rows = all_of.rows.get(name, [])
        made[name] = pd.DataFrame(rows) if rows else pd.DataFrame(columns=columns)
    return made
