"""Amounts with a range and a place they come from, and what they make together."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from renvand.steps.review.balance import figure_id
from renvand.steps.review.network import Reviewed, Row
from renvand.trace import Origin


@dataclass(frozen=True, kw_only=True)
class Amount:
    """A number, the range it may lie in, and what it was made of."""

    value: float
    low: float
    high: float
    made_of: tuple[str | Origin, ...]
    is_default: bool = False  # a planning value stands behind it, not this company

    def times(self, factor: float) -> Amount:
        """Give it in another unit."""
        ends = sorted((self.low * factor, self.high * factor))
        return replace(self, value=self.value * factor, low=ends[0], high=ends[1])


def given(value: Any) -> bool:
    """Whether a cell was filled in."""
    return value is not None and value == value and value != ""


def cell(reviewed: Reviewed, file: str, row: Row, column: str) -> Amount | None:
    """Take a number the reviewer gave, or nothing where the cell is empty."""
    if not given(row.get(column)):
        return None
    value = float(row[column])
    origin = reviewed.origin(file, row, key=str(row["unit"]), column=column)
    return Amount(value=value, low=value, high=value, made_of=(origin,))


def default(reviewed: Reviewed, name: str) -> Amount:
    """Take a planning value of the knowledge tables with its range and its source."""
    row = reviewed.knowledge.row("unit_defaults", name)
    ends = [float(row[k]) for k in ("low", "typical", "high") if given(row[k])]
    value = float(row["typical"]) if given(row["typical"]) else math.sqrt(ends[0] * ends[-1])
    origin = Origin(
        file=reviewed.knowledge.file("unit_defaults", row),
        row=name,
        column="typical",
        value=f"{value:g}",
        source=row["source"],
        locator=row["locator"] or "",
        confidence=row["confidence"],
    )
    return Amount(value=value, low=ends[0], high=ends[-1], made_of=(origin,), is_default=True)


def flows(reviewed: Reviewed, streams: list[str]) -> Amount | None:
    """Add up reconciled flows, or nothing where one is not known. [m³/d]"""
    if not streams:
        return None
    value, sd = reviewed.result.total(dict.fromkeys(streams, 1.0))
    if not math.isfinite(value):
        return None
    made_of = tuple(figure_id(reviewed.id, s, "flow") for s in streams)
    return Amount(value=value, low=max(value - 2 * sd, 0.0), high=value + 2 * sd, made_of=made_of)


def content(reviewed: Reviewed, stream: str, substance: str) -> Amount | None:
    """Give a reconciled concentration, or nothing where it is not known. [mg/l]"""
    if substance not in reviewed.substances:
        return None
    value, sd = reviewed.result.value(stream, substance)
    if not math.isfinite(value) or not math.isfinite(sd):
        return None
    made_of = (figure_id(reviewed.id, stream, substance),)
    return Amount(value=value, low=max(value - 2 * sd, 0.0), high=value + 2 * sd, made_of=made_of)


def combine(work: Callable[..., float], *parts: Amount) -> Amount:
    """Work out something from amounts.

    Parameters
    ----------
    work : callable
        A function of as many numbers; rising or falling in each.
    parts : Amount
        What it is made of. The range is that of all corners: it is cautious, because it takes
        the ends of all parts together.
    """
    corners = [()]
    for part in parts:
        corners = [(*corner, end) for corner in corners for end in (part.low, part.high)]
    ends = [work(*corner) for corner in corners]
    return Amount(
        value=work(*(part.value for part in parts)),
        low=min(ends),
        high=max(ends),
        made_of=tuple(dict.fromkeys(x for part in parts for x in part.made_of)),
        is_default=any(part.is_default for part in parts),
    )
