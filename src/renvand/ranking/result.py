"""A ranking that can say why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from renvand.errors import Fault, FileError, near
from renvand.ranking.table import Array, Table, ranks

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why an alternative stands where it stands."""

    alternative: str
    rank: int
    contribution: dict[str, float]  # by criterion, largest first; they sum to score - baseline
    ahead: str | None  # the alternative one place better; None for the first
    gap: dict[str, float]  # what `ahead` has more of, by criterion, largest first


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """Scores and places, with what each criterion contributed."""

    method: str
    alternatives: tuple[str, ...]
    criteria: tuple[str, ...]
    weights: Array  # (criterion,), sum 1
    score: Array  # (alternative,), more is better
    rank: NDArray[np.intp]  # (alternative,), 1 is the best; ties by name
    contribution: Array  # (alternative, criterion); row sum + baseline = score
    baseline: float = 0.0  # the score when no criterion speaks for or against

    def __repr__(self) -> str:
        score = dict(zip(self.alternatives, self.score, strict=True))
        first = ", ".join(f"{name} {score[name]:.3g}" for name in self.order[:5])
        return f"<Ranking of {len(self.alternatives)} by {self.method}: {first}>"

    @property
    def order(self) -> tuple[str, ...]:
        """The alternatives, best first."""
        return tuple(self.alternatives[i] for i in np.argsort(self.rank))

    def why(self, alternative: str) -> Reason:
        """Say what put an alternative in its place, and what keeps it from the next better.

        Raises
        ------
        FileError
            When there is no such alternative.
        """
        if alternative not in self.alternatives:
            what = f"has no '{alternative}'."
            raise FileError(
                Fault(where="ranking", what=what, do=near(alternative, self.alternatives))
            )
        i = self.alternatives.index(alternative)
        rank = int(self.rank[i])
        ahead = self.order[rank - 2] if rank > 1 else None
        gap: dict[str, float] = {}
        if ahead is not None:
            better = self.contribution[self.alternatives.index(ahead)]
            gap = self._by_size(better - self.contribution[i])
        return Reason(
            alternative=alternative,
            rank=rank,
            contribution=self._by_size(self.contribution[i]),
            ahead=ahead,
            gap=gap,
        )

    def table(self) -> pd.DataFrame:
        """Give one row an alternative, best first: ``rank, score`` and what each criterion adds."""
        import pandas as pd

        parts = pd.DataFrame(
            self.contribution, index=[*self.alternatives], columns=[*self.criteria]
        )
        parts.insert(0, "rank", self.rank)
        parts.insert(1, "score", self.score)
        return parts.loc[[*self.order]]

    def _by_size(self, parts: Array) -> dict[str, float]:
        return {self.criteria[j]: float(parts[j]) for j in np.argsort(-parts, kind="stable")}


def ranked(
    method: str, table: Table, *, weights: Array, contribution: Array, baseline: float = 0.0
) -> Ranking:
    """Make the ranking of what each criterion contributed, array (alternative, criterion)."""
    score = baseline + contribution.sum(axis=1)
    return Ranking(
        method=method,
        alternatives=table.alternatives,
        criteria=table.criteria,
        weights=weights,
        score=score,
        rank=ranks(score, table.alternatives),
        contribution=contribution,
        baseline=baseline,
    )
