"""What a reconciliation is asked: readings, a beginning, and bounds, of each quantity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from renvand.reconcile.elimination import Array


@dataclass(frozen=True, kw_only=True)
class Question:
    """Readings, sizes and bounds, one entry a quantity.

    Attributes
    ----------
    y : array (quantity,)
        Measured values; NaN where nothing was measured.
    sigma : array (quantity,)
        Standard deviations; zero for what is known exactly; not used where y is NaN.
    start : array (quantity,)
        Where the search begins.
    size : array (quantity,)
        Typical size of each quantity, above zero.
    low, high : array (quantity,)
        Bounds; infinite where there is none.
    """

    y: Array
    sigma: Array
    start: Array
    size: Array
    low: Array
    high: Array

    def holding(self, values: Mapping[int, float], *, start: Array) -> Question:
        """Take some quantities as known exactly, and begin elsewhere."""
        y, sigma = self.y.copy(), self.sigma.copy()
        y[list(values)], sigma[list(values)] = list(values.values()), 0.0
        return replace(self, y=y, sigma=sigma, start=start)
