"""The Jacobian by differences, and elimination."""

# Types are those of numba; names in capitals come from the page and from layout.PLACES.
# ruff: noqa: ANN001, ANN201, E741, F821
# pyright: basic, reportUndefinedVariable=false
from __future__ import annotations

# kernels


def slopes(J, s, p, h, I, F, N, W):
    # the Jacobian of the active states by forward differences, J[row, column]
    y, f0, f1 = W.y, W.f0, W.f1
    rhs(y, f0, s, p, h, I, F, N, W.R)
    first, n = I[ACTIVE], I[N_MOVING]
    for j in range(n):
        i = I[first + j]
        keep = y[i]
        small = 1e-7 * max(abs(keep), 1e-2)
        y[i] = keep + small
        rhs(y, f1, s, p, h, I, F, N, W.R)
        y[i] = keep
        for r in range(n):
            J[r, j] = (f1[I[first + r]] - f0[I[first + r]]) / small


def lessen(row, other, times):
    for j in range(row.size):
        row[j] -= times * other[j]


def eliminate(A, b):
    # solves A x = b with the largest pivot of each column: A is spent, b becomes x. Our own, for
    # a library's threads wait for each other on a busy machine (90 times slower, measured)
    n = b.size
    for k in range(n):
        at, largest = k, abs(A[k, k])
        for i in range(k + 1, n):
            if abs(A[i, k]) > largest:
                at, largest = i, abs(A[i, k])
        if not largest > 0.0:
            return False
        if at != k:
            for j in range(n):
                A[k, j], A[at, j] = A[at, j], A[k, j]
            b[k], b[at] = b[at], b[k]
        for i in range(k + 1, n):
            times = A[i, k] / A[k, k]
            if times != 0.0:
                lessen(A[i, k + 1 :], A[k, k + 1 :], times)
                b[i] -= times * b[k]
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            b[i] -= A[i, j] * b[j]
        b[i] /= A[i, i]
    return True
