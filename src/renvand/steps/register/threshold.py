"""Thresholds learnt from labelled pairs, and measured on others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, kw_only=True)
class Quality:
    """How well pairs above a threshold are the true ones."""

    threshold: float
    precision: float  # share of the pairs told that are true
    recall: float  # share of the true pairs that are told

    @property
    def f1(self) -> float:
        """Give the harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def measured(
    scores: npt.ArrayLike, is_true: npt.ArrayLike, *, total: int, threshold: float
) -> Quality:
    """Measure a threshold on labelled pairs.

    Parameters
    ----------
    scores : array (pair,)
        Of the pairs that were looked at.
    is_true : array of bool (pair,)
        Their labels.
    total : int
        All true pairs, also those that were not looked at.
    threshold : float
        Pairs at or above it are told.
    """
    told = np.asarray(scores) >= threshold
    hits = int((told & np.asarray(is_true, dtype=bool)).sum())
    count = int(told.sum())
    return Quality(
        threshold=threshold,
        precision=hits / count if count else 1.0,
        recall=hits / total if total else 1.0,
    )


def learnt(
    scores: npt.ArrayLike, is_true: npt.ArrayLike, *, total: int, precision: float = 0.0
) -> Quality:
    """Choose the threshold with the best F1 among those that keep a precision.

    Never measure on the pairs it was learnt from: what this returns is the quality on them.

    Parameters
    ----------
    scores, is_true, total
        As in :func:`measured`.
    precision : float
        That must be kept; a threshold to join by needs a high one, one to ask by does not.

    Returns
    -------
    Quality
        The threshold lies half way to the next lower score, where nothing was seen.
    """
    scores, is_true = np.asarray(scores, dtype=np.float64), np.asarray(is_true, dtype=bool)
    order = np.argsort(-scores, kind="stable")
    ranked, hits = scores[order], np.cumsum(is_true[order])
    count = np.arange(1, len(ranked) + 1)
    last = np.append(ranked[1:] != ranked[:-1], True)  # of equal scores all or none are told
    p, r = hits / count, hits / max(total, 1)
    f1 = np.where(last & (p >= precision), 2 * p * r / np.maximum(p + r, 1e-12), -1.0)
    best = int(np.argmax(f1))
    below = ranked[best + 1] if best + 1 < len(ranked) else 0.0
    threshold = 0.5 * (ranked[best] + below)
    return Quality(threshold=float(threshold), precision=float(p[best]), recall=float(r[best]))
