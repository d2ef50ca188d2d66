"""Additive value and TOPSIS; the cores work on one table or on many draws of it at once."""

from __future__ import annotations

import numpy as np

from renvand.errors import Fault, FileError
from renvand.ranking.result import Ranking, ranked
from renvand.ranking.table import (
    Array,
    PerCriterion,
    Table,
    Values,
    direction,
    per_criterion,
    read,
    read_weights,
)


def additive(
    values: Values,
    weights: PerCriterion[float] | None = None,
    *,
    is_cost: PerCriterion[bool] | None = None,
    ranges: PerCriterion[tuple[float, float]] | None = None,
) -> Ranking:
    """Rank by the weighted sum of values scaled from worst (0) to best (1).

    Parameters
    ----------
    values : DataFrame or array (alternative, criterion)
        What is compared.
    weights : by criterion, optional
        Any scale; the same for all when left out.
    is_cost : by criterion, optional
        True where less is better.
    ranges : by criterion, optional
        (low, high) of each scale. Left out, the lowest and highest of the table: then adding an
        alternative can change the order of the others.

    Returns
    -------
    Ranking
        Contributions sum to the score.

    Raises
    ------
    FileError
        When a cell, a weight or a range cannot be used.
    """
    table = read(values)
    w, sign = read_weights(weights, table), direction(is_cost, table)
    low, span = scale(table, ranges=ranges)
    contribution = w * partial_values(table.x, low=low, span=span, sign=sign)
    return ranked("additive", table, weights=w, contribution=contribution)


def scale(table: Table, *, ranges: PerCriterion[tuple[float, float]] | None) -> tuple[Array, Array]:
    """Give the low end and the length of each criterion's scale.

    A criterion that is the same everywhere gets an endless scale: it tells nothing apart.
    """
    if ranges is None:
        low, high = table.x.min(axis=0), table.x.max(axis=0)
        span = np.where(high > low, high - low, np.inf)
        return low, span
    ends = np.array(per_criterion(ranges, table, name="ranges"), dtype=np.float64)
    faults = [
        Fault(where=f"ranges, {c}", what=f"{a:g} to {b:g} is no range.", do="Give low, then high.")
        for c, (a, b) in zip(table.criteria, ends, strict=True)
        if not a < b
    ]
    if faults:
        raise FileError(faults)
    return ends[:, 0], ends[:, 1] - ends[:, 0]


def partial_values(x: Array, *, low: Array, span: Array, sign: Array) -> Array:
    """Scale (…, alternative, criterion) to 0 at the worst end and 1 at the best."""
    up = (x - low) / span
    return np.where(sign > 0, up, np.where(np.isinf(span), 0.0, 1.0 - up))


def topsis(
    values: Values,
    weights: PerCriterion[float] | None = None,
    *,
    is_cost: PerCriterion[bool] | None = None,
) -> Ranking:
    """Rank by closeness to the ideal point, with vector scaling.

    Not for tables to which alternatives are added later: scaling and ideal point move with them.

    Parameters
    ----------
    values : DataFrame or array (alternative, criterion)
        What is compared.
    weights : by criterion, optional
        Any scale; the same for all when left out.
    is_cost : by criterion, optional
        True where less is better.

    Returns
    -------
    Ranking
        Score is the closeness, 0 to 1. Contributions are exact: a half plus
        (d-² - d+²) / 2(D+ + D-)², summed over criteria, is the closeness.

    References
    ----------
    hwang1981
    """
    table = read(values)
    w, sign = read_weights(weights, table), direction(is_cost, table)
    far, near_, total = distances(table.x, w, sign=sign)
    contribution = (far - near_) / (2 * total[:, None] ** 2)
    return ranked("topsis", table, weights=w, contribution=contribution, baseline=0.5)


def distances(x: Array, w: Array, *, sign: Array) -> tuple[Array, Array, Array]:
    """Squared distances from the worst and the best point, by criterion, and D+ + D-.

    Parameters
    ----------
    x : array (…, alternative, criterion)
        Values.
    w : array (…, criterion)
        Weights.
    sign : array (criterion,)
        From :func:`table.direction`.

    Returns
    -------
    tuple
        From the worst (…, alternative, criterion), from the best (same), sum of both
        distances (…, alternative); the sum is 1 where all alternatives are the same.
    """
    length = np.sqrt((x * x).sum(axis=-2, keepdims=True))
    scaled = x * (sign * w)[..., None, :] / np.where(length > 0, length, 1.0)
    far = (scaled - scaled.min(axis=-2, keepdims=True)) ** 2
    close = (scaled - scaled.max(axis=-2, keepdims=True)) ** 2
    total = np.sqrt(far.sum(axis=-1)) + np.sqrt(close.sum(axis=-1))
    return far, close, np.where(total > 0, total, 1.0)
