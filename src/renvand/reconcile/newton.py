"""Flows times concentrations within bounds, by Newton's method: all bounds and curvature at once.

Repetition on planes forgets how the balances bend: where few readings hold a place it crawls or
wanders, and every bound asks for a search of its own. Here each round solves the conditions of a
minimum with their curvature and decides anew what is held at its bound. Sites of a park come to
rest at their own pace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csc_array, csr_array, diags_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import splu

from renvand.reconcile.balances import ONE, Balances, Index
from renvand.reconcile.elimination import Array, Mask
from renvand.reconcile.question import Question

ROUNDS = 60
STRAIGHT = 5  # rounds without curvature: multipliers are not yet to be believed
CALM = 0.1  # of its size: a flow whose star moved less is taken with its full curvature
BENT = 0.8  # share of what keeps a star convex, while it still moves
BUNCH = 2_000  # quantities that come to rest together, or more where balances tie them
STRIDE = 2.0  # times its size, the most a quantity moves in a round
SETTLED = 1e-8  # last step, of the size; planes then finish it
CROSSED = 1e-12  # of the size
PULL = 1e-9  # of a multiplier: less does not let go
LET_OUT = 2  # times a quantity may leave its bound; more often, it would go round for ever
SOFT, STIFF = 1e-6, 1e-8  # keep the matrix regular; both vanish with the steps


@dataclass(frozen=True, kw_only=True)
class _Scaled:
    """The balances in those quantities that may move, each of size one."""

    balances: Balances
    base: Array  # (quantity,), with what is exact filled in
    size: Array  # (quantity,)
    row: Array  # (balance,), one over the size of its terms
    at: Index  # (mover,): its quantity
    place: Index  # (quantity and the constant 1,): its mover, or -1
    weight: Array  # (mover,), one over the variance; 0 where not measured
    aim: Array  # (mover,), the reading
    low: Array
    high: Array
    flow: Index  # (pair,), movers that are multiplied: the flow
    content: Index  # and its concentration
    pair: Index  # (product,): its pair
    product: Index  # (product,): its term
    load: Index  # movers that are loads, and are not there where nothing flows
    carrier: Index  # and their flows

    def full(self, u: Array) -> Array:
        """All quantities, in their own units."""
        x = self.base.copy()
        x[self.at] = u * self.size[self.at]
        return x

    def slopes(self, u: Array) -> tuple[Index, Index, Array]:
        """Entries of the Jacobian: balance, mover, slope."""
        b, x = self.balances, np.r_[self.full(u), 1.0]
        own, size = b.sign * self.row[b.rows], np.r_[self.size, 0.0]
        rows, columns = np.r_[b.rows, b.rows], self.place[np.r_[b.first, b.second]]
        data = np.r_[own * x[b.second] * size[b.first], own * x[b.first] * size[b.second]]
        moves = columns >= 0
        return rows[moves], columns[moves], data[moves]

    def curvature(self, multiplier: Array) -> Array:
        """How the multipliers bend the sum along each pair."""
        b, t = self.balances, self.product
        bend = b.sign[t] * (multiplier * self.row)[b.rows[t]]
        bend = bend * self.size[b.first[t]] * self.size[b.second[t]]
        bent = np.bincount(self.pair, weights=bend, minlength=len(self.flow))
        return bent.astype(np.float64)


@dataclass(frozen=True, kw_only=True)
class _State:
    """Where the search stands."""

    u: Array  # (mover,)
    multiplier: Array  # (balance,)
    held: Index  # (mover,): -1 at the lower bound, 1 at the upper one
    freed: Index  # (mover,): how often it was let out
    moved: Array  # (mover,): last step, of its size


def within_bounds(balances: Balances, asked: Question) -> tuple[Array, dict[int, float]] | None:
    """Find the values nearest to the measurements that fit balances and bounds.

    Parameters
    ----------
    balances : Balances
        Of flows and of what they carry.
    asked : Question
        With infinite bounds for what is unobservable.

    Returns
    -------
    tuple or None
        All quantities, and which of them are held at which value. None where the search does not
        come to rest. A minimum nearby; there may be others, as with any product of unknowns.
    """
    easier, flow = balances.by_loads(np.isnan(asked.y))
    loads = np.flatnonzero(flow >= 0)
    begun, sizes = asked.start.copy(), asked.size.copy()
    begun[loads] *= asked.start[flow[loads]]
    sizes[loads] *= asked.size[flow[loads]]
    eased = replace(asked, start=begun, size=sizes)
    exact = ~np.isnan(asked.y) & (asked.sigma == 0)
    x, held = np.where(exact, asked.y, begun), dict[int, float]()
    for part, among in _bunches(easier, ~exact):
        scaled = _scaled(part, eased, flow=flow, among=among)
        state = _settle(scaled)
        if state is None:
            return None
        x[scaled.at] = state.u * scaled.size[scaled.at]
        held |= _held(scaled, state, asked=asked)
    least = SETTLED * asked.size[flow[loads]]
    x[loads] /= np.where(np.abs(x[flow[loads]]) < least, least, x[flow[loads]])
    return x, held


def _held(scaled: _Scaled, state: _State, *, asked: Question) -> dict[int, float]:
    """Say which quantities are held, at which value."""
    at = np.flatnonzero(state.held)
    at = np.setdiff1d(at, scaled.load[state.held[scaled.carrier] < 0])  # nothing carries nothing
    own = scaled.at[at]
    bound = np.where(state.held[at] < 0, asked.low[own], asked.high[own])
    return dict(zip(own.tolist(), bound.tolist(), strict=True))


def _bunches(balances: Balances, moves: Mask) -> Iterator[tuple[Balances, Mask]]:
    """Split what no balance ties together: each part comes to rest in its own number of rounds.

    Small parts go together, because each round has a cost of its own.
    """
    m, n = balances.shape
    rows, columns = np.tile(balances.rows, 2), np.r_[balances.first, balances.second]
    tied = (columns != ONE) & moves[columns]
    pairs = (np.ones(int(tied.sum())), (rows[tied], m + columns[tied]))
    _, label = connected_components(csr_array(pairs, shape=(m + n, m + n)), directed=False)
    is_alone = ~np.isin(label[m:], label[:m])
    label[m:][is_alone] = label[0]
    sizes = np.bincount(label[m:][moves], minlength=label.max() + 1)
    bunch = ((np.cumsum(sizes) - sizes) // BUNCH)[label]
    for k in np.unique(bunch[m:][moves]):
        yield balances.only(bunch[:m] == k), moves & (bunch[m:] == k)


def _scaled(balances: Balances, asked: Question, *, flow: Index, among: Mask) -> _Scaled:
    y, sigma, size = asked.y, asked.sigma, asked.size
    known = ~np.isnan(y)
    exact = known & (sigma == 0)
    at = np.flatnonzero(among)
    place = np.full(len(y) + 1, -1, dtype=np.intp)
    place[at] = np.arange(len(at))
    base = np.where(exact, y, asked.start)
    terms = abs(balances.jacobian(asked.start) @ diags_array(size)).max(axis=1).toarray().ravel()
    product = np.flatnonzero(
        (balances.second != ONE) & (place[balances.first] >= 0) & (place[balances.second] >= 0)
    )
    keys = place[balances.first[product]] * len(at) + place[balances.second[product]]
    pairs, pair = np.unique(keys, return_inverse=True)
    load = np.flatnonzero((flow >= 0) & (asked.low == 0) & (place[:-1] >= 0))
    load = load[(place[flow[load]] >= 0) & (asked.low[flow[load]] == 0)]
    deviation = np.where(known & ~exact, sigma, np.inf)[at] / size[at]
    return _Scaled(
        balances=balances,
        base=base,
        size=size,
        row=1 / np.maximum(terms, 1e-300),
        at=at,
        place=place,
        weight=1 / deviation**2,
        aim=np.where(known, y, 0.0)[at] / size[at],
        low=asked.low[at] / size[at],
        high=asked.high[at] / size[at],
        flow=pairs // len(at),
        content=pairs % len(at),
        pair=pair,
        product=product,
        load=place[load],
        carrier=place[flow[load]],
    )


@dataclass(frozen=True, kw_only=True)
class _Conditions:
    """The conditions of a minimum, made linear where the search stands.

    Quantities held at a bound keep a row and a column of their own, so that the pattern of the
    matrix, and with it the order of elimination, stays that of the first round.
    """

    matrix: csc_array  # (mover and balance, mover and balance)
    right: Array
    slopes: csc_array  # (balance, mover)
    to_bound: Array  # (mover,), step of those held


def _settle(scaled: _Scaled) -> _State | None:
    n, m = len(scaled.at), scaled.balances.shape[0]
    u = np.clip(scaled.base[scaled.at] / scaled.size[scaled.at], scaled.low, scaled.high)
    none = np.zeros(n, dtype=np.intp)
    state = _State(u=u, multiplier=np.zeros(m), held=none, freed=none, moved=np.ones(n))
    order: Index | None = None
    for turn in range(ROUNDS):
        bend = scaled.curvature(state.multiplier) * (turn >= STRAIGHT)
        for calm in (True, False):  # full curvature where calm; nowhere, if that is no minimum
            bend = _convex(scaled, state, bend, calm=calm)
            conditions = _conditions(scaled, state, bend)
            factored = _factored(conditions.matrix, order)
            if factored is None:
                return None
            solve, order, negative = factored
            if negative == m:
                break
        step = solve(conditions.right)
        step += solve(conditions.right - conditions.matrix @ step)
        before, state = state, _after(scaled, state, step, conditions=conditions, bend=bend)
        if not np.isfinite(state.u).all():
            return None
        if (state.held == before.held).all() and state.moved.max() < SETTLED:
            return state
    return None


def _convex(scaled: _Scaled, state: _State, bend: Array, *, calm: bool) -> Array:
    """Weaken the curvature of a flow with its concentrations until it bends upwards everywhere."""
    moved = state.moved.copy()
    np.maximum.at(moved, scaled.flow, state.moved[scaled.content])
    stiff = scaled.weight + SOFT
    held = (state.held[scaled.flow] != 0) | (state.held[scaled.content] != 0)
    pulls = np.where(held, 0.0, bend) ** 2 / stiff[scaled.content]
    star = np.bincount(scaled.flow, weights=pulls, minlength=len(stiff)) / stiff
    share = np.minimum(1.0, BENT / np.sqrt(np.maximum(star, 1e-300)))
    if calm:
        share = np.where(moved < CALM, 1.0, share)
    return bend * share[scaled.flow]


def _bent(scaled: _Scaled, bend: Array, u: Array) -> Array:
    """Curvature times a step."""
    n = len(u)
    there = np.bincount(scaled.flow, weights=bend * u[scaled.content], minlength=n)
    back = np.bincount(scaled.content, weights=bend * u[scaled.flow], minlength=n)
    return (there + back).astype(np.float64)


def _conditions(scaled: _Scaled, state: _State, bend: Array) -> _Conditions:
    n, m = len(scaled.at), scaled.balances.shape[0]
    row, column, slope = scaled.slopes(state.u)
    slopes = csc_array((slope, (row, column)), shape=(m, n))
    held: Mask = state.held != 0
    bound = np.where(state.held < 0, scaled.low, scaled.high)
    to_bound = np.where(held, bound - state.u, 0.0)
    free = np.where(held[scaled.flow] | held[scaled.content], 0.0, bend)
    slope = np.where(held[column], 0.0, slope)
    movers, sums = np.arange(n), n + np.arange(m)
    rows = np.r_[movers, scaled.flow, scaled.content, n + row, column, sums]
    columns = np.r_[movers, scaled.content, scaled.flow, column, n + row, sums]
    diagonal = np.where(held, 1.0, scaled.weight + SOFT)
    data = np.r_[diagonal, free, free, slope, slope, np.full(m, -STIFF)]
    uphill = scaled.weight * (state.u - scaled.aim) + _bent(scaled, bend, to_bound)
    left = scaled.balances.residual(scaled.full(state.u)) * scaled.row + slopes @ to_bound
    return _Conditions(
        matrix=csc_array((data, (rows, columns)), shape=(n + m, n + m)),
        right=np.r_[np.where(held, to_bound, -uphill), -left - STIFF * state.multiplier],
        slopes=slopes,
        to_bound=to_bound,
    )


def _factored(
    matrix: csc_array, order: Index | None
) -> tuple[Callable[[Array], Array], Index, int] | None:
    """Factor without exchanging rows; the signs of the pivots tell whether it is a minimum."""
    ordering = "MMD_AT_PLUS_A" if order is None else "NATURAL"
    if order is None:
        order = np.arange(matrix.shape[0])
    else:
        matrix = csc_array(matrix[order][:, order])
    try:
        lu = splu(
            matrix, permc_spec=ordering, diag_pivot_thresh=0.0, options={"SymmetricMode": True}
        )
    except RuntimeError:  # 'Factor is exactly singular'
        return None
    back = np.argsort(order)

    def solve(right: Array) -> Array:
        return lu.solve(right[order])[back]

    return solve, order[np.argsort(lu.perm_c)], int((lu.U.diagonal() < 0).sum())


def _after(
    scaled: _Scaled, state: _State, step: Array, *, conditions: _Conditions, bend: Array
) -> _State:
    """Go the step, and decide who is held and who is let out.

    Of neighbours only the one furthest out is held, and only the one that pulls most let go: the
    others often come back by themselves.
    """
    n = len(state.u)
    held: Mask = state.held != 0
    most = STRIDE * (1 + np.abs(state.u))
    moves = np.where(held, conditions.to_bound, np.clip(step[:n], -most, most))
    u, multiplier = state.u + moves, step[n:]
    pull = scaled.weight * (u - scaled.aim) + _bent(scaled, bend, moves)
    pull = (pull + conditions.slopes.T @ multiplier) * state.held  # > 0: it wants back in
    pull[~held | (pull <= PULL) | (state.freed >= LET_OUT)] = 0.0
    far = np.maximum(scaled.low - u, u - scaled.high)
    far[held | (far <= CROSSED)] = 0.0
    crosses, leaves = (_furthest(conditions.slopes, by) for by in (far, pull))
    now = np.where(crosses, np.where(u < scaled.low, -1, 1), np.where(leaves, 0, state.held))
    empty = scaled.load[now[scaled.carrier] < 0]
    now[empty], leaves[empty] = -1, False
    moved = np.abs(moves) / (np.abs(u) + 1)
    return _State(u=u, multiplier=multiplier, held=now, freed=state.freed + leaves, moved=moved)


def _furthest(slopes: csc_array, by: Array) -> Mask:
    """Find who is above nothing, and not below any other in the same balance."""
    rows = slopes.indices
    columns = np.repeat(np.arange(len(by)), np.diff(slopes.indptr))
    most, around = np.zeros(slopes.shape[0]), np.zeros(len(by))
    np.maximum.at(most, rows, by[columns])
    np.maximum.at(around, columns, most[rows])
    return (by > 0) & (by >= around)
