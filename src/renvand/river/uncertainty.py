"""How sure a concentration is: many runs over rates, flows and loads, block by block."""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np

from renvand.river.hydraulics import VELOCITY_EXPONENT
from renvand.river.network import Floats, Integers, Network
from renvand.river.transport import MG_L_PER_KG_D

BLOCK = 16  # runs carried at once
NOTHING_LEFT = -700.0  # exponent below which a double holds nothing
HELD_EXPONENT = 1.0  # velocity where the level is held: as the flow


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Coefficients of variation of what is not known; factors are log-normal with mean one."""

    rate: float  # -
    flow: float  # -
    loads: tuple[float, ...]  # -, one for each group of loads


@dataclass(frozen=True, kw_only=True)
class Factors:
    """What each run multiplies with."""

    rate: Floats  # (run,)
    flow: Floats  # (run,)
    loads: Floats  # (group, run)


@dataclass(frozen=True, kw_only=True)
class Ensemble:
    """Concentrations at the heads over all runs, topological order."""

    mean: Floats  # (reach,) mg/L
    deviation: Floats  # (reach,) mg/L
    at_sections: Floats  # (section, run) mg/L


def latin_hypercube(spread: Spread, *, runs: int, seed: int) -> Factors:
    """Draw factors so that every part of every distribution is met once.

    Parameters
    ----------
    spread : Spread
        Coefficients of variation.
    runs : int
        Number of runs.
    seed : int
        Same seed, same factors.

    Returns
    -------
    Factors
        Log-normal, mean one.

    References
    ----------
    mckay1979
    """
    from scipy.special import ndtri
    from scipy.stats import qmc

    cv = np.array([spread.rate, spread.flow, *spread.loads])
    unit = qmc.LatinHypercube(d=len(cv), rng=np.random.default_rng(seed)).random(runs)
    sigma = np.sqrt(np.log1p(cv**2))
    factors = np.exp(sigma * ndtri(unit) - sigma**2 / 2).T
    return Factors(
        rate=np.ascontiguousarray(factors[0]),
        flow=np.ascontiguousarray(factors[1]),
        loads=np.ascontiguousarray(factors[2:]),
    )


@numba.njit(cache=True)
def _left(damkohler: float, peclet: float) -> float:
    """Give what :func:`residence.decayed` gives, one value at a time."""
    if peclet == 0.0:
        return 1 / (1 + damkohler)
    a = np.sqrt(1 + 4 * damkohler / peclet)
    top = 4 * a * np.exp(-2 * damkohler / (1 + a))
    return top / (4 * a - (1 - a) ** 2 * np.expm1(-a * peclet))


@numba.njit(cache=True, inline="always")
def _pass_on(
    start: Integers, target: Integers, share: Floats, kept: Floats, i: int, entering: Floats
) -> None:
    for edge in range(start[i], start[i + 1]):
        t, part = target[edge], share[edge]
        for r in range(len(kept)):
            entering[t, r] += kept[r] * part


@numba.njit(cache=True, fastmath={"contract", "reassoc"})
def _block(
    start: Integers,
    target: Integers,
    share: Floats,
    loads: Floats,
    group_factor: Floats,
    exponent: Floats,
    rate_time: Floats,
    peclet: Floats,
    held_time: Floats,
    flow: Floats,
    entering: Floats,
) -> None:
    groups, reaches = loads.shape
    runs = entering.shape[1]
    kept = np.empty(runs)
    entering[:] = 0.0
    for i in range(reaches):
        for g in range(groups):
            for r in range(runs):
                entering[i, r] += loads[g, i] * group_factor[g, r]
        if peclet[i] != np.inf:
            for r in range(runs):
                left = _left(exponent[i] * held_time[r], peclet[i] * flow[r])
                kept[r] = entering[i, r] * left
            _pass_on(start, target, share, kept, i, entering)
            continue
        for r in range(runs):
            # exp(x) as the tenth squaring of exp(x / 1024): plain products, so that the
            # compiler takes several runs at once. 1e-12 exact to x = -30, and 0 far below.
            x = max(-exponent[i] * rate_time[r], NOTHING_LEFT) / 1024
            e = 1 + x * (1 + x / 2 * (1 + x / 3 * (1 + x / 4 * (1 + x / 5 * (1 + x / 6)))))
            e = e * e * e * e  # to the fourth, five times: 1024
            e = e * e * e * e
            e = e * e * e * e
            e = e * e * e * e
            kept[r] = entering[i, r] * e * e * e * e
        _pass_on(start, target, share, kept, i, entering)


@numba.njit(cache=True)
def _gather(
    entering: Floats, per_flow: Floats, factor: Floats, total: Floats, squares: Floats
) -> None:
    for i in range(entering.shape[0]):
        for r in range(entering.shape[1]):
            c = entering[i, r] * per_flow[i] * factor[r]
            total[i] += c
            squares[i] += c * c


def ensemble(
    network: Network,
    *,
    loads: Floats,
    flow: Floats,
    decay: Floats,
    time: Floats,
    factors: Factors,
    sections: Integers,
    peclet: Floats | None = None,
) -> Ensemble:
    """Carry one substance down many times with other rates, flows and loads.

    Parameters
    ----------
    network : Network
        The reaches.
    loads : array (group, reach)
        Loads that vary together, one row a group, such as outlets and natural inflow. [kg/d]
    flow : array (reach,)
        Flow. [m³/s]
    decay : array (reach,)
        Rate. [1/d]
    time : array (reach,)
        Time in the reach at that flow. It changes with the velocity: flow to the power 0.34;
        where the Péclet number is finite the level is held, and velocity follows the flow. [d]
    factors : Factors
        Of :func:`latin_hypercube`.
    sections : array (section,)
        Reaches of which every run is kept.
    peclet : array (reach,), optional
        Of lakes and backwaters; infinite in rivers, and everywhere when left out.

    Returns
    -------
    Ensemble
        Mean and deviation everywhere, all runs at the sections. Memory does not grow with runs.
    """
    runs, reaches = len(factors.rate), len(network)
    total, squares = np.zeros(reaches), np.zeros(reaches)
    kept = np.empty((len(sections), runs))
    exponent, per_flow = decay * time, MG_L_PER_KG_D / flow
    rate_time = factors.rate * factors.flow**-VELOCITY_EXPONENT
    held_time = factors.rate * factors.flow**-HELD_EXPONENT
    spreading = np.full(reaches, np.inf) if peclet is None else peclet
    for first in range(0, runs, BLOCK):
        part = slice(first, min(first + BLOCK, runs))
        entering = np.empty((reaches, part.stop - part.start))
        factor = np.ascontiguousarray(factors.loads[:, part])
        edges = (network.start, network.target, network.share)
        times = rate_time[part], spreading, held_time[part], factors.flow[part]
        _block(*edges, loads, factor, exponent, *times, entering)
        _gather(entering, per_flow, 1 / factors.flow[part], total, squares)
        kept[:, part] = entering[sections] * per_flow[sections, None] / factors.flow[part]
    mean = total / runs
    variance = np.maximum(squares / runs - mean**2, 0.0)
    return Ensemble(mean=mean, deviation=np.sqrt(variance), at_sections=kept)
