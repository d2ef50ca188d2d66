"""PROMETHEE II: who is preferred to whom, criterion by criterion, pair by pair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from renvand.errors import Fault, FileError
from renvand.ranking.result import Ranking, ranked
from renvand.ranking.table import (
    Array,
    PerCriterion,
    Values,
    direction,
    per_criterion,
    read,
    read_weights,
)

Kind = Literal["usual", "ushape", "vshape", "linear", "level", "gaussian"]
PAIRS_AT_ONCE = 2**20  # 8 MB a temporary


@dataclass(frozen=True, kw_only=True)
class Preference:
    """How strongly a difference counts; its three lengths have the unit of the criterion."""

    kind: Kind = "usual"
    indifference: float = 0.0  # q: up to here no preference (ushape, linear, level)
    preference: float = 0.0  # p: from here full preference (vshape, linear, level)
    inflection: float = 0.0  # s: where the bell turns (gaussian)

    def __call__(self, d: Array) -> Array:
        """Give the preference, 0 to 1, for differences d (more is better)."""
        q, p, s = self.indifference, self.preference, self.inflection
        if self.kind == "usual":
            return (d > 0).astype(np.float64)
        if self.kind == "ushape":
            return (d > q).astype(np.float64)
        if self.kind == "vshape":
            return np.clip(d / p, 0.0, 1.0)
        if self.kind == "linear":
            return np.clip((d - q) / (p - q), 0.0, 1.0)
        if self.kind == "level":
            return 0.5 * ((d > q).astype(np.float64) + (d > p))
        return np.where(d > 0, -np.expm1(-(d * d) / (2 * s * s)), 0.0)

    def fault(self) -> str:
        """Say what is wrong with the lengths; empty when nothing is."""
        if self.kind not in Kind.__args__:
            return f"'{self.kind}' is no preference function."
        if self.indifference < 0:
            return "indifference is negative."
        if self.kind in ("vshape", "linear", "level") and self.preference <= self.indifference:
            return "preference is not above indifference."
        if self.kind == "gaussian" and self.inflection <= 0:
            return "inflection is not above zero."
        return ""


def promethee(
    values: Values,
    weights: PerCriterion[float] | None = None,
    *,
    preferences: PerCriterion[Preference] | None = None,
    is_cost: PerCriterion[bool] | None = None,
) -> Ranking:
    """Rank by net preference over all others.

    Time grows with the square of the number of alternatives; 10,000 take some ten seconds.

    Parameters
    ----------
    values : DataFrame or array (alternative, criterion)
        What is compared.
    weights : by criterion, optional
        Any scale; the same for all when left out.
    preferences : by criterion, optional
        :class:`Preference`; any difference counts fully when left out.
    is_cost : by criterion, optional
        True where less is better.

    Returns
    -------
    Ranking
        Score is the net flow, -1 to 1 (mean over the others, not their sum); contributions are
        the weighted net flows of the single criteria.

    References
    ----------
    brans1986
    """
    table = read(values)
    w, sign = read_weights(weights, table), direction(is_cost, table)
    wanted = per_criterion(preferences, table, name="preferences", otherwise=Preference())
    faults = [
        Fault(where=f"preferences, {c}", what=p.fault(), do="See Preference for its lengths.")
        for c, p in zip(table.criteria, wanted, strict=True)
        if p.fault()
    ]
    if faults:
        raise FileError(faults)
    flows = [_net_flow(sign[j] * table.x[:, j], wanted[j]) for j in range(len(table.criteria))]
    contribution = w * np.column_stack(flows)
    return ranked("promethee", table, weights=w, contribution=contribution)


def _net_flow(x: Array, preference: Preference) -> Array:
    """Mean preference over the others minus theirs over it; rows in blocks to save memory."""
    n = len(x)
    flow = np.zeros(n)
    step = max(1, PAIRS_AT_ONCE // n)
    for start in range(0, n, step):
        block = x[start : start + step, None] - x
        flow[start : start + step] = (preference(block) - preference(-block)).sum(axis=1)
    return flow / max(n - 1, 1)
