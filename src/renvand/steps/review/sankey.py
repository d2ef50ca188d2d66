"""The flows of a site as nodes and edges: water, every load, heat; each unit closed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from renvand.reconcile import FLOW
from renvand.steps.review.insight.dyeing import HEAT_OF_WATER, supplied_at
from renvand.steps.review.network import TEMPERATURE, Reviewed, Row

WATER, HEAT = "water", "heat"
UNITS = {WATER: "m3/d", HEAT: "kWh/d"}  # the others are loads, kg/d
ADDED, REMOVED = "added", "removed"  # what a process gives the water, and takes from it
PER_KILO = 1000.0
CLOSED = 1e-9  # of what passes a unit: below, the difference is rounding


@dataclass(frozen=True, kw_only=True)
class Edge:
    """What goes from one place to another."""

    quantity: str
    stream: str  # empty where no stream carries it
    start: str
    end: str
    kind: str
    value: float  # NaN where it is not known
    sd: float

    def row(self, review: str) -> Row:
        """Give it as a row of the list of edges."""
        return {
            "review": review,
            "quantity": self.quantity,
            "unit": UNITS.get(self.quantity, "kg/d"),
            "stream": self.stream,
            "from": self.start,
            "to": self.end,
            "kind": self.kind,
            "value": self.value,
            "sd": self.sd,
        }


def quantities(reviewed: Reviewed) -> list[str]:
    """Name what can be followed through the site: water, loads, and heat where it was measured."""
    kinds = {r["id"]: r["kind"] for r in reviewed.knowledge.rows("substances")}
    loads = [s for s in reviewed.substances if kinds.get(s) != "physical"]
    return [WATER, *loads, *([HEAT] if supplied_at(reviewed) else [])]


def edges(reviewed: Reviewed) -> list[Edge]:
    """Follow every quantity through the site.

    Parameters
    ----------
    reviewed : Reviewed
        A company.

    Returns
    -------
    list of Edge
        One a stream and quantity; and one a unit, from 'added' or to 'removed', wherever what
        comes out differs from what goes in. What was not sampled on one side of a unit is part of
        it. With these every such unit is closed.
    """
    found: list[Edge] = []
    for quantity in quantities(reviewed):
        own = [_edge(reviewed, quantity, stream) for stream in reviewed.streams.values()]
        found += own
        found += _closing(reviewed, quantity, own)
    return found


def _edge(reviewed: Reviewed, quantity: str, stream: Row) -> Edge:
    value, sd = _carried(reviewed, quantity, stream["id"])
    return Edge(
        quantity=quantity,
        stream=stream["id"],
        start=stream["from_unit"],
        end=stream["to_unit"],
        kind=stream["kind"],
        value=value,
        sd=sd if math.isfinite(value) else float("nan"),
    )


def _carried(reviewed: Reviewed, quantity: str, stream: str) -> tuple[float, float]:
    if quantity == WATER:
        return reviewed.result.value(stream, FLOW)
    if quantity != HEAT:
        grams, sd = reviewed.result.load(stream, quantity)
        return grams / PER_KILO, sd / PER_KILO
    cold = supplied_at(reviewed)
    assert cold is not None  # heat is followed only where the supply's temperature is known
    warm, sd = reviewed.result.load(stream, TEMPERATURE)
    flow, _ = reviewed.result.value(stream, FLOW)
    return (warm - flow * cold.value) * HEAT_OF_WATER, sd * HEAT_OF_WATER


def _closing(reviewed: Reviewed, quantity: str, own: list[Edge]) -> Iterator[Edge]:
    for unit in reviewed.kinds:
        into = [e.value for e in own if e.end == unit]
        out = [e.value for e in own if e.start == unit]
        more = _rest(into, out)
        if not math.isfinite(more):
            continue
        ends = (ADDED, unit) if more > 0 else (unit, REMOVED)
        yield Edge(
            quantity=quantity,
            stream="",
            start=ends[0],
            end=ends[1],
            kind=ADDED if more > 0 else REMOVED,
            value=abs(more),
            sd=float("nan"),
        )


def _rest(into: list[float], out: list[float]) -> float:
    """What comes out more than goes in; NaN where it is nothing, or cannot be known.

    Where only outlets are unknown, the rest leaves in them or is removed; where only inlets are,
    it comes in them or is added. What then lies the other way is the least that it can be.
    """
    blind_in, blind_out = (any(math.isnan(v) for v in side) for side in (into, out))
    more = _known_sum(out) - _known_sum(into)
    passing = sum(abs(v) for v in (*into, *out) if not math.isnan(v))
    if (blind_in and blind_out) or abs(more) <= CLOSED * passing:
        return float("nan")
    return more


def _known_sum(values: list[float]) -> float:
    return sum(v for v in values if not math.isnan(v))


def closures(reviewed: Reviewed, found: list[Edge]) -> list[Row]:
    """Say of each unit and quantity what goes in and out, and whether all of it is known."""
    rows: list[Row] = []
    for quantity in dict.fromkeys(e.quantity for e in found):
        own = [e for e in found if e.quantity == quantity]
        for unit in reviewed.kinds:
            into = [e.value for e in own if e.end == unit]
            out = [e.value for e in own if e.start == unit]
            sums = _known_sum(into), _known_sum(out)
            # A stream that is not known is part of what closes the unit, if anything does.
            size = max(sums)
            known = size > 0 and abs(sums[0] - sums[1]) <= CLOSED * size
            rows.append(
                {
                    "review": reviewed.id,
                    "quantity": quantity,
                    "unit": unit,
                    "inflow": sums[0],
                    "outflow": sums[1],
                    "closure": (sums[0] - sums[1]) / size if known else float("nan"),
                    "is_known": known,
                }
            )
    return rows
