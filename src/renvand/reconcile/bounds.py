"""Nothing flows backwards: bounds, by fixing what would cross them and freeing it again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array, diags_array

from renvand.errors import Fault, SolveError
from renvand.reconcile.balances import Balances
from renvand.reconcile.blocked import blocked
from renvand.reconcile.estimate import (
    CLOSED,
    Estimate,
    System,
    Unsettled,
    estimate,
    judged_at,
    unobservable,
)
from renvand.reconcile.newton import within_bounds
from renvand.reconcile.question import Question

CROSSED = 1e-9  # of the size of a quantity
FINISHED = 1e-7  # last change on the planes, where Newton's method came to rest
ROUNDS = 50


def bounded(system: System, asked: Question) -> Estimate:
    """Estimate within bounds.

    Parameters
    ----------
    system : System
        The balances.
    asked : Question
        An unobservable quantity is held at a bound only where balances cannot close otherwise.

    Returns
    -------
    Estimate
        Quantities held have the status 'bound', and the standard deviation they had without.

    Raises
    ------
    SolveError
        When no values fit balances and bounds.
    """
    found = free = _bounded(system, asked)
    held: dict[int, float] = {}
    while isinstance(system, Balances) and (
        more := blocked(system, found, low=asked.low, high=asked.high)
    ):
        held |= more
        found = _bounded(system, asked.holding(held, start=found.x))
    return _marked(found, held, free=free, asked=asked) if held else found


def _bounded(system: System, asked: Question) -> Estimate:
    """Estimate within the bounds of what is observable."""
    if isinstance(system, Balances) and not system.is_linear:
        found = _at_once(system, asked)
        if found is not None:
            return found
    held: dict[int, float] = {}
    freed: set[int] = set()
    free = found = _estimate(system, asked)
    for _ in range(ROUNDS):
        crossed = _crossed(found, asked, joined=system.jacobian(found.x))
        # In bilinear balances a quantity may ask out and cross again: it is let out once.
        may_go = {i: bound for i, bound in held.items() if i not in freed}
        release = _released(found, may_go, asked=asked)
        if not crossed and release is None:
            return _marked(found, held, free=free, asked=asked) if held else found
        held |= crossed
        if not crossed and release is not None:
            del held[release]
            freed.add(release)
        inside = np.clip(found.x, asked.low, asked.high)
        found = _estimate(system, asked.holding(held, start=inside))
    what = f"found no values within the bounds in {ROUNDS} rounds."
    raise SolveError(Fault(where="reconciliation", what=what, do="Check bounds and directions."))


def _at_once(system: Balances, asked: Question) -> Estimate | None:
    """Let Newton's method find values and bounds; the planes then only judge."""
    loose = unobservable(system, asked.y, x=asked.start, size=asked.size)
    low, high = np.where(loose, -np.inf, asked.low), np.where(loose, np.inf, asked.high)
    made = within_bounds(system, replace(asked, low=low, high=high))
    if made is None:
        return None
    x, held = made
    try:
        found = _estimate(system, asked.holding(held, start=x), closed=FINISHED)
        if _crossed(found, asked, joined=system.jacobian(found.x)):
            return None  # where the search ended, more can be told than where it began
        if not held:
            return found
        free = judged_at(system, asked.y, sigma=asked.sigma, x=found.x, size=asked.size)
    except Unsettled:
        return None
    return _marked(found, held, free=free, asked=asked)


def _estimate(system: System, asked: Question, *, closed: float = CLOSED) -> Estimate:
    """Estimate without bounds."""
    return estimate(
        system, asked.y, sigma=asked.sigma, start=asked.start, size=asked.size, closed=closed
    )


def _crossed(found: Estimate, asked: Question, *, joined: csr_array) -> dict[int, float]:
    """Find the quantities that are furthest out in their neighbourhood, by their own uncertainty.

    Not all that are out: holding the one furthest out often brings its neighbours back by itself.
    Neighbours stand in the same balance.
    """
    inside = np.clip(found.x, asked.low, asked.high)
    far = np.abs(found.x - inside)
    counts = ~np.isin(found.status, ("unobservable", "fixed")) & (far > CROSSED * found.size)
    far = np.where(counts, far / np.maximum(found.sd, CROSSED * found.size), 0.0)
    if not far.any():
        return {}
    pattern = joined.copy()
    pattern.data = np.ones_like(pattern.data)
    in_balance = (pattern @ diags_array(far)).max(axis=1).toarray().ravel()
    around = (diags_array(in_balance) @ pattern).max(axis=0).toarray().ravel()
    return {int(i): float(inside[i]) for i in np.flatnonzero((far > 0) & (far >= around))}


def _released(found: Estimate, held: dict[int, float], *, asked: Question) -> int | None:
    """The held quantity that would most gladly go back inside, if any."""
    y, sigma = asked.y, asked.sigma
    best, most = None, 1e-9
    for i, bound in held.items():
        column = found.normal.plain[:, [i]].toarray().ravel()
        pull = -float(column @ found.normal.multiplier)
        if y[i] == y[i] and sigma[i] > 0:
            pull += found.size[i] * (bound - y[i]) / sigma[i] ** 2
        gain = -pull if bound == asked.low[i] else pull
        if gain > most:
            best, most = i, gain
    return best


def _marked(
    found: Estimate, held: dict[int, float], *, free: Estimate, asked: Question
) -> Estimate:
    y, sigma = asked.y, asked.sigma
    at = np.array(list(held))
    status, sd = found.status.astype("U12"), found.sd.copy()
    status[at], sd[at] = "bound", free.sd[at]
    moved = at[~np.isnan(y[at]) & (sigma[at] > 0)]
    more = (((y[moved] - found.x[moved]) / sigma[moved]) ** 2).sum()
    return replace(found, status=status, sd=sd, objective=found.objective + float(more))
