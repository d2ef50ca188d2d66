"""Bounds that no flow can keep together: which of them contradict each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from renvand.errors import Fault
from renvand.reconcile.balances import balances_of
from renvand.reconcile.elimination import Array
from renvand.reconcile.flowsheet import Network

INFEASIBLE = 2  # as scipy tells it
MOST_BOUNDS = 500  # beyond, finding the fewest would take longer than reading them


def contradictions(network: Network) -> list[Fault]:
    """Name the bounds of flows that cannot hold together with the water balances.

    Parameters
    ----------
    network : Network
        A flowsheet.

    Returns
    -------
    list of Fault
        Empty, or one that names a smallest set: without any one of them the rest can hold.
    """
    width = len(network.streams)
    low, high = network.low[:width], network.high[:width]
    stated = [(int(s), -1) for s in np.flatnonzero(low > 0)]
    stated += [(int(s), 1) for s in np.flatnonzero(np.isfinite(high))]
    if not stated:
        return []
    units = len(network.units)
    alone = replace(network, components=(), y=network.y[:width], sigma=network.sigma[:width])
    A = balances_of(alone).jacobian(np.zeros(width + units))[:, :width]
    if _holds(A, low, high):
        return []
    kept = stated
    for bound in stated if len(stated) <= MOST_BOUNDS else ():
        fewer = [other for other in kept if other != bound]
        if not _holds(A, *_only(fewer, low, high)):
            kept = fewer
    names = [
        f"'{network.streams[s].id}' at {'most' if side > 0 else 'least'}"
        f" {(high if side > 0 else low)[s]:g}"
        for s, side in kept
    ]
    what = f"{', '.join(names)} m3/d cannot hold together: the water balances forbid it."
    return [Fault(where="bounds of streams", what=what, do="Correct one of them.")]


def _only(bounds: list[tuple[int, int]], low: Array, high: Array) -> tuple[Array, Array]:
    least, most = np.zeros(len(low)), np.full(len(high), np.inf)
    for s, side in bounds:
        if side > 0:
            most[s] = high[s]
        else:
            least[s] = low[s]
    return least, most


def _holds(A: csr_array, low: Array, high: Array) -> bool:
    from scipy.optimize import Bounds, LinearConstraint, milp

    made = milp(np.zeros(len(low)), bounds=Bounds(low, high), constraints=LinearConstraint(A, 0, 0))
    return made.status != INFEASIBLE
