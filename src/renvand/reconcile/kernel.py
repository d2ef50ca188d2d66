"""The one loop of reconciliation that must be compiled."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(cache=True)
def quadratic_forms(
    l_ends: NDArray[np.int32],
    l_rows: NDArray[np.int32],
    l_data: NDArray[np.float64],
    d: NDArray[np.float64],
    b_ends: NDArray[np.int32],
    b_rows: NDArray[np.int32],
    b_data: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Give b' (L D L')⁻¹ b for every column b of B, by one sparse forward substitution each.

    Parameters
    ----------
    l_ends, l_rows, l_data : arrays
        L by columns, ones on the diagonal.
    d : array (row,)
        Diagonal of D.
    b_ends, b_rows, b_data : arrays
        B by columns.

    Returns
    -------
    array (column of B,)
    """
    m, n = len(d), len(b_ends) - 1
    work, total = np.zeros(m), np.zeros(n)
    for k in range(n):
        first = m
        for p in range(b_ends[k], b_ends[k + 1]):
            work[b_rows[p]] += b_data[p]
            first = min(first, b_rows[p])
        for j in range(first, m):
            y = work[j]
            if y != 0.0:
                work[j] = 0.0
                total[k] += y * y / d[j]
                for p in range(l_ends[j], l_ends[j + 1]):
                    if l_rows[p] != j:
                        work[l_rows[p]] -= l_data[p] * y
    return total
