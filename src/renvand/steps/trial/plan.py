"""The design of a trial: how many weeks on and off prove a saving, and with what confidence."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renvand.errors import Fault, SolveError

LONGEST_BLOCK = 28  # d; longer blocks see the seasons change
MOST_PAIRS = 200


@dataclass(frozen=True, kw_only=True)
class Noise:
    """How the daily value scatters around its mean when nothing is changed."""

    sd: float  # in the unit of the value
    autocorrelation: float  # of one day with the next, 0 to 1


@dataclass(frozen=True, kw_only=True)
class Design:
    """Pairs of blocks, in each pair one block on and one off, the order drawn by lot."""

    block_days: int  # d, with the wash-out at its start
    washout_days: int  # d at the start of each block that do not count
    pairs: int
    power: float  # probability to find the expected saving
    significance: float  # probability to find a saving where there is none
    smallest: float  # saving found with the wanted power, in the unit of the value

    @property
    def days(self) -> int:
        """How long the trial takes. [d]"""
        return 2 * self.pairs * self.block_days

    @property
    def weeks(self) -> float:
        """How long the trial takes. [weeks]"""
        return self.days / 7


def noise_of(daily: NDArray[np.float64]) -> Noise:
    """Estimate scatter and autocorrelation from daily values.

    Parameters
    ----------
    daily : array (day,)
        Consecutive days in ordinary operation.

    Returns
    -------
    Noise
        The autocorrelation is kept between 0 and 0.95: a short series says no more.
    """
    residual = daily - daily.mean()
    total = float(residual @ residual)
    rho = float(residual[:-1] @ residual[1:]) / total if total else 0.0
    return Noise(sd=float(daily.std(ddof=1)), autocorrelation=min(max(rho, 0.0), 0.95))


def difference_sd(noise: Noise, *, block_days: int, washout_days: int) -> float:
    """Give the standard deviation of 'on minus off' in one pair of blocks.

    The noise is a first-order autoregressive series: cov(i, j) = sd² ρ^|i-j|.

    Parameters
    ----------
    noise : Noise
        Of one day.
    block_days, washout_days : int
        Length of a block, and what of it does not count. [d]

    References
    ----------
    box2005
    """
    counted = block_days - washout_days
    day = np.arange(2 * block_days)
    weight = np.where(day % block_days < washout_days, 0.0, 1.0 / counted)
    weight[block_days:] *= -1
    covariance = noise.autocorrelation ** np.abs(day[:, None] - day[None, :])
    return noise.sd * math.sqrt(float(weight @ covariance @ weight))


def power(saving: float, sd: float, *, pairs: int, significance: float) -> float:
    """Give the probability that a two-sided paired t-test finds a saving.

    Parameters
    ----------
    saving : float
        True difference of on and off.
    sd : float
        Of one pair's difference, in the same unit.
    pairs : int
        Number of pairs, at least two.
    significance : float
        Level of the test.

    References
    ----------
    cohen1988
    """
    from scipy import stats

    bound = float(stats.t.ppf(1 - significance / 2, pairs - 1)) ** 2
    shift = (saving / sd) ** 2 * pairs  # the square of t follows F, both tails at once
    return float(stats.ncf.sf(bound, 1, pairs - 1, shift))


def design(
    saving: float,
    noise: Noise,
    *,
    washout_days: int,
    wanted_power: float = 0.8,
    significance: float = 0.05,
) -> Design:
    """Choose block length and number of pairs for the shortest trial that proves a saving.

    Parameters
    ----------
    saving : float
        Expected saving, in the unit of the daily value; positive.
    noise : Noise
        Of the daily value.
    washout_days : int
        Days after each switch until the plant has forgotten the other state. [d]
    wanted_power, significance : float
        Of the test; 0.8 and 0.05 are the custom of the field.

    Raises
    ------
    SolveError
        When no trial of a reasonable length can prove it.
    """
    best: Design | None = None
    for block in range(washout_days + 2, LONGEST_BLOCK + 1):
        sd = difference_sd(noise, block_days=block, washout_days=washout_days)
        pairs = _fewest_pairs(saving, sd, wanted_power=wanted_power, significance=significance)
        if pairs is None or (best is not None and 2 * pairs * block >= best.days):
            continue
        best = Design(
            block_days=block,
            washout_days=washout_days,
            pairs=pairs,
            power=power(saving, sd, pairs=pairs, significance=significance),
            significance=significance,
            smallest=_smallest(sd, pairs, wanted_power=wanted_power, significance=significance),
        )
    if best is None:
        raise SolveError(
            Fault(
                where="trial plan",
                what=f"a saving of {saving:.3g} drowns in a daily scatter of {noise.sd:.3g}.",
                do="Choose a stronger lever, meter better, or compare parallel lines.",
            )
        )
    return best


def _fewest_pairs(
    saving: float, sd: float, *, wanted_power: float, significance: float
) -> int | None:
    """Find the fewest pairs with enough power; power grows with every pair."""
    low, high = 2, MOST_PAIRS
    if power(saving, sd, pairs=high, significance=significance) < wanted_power:
        return None
    while low < high:
        middle = (low + high) // 2
        if power(saving, sd, pairs=middle, significance=significance) >= wanted_power:
            high = middle
        else:
            low = middle + 1
    return low


def _smallest(sd: float, pairs: int, *, wanted_power: float, significance: float) -> float:
    from scipy.optimize import brentq

    def lack(saving: float) -> float:
        return power(saving, sd, pairs=pairs, significance=significance) - wanted_power

    highest = sd
    while lack(highest) < 0:
        highest *= 2
    return float(brentq(lack, 0.0, highest))
