"""Numbers of tables as charts of pages."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from renvand.publish.model import Chart, ChartKind, Fact, Item, Level, Link
from renvand.web.painting import drawing

ROW = 19.0  # px for one bar
HEAD = 30.0  # px for what stands above the bars
CURVE = 220.0  # px


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar, or block of a curve: its name, how long it is, how high."""

    name: str
    value: float
    other: float = math.nan
    low: float | None = None
    high: float | None = None
    group: str = ""


def amount(text: str) -> float:
    """Read a cell of a result; an empty one is no number."""
    return float(text) if text else math.nan


def _fact(name: str, value: float, *, unit: str, bar: Bar | None = None) -> Fact:
    low, high = (bar.low, bar.high) if bar else (None, None)
    return Fact(
        id=name, value=value, unit=unit, basis="calculated", confidence="medium", low=low, high=high
    )


def bars(
    rows: Iterable[Bar], *, unit: str, language: str, width: float, levels: Mapping[str, float]
) -> dict[str, Any] | None:
    """Draw bars, and levels to compare them with.

    Parameters
    ----------
    rows : iterable of Bar
        From the top.
    unit : str
        Of their values.
    language : str
        Of the page.
    width : float
        Of the drawing. [px]
    levels : mapping of str to float
        Names and values of lines across the bars.
    """
    known = [row for row in rows if math.isfinite(row.value)]
    if not known:
        return None
    facts = {f"b{n}": _fact(f"b{n}", row.value, unit=unit, bar=row) for n, row in enumerate(known)}
    lines = {f"l{n}": (name, value) for n, (name, value) in enumerate(levels.items())}
    facts |= {key: _fact(key, value, unit=unit) for key, (_, value) in lines.items()}
    chart = Chart(
        kind="bar",
        caption="",
        unit=unit,
        items=tuple(
            Item(id=f"b{n}", label=row.name, fact=f"b{n}", group=row.group)
            for n, row in enumerate(known)
        ),
        levels=tuple(Level(label=name, fact=key) for key, (name, _) in lines.items()),
    )
    size = (width, HEAD + 11 * len(lines) + ROW * len(known))
    return drawing(chart, facts, language=language, size=size)


def pairs(
    rows: Sequence[Bar], *, kind: ChartKind, axes: tuple[str, str], unit: str, language: str
) -> dict[str, Any] | None:
    """Draw what has two numbers each: before and after, or how much at what cost.

    Parameters
    ----------
    rows : sequence of Bar
        With ``value`` and ``other``.
    kind : str
        'profile' or 'curve'.
    axes : tuple of str
        What the two directions are.
    unit : str
        Of the values.
    language : str
        Of the page.
    """
    known = [row for row in rows if math.isfinite(row.value) and math.isfinite(row.other)]
    if not known:
        return None
    facts: dict[str, Fact] = {}
    for n, row in enumerate(known):
        facts[f"a{n}"] = _fact(f"a{n}", row.value, unit=unit)
        facts[f"b{n}"] = _fact(f"b{n}", row.other, unit=unit)
    chart = Chart(
        kind=kind,
        caption="",
        unit=unit,
        axis=axes[0],
        other_axis=axes[1],
        items=tuple(
            Item(id=f"a{n}", label=row.name, fact=f"a{n}", other=f"b{n}", group=row.group)
            for n, row in enumerate(known)
        ),
    )
    height = CURVE if kind == "curve" else HEAD + 1.6 * ROW * len(known)
    return drawing(chart, facts, language=language, size=(480.0, height))


def flows(
    rows: Iterable[tuple[str, str, float, str]],
    names: Mapping[str, str],
    *,
    unit: str,
    language: str,
) -> dict[str, Any] | None:
    """Draw flows as a Sankey diagram.

    Parameters
    ----------
    rows : iterable of (from, to, flow, group)
        Without circles.
    names : mapping
        Words for the ends.
    unit : str
        Of the flows.
    language : str
        Of the page.
    """
    known = [row for row in rows if math.isfinite(row[2]) and row[2] > 0]
    if not known:
        return None
    ends = dict.fromkeys(end for start, stop, _, _ in known for end in (start, stop))
    facts = {f"f{n}": _fact(f"f{n}", row[2], unit=unit) for n, row in enumerate(known)}
    chart = Chart(
        kind="sankey",
        caption="",
        unit=unit,
        items=tuple(Item(id=end, label=names.get(end, end), group="process") for end in ends),
        links=tuple(
            Link(source=start, target=stop, fact=f"f{n}", group=group)
            for n, (start, stop, _, group) in enumerate(known)
        ),
    )
    size = (480.0, max(180.0, 17.0 * len(ends)))
    return drawing(chart, facts, language=language, size=size)
