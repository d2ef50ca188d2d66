"""A river network: who flows into whom, renumbered so that upstream always comes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from renvand.errors import Fault, FileError, near
from renvand.river.kernels import order_split, order_tree

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

SHARES_ADD_UP = 1e-6  # how far the shares of a parting river may be from one


@dataclass(frozen=True, kw_only=True)
class Network:
    """Reaches in topological order, with the edges that leave each of them.

    Edges of reach ``i`` are ``start[i]`` to ``start[i + 1]``; in a plain tree ``down`` says it all.
    """

    ids: tuple[str, ...] | Integers  # in topological order
    order: Integers  # (reach,) row of the table behind each place
    down: Integers  # (reach,) the next reach, -1 where the water leaves; the larger part of a split
    start: Integers  # (reach + 1,)
    target: Integers  # (edge,)
    share: Floats  # (edge,) of the flow and of every substance
    is_tree: bool

    def __len__(self) -> int:
        """Count the reaches."""
        return len(self.order)

    def place(self, name: str) -> int:
        """Find a reach by its id.

        Raises
        ------
        FileError
            When there is no such reach.
        """
        if name not in self.places:
            what = f"has no reach '{name}'."
            raise FileError(Fault(where="reaches.csv", what=what, do=near(name, self.places)))
        return self.places[name]

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Place of each reach by its id."""
        return {str(name): i for i, name in enumerate(self.ids)}

    def ordered(self, column: npt.ArrayLike) -> Floats:
        """Bring a column of the table into topological order."""
        return np.ascontiguousarray(np.asarray(column, dtype=np.float64)[self.order])

    def as_in_table(self, values: Floats) -> Floats:
        """Bring results back into the order of the table."""
        back = np.empty_like(values)
        back[self.order] = values
        return back


def connect(down: npt.ArrayLike, *, ids: Sequence[str] | Integers) -> Network:
    """Renumber a tree of reaches.

    Parameters
    ----------
    down : array (reach,)
        Row of the next reach, -1 where the water leaves.
    ids : sequence of str or array (reach,)
        Names of the reaches.

    Returns
    -------
    Network
        With a tributary's reaches next to each other, so that a pass reads memory in order.

    Raises
    ------
    FileError
        When reaches flow in a circle; the circle is named.
    """
    given = np.ascontiguousarray(down, dtype=np.int64)
    order, count = order_tree(given)
    if count < len(given):
        edges = np.flatnonzero(given >= 0)
        raise FileError(_circle(edges, given[edges], order[:count], ids))
    position = np.empty(len(given), dtype=np.int64)
    position[order] = np.arange(len(given))
    onward = given[order]
    moved = np.where(onward >= 0, position[onward], -1)
    has_next = moved >= 0
    return Network(
        ids=_reordered(ids, order),
        order=order,
        down=moved,
        start=np.concatenate(([0], np.cumsum(has_next))),
        target=moved[has_next],
        share=np.ones(int(has_next.sum())),
        is_tree=True,
    )


def connect_split(
    edges: Mapping[tuple[int, int], float], *, ids: Sequence[str] | Integers
) -> Network:
    """Renumber a network in which rivers part; circles are faults as in :func:`connect`."""
    size = len(ids)
    pairs = sorted(edges)
    source = np.array([a for a, _ in pairs], dtype=np.int64)
    sink = np.array([b for _, b in pairs], dtype=np.int64)
    share = np.array([edges[p] for p in pairs], dtype=np.float64)
    start = np.searchsorted(source, np.arange(size + 1))
    order, count = order_split(start, sink)
    if count < size:
        raise FileError(_circle(source, sink, order[:count], ids))
    position = np.empty(size, dtype=np.int64)
    position[order] = np.arange(size)
    rank = np.lexsort((sink, position[source]))
    source, sink, share = position[source][rank], position[sink][rank], share[rank]
    return Network(
        ids=_reordered(ids, order),
        order=order,
        down=_main_way(size, source, sink, share),
        start=np.searchsorted(source, np.arange(size + 1)),
        target=sink,
        share=share,
        is_tree=False,
    )


def _reordered(ids: Sequence[str] | Integers, order: Integers) -> tuple[str, ...] | Integers:
    if isinstance(ids, np.ndarray):
        return ids[order]
    return tuple(ids[int(i)] for i in order)


def _main_way(size: int, source: Integers, sink: Integers, share: Floats) -> Integers:
    main = np.full(size, -1, dtype=np.int64)
    for edge in np.argsort(share, kind="stable"):
        main[source[edge]] = sink[edge]
    return main


def _circle(
    source: Integers, sink: Integers, placed: Integers, ids: Sequence[str] | Integers
) -> Fault:
    """Name one circle: whatever could not be placed has a reach above that could not either."""
    is_stuck = np.ones(len(ids), dtype=bool)
    is_stuck[placed] = False
    inside = is_stuck[source] & is_stuck[sink]
    above = dict(zip(sink[inside].tolist(), source[inside].tolist(), strict=True))
    at = int(np.flatnonzero(is_stuck)[0])
    way: list[int] = []
    while at not in way:
        way.append(at)
        at = above[at]
    ring = [str(ids[i]) for i in reversed(way[way.index(at) :])]
    shown = [*ring[:8], "…"] if len(ring) > 8 else ring
    return Fault(
        where=f"reaches.csv, reach '{ring[0]}'",
        what=f"flows in a circle: {' > '.join([*shown, ring[0]])}.",
        do="Correct 'downstream' of one of them.",
    )


def network(reaches: pd.DataFrame, splits: pd.DataFrame | None = None) -> Network:
    """Make a network of a table of reaches, with every fault named at once.

    Parameters
    ----------
    reaches : DataFrame
        Columns ``id``, ``downstream`` (empty where the water leaves), ``length_km``,
        ``flow_mean_m3_s``, ``flow_low_m3_s``; ``width_m`` and ``depth_m`` where known.
    splits : DataFrame, optional
        Where a river parts: ``reach``, ``downstream``, ``share``; it replaces the column
        ``downstream`` of that reach.

    Returns
    -------
    Network
        In topological order.

    Raises
    ------
    FileError
        Circles, reaches that flow nowhere, ids that stand twice, flows, lengths, widths or
        depths that are not positive, shares that do not add up to one.
    """
    ids = [str(i) for i in reaches["id"]]
    rows = {name: i for i, name in enumerate(ids)}
    below = [None if d is None or d != d or d == "" else str(d) for d in reaches["downstream"]]
    faults = [*_value_faults(reaches, ids), *_name_faults(ids, below, rows)]
    if splits is not None and len(splits):
        faults += _split_faults(splits, rows)
    if faults:
        raise FileError(faults)
    if splits is None or not len(splits):
        return connect([-1 if d is None else rows[d] for d in below], ids=ids)
    edges = {(i, rows[d]): 1.0 for i, d in enumerate(below) if d is not None}
    parting = set(splits["reach"])
    edges = {pair: 1.0 for pair in edges if ids[pair[0]] not in parting}
    for reach, downstream, share in zip(
        splits["reach"], splits["downstream"], splits["share"], strict=True
    ):
        edges[rows[reach], rows[downstream]] = float(share)
    return connect_split(edges, ids=ids)


def _name_faults(ids: list[str], below: list[str | None], rows: dict[str, int]) -> list[Fault]:
    faults = [
        Fault(where=f"reaches.csv, reach '{name}'", what="stands twice.", do="Keep one.")
        for i, name in enumerate(ids)
        if rows[name] != i
    ]
    for name, downstream in zip(ids, below, strict=True):
        if downstream is not None and downstream not in rows:
            faults.append(
                Fault(
                    where=f"reaches.csv, reach '{name}', downstream",
                    what=f"flows into '{downstream}', which is not in the table.",
                    do=near(downstream, rows) + " Leave it empty where the water leaves.",
                )
            )
    return faults


_POSITIVE = {
    "length_km": "km",
    "width_m": "m",
    "depth_m": "m",
    "flow_mean_m3_s": "m³/s",
    "flow_low_m3_s": "m³/s",
}


def _value_faults(reaches: pd.DataFrame, ids: list[str]) -> list[Fault]:
    faults: list[Fault] = []
    for column, unit in _POSITIVE.items():
        if column not in reaches:
            continue
        values = np.asarray(reaches[column], dtype=np.float64)
        may_be_empty = column in ("width_m", "depth_m")
        for i in np.flatnonzero(~(values > 0)):
            if may_be_empty and np.isnan(values[i]):
                continue
            what = "is empty." if np.isnan(values[i]) else f"is {values[i]:g} {unit}."
            do = "Give a number above 0" + (
                "; a dry reach is left out and its neighbours joined."
                if column.startswith("flow")
                else "."
            )
            faults.append(Fault(where=f"reaches.csv, reach '{ids[i]}', {column}", what=what, do=do))
    if {"flow_mean_m3_s", "flow_low_m3_s"} <= set(reaches.columns):
        mean, low = (np.asarray(reaches[f"flow_{k}_m3_s"], dtype=float) for k in ("mean", "low"))
        for i in np.flatnonzero(low > mean):
            what = f"low flow {low[i]:g} m³/s is above the mean of {mean[i]:g}."
            faults.append(
                Fault(where=f"reaches.csv, reach '{ids[i]}'", what=what, do="Check the two.")
            )
    return faults


def _split_faults(splits: pd.DataFrame, rows: dict[str, int]) -> list[Fault]:
    faults: list[Fault] = []
    for column in ("reach", "downstream"):
        for name in sorted(set(splits[column]) - set(rows)):
            what = f"'{name}' is not in reaches.csv."
            faults.append(Fault(where=f"splits.csv, {column}", what=what, do=near(name, rows)))
    for name, parts in splits.groupby("reach"):
        total = float(parts["share"].sum())
        if abs(total - 1) > SHARES_ADD_UP or (parts["share"] <= 0).any():
            what = f"shares add up to {total:g}."
            faults.append(
                Fault(
                    where=f"splits.csv, reach '{name}'",
                    what=what,
                    do="Give positive shares that add up to 1.",
                )
            )
    return faults


def from_hydrorivers(table: pd.DataFrame) -> pd.DataFrame:
    """Read a table of HydroRIVERS into the columns of :func:`network`.

    Parameters
    ----------
    table : DataFrame
        Columns ``HYRIV_ID``, ``NEXT_DOWN`` (0 where the water leaves), ``LENGTH_KM``,
        ``DIS_AV_CMS``. It holds no low flow: the mean stands in both columns, and what is
        computed at low flow then needs another source.

    References
    ----------
    lehner2013
    """
    import pandas as pd

    needed = ("HYRIV_ID", "NEXT_DOWN", "LENGTH_KM", "DIS_AV_CMS")
    missing = [name for name in needed if name not in table]
    if missing:
        raise FileError(
            Fault(
                where="HydroRIVERS table",
                what=f"lacks {', '.join(missing)}.",
                do="Export these columns.",
            )
        )
    below = table["NEXT_DOWN"].astype("int64")
    return pd.DataFrame(
        {
            "id": table["HYRIV_ID"].astype("int64").astype(str),
            "downstream": [None if d == 0 else str(d) for d in below],
            "length_km": table["LENGTH_KM"].astype(float),
            "flow_mean_m3_s": table["DIS_AV_CMS"].astype(float),
            "flow_low_m3_s": table["DIS_AV_CMS"].astype(float),
        }
    )
