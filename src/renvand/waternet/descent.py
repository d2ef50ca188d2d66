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
_SMALLEST_BOX = 1e-4
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

    def _most_product(self) -> Vector:
        _, i, j, _ = self.product
        return self.x_high[i] * self.x_high[j]

    def bodies(self, x: Vector) -> Vector:
        """Give the value of every row at a point."""
        made = np.zeros(len(self.low))
        r, i, f = self.linear
        np.add.at(made, r, f * x[i])
        r, i, j, f = self.product
        np.add.at(made, r, f * x[i] * x[j])
        return made

    def slopes(self, x: Vector) -> csr_array:
        """Give the matrix of slopes of all rows at a point."""
        from scipy.sparse import csr_array

        r, i, f = self.linear
        q, a, b, g = self.product
        values = np.concatenate([f, g * x[b], g * x[a]])
        rows, columns = np.concatenate([r, q, q]), np.concatenate([i, a, b])
        return csr_array((values, (rows, columns)), shape=(len(self.low), self.width))

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


def descend(arrays: Arrays, start: Vector, *, until: float) -> Point | None:
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
        if box < _SMALLEST_BOX or time.process_time() > until:
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
    from scipy.sparse import csr_array, diags_array, hstack

    slopes = arrays.slopes(x)
    shift = slopes @ x - arrays.bodies(x)
    loose = np.flatnonzero(arrays.is_bilinear)
    picks = csr_array(
        (arrays.scale[loose], (loose, np.arange(len(loose)))), shape=(len(arrays.low), len(loose))
    )
    matrix = csr_array(hstack([slopes, picks, -picks]))
    size = 1.0 / np.maximum(abs(matrix).max(axis=1).toarray().ravel(), 1e-9)
    zeros, no_end = np.zeros(2 * len(loose)), np.full(2 * len(loose), np.inf)
    problem = Linear(
        cost=np.concatenate([arrays.gradient(x), np.full(2 * len(loose), weight)]),
        matrix=csr_array(diags_array(size) @ matrix),
        low=(arrays.low + shift) * size,
        high=(arrays.high + shift) * size,
        x_low=np.concatenate([np.maximum(arrays.x_low, x - reach), zeros]),
        x_high=np.concatenate([np.minimum(arrays.x_high, x + reach), no_end]),
    )
    answer = solve_linear(problem, seconds=10.0)
    if answer.x is None:
        return None
    return np.clip(answer.x[: arrays.width], arrays.x_low, arrays.x_high)


def best_of_many(
    loose: Model, exact: Model, *, qualities: Sequence[int], limits: Limits
) -> Point | None:
    """Go down from many starts and keep the best network.

    Parameters
    ----------
    loose : Model
        Model in which outlets may be taken as dirtier than they are; search happens here.
    exact : Model
        The same variables with exact balances; a point counts when it keeps these.
    qualities : sequence of int
        Numbers of the variables that are concentrations.
    limits : Limits
        Number of starts, time, seed.

    Returns
    -------
    Point or None
        The best local optimum found.
    """
    search, judge = Arrays(loose, qualities), Arrays(exact, qualities)
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
        found = descend(search, start, until=until)
        if found is None:
            continue
        if best is not None and found.value > best.value - _SAME * abs(best.value):
            hits += abs(found.value - best.value) <= _SAME * abs(best.value)
            continue
        x = judge.settled(found.x)
        if judge.misses(x).max(initial=0.0) <= FEASIBLE:
            best, hits = Point(x=x, value=exact.cost(x.tolist())), 0
    return best
