"""What an investment is worth: net present value, internal rate, payback, annuity."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from renvand.errors import Fault, SolveError

Array = NDArray[np.float64]
_HIGHEST_RATE = 1e3  # 100,000 % a year: beyond this an internal rate says nothing


def annuity(rate: float, years: float) -> float:
    """Give the yearly payment that pays 1 back with interest.

    Parameters
    ----------
    rate : float
        Interest a year. [-]
    years : float
        Number of payments.

    Returns
    -------
    float
        Payment at the end of each year. [1/a]
    """
    if rate == 0:
        return 1 / years
    return rate / -np.expm1(-years * np.log1p(rate))


def npv(rate: float, flows: Sequence[float]) -> float:
    """Give the worth today of yearly flows; the first is today's.

    Parameters
    ----------
    rate : float
        Interest a year. [-]
    flows : sequence of float
        Money at the end of year 0, 1, 2, …; spending is negative.
    """
    return float(sum(flow / (1 + rate) ** year for year, flow in enumerate(flows)))


def irr(flows: Sequence[float]) -> float:
    """Give the interest at which an investment is worth nothing.

    Parameters
    ----------
    flows : sequence of float
        As in :func:`npv`; spending first.

    Returns
    -------
    float
        Internal rate; below zero when less comes back than was spent. [-]

    Raises
    ------
    SolveError
        When the flows never change sign.
    """
    low, high = -0.99, _HIGHEST_RATE
    if npv(low, flows) * npv(high, flows) > 0:
        what = "has no internal rate: money only goes out, or only comes in."
        raise SolveError(Fault(where="investment", what=what, do="Show the present value instead."))
    from scipy.optimize import brentq

    return float(brentq(lambda rate: npv(rate, flows), low, high, xtol=1e-14))


def payback(investment: ArrayLike, saving: ArrayLike, *, rate: float = 0.0) -> Array:
    """Give the years after which a constant saving has paid an investment back.

    Parameters
    ----------
    investment : array_like (draw,)
        Spent today.
    saving : array_like (draw,)
        Net saving at the end of each year.
    rate : float
        Interest a year; 0 gives the simple payback. [-]

    Returns
    -------
    array (draw,)
        Years; infinite when it never pays back. Within the last year the saving counts as even.
    """
    spent, gained = np.asarray(investment, dtype=float), np.asarray(saving, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        simple = np.where(gained > 0, spent / gained, np.inf)
        if rate == 0:
            return simple
        whole = np.floor(-np.log1p(-rate * simple) / np.log1p(rate))
        paid = -np.expm1(-whole * np.log1p(rate)) / rate
        years = whole + (simple - paid) * (1 + rate) ** (whole + 1)
    return np.where(rate * simple < 1, years, np.inf)


def internal_rates(investment: Array, saving: Array, *, years: float) -> Array:
    """Give the internal rate of many investments with a constant saving.

    Parameters
    ----------
    investment, saving : array (draw,)
        Spent today, and saved at the end of each year.
    years : float
        Lifetime. [a]

    Returns
    -------
    array (draw,)
        Internal rate; -1 when nothing comes back, infinite when nothing is spent. [-]
    """
    low = np.full(investment.shape, -0.99)
    high = np.full(investment.shape, _HIGHEST_RATE)
    for _ in range(80):  # halving 1000 eighty times reaches the precision of a float
        middle = (low + high) / 2
        safe = np.where(np.abs(middle) < 1e-12, 1e-12, middle)
        worth = saving * -np.expm1(-years * np.log1p(safe)) / safe - investment
        low, high = np.where(worth > 0, middle, low), np.where(worth > 0, high, middle)
    found = np.where(saving > 0, (low + high) / 2, -1.0)
    return np.where((investment <= 0) & (saving > 0), np.inf, found)
