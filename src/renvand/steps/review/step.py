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
    stream_figures,
    stream_table,
    test_row,
)
from renvand.steps.review.comparison import comparison
from renvand.steps.review.compliance import compliance
from renvand.steps.review.faults import check
from renvand.steps.review.findings import findings
from renvand.steps.review.key_figures import key_figures
from renvand.steps.review.network import Reviewed, Row, reconciled
from renvand.steps.review.sankey import sankey
from renvand.trace import Figure

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {
    "tests": ["review", "objective", "dof", "p_value", "wrong"],
    "key_figures": ["review", "indicator", "place", "substance", "value", "low", "high", "unit"],
    "comparison": ["review", "indicator", "place", "value", "level", "position", "source"],
    "compliance": ["review", "stream", "substance", "value", "limit", "probability_exceeded"],
    "next_meters": ["review", "stream", "quantity", "tells", "gain"],
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
        Tables ``streams, balances, tests, key_figures, comparison, compliance, next_meters``,
        each with a column ``review``; extras ``sankey`` by review.

    Raises
    ------
    FileError
        With the faults of all reviews that cannot be balanced.
    """
    faults = [f for name, data in case.reviews.items() for f in check(name, data)]
    if faults:
        raise FileError(faults)
    all_of = _Gathered()
    for name, data in sorted(case.reviews.items()):
        _add(case, reconciled(name, data), all_of)
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
    advice = [advice_row(reviewed, a) for a in next_meters(reviewed.result)]
    for name, rows in (
        ("tests", [test_row(reviewed)]),
        ("key_figures", [k.row() for k in figures]),
        ("comparison", compared),
        ("compliance", allowed),
        ("next_meters", advice),
    ):
        all_of.rows.setdefault(name, []).extend(rows)
    all_of.figures += [
        *stream_figures(reviewed, streams),
        *_closures(reviewed, balances),
        *(k.figure() for k in figures),
        *levels,
        *risks,
    ]
    all_of.faults += findings(reviewed, allowed)
    all_of.diagrams[reviewed.id] = sankey(reviewed)


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
