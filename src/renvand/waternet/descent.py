"""A good network fast: successive linear programs from many starts.

Each step makes the products linear around the present point and solves the linear program within
a box around it; missed rows cost a penalty. It finds local optima and proves nothing.

References
----------
baker1985
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from renvand.waternet.linear import Linear, Vector, solve_linear

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from renvand.waternet.algebra import Model

Positions = np.ndarray[tuple[int], np.dtype[np.intp]]

FEASIBLE = 1e-7  # largest relative violation of a row at which a point counts as a network
_PENALTY = 1e3  # cost of a missed row, in objectives
_STEPS = 60
_FIRST_BOX = 0.25  # share of each variable's range
_WIDE = 4  # starts anywhere; from then on every other is near the best
_CHANGED = 0.15  # share of the concentrations that a start near the best draws anew
_SAME = 1e-6  # relative difference of one network found twice


@dataclass(frozen=True, kw_only=True)
class Point:
    """A network found: values of the model's variables, and what it costs."""

    x: Vector
    value: float


def _positions(numbers: Iterable[int]) -> Positions:
    return np.fromiter(numbers, dtype=np.intp)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long to search."""

    starts: int
    repeats: int  # enough starts when the best was found so often again
    seconds: float
    seed: int
    finest: float = 1e-4  # step at which a descent ends, as a share of each variable's range


class Arrays:
    """A model as arrays, with its rows and their slopes at any point."""

    def __init__(self, model: Model, qualities: Sequence[int]) -> None:
        self.model = model
        self.qualities = _positions(qualities)
        self.width = len(model.names)
        terms = [
            (r, term, factor)
            for r, row in enumerate(model.rows)
            for term, factor in row.body.terms.items()
        ]
        single = [t for t in terms if len(t[1]) == 1]
        double = [t for t in terms if len(t[1]) == 2]
        self.linear = (
            _positions(r for r, _, _ in single),
            _positions(term[0] for _, term, _ in single),
            np.array([factor for _, _, factor in single], dtype=np.float64),
        )
        self.product = (
            _positions(r for r, _, _ in double),
            _positions(term[0] for _, term, _ in double),
            _positions(term[1] for _, term, _ in double),
            np.array([factor for _, _, factor in double], dtype=np.float64),
        )
        self.x_low = np.array(model.low)
        self.x_high = np.minimum(np.array(model.high), 1e9)
        self.low = np.array([row.low for row in model.rows])
        self.high = np.array([row.high for row in model.rows])
        sides = np.where(np.isfinite(self.low), self.low, self.high)
        sides = np.where(np.isfinite(sides), np.abs(sides), 0.0)
        # a row is judged against the largest flow of contaminant it can carry
        _, _, _, factor = self.product
        reach = np.zeros(len(self.low))
        np.maximum.at(reach, self.product[0], np.abs(factor) * self._most_product())
        self.scale = 1.0 + np.maximum(sides, 0.01 * reach)
        self.is_bilinear = np.zeros(len(self.low), dtype=bool)
        self.is_bilinear[self.product[0]] = True
        self.loose = np.flatnonzero(self.is_bilinear)  # rows that may be missed at a price
        self._lay_out()

    def _lay_out(self) -> None:
        """Find once where each slope stands in the matrix of a step; only values change."""
        wide, loose = self.width, self.loose
        (r, i, _), (q, a, b, _) = self.linear, self.product
        spare = wide + np.arange(2 * len(loose), dtype=np.intp)
        rows = np.concatenate([r, q, q, loose, loose])
        places = rows * (wide + len(spare)) + np.concatenate([i, a, b, spare])
        places, self.place = np.unique(places, return_inverse=True)
        self.row: Positions = places // (wide + len(spare))
        self.column: Positions = places % (wide + len(spare))
        self.ends = np.searchsorted(self.row, np.arange(len(self.low) + 1))

    def _most_product(self) -> Vector:
        _, i, j, _ = self.product
        return self.x_high[i] * self.x_high[j]

    def bodies(self, x: Vector) -> Vector:
        """Give the value of every row at a point."""
        r, i, f = self.linear
        return self.products(x) + np.bincount(r, f * x[i], minlength=len(self.low))

    def products(self, x: Vector) -> Vector:
        """Give what the products add up to in every row at a point."""
        r, i, j, f = self.product
        return np.zeros(len(self.low)) + np.bincount(r, f * x[i] * x[j], minlength=len(self.low))

    def without(self, numbers: Sequence[int]) -> Arrays:
        """Give the same model with some variables held at zero."""
        made = copy(self)
        made.x_high = self.x_high.copy()
        made.x_high[_positions(numbers)] = 0.0
        return made

    def slopes(self, x: Vector) -> csr_array:
        """Give the slopes of all rows at a point, and what a miss of each loose row changes."""
        from scipy.sparse import csr_array

        (_, _, f), (_, a, b, g) = self.linear, self.product
        price = self.scale[self.loose]
        values = np.concatenate([f, g * x[b], g * x[a], price, -price])
        data = np.bincount(self.place, values, minlength=len(self.row))
        shape = (len(self.low), self.width + 2 * len(self.loose))
        return csr_array((data, self.column, self.ends), shape=shape)

    def misses(self, x: Vector) -> Vector:
        """Give by how much each row is missed at a point, relative to its size."""
        bodies = self.bodies(x)
        miss = np.maximum(np.maximum(self.low - bodies, bodies - self.high), 0.0)
        return miss / self.scale

    def settled(self, x: Vector) -> Vector:
        """Give the point with the same flows and the concentrations that its balances say."""
        chosen = self.qualities
        flows = x.copy()
        flows[chosen] = 0.0
        equal = np.flatnonzero(self.is_bilinear & (self.low == self.high))
        matrix = self.slopes(flows)[equal][:, chosen].toarray()
        right = self.low[equal] - self.bodies(flows)[equal]
        found = np.linalg.lstsq(matrix, right, rcond=1e-12)[0]
        flows[chosen] = np.clip(found, self.x_low[chosen], self.x_high[chosen])
        return flows

    def merit(self, x: Vector, *, weight: float) -> float:
        """Give the objective with the price of what is missed."""
        return self.model.cost(x.tolist()) + weight * float(self.misses(x).sum())

    def gradient(self, x: Vector) -> Vector:
        """Give the slope of the objective; concave costs from a small flow on."""
        made = np.zeros(self.width)
        for term, factor in self.model.objective.terms.items():
            if term:
                made[term[0]] += factor
        for power in self.model.powers:
            flow = max(x[power.variable], 1e-3 * self.x_high[power.variable])
            made[power.variable] += power.factor * power.exponent * flow ** (power.exponent - 1)
        return made


def descend(arrays: Arrays, start: Vector, *, until: float, finest: float = 1e-4) -> Point | None:
    """Go down from one start.

    Parameters
    ----------
    arrays : Arrays
        The model.
    start : array (variable,)
        Where to begin; the flows do not matter, the first step fits them
        to the qualities.
    until : float
        Moment to stop, in CPU time of the process. [s]
    finest : float
        Step at which to end, as a share of each variable's range.

    Returns
    -------
    Point or None
        A local optimum; None when no network was found.
    """
    box = _FIRST_BOX
    weight = _PENALTY * max(1.0, float(np.abs(arrays.gradient(arrays.x_high)).max()))
    span = arrays.x_high - arrays.x_low
    only_flows = np.full(arrays.width, np.inf)
    only_flows[arrays.qualities] = 0.0
    x = _step(arrays, start, reach=only_flows, weight=weight)
    if x is None:
        return None
    merit = arrays.merit(x, weight=weight)
    for _ in range(_STEPS):
        if box < finest or time.process_time() > until:
            break
        trial = _step(arrays, x, reach=box * span, weight=weight)
        # the step is right to first order only: let the flows follow the new qualities exactly
        trial = None if trial is None else _step(arrays, trial, reach=only_flows, weight=weight)
        if trial is None:
            break
        reached = arrays.merit(trial, weight=weight)
        if reached < merit - 1e-9 * max(1.0, abs(merit)):
            x, merit, box = trial, reached, min(1.0, box * 2)
        else:
            box /= 4
    if arrays.misses(x).max(initial=0.0) > FEASIBLE:
        return None
    return Point(x=x, value=arrays.model.cost(x.tolist()))


def _step(arrays: Arrays, x: Vector, *, reach: Vector, weight: float) -> Vector | None:
    matrix, shift = arrays.slopes(x), arrays.products(x)
    size = np.full(len(arrays.low), 1e-9)
    np.maximum.at(size, arrays.row, np.abs(matrix.data))
    matrix.data /= size[arrays.row]
    spare = np.zeros(2 * len(arrays.loose))
    problem = Linear(
        cost=np.concatenate([arrays.gradient(x), spare + weight]),
        matrix=matrix,
        low=(arrays.low + shift) / size,
        high=(arrays.high + shift) / size,
        x_low=np.concatenate([np.maximum(arrays.x_low, x - reach), spare]),
        x_high=np.concatenate([np.minimum(arrays.x_high, x + reach), spare + np.inf]),
    )
    answer = solve_linear(problem, seconds=10.0)
    if answer.x is None:
        return None
    return np.clip(answer.x[: arrays.width], arrays.x_low, arrays.x_high)


def best_of_many(search: Arrays, judge: Arrays, *, limits: Limits) -> Point | None:
    """Go down from many starts and keep the best network.

    Parameters
    ----------
    search : Arrays
        Model in which outlets may be taken as dirtier than they are; search happens here.
    judge : Arrays
        The same variables with exact balances; a point counts when it keeps these.
    limits : Limits
        Number of starts, time, seed.

    Returns
    -------
    Point or None
        The best local optimum found.
    """
    until = time.process_time() + limits.seconds
    chance = np.random.default_rng(limits.seed)
    chosen = search.qualities
    low, high = search.x_low[chosen], search.x_high[chosen]
    best: Point | None = None
    hits = 0  # how often the best was found again
    for number in range(limits.starts):
        if number and (time.process_time() > until or hits > limits.repeats):
            break
        start = np.zeros(search.width)
        share = np.ones(len(chosen)) if number == 0 else chance.random(len(chosen))
        start[chosen] = low + share * (high - low)
        is_near = best is not None and number >= _WIDE and number % 2 == 1
        if best is not None and is_near:
            is_kept = chance.random(len(chosen)) > _CHANGED
            start[chosen] = np.where(is_kept, best.x[chosen], start[chosen])
        found = descend(search, start, until=until, finest=limits.finest)
        if found is None:
            continue
        if best is not None and found.value > best.value - _SAME * abs(best.value):
            is_same = abs(found.value - best.value) <= _SAME * abs(best.value)
            hits += is_same and not is_near
            continue
        x = judge.settled(found.x)
        if judge.misses(x).max(initial=0.0) <= FEASIBLE:
            best, hits = Point(x=x, value=judge.model.cost(x.tolist())), 0
    return best
