"""What a person has decided, in ``inbox/decisions.csv``: asked once, never again."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from renvand.errors import Fault, FileError, near
from renvand.steps.case import CaseData

FILE = "inbox/decisions.csv"
COLUMNS = ("first", "second", "verdict", "by", "on", "note")
SAME, DIFFERENT, AS_WRITTEN, PROPOSED = "same", "different", "as-written", "proposed"
VERDICTS = (SAME, DIFFERENT, AS_WRITTEN, PROPOSED)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One answer: two sites are the same or not, or a value is as written or as proposed."""

    first: str  # id of a site, or the place of a value: 'inbox/x.csv, line 4, flow_m3_d'
    second: str  # id of the other site, or the value as written
    verdict: str
    by: str
    on: str = ""
    note: str = ""


class Decisions:
    """The answers given so far, by what was asked."""

    def __init__(self, given: Iterable[Decision]) -> None:
        self.given = tuple(given)
        self._by_pair = {frozenset((d.first, d.second)): d for d in self.given}  # the last counts

    def verdict(self, first: str, second: str) -> str:
        """Give the verdict on a pair of sites, or on a place and the value there; '' for none."""
        decision = self._by_pair.get(frozenset((first, second)))
        return decision.verdict if decision else ""

    def pairs(self, verdict: str) -> list[tuple[str, str]]:
        """List what got a verdict, in the order of the file."""
        return [(d.first, d.second) for d in self._by_pair.values() if d.verdict == verdict]


def decisions(case: CaseData) -> Decisions:
    """Read what has been decided in a case.

    Parameters
    ----------
    case : CaseData
        ``inbox["decisions"]`` where a record hands them over, else ``inbox/decisions.csv``.

    Raises
    ------
    FileError
        When a column is missing or a verdict is not known; all faults at once.
    """
    handed: Sequence[Mapping[str, Any]] | None = case.inbox.get("decisions")
    if handed is None:
        handed = _rows(case.folder / FILE)
    faults: list[Fault] = []
    made: list[Decision] = []
    for line, row in enumerate(handed, 2):
        given = {name: str(row.get(name) or "").strip() for name in COLUMNS}
        if given["verdict"] not in VERDICTS:
            what = f"'{given['verdict']}' is no verdict."
            do = near(given["verdict"], VERDICTS)
            faults.append(Fault(where=f"{FILE}, line {line}, verdict", what=what, do=do))
        lacking = [name for name in ("first", "second", "by") if not given[name]]
        faults += [
            Fault(where=f"{FILE}, line {line}, {name}", what="is empty.", do="Fill it in.")
            for name in lacking
        ]
        made.append(Decision(**given))
    if faults:
        raise FileError(faults)
    return Decisions(made)


def decide(folder: Path, decision: Decision) -> None:
    """Write one more decision into a case.

    Parameters
    ----------
    folder : Path
        The case.
    decision : Decision
        With the day it was taken.
    """
    path = folder / FILE
    path.parent.mkdir(exist_ok=True)
    is_new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        if is_new:
            writer.writerow(COLUMNS)
        writer.writerow([getattr(decision, name) for name in COLUMNS])


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        lost = [name for name in COLUMNS[:4] if name not in (reader.fieldnames or ())]
        if lost:
            raise FileError(
                Fault(
                    where=FILE,
                    what=f"has no column '{name}'.",
                    do=f"Columns: {', '.join(COLUMNS)}.",
                )
                for name in lost
            )
        return list(reader)
