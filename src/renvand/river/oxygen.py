"""Dissolved oxygen: saturation, reaeration, and the chain BOD, nitrogen, phosphorus, oxygen."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numba
import numpy as np
import numpy.typing as npt

from renvand.river.network import Floats, Integers, Network
from renvand.river.residence import EQUAL_RATES, decayed, handed_on
from renvand.river.transport import MG_L_PER_KG_D

O2_PER_N = 4.57  # gO2/gN, ammonium to nitrate, chapra1997
THETA_REAERATION = 1.024  # per °C, chapra1997
THETA_BOD = 1.047  # per °C, chapra1997
THETA_NITRIFICATION = 1.083  # per °C, brown1987
THETA_SEDIMENT = 1.06  # per °C, chapra1997
SHALLOW = 0.61  # m, 2 feet: the edge of Owens-Gibbs on Covar's map, covar1976
STATES = ("BOD", "NH4-N", "NO3-N", "organic P", "PO4-P", "DO")


def saturation(temperature: npt.ArrayLike, *, elevation: npt.ArrayLike = 0.0) -> Floats:
    """Oxygen that fresh water holds in equilibrium with air.

    Parameters
    ----------
    temperature : array
        Water temperature, 0 to 40. [°C]
    elevation : array
        Height above the sea. [m]

    Returns
    -------
    array
        Dissolved oxygen. [mg/L]

    References
    ----------
    apha1992, chapra1997
    """
    kelvin = np.asarray(temperature, dtype=np.float64) + 273.15
    log = (
        -139.34411
        + 1.575701e5 / kelvin
        - 6.642308e7 / kelvin**2
        + 1.243800e10 / kelvin**3
        - 8.621949e11 / kelvin**4
    )
    return np.exp(log) * (1 - 1.148e-4 * np.asarray(elevation, dtype=np.float64))


def oconnor_dobbins(velocity: npt.ArrayLike, depth: npt.ArrayLike) -> Floats:
    """Reaeration of deep, slow rivers at 20 °C. [1/d]"""
    return 3.93 * np.sqrt(np.asarray(velocity, float)) / np.asarray(depth, float) ** 1.5


def churchill(velocity: npt.ArrayLike, depth: npt.ArrayLike) -> Floats:
    """Reaeration of deep, fast rivers at 20 °C. [1/d]"""
    return 5.026 * np.asarray(velocity, float) / np.asarray(depth, float) ** 1.67


def owens_gibbs(velocity: npt.ArrayLike, depth: npt.ArrayLike) -> Floats:
    """Reaeration of shallow streams at 20 °C. [1/d]"""
    return 5.32 * np.asarray(velocity, float) ** 0.67 / np.asarray(depth, float) ** 1.85


FORMULAS = {
    "oconnor-dobbins": oconnor_dobbins,
    "churchill": churchill,
    "owens-gibbs": owens_gibbs,
}


def reaeration(
    velocity: npt.ArrayLike, depth: npt.ArrayLike, *, formula: npt.ArrayLike = ""
) -> Floats:
    """Reaeration at 20 °C by a formula, or by the one Covar's map gives to depth and velocity.

    Parameters
    ----------
    velocity : array
        Mean velocity. [m/s]
    depth : array
        Mean depth. [m]
    formula : array of str
        Key of ``FORMULAS``; empty: Covar's choice.

    Returns
    -------
    array
        Rate. [1/d]

    References
    ----------
    covar1976, chapra1997
    """
    u, h = np.asarray(velocity, float), np.asarray(depth, float)
    deep = np.where(h > 3.45 * u**2.5, oconnor_dobbins(u, h), churchill(u, h))
    rate = np.where(h < SHALLOW, owens_gibbs(u, h), deep)
    for name, own in FORMULAS.items():
        rate = np.where(np.asarray(formula) == name, own(u, h), rate)
    return rate


def at_temperature(rate20: npt.ArrayLike, temperature: npt.ArrayLike, *, theta: float) -> Floats:
    """Move a rate from 20 °C to the temperature of the water."""
    return np.asarray(rate20, float) * theta ** (np.asarray(temperature, float) - 20)


@dataclass(frozen=True, kw_only=True)
class Rates:
    """First-order rates of each reach at its temperature. [1/d]"""

    bod: Floats  # oxidation of BOD
    bod_settling: Floats  # BOD lost without oxygen
    nitrification: Floats
    uptake: Floats  # of ammonium by plants, without oxygen
    denitrification: Floats
    hydrolysis: Floats  # of organic phosphorus
    organic_settling: Floats  # of organic phosphorus
    phosphorus: Floats  # settling and uptake of phosphate
    reaeration: Floats
    sediment_demand: Floats  # gO2/(m³ d): demand of the bed over depth


def rates_at(rates20: Rates, temperature: npt.ArrayLike) -> Rates:
    """Move all rates from 20 °C; settling does not move, what is not named follows BOD."""
    theta = {
        "nitrification": THETA_NITRIFICATION,
        "reaeration": THETA_REAERATION,
        "sediment_demand": THETA_SEDIMENT,
        "bod_settling": 1.0,
        "organic_settling": 1.0,
    }
    moved = {
        f.name: at_temperature(
            getattr(rates20, f.name), temperature, theta=theta.get(f.name, THETA_BOD)
        )
        for f in fields(rates20)
    }
    return replace(rates20, **moved)


def reach_matrix(rates: Rates, time: npt.ArrayLike, *, peclet: npt.ArrayLike = np.inf) -> Floats:
    """Coefficients that carry the six states through a reach.

    Parameters
    ----------
    rates : Rates
        At the temperature of the reach.
    time : array (reach,)
        Mean time in the reach. [d]
    peclet : array (reach,)
        Infinite for a river, 0 for a lake; see :mod:`residence`.

    Returns
    -------
    array (reach, 11)
        Kept of BOD, ammonium, nitrate; nitrate from ammonium; kept of organic phosphorus and
        phosphate; phosphate from organic; deficit kept, from BOD, from ammonium, from the bed.

    References
    ----------
    streeter1925, chapra1997
    """
    t = np.asarray(time, dtype=np.float64)
    bod, organic = rates.bod + rates.bod_settling, rates.hydrolysis + rates.organic_settling
    ammonium, air = rates.nitrification + rates.uptake, rates.reaeration

    def kept(rate: Floats) -> Floats:
        return decayed(rate, t, peclet=peclet)

    def made(rate: Floats, other: Floats) -> Floats:
        return handed_on(rate, other, time=t, peclet=peclet)

    columns = (
        kept(bod),
        kept(ammonium),
        kept(rates.denitrification),
        rates.nitrification * made(ammonium, rates.denitrification),
        kept(organic),
        kept(rates.phosphorus),
        rates.hydrolysis * made(organic, rates.phosphorus),
        kept(air),
        rates.bod * made(bod, air),
        O2_PER_N * rates.nitrification * made(ammonium, air),
        rates.sediment_demand * made(np.zeros_like(air), air),
    )
    return np.ascontiguousarray(np.column_stack(np.broadcast_arrays(*columns)))


def through(matrix: Floats, state: Floats, *, oxygen_saturation: npt.ArrayLike) -> Floats:
    """Carry states from the head of a reach to its end, or to any point inside it.

    Parameters
    ----------
    matrix : array (reach, 11)
        Of :func:`reach_matrix`, for the travel time to that point.
    state : array (reach, 6)
        At the head, in the order of ``STATES``. [mg/L]
    oxygen_saturation : array (reach,)
        At the temperature of the reach. [mg/L]

    Returns
    -------
    array (reach, 6)
        The same states there. Oxygen does not fall below 0: then the river is anoxic, and the
        rates that need oxygen no longer hold.
    """
    m, c = np.atleast_2d(matrix), np.atleast_2d(state)
    flow = np.full(len(c), MG_L_PER_KG_D)  # at which a load is a concentration
    nothing = np.zeros(len(c), dtype=np.int64)
    edges = nothing[:0], np.zeros(0)
    sat = np.broadcast_to(np.asarray(oxygen_saturation, dtype=np.float64), (len(c),))
    return _chain(np.append(nothing, 0), *edges, c, flow, m, np.ascontiguousarray(sat))[1]


@numba.njit(cache=True)
def _chain(
    start: Integers,
    target: Integers,
    share: Floats,
    load: Floats,
    flow: Floats,
    matrix: Floats,
    sat: Floats,
) -> tuple[Floats, Floats]:
    entering = load.copy()
    leaving = np.empty_like(load)
    for i in range(len(flow)):
        per_flow = MG_L_PER_KG_D / flow[i]
        bod, nh4, no3, organic, po4, oxygen = entering[i]
        deficit = matrix[i, 7] * (sat[i] - oxygen * per_flow) + matrix[i, 10]
        deficit += (matrix[i, 8] * bod + matrix[i, 9] * nh4) * per_flow
        leaving[i, 0] = bod * matrix[i, 0]
        leaving[i, 1] = nh4 * matrix[i, 1]
        leaving[i, 2] = no3 * matrix[i, 2] + nh4 * matrix[i, 3]
        leaving[i, 3] = organic * matrix[i, 4]
        leaving[i, 4] = po4 * matrix[i, 5] + organic * matrix[i, 6]
        leaving[i, 5] = max(sat[i] - deficit, 0.0) / per_flow
        for edge in range(start[i], start[i + 1]):
            t, part = target[edge], share[edge]
            for state in range(len(STATES)):
                entering[t, state] += leaving[i, state] * part
    return entering, leaving


def carry_oxygen(
    network: Network, *, load: Floats, flow: Floats, matrix: Floats, oxygen_saturation: Floats
) -> tuple[Floats, Floats]:
    """Carry BOD, nitrogen, phosphorus and oxygen down the network in one pass.

    Parameters
    ----------
    network : Network
        The reaches.
    load : array (reach, 6)
        What joins at each head: outlets, plants and lateral inflow, oxygen included. [kg/d]
    flow : array (reach,)
        Flow. [m³/s]
    matrix : array (reach, 11)
        Of :func:`reach_matrix`.
    oxygen_saturation : array (reach,)
        Saturation. [mg/L]

    Returns
    -------
    tuple of array (reach, 6)
        Concentrations at the heads and at the ends, in the order of ``STATES``. [mg/L]
    """
    entering, leaving = _chain(
        network.start, network.target, network.share, load, flow, matrix, oxygen_saturation
    )
    per_flow = (MG_L_PER_KG_D / flow)[:, None]
    return entering * per_flow, leaving * per_flow


@dataclass(frozen=True, kw_only=True)
class Sag:
    """The lowest oxygen below a discharge."""

    time: float  # d
    deficit: float  # mg/L
    oxygen: float  # mg/L


def critical(
    bod: float, deficit: float, *, oxidation: float, reaeration: float, saturation: float
) -> Sag:
    """Find the lowest oxygen of Streeter and Phelps.

    Parameters
    ----------
    bod, deficit : float
        Ultimate BOD and oxygen deficit just below the discharge. [mg/L]
    oxidation, reaeration : float
        Rates. [1/d]
    saturation : float
        Oxygen at saturation. [mg/L]

    Returns
    -------
    Sag
        At the discharge itself when the river recovers from the start.

    References
    ----------
    streeter1925
    """
    gap = reaeration - oxidation
    if abs(gap) < EQUAL_RATES:
        time = 1 / oxidation - deficit / (oxidation * bod)
    else:
        inside = reaeration / oxidation * (1 - deficit * gap / (oxidation * bod))
        time = np.log(inside) / gap if inside > 0 else 0.0
    time = max(float(time), 0.0)
    lowest = deficit * np.exp(-reaeration * time)
    lowest += oxidation * bod * float(handed_on(oxidation, reaeration, time=time))
    return Sag(time=time, deficit=float(lowest), oxygen=float(saturation - lowest))
