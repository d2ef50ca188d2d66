"""Weights from pairwise comparisons (AHP)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from renvand.errors import Fault, FileError
from renvand.ranking.table import Array, Values, read

# Mean consistency index of random matrices of size 1 to 10, saaty1990.
RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
CONSISTENT = 0.1  # ratio up to which judgements pass as consistent, saaty1990


@dataclass(frozen=True, kw_only=True)
class PairwiseWeights:
    """Weights, and how well the comparisons agree with each other."""

    criteria: tuple[str, ...]
    weights: Array  # (criterion,), sum 1
    eigenvalue: float
    consistency_index: float
    consistency_ratio: float

    @property
    def is_consistent(self) -> bool:
        """Whether the judgements contradict each other no more than is usual."""
        return self.consistency_ratio <= CONSISTENT


def pairwise_weights(comparisons: Values) -> PairwiseWeights:
    """Find the weights behind pairwise comparisons: the principal eigenvector.

    Parameters
    ----------
    comparisons : DataFrame or array (criterion, criterion)
        How many times the row matters more than the column; the mirror cell is the inverse.

    Raises
    ------
    FileError
        When the matrix is not square, a cell is not positive, or mirror cells disagree.

    References
    ----------
    saaty1990
    """
    table = read(comparisons)
    x, names = table.x, table.criteria
    if x.shape[0] != x.shape[1] or len(x) > len(RANDOM_INDEX):
        do = f"Compare 2 to {len(RANDOM_INDEX)} criteria, each with each."
        raise FileError(Fault(where="comparisons", what=f"has the shape {x.shape}.", do=do))
    faults = [
        Fault(
            where=f"comparisons, {names[i]} and {names[j]}",
            what=f"{x[i, j]:g} and {x[j, i]:g} are not the inverse of each other.",
            do="Give one; the other is 1 divided by it.",
        )
        for i in range(len(x))
        for j in range(i, len(x))
        if not (x[i, j] > 0 and abs(x[i, j] * x[j, i] - 1) < 0.01)  # 0.33 for 1/3 passes
    ]
    if faults:
        raise FileError(faults)
    values, vectors = np.linalg.eig(x)
    top = int(np.real(values).argmax())
    weights = np.abs(np.real(vectors[:, top]))
    n = len(x)
    index = (float(np.real(values[top])) - n) / (n - 1) if n > 1 else 0.0
    random = RANDOM_INDEX[n - 1]
    return PairwiseWeights(
        criteria=names,
        weights=weights / weights.sum(),
        eigenvalue=float(np.real(values[top])),
        consistency_index=index,
        consistency_ratio=index / random if random else 0.0,
    )
