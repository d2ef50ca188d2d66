"""Units and streams as plain tables, read and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from renvand.errors import Fault, FileError, near
from renvand.reconcile.elimination import Array

if TYPE_CHECKING:
    import pandas as pd

OUTSIDE = ("supply", "drain", "sewer", "air", "product", "sludge", "outside")
FLOW = "flow"
ALL = "all"
ABSURD = 1e30  # of a measurement in any unit; beyond it squares leave the range of numbers


@dataclass(frozen=True, kw_only=True)
class Stream:
    """One stream, from a unit or outside to another."""

    id: str
    origin: str
    target: str


@dataclass(frozen=True, kw_only=True)
class Network:
    """Units joined by streams, with what was measured on them."""

    streams: tuple[Stream, ...]
    units: tuple[str, ...]
    components: tuple[str, ...]
    conserves: Mapping[str, frozenset[str]]  # unit: components that leave as they came
    mixes: frozenset[str]  # units whose outlets all carry the same concentrations
    y: Array  # (flow and components × stream), NaN where not measured
    sigma: Array
    low: Array
    high: Array

    @cached_property  # asked for thousands of times while a review is worked out
    def names(self) -> list[tuple[str, str]]:
        """Stream and quantity of each entry of `y`."""
        quantities = (FLOW, *self.components)
        return [(stream.id, quantity) for quantity in quantities for stream in self.streams]

    def index(self, stream: str, quantity: str) -> int:
        """Position of a quantity in `y`."""
        return self.names.index((stream, quantity))

    def without(self, unit: str) -> Network:
        """Drop the component balances of a unit: water of unknown content leaves there."""
        return replace(self, conserves={**self.conserves, unit: frozenset()})


def read_network(
    streams: pd.DataFrame, measurements: pd.DataFrame, *, units: pd.DataFrame | None = None
) -> Network:
    """Read a flowsheet.

    Parameters
    ----------
    streams : DataFrame
        Columns ``id, from_unit, to_unit``; if wanted ``low, high``, bounds of the flow.
    measurements : DataFrame
        Columns ``stream, quantity, value, sd``; quantity is 'flow' or a component. A standard
        deviation of zero says that the value is exact.
    units : DataFrame, optional
        Columns ``id``; if wanted ``conserves`` ('all', '' or components, separated by spaces)
        and ``mixes`` (true where all outlets carry the same). Left out: all units conserve all.

    Raises
    ------
    FileError
        With every fault of the tables.
    """
    network, faults = drawn_network(streams, measurements, units=units)
    if faults or network is None:
        raise FileError(faults)
    return network


def drawn_network(
    streams: pd.DataFrame, measurements: pd.DataFrame, *, units: pd.DataFrame | None = None
) -> tuple[Network | None, list[Fault]]:
    """Read a flowsheet as far as it goes.

    Returns
    -------
    tuple
        The network, or None where columns or ends of streams are wrong, and every fault. It
        holds no reading where one is faulty.
    """
    faults = [
        *_lacking(streams, ("id", "from_unit", "to_unit"), "streams"),
        *_lacking(measurements, ("stream", "quantity", "value", "sd"), "measurements"),
        *([] if units is None else _lacking(units, ("id",), "units")),
    ]
    if faults:
        return None, faults
    drawn = tuple(
        Stream(id=_word(r["id"]), origin=_word(r["from_unit"]), target=_word(r["to_unit"]))
        for r in _records(streams)
    )
    rows = _records(measurements)
    names = _unit_names(drawn, units)
    wrong_ends = _stream_faults(drawn, names)
    wrong_rows = _measurement_faults(rows, {s.id for s in drawn})
    components = tuple(dict.fromkeys(_word(r["quantity"]) for r in rows))
    components = tuple(c for c in components if c != FLOW)
    conserves, mixes, wrong_units = _unit_rules(names, units, components)
    low, high, crossed = _bounds(streams, drawn, len(components))
    faults = [*wrong_ends, *_loose_groups(drawn), *wrong_rows, *wrong_units, *crossed]
    if wrong_ends:
        return None, faults
    y, sigma = _readings(
        [] if wrong_rows else rows, [s.id for s in drawn], quantities=(FLOW, *components)
    )
    network = Network(
        streams=drawn,
        units=names,
        components=components,
        conserves=conserves,
        mixes=mixes,
        y=y,
        sigma=sigma,
        low=low,
        high=high,
    )
    return network, faults


def _readings(
    rows: list[dict[str, Any]], streams: list[str], *, quantities: tuple[str, ...]
) -> tuple[Array, Array]:
    place = {s: i for i, s in enumerate(streams)}
    row_of = {q: i for i, q in enumerate(quantities)}
    y = np.full(len(place) * len(row_of), np.nan)
    sigma = np.zeros(len(y))
    for r in rows:
        at = row_of[_word(r["quantity"])] * len(place) + place[_word(r["stream"])]
        y[at], sigma[at] = float(r["value"]), float(r["sd"])
    return y, sigma


def _records(frame: Any) -> list[dict[str, Any]]:
    return frame.to_dict("records")


def _word(value: Any) -> str:
    return "" if value is None or value != value else str(value)  # NaN is not itself


def _lacking(frame: pd.DataFrame, columns: Iterable[str], where: str) -> list[Fault]:
    return [
        Fault(where=where, what=f"lacks column '{column}'.", do="Add it.")
        for column in columns
        if column not in frame.columns
    ]


def _unit_names(streams: tuple[Stream, ...], units: pd.DataFrame | None) -> tuple[str, ...]:
    if units is not None:
        return tuple(_word(r["id"]) for r in _records(units))
    ends = (end for s in streams for end in (s.origin, s.target))
    return tuple(dict.fromkeys(end for end in ends if end and end not in OUTSIDE))


def _stream_faults(streams: tuple[Stream, ...], units: tuple[str, ...]) -> list[Fault]:
    known, seen = {*units, *OUTSIDE}, set[str]()
    faults: list[Fault] = []
    for s in streams:
        where = f"stream '{s.id}'"
        if s.id in seen:
            faults.append(Fault(where=where, what="stands twice.", do="Give it another name."))
        seen.add(s.id)
        for end, what in ((s.origin, "from_unit"), (s.target, "to_unit")):
            if not end:
                do = f"Name a unit, or one of {', '.join(OUTSIDE[:-1])}."
                faults.append(Fault(where=where, what=f"has no {what}.", do=do))
            elif end not in known:
                faults.append(Fault(where=where, what=f"no unit '{end}'.", do=near(end, known)))
        if s.origin == s.target or (s.origin in OUTSIDE and s.target in OUTSIDE):
            what = f"goes from '{s.origin}' to '{s.target}'; no unit's balance sees it."
            faults.append(Fault(where=where, what=what, do="Give it two different ends."))
    return faults


def _loose_groups(streams: tuple[Stream, ...]) -> list[Fault]:
    """Find units that turn round among themselves: nothing says how much water is in the ring."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for s in streams:
        ends = ["outside" if e in OUTSIDE else e for e in (s.origin, s.target)]
        parent[root(ends[0])] = root(ends[1])
    groups: dict[str, list[str]] = {}
    for name in parent:
        groups.setdefault(root(name), []).append(name)
    return [
        Fault(
            where=f"units {', '.join(sorted(group))}",
            what="no stream enters or leaves this ring.",
            do="Add the stream that fills it and the one that empties it.",
        )
        for group in groups.values()
        if "outside" not in group and "" not in group
    ]


def _measurement_faults(rows: list[dict[str, Any]], streams: set[str]) -> list[Fault]:
    faults: list[Fault] = []
    seen: set[tuple[str, str]] = set()
    for r in rows:
        stream, quantity = _word(r["stream"]), _word(r["quantity"])
        where = f"measurement of {quantity} in '{stream}'"
        if stream not in streams:
            faults.append(Fault(where=where, what="no such stream.", do=near(stream, streams)))
        if (stream, quantity) in seen:
            do = "Give the mean of both with its standard deviation."
            faults.append(Fault(where=where, what="stands twice.", do=do))
        seen.add((stream, quantity))
        for column, name in (("value", "value"), ("sd", "standard deviation")):
            if not 0 <= float(r[column]) < np.inf:
                what = f"the {name} is {float(r[column]):g}."
                faults.append(Fault(where=where, what=what, do="Give a number, zero or more."))
            elif float(r[column]) > ABSURD:
                what = f"the {name} is {float(r[column]):g}."
                faults.append(Fault(where=where, what=what, do="Look at its unit."))
    return faults


def _unit_rules(
    names: tuple[str, ...], units: pd.DataFrame | None, components: tuple[str, ...]
) -> tuple[dict[str, frozenset[str]], frozenset[str], list[Fault]]:
    every = frozenset(components)
    conserves, mixes = dict.fromkeys(names, every), set[str]()
    faults: list[Fault] = []
    for r in [] if units is None else _records(units):
        unit = _word(r["id"])
        said = _word(r.get("conserves", ALL)).split()
        for component in said:
            if component not in (*every, ALL):
                what = f"conserves '{component}', which is measured nowhere."
                do = f"Measure it, or take it out. {near(component, every)}" if every else ""
                faults.append(Fault(where=f"unit '{unit}'", what=what, do=do))
        conserves[unit] = every if ALL in said else every & frozenset(said)
        if bool(r.get("mixes", False)):
            mixes.add(unit)
    return conserves, frozenset(mixes), faults


def _bounds(
    frame: pd.DataFrame, streams: tuple[Stream, ...], components: int
) -> tuple[Array, Array, list[Fault]]:
    """Bounds of each quantity: nothing is below zero, flows as the table says."""
    rows = _records(frame)
    low = np.array([_bound(r.get("low"), 0.0) for r in rows])
    high = np.array([_bound(r.get("high"), np.inf) for r in rows])
    faults = [
        Fault(
            where=f"stream '{s.id}'",
            what=f"low {a:g} is above high {b:g}.",
            do="Turn them round or correct one.",
        )
        for s, a, b in zip(streams, low, high, strict=True)
        if a > b
    ]
    more = len(streams) * components
    return np.r_[low, np.zeros(more)], np.r_[high, np.full(more, np.inf)], faults


def _bound(value: Any, otherwise: float) -> float:
    return otherwise if value is None or float(value) != float(value) else float(value)
