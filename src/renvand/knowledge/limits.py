"""The national limit behind a permit: which number binds a substance, and what says so."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from renvand.errors import OurFault, near
from renvand.knowledge.layers import SHIPPED, Knowledge
from renvand.trace import Confidence, Origin

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Limit:
    """One limit of a standard."""

    standard: str  # key in the bibliography
    table: str
    substance: str
    grade: str
    discharge: str  # direct, indirect, any
    condition: str
    kind: str  # max, min, range, not-detectable
    low: float | None  # lower bound, for min and range
    high: float | None  # upper bound, for max and range
    unit: str
    measured_at: str  # workshop, main-outlet, water-body
    source: str
    locator: str
    confidence: Confidence
    file: str  # 'knowledge/limits.csv', or the case's own 'limits.csv'

    def origin(self) -> Origin:
        """Say which row of the table of limits this is."""
        key = ("standard", "table", "substance", "grade", "discharge", "condition")
        bounds = [f"{bound:g}" for bound in (self.low, self.high) if bound is not None]
        return Origin(
            file=self.file,
            row=",".join(getattr(self, part) for part in key),
            column="limit",
            value=" to ".join(bounds) or self.kind,
            source=self.source,
            locator=self.locator,
            confidence=self.confidence,
        )

    def allows(self, value: float) -> bool:
        """Say whether a measured value keeps the limit; any trace breaks 'not-detectable'."""
        if self.kind == "not-detectable":
            return value <= 0
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@lru_cache(maxsize=2**14)
def limit_for(
    where: str,
    substance: str,
    *,
    discharge: str,
    grade: str | None = None,
    condition: str = "any",
    on: dt.date | None = None,
    knowledge: Knowledge = SHIPPED,
) -> Limit | None:
    """Find the limit of a standard for a substance.

    Not to be used where a site has a permit limit: that one comes first.

    Parameters
    ----------
    where : str
        A sector, 'textile-dyeing', or a standard, 'gb-21900-2008'.
    substance : str
        Id in the table of substances.
    discharge : str
        'direct' to water, 'indirect' to a treatment plant.
    grade : str, optional
        Grade or class; by default the one the table of sector groups names.
    condition : str
        Condition that holds, such as 'cold' or 'dedicated-park'.
    on : date, optional
        The day; by default the limits in force.
    knowledge : Knowledge
        Of the case; by default the shipped tables.

    Returns
    -------
    Limit or None
        None when the standard says nothing, or when a sector's standard is of another country than
        the case. Where only conditions are known and none was given,
        the strictest; its ``condition`` tells which.

    Raises
    ------
    OurFault
        When a word is unknown, or a standard with grades is asked without one.
    """
    _known(substance, knowledge.by_id("substances"))
    _known(discharge, {"direct", "indirect"})
    standard, usual = _usual(where, discharge, knowledge=knowledge)
    if standard == where and not grade and not usual:
        raise OurFault(f"limit_for('{where}'): say which grade")
    rows = [
        row
        for row in _rows(knowledge)
        if row["standard"] == standard
        and row["substance"] == substance
        and row["grade"] in (grade or usual, "any")
        and row["discharge"] in (discharge, "any")
        and _in_force(row, on)
    ]
    for wanted in (condition, "any"):
        for row in rows:
            if row["condition"] == wanted:
                return _limit(row, knowledge)
    if condition != "any" or not rows:
        return None
    return _limit(min(rows, key=lambda row: row["limit"]), knowledge)


def _rows(knowledge: Knowledge) -> list[Row]:
    rows = knowledge.rows("limits")
    return knowledge.once(
        "limits that bind", lambda: [row for row in rows if row["condition"] != "suspended"]
    )


def _known(word: str, words: Collection[str]) -> None:
    if word not in words:
        raise OurFault(f"limit_for: no '{word}'. {near(word, words)}")


def _usual(where: str, discharge: str, *, knowledge: Knowledge) -> tuple[str, str | None]:
    """Give the standard of a sector and its usual grade; a standard stands for itself."""
    groups = knowledge.rows("sector_groups")
    for group in groups:
        if where == group["id"] and not knowledge.is_here(group):
            return "", None
        if where in (group["id"], group["standard"]):
            return group["standard"], group[f"grade_{discharge}"]
    _known(where, {row["standard"] for row in _rows(knowledge)} | {group["id"] for group in groups})
    return where, None


def _in_force(row: Row, on: dt.date | None) -> bool:
    if on is None:
        return row["valid_to"] is None
    return (row["valid_from"] or on) <= on <= (row["valid_to"] or on)


def _limit(row: Row, knowledge: Knowledge) -> Limit:
    ends = {"low": _bound(row["limit_low"]), "high": _bound(row["limit"])}
    row = {**row, **ends, "file": knowledge.file("limits", row)}
    return Limit(**{field.name: row[field.name] for field in fields(Limit)})


def _bound(value: float) -> float | None:
    return None if math.isnan(value) else value
