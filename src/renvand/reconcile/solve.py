"""Reconcile a network: a beginning for the search, then the estimate within bounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from renvand.errors import Fault, SolveError
from renvand.reconcile.balances import balances_of
from renvand.reconcile.bounds import bounded
from renvand.reconcile.elimination import Array
from renvand.reconcile.estimate import Estimate, Unsettled
from renvand.reconcile.flowsheet import Network
from renvand.reconcile.question import Question

SMALL = 0.01  # of the middle measured value: a quantity is never thought smaller than this


def leaks_of(network: Network) -> range:
    """Positions of the unseen flows, one a unit, behind the quantities of the network."""
    return range(len(network.names), len(network.names) + len(network.units))


def without_leaks(network: Network, removed: Iterable[int]) -> Network:
    """Drop the component balances of the units that leak, among the removed positions."""
    leaks = leaks_of(network)
    for i in removed:
        if i in leaks:
            network = network.without(network.units[i - leaks.start])
    return network


def solve(network: Network, removed: frozenset[int] = frozenset()) -> Estimate:
    """Reconcile without some of the measurements.

    Parameters
    ----------
    network : Network
        Flowsheet and measurements.
    removed : set of int
        Measurements not to be used; positions of :func:`leaks_of` let that unit leak.

    Raises
    ------
    SolveError
        When no values fit, with the quantity that does not settle.
    """
    leaks, width = leaks_of(network), len(network.streams)
    network = without_leaks(network, removed)
    y, sigma = np.r_[network.y, np.zeros(len(leaks))], np.r_[network.sigma, np.zeros(len(leaks))]
    y[list(removed)] = np.nan
    start, size = _beginning(network, y, sigma)
    none = np.full(len(leaks), np.inf)
    asked = Question(
        y=y,
        sigma=sigma,
        start=np.r_[start, np.zeros(len(leaks))],
        size=np.r_[size, np.full(len(leaks), float(np.median(size[:width])))],
        low=np.r_[network.low, -none],
        high=np.r_[network.high, none],
    )
    try:
        return bounded(balances_of(network), asked)
    except Unsettled as error:
        stream, quantity = [*network.names, *((u, "leak") for u in network.units)][error.at]
        what = f"{quantity} in '{stream}' does not settle: the measurements hardly determine it."
        do = "Measure it, or leave out samples that say nothing about it."
        raise SolveError(Fault(where="reconciliation", what=what, do=do)) from error


def _beginning(network: Network, y: Array, sigma: Array) -> tuple[Array, Array]:
    """Guess what was not measured, and how large each quantity is.

    Flows come from the flow balances alone, concentrations from the middle of their kind: where
    the search begins does not change where it ends, only how soon.
    """
    width = len(network.streams)
    start = y[: len(network.names)].copy()
    size = np.zeros(len(start))
    for k in range(1 + len(network.components)):
        part = slice(k * width, (k + 1) * width)
        values = start[part]
        seen = values[values > 0]
        middle = float(np.median(seen)) if len(seen) else 1.0
        values[np.isnan(values)] = middle
        if k == 0 and network.components:
            values[:] = _flows(network, y[part], sigma=sigma[part], start=values, middle=middle)
        size[part] = np.maximum(np.abs(values), SMALL * middle)
    return start, size


def _flows(network: Network, y: Array, *, sigma: Array, start: Array, middle: float) -> Array:
    alone = replace(network, components=(), y=y, sigma=sigma)
    units = np.zeros(len(network.units))
    size = np.r_[np.maximum(np.abs(start), SMALL * middle), units + middle]
    every = np.full(len(size), np.inf)
    asked = Question(
        y=np.r_[y, units],
        sigma=np.r_[sigma, units],
        start=np.r_[start, units],
        size=size,
        low=-every,
        high=every,
    )
    found = bounded(balances_of(alone), asked)
    return np.maximum(np.where(np.isfinite(found.x), found.x, middle)[: len(y)], SMALL * middle)
