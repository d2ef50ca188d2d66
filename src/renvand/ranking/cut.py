"""The few that make the most: the cumulative-share cut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renvand.errors import Fault, FileError
from renvand.ranking.table import Array, ranks


@dataclass(frozen=True, kw_only=True)
class Cut:
    """Alternatives by size, and how far down the list the wanted share is reached."""

    alternatives: tuple[str, ...]  # largest first
    share: Array  # (alternative,), of the total
    cumulative: Array  # (alternative,)
    is_inside: NDArray[np.bool_]  # (alternative,)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The fewest alternatives that together reach the share."""
        return tuple(
            a for a, inside in zip(self.alternatives, self.is_inside, strict=True) if inside
        )


def cumulative_share(amounts: Mapping[str, float] | Sequence[float], share: float = 0.8) -> Cut:
    """Cut a list where the largest together reach a share of the total.

    Parameters
    ----------
    amounts : mapping of str to float, or sequence
        An amount of each alternative, not negative; a sequence is numbered from 1.
    share : float
        Of the total; four fifths is the usual definition of main pollution sources in China.

    Raises
    ------
    FileError
        When an amount is negative or not a number, or all are zero.
    """
    named = (
        amounts if isinstance(amounts, Mapping) else {str(i + 1): v for i, v in enumerate(amounts)}
    )
    faults = [
        Fault(where=f"amounts, {name}", what=f"{v:g} is no amount.", do="Give zero or more.")
        for name, v in named.items()
        if not (np.isfinite(v) and v >= 0)
    ]
    x = np.array(list(named.values()), dtype=np.float64)
    if not faults and x.sum() <= 0:
        faults.append(Fault(where="amounts", what="sum to zero.", do="Nothing can be cut."))
    if faults:
        raise FileError(faults)
    names = list(named)
    order = np.argsort(ranks(x / x.sum(), names))
    part = x[order] / x.sum()
    cumulative = np.cumsum(part)
    before = np.r_[0.0, cumulative[:-1]]
    return Cut(
        alternatives=tuple(names[i] for i in order),
        share=part,
        cumulative=cumulative,
        is_inside=before < share * (1 - 1e-12),  # 0.8 itself is reached, whatever rounding did
    )
