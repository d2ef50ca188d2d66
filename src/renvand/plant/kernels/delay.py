"""Dead time between units: a row of mixed cells in which nothing reacts."""

# Types are those of numba; names in capitals come from the page and from layout.PLACES.
# ruff: noqa: ANN001, ANN201, E741, F821
# pyright: basic, reportUndefinedVariable=false
from __future__ import annotations

# kernels


def show_delays(y, ex, I, F):
    # what leaves is what the last cell holds
    for j in range(I[N_UNITS]):
        at = I[UNITS] + 8 * j
        if I[at] == 3:
            last = I[at + 5] + (int(F[I[at + 6] + 1]) - 1) * N_ROWS
            for r in range(N_ROWS):
                ex[I[at + 4] + r] = y[last + r]


def shift_delays(y, dy, feed, ex, q, I, F):
    for j in range(I[N_UNITS]):
        at = I[UNITS] + 8 * j
        if I[at] == 3:
            mix(feed, ex, q, I, I[at + 1], I[at + 2])
            o, cells = I[at + 5], int(F[I[at + 6] + 1])
            rate = q[I[at + 3]] / F[I[at + 6]] * cells
            for r in range(N_ROWS):
                dy[o + r] = rate * (feed[r] - y[o + r])
            for i in range(N_ROWS, cells * N_ROWS):
                dy[o + i] = rate * (y[o + i - N_ROWS] - y[o + i])


def delays_back(b, q, I, F, hg):
    # solve cell after cell; the meter feels what leaves the last
    m = I[FIRST_METER]
    for j in range(I[N_UNITS]):
        at = I[UNITS] + 8 * j
        if I[at] == 3:
            o, cells, through = I[at + 5], int(F[I[at + 6] + 1]), hg * q[I[at + 3]]
            weight = through / F[I[at + 6]] * cells
            share = 1.0 / (1.0 + weight)
            for r in range(N_ROWS):
                b[o + r] = share * b[o + r]
            for i in range(N_ROWS, cells * N_ROWS):
                b[o + i] = share * (b[o + i] + weight * b[o + i - N_ROWS])
            for r in range(N_ROWS):
                b[m + r] -= through * b[o + (cells - 1) * N_ROWS + r]
