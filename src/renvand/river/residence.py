"""How long water stays in a reach, and what first-order reactions leave of what it carries.

A river reach lets every parcel through in the same time, a lake in any time from none upwards;
backwaters lie between. The Péclet number says where: infinite, zero, or between. Reactions of
first order see nothing else of the flow, so one function serves all three.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

KM = 1_000.0  # m/km
EQUAL_RATES = 1e-6  # 1/d; rates closer than this are taken apart by twice STEP
STEP = 1e-5  # 1/d


def decayed(decay: npt.ArrayLike, time: npt.ArrayLike, *, peclet: npt.ArrayLike = np.inf) -> Floats:
    """What is left of a first-order substance at the end of a reach.

    Parameters
    ----------
    decay : array
        Rate, 0 for a conservative substance. [1/d]
    time : array
        Mean time in the reach: length over velocity, or volume over flow. [d]
    peclet : array
        Of :func:`peclet_number`: infinite in a river, 0 in a lake or any other mixed volume.

    Returns
    -------
    array
        Share that is left, between exp(-kt) and 1/(1 + kt).

    Notes
    -----
    Both ends of the reach are closed: nothing spreads back into the reach above, so mass is
    conserved from reach to reach. For the spread upstream of an outlet see :mod:`dispersion`.

    References
    ----------
    wehner1956
    """
    k, t = np.asarray(decay, dtype=np.float64), np.asarray(time, dtype=np.float64)
    p = np.asarray(peclet, dtype=np.float64)
    if np.isposinf(p).all():
        return np.exp(-k * t)
    spreading = np.where(p > 0, p, 1.0)
    a = np.sqrt(1 + 4 * k * t / spreading)
    between = 4 * a * np.exp(-2 * k * t / (1 + a))
    between = between / (4 * a - (1 - a) ** 2 * np.expm1(-a * spreading))
    return np.where(p > 0, between, 1 / (1 + k * t))


def handed_on(
    rate: npt.ArrayLike,
    other: npt.ArrayLike,
    *,
    time: npt.ArrayLike,
    peclet: npt.ArrayLike = np.inf,
) -> Floats:
    """How much of a substance made along the reach is left at its end.

    Parameters
    ----------
    rate : array
        Loss of what it is made from. [1/d]
    other : array
        Its own loss. [1/d]
    time, peclet : array
        As in :func:`decayed`.

    Returns
    -------
    array
        Times the rate of making and the first substance at the head: the second at the end. [d]
    """
    k, m = np.broadcast_arrays(np.asarray(rate, np.float64), np.asarray(other, np.float64))
    is_equal = np.abs(m - k) < EQUAL_RATES
    middle = (k + m) / 2
    low, high = np.where(is_equal, middle - STEP, k), np.where(is_equal, middle + STEP, m)
    made = decayed(low, time, peclet=peclet) - decayed(high, time, peclet=peclet)
    return made / (high - low)


def peclet_number(
    velocity: npt.ArrayLike, length_km: npt.ArrayLike, *, dispersion: npt.ArrayLike
) -> Floats:
    """Flow against spread: velocity times length over dispersion; infinite without dispersion.

    Parameters
    ----------
    velocity : array
        Mean velocity. [m/s]
    length_km : array
        Length of the reach. [km]
    dispersion : array
        Longitudinal dispersion; 0 or NaN where there is none. [m²/s]
    """
    u, x = np.asarray(velocity, dtype=np.float64), np.asarray(length_km, dtype=np.float64)
    e = np.asarray(dispersion, dtype=np.float64)
    return np.where(e > 0, u * x * KM / np.where(e > 0, e, 1.0), np.inf)
