"""Points on two axes that one can click: each a link, those that none beats filled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WIDE, HIGH, EDGE = 520.0, 280.0, 46.0  # px


@dataclass(frozen=True, kw_only=True)
class Point:
    """A setting of a plant by two numbers, both better when smaller."""

    name: str  # as the address has it
    label: str
    x: float
    y: float
    keeps: bool = True  # the limits


def scatter(
    points: Sequence[Point], *, axes: tuple[str, str], chosen: str
) -> dict[str, Any] | None:
    """Give what ``scatter.html`` shows, or None where there is no point.

    Parameters
    ----------
    points : sequence of Point
        Those without numbers are left out.
    axes : tuple of str
        Words for the two directions.
    chosen : str
        Name of the point that was clicked.
    """
    known = [p for p in points if math.isfinite(p.x) and math.isfinite(p.y)]
    if not known:
        return None
    low = min(p.x for p in known), min(p.y for p in known)
    high = max(p.x for p in known), max(p.y for p in known)
    placed = [
        {
            "name": p.name,
            "label": p.label,
            "at_x": round(_along(p.x, low[0], high[0], length=WIDE - 2 * EDGE), 1),
            "at_y": round(HIGH - _along(p.y, low[1], high[1], length=HIGH - 2 * EDGE), 1),
            "keeps": p.keeps,
            "is_chosen": p.name == chosen,
            "is_front": not any(
                q.x <= p.x and q.y <= p.y and (q.x, q.y) != (p.x, p.y) for q in known
            ),
        }
        for p in known
    ]
    return {"points": placed, "width": WIDE, "height": HIGH, "x": axes[0], "y": axes[1],
            "x_low": low[0], "x_high": high[0], "y_low": low[1], "y_high": high[1]}  # fmt: skip


def _along(value: float, low: float, high: float, *, length: float) -> float:
    return EDGE + (value - low) / ((high - low) or 1.0) * length
