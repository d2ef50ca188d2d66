"""Nothing flows backwards: bounds, by fixing what would cross them and freeing it again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array, diags_array

from renvand.errors import Fault, SolveError
from renvand.reconcile.balances import Balances
from renvand.reconcile.blocked import blocked
from renvand.reconcile.elimination import Array
from renvand.reconcile.estimate import (
    Estimate,
    System,
    Unsettled,
    estimate,
    judged_at,
    unobservable,
)
from renvand.reconcile.newton import within_bounds

CROSSED = 1e-9  # of the size of a quantity
FINISHED = 1e-7  # last change on the planes, where Newton's method came to rest
ROUNDS = 50


def bounded(
    system: System,
    y: Array,
    *,
    sigma: Array,
    start: Array,
    size: Array,
    low: Array,
    high: Array,
) -> Estimate:
    """Estimate within bounds.

    Parameters
    ----------
    system, y, sigma, start, size
        As in :func:`estimate.estimate`.
    low, high : array (quantity,)
        Bounds. An unobservable quantity is held only where balances cannot close otherwise.

    Returns
    -------
    Estimate
        Quantities held have the status 'bound', and the standard deviation they had without.

    Raises
    ------
    SolveError
        When no values fit balances and bounds.
    """
    found = free = _bounded(system, y, sigma=sigma, start=start, size=size, low=low, high=high)
    held: dict[int, float] = {}
    while isinstance(system, Balances) and (more := blocked(system, found, low=low, high=high)):
        held |= more
        fixed, exact = _fixed(held, y=y, sigma=sigma)
        found = _bounded(system, fixed, sigma=exact, start=found.x, size=size, low=low, high=high)
    return _marked(found, held, free=free, y=y, sigma=sigma) if held else found


def _bounded(
    system: System,
    y: Array,
    *,
    sigma: Array,
    start: Array,
    size: Array,
    low: Array,
    high: Array,
) -> Estimate:
    """Estimate within the bounds of what is observable."""
    if isinstance(system, Balances) and not system.is_linear:
        found = _at_once(system, y, sigma=sigma, start=start, size=size, low=low, high=high)
        if found is not None:
            return found
    held: dict[int, float] = {}
    freed: set[int] = set()
    free = found = estimate(system, y, sigma=sigma, start=start, size=size)
    for _ in range(ROUNDS):
        crossed = _crossed(found, low=low, high=high, joined=system.jacobian(found.x))
        # In bilinear balances a quantity may ask out and cross again: it is let out once.
        may_go = {i: bound for i, bound in held.items() if i not in freed}
        release = _released(found, may_go, y=y, sigma=sigma, low=low)
        if not crossed and release is None:
            return _marked(found, held, free=free, y=y, sigma=sigma) if held else found
        held |= crossed
        if not crossed and release is not None:
            del held[release]
            freed.add(release)
        fixed, exact = _fixed(held, y=y, sigma=sigma)
        found = estimate(system, fixed, sigma=exact, start=np.clip(found.x, low, high), size=size)
    what = f"found no values within the bounds in {ROUNDS} rounds."
    raise SolveError(Fault(where="reconciliation", what=what, do="Check bounds and directions."))


def _at_once(
    system: Balances,
    y: Array,
    *,
    sigma: Array,
    start: Array,
    size: Array,
    low: Array,
    high: Array,
) -> Estimate | None:
    """Let Newton's method find values and bounds; the planes then only judge."""
    loose = unobservable(system, y, x=start, size=size)
    bounds, low, high = (low, high), np.where(loose, -np.inf, low), np.where(loose, np.inf, high)
    made = within_bounds(system, y, sigma=sigma, start=start, size=size, low=low, high=high)
    if made is None:
        return None
    x, held = made
    fixed, exact = _fixed(held, y=y, sigma=sigma)
    try:
        found = estimate(system, fixed, sigma=exact, start=x, size=size, closed=FINISHED)
        if _crossed(found, low=bounds[0], high=bounds[1], joined=system.jacobian(found.x)):
            return None  # where the search ended, more can be told than where it began
        if not held:
            return found
        free = judged_at(system, y, sigma=sigma, x=found.x, size=size)
    except Unsettled:
        return None
    return _marked(found, held, free=free, y=y, sigma=sigma)


def _fixed(held: dict[int, float], *, y: Array, sigma: Array) -> tuple[Array, Array]:
    fixed, exact = y.copy(), sigma.copy()
    fixed[list(held)], exact[list(held)] = list(held.values()), 0.0
    return fixed, exact


def _crossed(found: Estimate, *, low: Array, high: Array, joined: csr_array) -> dict[int, float]:
    """Find the quantities that are furthest out in their neighbourhood, by their own uncertainty.

    Not all that are out: holding the one furthest out often brings its neighbours back by itself.
    Neighbours stand in the same balance.
    """
    inside = np.clip(found.x, low, high)
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


def _released(
    found: Estimate, held: dict[int, float], *, y: Array, sigma: Array, low: Array
) -> int | None:
    """The held quantity that would most gladly go back inside, if any."""
    best, most = None, 1e-9
    for i, bound in held.items():
        column = found.normal.plain[:, [i]].toarray().ravel()
        pull = -float(column @ found.normal.multiplier)
        if y[i] == y[i] and sigma[i] > 0:
            pull += found.size[i] * (bound - y[i]) / sigma[i] ** 2
        gain = -pull if bound == low[i] else pull
        if gain > most:
            best, most = i, gain
    return best


def _marked(
    found: Estimate, held: dict[int, float], *, free: Estimate, y: Array, sigma: Array
) -> Estimate:
    at = np.array(list(held))
    status, sd = found.status.astype("U12"), found.sd.copy()
    status[at], sd[at] = "bound", free.sd[at]
    moved = at[~np.isnan(y[at]) & (sigma[at] > 0)]
    more = (((y[moved] - found.x[moved]) / sigma[moved]) ** 2).sum()
    return replace(found, status=status, sd=sd, objective=found.objective + float(more))
