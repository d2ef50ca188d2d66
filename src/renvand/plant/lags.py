"""Equal first-order lags in a row, discretised exactly: sensors and actuators.

All follows from one function: of a step, n such lags have let P(n, t/lag) through, the regularised
incomplete gamma function. A matrix exponential gives the same, but the library behind it wakes
threads that wait for each other as long as a fortnight of the plant takes (measured).
"""

from __future__ import annotations

import numpy as np

from renvand.process.model import Array


def t90_lag(response: float, *, order: int) -> float:
    """Give the lag that lets so many equal lags in a row reach 90 % of a step in `response`."""
    from scipy.special import gammaincinv

    return response / float(gammaincinv(order, 0.9))


def lag_matrices(order: int, *, lag: float, step: float) -> tuple[Array, Array, Array]:
    """Discretise lags in a row, exactly for an input linear over the step.

    Parameters
    ----------
    order : int
        How many lags.
    lag, step : float
        Time constant of one, and time between two looks, in the same unit.

    Returns
    -------
    array (order, order), array (order,), array (order,)
        State, input at the beginning, input at the end of the step.
    """
    place, s = np.arange(1.0, order + 1), step / lag
    ramp = _mean_through(place, s)
    return _decay(order, s), _through(place, s) - ramp, ramp


def actuator_matrices(order: int, *, lag: float, step: float) -> tuple[Array, Array]:
    """Discretise an actuator whose order is held over the step; the last row is its mean.

    Returns
    -------
    array (order + 1, order), array (order + 1,)
        From the state, from the order given.
    """
    place, s = np.arange(1.0, order + 1), step / lag
    of_state = np.vstack([_decay(order, s), _through(place[::-1], s) / s])
    return of_state, np.append(_through(place, s), _mean_through(order, s))


def _through(place: Array | float, s: float) -> Array:
    """What so many lags let through of a step after the time s, counted in lags."""
    from scipy.special import gammainc

    return np.asarray(gammainc(place, s), dtype=float)


def _mean_through(place: Array | float, s: float) -> Array:
    """The mean of the same from 0 to s."""
    return _through(place, s) - place * _through(place + 1, s) / s


def _decay(order: int, s: float) -> Array:
    """What is left of each state, and what has gone on to those after it."""
    from scipy.special import gamma

    later = np.subtract.outer(np.arange(order), np.arange(order))
    passed = np.maximum(later, 0)
    return np.where(later >= 0, np.exp(-s) * s**passed / gamma(passed + 1), 0.0)
