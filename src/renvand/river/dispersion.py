"""Slow water: spread along the stream, upstream of an outlet too, and what a river may take."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from renvand.river.network import Floats

SECONDS_PER_DAY = 86_400.0  # s/d
GRAVITY = 9.81  # m/s²
FISCHER = 0.011  # fischer1979


def dispersed(x: npt.ArrayLike, *, velocity: float, dispersion: float, decay: float) -> Floats:
    """Share of the concentration at an outlet that is found at a distance from it.

    Parameters
    ----------
    x : array
        Distance, positive downstream, negative upstream. [m]
    velocity : float
        Mean velocity, above 0. [m/s]
    dispersion : float
        Longitudinal dispersion, above 0. [m²/s]
    decay : float
        First-order rate. [1/d]

    Returns
    -------
    array
        Share, 1 at the outlet.

    References
    ----------
    chapra1997
    """
    root = _root(velocity, dispersion, decay)
    away = np.asarray(x, dtype=np.float64)
    return np.exp(velocity * away / (2 * dispersion) * (1 - np.sign(away) * root))


def at_outlet(
    load_kg_d: float, *, flow: float, velocity: float, dispersion: float, decay: float
) -> float:
    """Concentration at an outlet in dispersing water: W/(Q m), lower than W/Q. [mg/L]

    References
    ----------
    chapra1997
    """
    mixed = load_kg_d * 1e3 / SECONDS_PER_DAY / flow
    return mixed / _root(velocity, dispersion, decay)


def _root(velocity: float, dispersion: float, decay: float) -> float:
    return float(np.sqrt(1 + 4 * decay / SECONDS_PER_DAY * dispersion / velocity**2))


def longitudinal(
    velocity: npt.ArrayLike, width: npt.ArrayLike, *, depth: npt.ArrayLike, slope: npt.ArrayLike
) -> Floats:
    """Estimate the longitudinal dispersion, within a factor of four.

    Parameters
    ----------
    velocity : array
        Mean velocity. [m/s]
    width, depth : array
        Of the channel. [m]
    slope : array
        Slope of the water. [m/m]

    Returns
    -------
    array
        Dispersion; NaN where the slope is not known. [m²/s]

    References
    ----------
    fischer1979
    """
    u, b, h, s = (np.asarray(a, dtype=np.float64) for a in (velocity, width, depth, slope))
    return FISCHER * u**2 * b**2 / (h * np.sqrt(GRAVITY * h * s))


def capacity(
    limit: float, *, background: float, flow: float, effluent_flow: float, kept: float = 1.0
) -> float:
    """Load that brings a river just to its limit.

    Parameters
    ----------
    limit, background : float
        Concentrations. [mg/L]
    flow, effluent_flow : float
        River above the outlet, and effluent. [m³/s]
    kept : float
        Share left at the section that is judged; 1 at the outlet itself.

    Returns
    -------
    float
        Load, 0 when the river is already above the limit. [kg/d]
    """
    room = limit / kept * (flow + effluent_flow) - background * flow
    return max(room, 0.0) * SECONDS_PER_DAY / 1e3
