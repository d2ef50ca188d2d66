"""Take the unmeasured quantities out of the balances, exactly and sparsely."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Array: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]
Row: TypeAlias = dict[int, float]  # column: coefficient; the right-hand side stands under RHS

RHS = -1
CANCELLED = 1e-11  # of the terms subtracted: what is left is rounding
STABLE = 0.1  # a pivot has at least this share of the largest coefficient of its column


@dataclass(frozen=True, kw_only=True)
class Elimination:
    """Balances split in two: those that tie known quantities, and those that give unknown ones.

    Every pivot row gives its unknown from known ones, free ones and unknowns of later pivots.
    """

    known: csr_array  # (remaining row, column): no unknown appears
    rhs: Array  # (remaining row,)
    rows: NDArray[np.intp]  # (remaining row,): which of the given rows it grew from
    pivots: tuple[tuple[int, Row], ...]  # unknown and its row, in order of elimination
    free: tuple[int, ...]  # unknowns no balance determines

    def back(self, x: Array) -> Array:
        """Fill the unknowns in, given known and free ones.

        Parameters
        ----------
        x : array (column,)
            Known and free entries are used, the others replaced.
        """
        full = x.tolist()
        for column, row in reversed(self.pivots):
            total = row.get(RHS, 0.0)
            for c, a in row.items():
                if c not in (RHS, column):
                    total -= a * full[c]
            full[column] = total / row[column]
        return np.array(full)

    def directions(self, width: int, *, count: int = 3) -> Array:
        """How each column moves when the free unknowns move at random.

        A row of zeros: the balances hold that quantity fast. Parallel rows: quantities that one
        meter on either would tell together. Both are certain but for a chance of about 1e-15.

        Returns
        -------
        array (column, count)
        """
        rng = np.random.default_rng(20260101)  # any fixed one: the answer does not depend on it
        moved: list[Array] = [np.zeros(count)] * width
        for column in self.free:
            moved[column] = rng.uniform(1, 2, count)
        for column, row in reversed(self.pivots):
            terms = [
                (a, moved[c]) for c, a in row.items() if c not in (RHS, column) and moved[c].any()
            ]
            if terms:
                step = sum((a * m for a, m in terms), start=np.zeros(count))
                size = sum((abs(a * m) for a, m in terms), start=np.zeros(count))
                if (np.abs(step) > CANCELLED * size).any():
                    moved[column] = -step / row[column]
        return np.array(moved).reshape(width, count)

    def by_known(self, width: int, *, wanted: Mask) -> csr_array:
        """Write the wanted unknowns as sums of known ones.

        Parameters
        ----------
        width : int
            Number of columns.
        wanted : array (column,)
            Unknowns that hang on no free one.

        Returns
        -------
        sparse array (column, column)
            Rows of the wanted unknowns; the others are empty.
        """
        sums: dict[int, Row] = {}
        for column, row in reversed(self.pivots):
            if not wanted[column]:
                continue
            made: Row = {}
            for c, a in row.items():
                share = -a / row[column]
                if c in sums:
                    for k, v in sums[c].items():
                        made[k] = made.get(k, 0.0) + share * v
                elif c not in (RHS, column):
                    made[c] = made.get(c, 0.0) + share
            sums[column] = made
        return _sparse([sums.get(c, {}) for c in range(width)], width)


def eliminate(balances: csr_array, rhs: Array, *, unknown: Mask) -> Elimination:
    """Solve balances for unknowns as far as they go.

    Parameters
    ----------
    balances : sparse array (row, column)
        Coefficients, rows and columns scaled to about one.
    rhs : array (row,)
        What each row sums to.
    unknown : array (column,)
        Columns to take out; taking out all finds the rows that depend on others.

    Returns
    -------
    Elimination
        Gaussian elimination, the rarest unknown first, with the shortest row that is stable.
    """
    rows = _rows(balances, rhs)
    where = _where(rows, unknown)
    queue = [(len(live), column) for column, live in where.items()]
    heapq.heapify(queue)
    alive = np.ones(len(rows), dtype=bool)
    pivots: list[tuple[int, Row]] = []
    free = [int(c) for c in np.flatnonzero(unknown) if int(c) not in where]
    while queue:
        count, column = heapq.heappop(queue)
        live = where[column]
        if not live:
            free.append(column)
        elif len(live) != count:
            heapq.heappush(queue, (len(live), column))
        else:
            chosen = _pivot(rows, live, column)
            for c in rows[chosen]:
                if c in where:
                    where[c].discard(chosen)
            for i in sorted(live):
                _subtract(rows, i, chosen, column=column, where=where)
            del where[column]
            alive[chosen] = False
            pivots.append((column, rows[chosen]))
    left = np.flatnonzero(alive)
    remaining = [rows[i] for i in left]
    return Elimination(
        known=_sparse(remaining, balances.shape[1]),
        rhs=np.array([row.get(RHS, 0.0) for row in remaining]),
        rows=left,
        pivots=tuple(pivots),
        free=tuple(sorted(free)),
    )


def _rows(balances: csr_array, rhs: Array) -> list[Row]:
    columns, data = balances.indices.tolist(), balances.data.tolist()
    ends = balances.indptr.tolist()
    rows: list[Row] = []
    for i, b in enumerate(rhs.tolist()):
        cells = range(ends[i], ends[i + 1])
        row = {columns[p]: data[p] for p in cells if data[p] != 0.0}
        if b != 0.0:
            row[RHS] = b
        rows.append(row)
    return rows


def _where(rows: list[Row], unknown: Mask) -> dict[int, set[int]]:
    wanted = set(np.flatnonzero(unknown).tolist())
    where: dict[int, set[int]] = {}
    for i, row in enumerate(rows):
        for c in row:
            if c in wanted:
                where.setdefault(c, set()).add(i)
    return where


def _pivot(rows: list[Row], live: set[int], column: int) -> int:
    """The shortest stable row; the lowest number among equals, so that a run repeats."""
    largest = max(abs(rows[i][column]) for i in live)
    stable = (i for i in live if abs(rows[i][column]) >= STABLE * largest)
    return min(stable, key=lambda i: (len(rows[i]), i))


def _subtract(
    rows: list[Row], i: int, chosen: int, *, column: int, where: dict[int, set[int]]
) -> None:
    row, pivot = rows[i], rows[chosen]
    share = row[column] / pivot[column]
    for c, a in pivot.items():
        old, less = row.get(c, 0.0), share * a
        new = old - less
        if c == column or abs(new) <= CANCELLED * (abs(old) + abs(less)):
            row.pop(c, None)
            if c in where:
                where[c].discard(i)
        else:
            row[c] = new
            if old == 0.0 and c in where:
                where[c].add(i)


def _sparse(rows: list[Row], width: int) -> csr_array:
    cells = [(c, a) for row in rows for c, a in row.items() if c != RHS]
    ends = np.cumsum([0] + [len(row) - (RHS in row) for row in rows])
    columns = np.array([c for c, _ in cells], dtype=np.int64)
    data = np.array([a for _, a in cells], dtype=np.float64)
    return csr_array((data, columns, ends), shape=(len(rows), width))
