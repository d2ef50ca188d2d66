"""What nobody can tell must still be able to be: unobservable flows within their bounds."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import eye_array, hstack

from renvand.reconcile.balances import ONE, Balances
from renvand.reconcile.elimination import Array
from renvand.reconcile.estimate import Estimate

MISSING = 1e-7  # of what goes through: balances that far from closing cannot close
PRICED = 1e-9  # of a balance's price: what a bound costs


def blocked(system: Balances, found: Estimate, *, low: Array, high: Array) -> dict[int, float]:
    """Find the bounds that keep balances of flows from closing.

    The values found close every balance with some values of what is unobservable. Where none of
    these lie within their bounds, a linear program tells which bounds stand in the way: two
    unmeasured outlets cannot both bring what is missing.

    Parameters
    ----------
    system : Balances
        Only those of flows alone are looked at.
    found : Estimate
        Without these bounds.
    low, high : array (quantity,)
        Bounds.

    Returns
    -------
    dict of int to float
        Quantities to hold, with their bound; empty where all is possible.
    """
    free = np.flatnonzero(found.status == "unobservable")
    is_flow = np.ones(system.shape[0], dtype=bool)
    is_flow[system.rows[system.second != ONE]] = False
    every = system.jacobian(found.x).tocsc()[:, free].tocsr()
    touched = np.flatnonzero(is_flow & (np.diff(every.indptr) > 0))
    every = every[touched]
    columns = np.unique(every.indices)
    bounded = np.isfinite(low[free[columns]]) | np.isfinite(high[free[columns]])
    if not bounded.any():
        return {}
    from scipy.optimize import linprog

    unknown, at = every[:, columns], free[columns]
    known = np.where(found.status == "unobservable", 0.0, found.x)
    rhs = -system.residual(known)[touched]
    n, one = len(at), eye_array(len(touched))
    slack = np.zeros(2 * len(touched))
    limits = np.c_[np.r_[low[at], slack], np.r_[high[at], slack + np.inf]]
    equal: Any = hstack([unknown, one, -one], format="csr")
    done: Any = linprog(
        np.r_[np.zeros(n), slack + 1.0], A_eq=equal, b_eq=rhs, bounds=limits, method="highs"
    )
    if done.status != 0 or done.fun <= MISSING * float(np.abs(rhs).max(initial=0.0)):
        return {}
    price = done.lower.marginals[:n] + done.upper.marginals[:n]
    return {int(i): float(x) for i, x, p in zip(at, done.x, price, strict=False) if abs(p) > PRICED}
