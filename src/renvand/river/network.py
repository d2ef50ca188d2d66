"""A river network: who flows into whom, renumbered so that upstream always comes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from renvand.errors import Fault, FileError, near
from renvand.river.kernels import order_split, order_tree

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


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
