"""How well predictions hold: against what was measured later, and against simpler predictors."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from renvand.process.model import Array

HOURS = 24


def rmse(predicted: Array, measured: Array) -> float:
    """Give the root mean square error. [unit of both]"""
    return float(np.sqrt(np.mean((predicted - measured) ** 2)))


def nse(predicted: Array, measured: Array) -> float:
    """Give the efficiency: 1 is perfect, 0 as good as the mean of what was measured.

    References
    ----------
    nash1970
    """
    scatter = float(np.sum((measured - measured.mean()) ** 2))
    missed = float(np.sum((predicted - measured) ** 2))
    return 1.0 - missed / scatter if scatter > 0 else np.nan


def kge(predicted: Array, measured: Array) -> float:
    """Give 1 less the distance from perfect correlation, spread and mean.

    References
    ----------
    gupta2009
    """
    spread, own = float(measured.std()), float(predicted.std())
    mean = float(measured.mean())
    if spread <= 0 or mean == 0:
        return np.nan
    r = float(np.corrcoef(predicted, measured)[0, 1]) if own > 0 else 0.0
    return 1.0 - float(
        np.sqrt((r - 1) ** 2 + (own / spread - 1) ** 2 + (predicted.mean() / mean - 1) ** 2)
    )


def skill(predicted: Array, measured: Array, *, against: Array) -> float:
    """Give 1 less the ratio of squared errors: above 0 the prediction beats the other one."""
    other = float(np.sum((against - measured) ** 2))
    return 1.0 - float(np.sum((predicted - measured) ** 2)) / other if other > 0 else np.nan


def coverage(low: Array, high: Array, measured: Array) -> float:
    """Give the share of measurements within a band."""
    return float(np.mean((measured >= low) & (measured <= high)))


def mean_day(times: Array, values: Array, *, at: Array) -> Array:
    """Predict by the mean of each hour of the day before; hours never measured by the mean.

    Parameters
    ----------
    times, values : array (row,), array (row,)
        What was measured before. [d], any
    at : array (moment,)
        When to predict. [d]

    Returns
    -------
    array (moment,)
    """
    hours = np.floor(times % 1.0 * HOURS).astype(int)
    count = np.bincount(hours, minlength=HOURS)
    sums = np.bincount(hours, weights=values, minlength=HOURS)
    means = np.where(count > 0, sums / np.maximum(count, 1), values.mean())
    return means[np.floor(at % 1.0 * HOURS).astype(int)]


def persistence(values: Array, *, at: Array) -> Array:
    """Predict that the last value before stays, array (moment,)."""
    return np.full(len(at), values[-1])


def band(
    members: Array, left: Array, *, level: float, seed: int, draws: int = 400
) -> tuple[Array, Array]:
    """Give a band for measurements: members of an ensemble, and the scatter that was left.

    What was left over is relative to the level of prediction and mean together: large values
    scatter more.

    Parameters
    ----------
    members : array (member, row)
        Predictions, 0 or more.
    left : array (measurement,)
        (measured - predicted) / (predicted + mean) while calibrating; see :func:`relative`.
    level : float
        Share that should lie within.
    seed : int
        Of the draws.
    draws : int
        Of members and scatter together, at least.

    Returns
    -------
    array (row,), array (row,)
        Low, never below 0, and high.
    """
    rng = np.random.default_rng(seed)
    mean, each = float(members.mean()), -(-draws // len(members))
    drawn = rng.choice(left, size=(each, *members.shape))
    made = (members + drawn * (members + mean)).reshape(-1, members.shape[1])
    low, high = np.quantile(made, [0.5 - level / 2, 0.5 + level / 2], axis=0)
    return np.maximum(low, 0.0), np.maximum(high, 0.0)


def relative(predicted: Array, measured: Array) -> Array:
    """Give what is left of measurements, relative to prediction and mean together."""
    return (measured - predicted) / (predicted + float(predicted.mean()) + 1e-12)


def scores(
    predicted: Array,
    measured: Array,
    *,
    rivals: Mapping[str, Array],
    band: tuple[Array, Array] | None = None,
) -> dict[str, float]:
    """Give all scores of one column, rivals beside."""
    row = {
        "rows": float(len(measured)),
        "rmse": rmse(predicted, measured),
        "nse": nse(predicted, measured),
        "kge": kge(predicted, measured),
        "coverage": coverage(*band, measured) if band else np.nan,
    }
    for name, other in rivals.items():
        row[f"rmse_{name}"] = rmse(other, measured)
        row[f"skill_{name}"] = skill(predicted, measured, against=other)
    return row
