"""Bounds that no flow can keep together: which of them contradict each other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from renvand.errors import Fault, FileError
from renvand.reconcile.balances import balances_of
from renvand.reconcile.elimination import Array
from renvand.reconcile.flowsheet import Network, drawn_network

if TYPE_CHECKING:
    import pandas as pd

INFEASIBLE = 2  # as scipy tells it
MOST_BOUNDS = 500  # beyond, finding the fewest would take longer than reading them


def checked_network(
    streams: pd.DataFrame, measurements: pd.DataFrame, *, units: pd.DataFrame | None = None
) -> Network:
    """Read a flowsheet whose bounds can hold.

    Parameters are those of :func:`flowsheet.read_network`.

    Raises
    ------
    FileError
        With every fault of the tables, bounds that contradict each other among them.
    """
    network, faults = drawn_network(streams, measurements, units=units)
    if network is not None:
        faults = faults + contradictions(network)
    if faults or network is None:
        raise FileError(faults)
    return network


def contradictions(network: Network) -> list[Fault]:
    """Name the bounds of flows that cannot hold together with the water balances.

    Parameters
    ----------
    network : Network
        A flowsheet.

    Returns
    -------
    list of Fault
        One for each smallest set: without any one of its bounds the rest of it can hold. A lowest
        flow above its highest is told where the table is read.
    """
    width = len(network.streams)
    low, high = network.low[:width], network.high[:width]
    crossed = low > high
    low, high = np.where(crossed, 0.0, low), np.where(crossed, np.inf, high)
    stated = [(int(s), -1) for s in np.flatnonzero(low > 0)]
    stated += [(int(s), 1) for s in np.flatnonzero(np.isfinite(high))]
    if not stated:
        return []
    units = len(network.units)
    alone = replace(network, components=(), y=network.y[:width], sigma=network.sigma[:width])
    A = balances_of(alone).jacobian(np.zeros(width + units))[:, :width]
    faults: list[Fault] = []
    while stated and not _holds(A, *_only(stated, low, high)):
        kept = _smallest(A, stated, low=low, high=high)
        names = [
            f"'{network.streams[s].id}' at {'most' if side > 0 else 'least'}"
            f" {(high if side > 0 else low)[s]:g}"
            for s, side in kept
        ]
        what = f"{', '.join(names)} m3/d cannot hold together: the water balances forbid it."
        faults.append(Fault(where="bounds of streams", what=what, do="Correct one of them."))
        stated = [bound for bound in stated if bound not in kept]
    return faults


def _smallest(
    A: csr_array, stated: list[tuple[int, int]], *, low: Array, high: Array
) -> list[tuple[int, int]]:
    """Leave out one bound after the other, as long as the rest still cannot hold."""
    kept = stated
    for bound in stated if len(stated) <= MOST_BOUNDS else ():
        fewer = [other for other in kept if other != bound]
        if not _holds(A, *_only(fewer, low, high)):
            kept = fewer
    return kept


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
