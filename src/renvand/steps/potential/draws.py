"""Draws from published ranges: the same quantity draws the same wherever it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from renvand.steps.potential.catalogue import Range
from renvand.steps.potential.economics import Array

DRAWS = 4000
_KEPT = 1024  # arrays; options are counted again and again, on what others have left


@lru_cache(maxsize=_KEPT)
def triangle(ends: Range, key: str, *, seed: int) -> Array:
    """Draw from the triangle of a range; the first is the typical value.

    Parameters
    ----------
    ends : Range
        Low, typical and high.
    key : str
        What is drawn. A price is one draw for all options of a company: they share it.
    seed : int
        Of the case.

    Returns
    -------
    array (draw,)
        Values.
    """
    drawn = np.full(DRAWS, ends.typical)
    if ends.low != ends.high:
        chance = np.random.default_rng([seed, *key.encode()])
        low, high = min(ends.low, ends.typical), max(ends.high, ends.typical)
        drawn[1:] = chance.triangular(low, ends.typical, high, DRAWS)[1:]
    drawn.flags.writeable = False
    return drawn


@lru_cache(maxsize=_KEPT)
def factor(spread: float, key: str, *, seed: int) -> Array:
    """Draw a factor about one, for the error of a balance; the first is one."""
    chance = np.random.default_rng([seed, *key.encode()])
    drawn = 1 + spread * chance.standard_normal(DRAWS)
    drawn[0] = 1.0
    kept = np.maximum(drawn, 0.0)
    kept.flags.writeable = False
    return kept


def ends_of(values: Array) -> Mapping[str, float]:
    """Give the typical value and the middle 95 % of the draws."""
    low, high = np.quantile(values[1:], [0.025, 0.975], method="nearest")
    return {"typical": float(values[0]), "low": float(low), "high": float(high)}
