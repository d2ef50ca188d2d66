"""The right-hand side of a whole plant, and what is written down of it."""

# Types are those of numba; names in capitals come from the page and from layout.PLACES.
# ruff: noqa: ANN001, ANN201, E741, F821, PLR0915
# pyright: basic, reportUndefinedVariable=false
from __future__ import annotations

import math

# kernels


def rhs(y, dy, q, ex, kla, s, p, h, I, F, w, flux, feed):
    for i in range(I[N_TAPS]):
        tap(ex, y, I[I[TAPS] + 2 * i + 1], I[I[TAPS] + 2 * i])
    for j in range(I[N_UNITS]):
        at = I[UNITS] + 8 * j
        mix(feed, ex, q, I, I[at + 1], I[at + 2])
        over, under = q[I[at + 3]], q[I[at + 3] + 1]
        top, numbers = I[at + 4], I[at + 6]
        if I[at] == 0:
            settle(y, dy, I[at + 5], feed, ex, top, F, numbers, over, under, w, flux)
        else:
            part(feed, ex, top, top + N_ROWS, I, F[numbers], over, under)
    lanes = 8 * I[N_BLOCKS]
    for b in range(I[N_BLOCKS]):
        o = 8 + b * 8 * N_ROWS
        come, saturation = I[COME] + 8 * b, I[SATURATION] + 8 * b
        react(
            y, dy, o, s, p, h, b * 8 * N_HEATED,
            q, kla, F, o - 1, come, come + lanes, 8 * b, saturation,
        )  # fmt: skip
    for r in range(N_ROWS):
        feed[r] = 0.0
    join(y, dy, ex, q, I, F, feed)
    meter(y, dy, ex, q, kla, I, F)


def heat(y, h, I, F):
    # parameters at the temperature of each tank; slow, so once for every row of the influent
    for k in range(I[N_TANKS]):
        warmer = y[I[I[TANK_START] + k] + 8 * (N_ROWS - 1)] - F[TEMPERATURE]
        for i in range(N_HEATED):
            place = k // 8 * 8 * N_HEATED + 8 * i + k % 8
            h[place] = F[WARM + i] * math.exp(F[LOG_THETA + i] * warmer)


def write(out, record, y, q, ex, kla, I):
    n = 0
    for i in range(I[N_ACTIVE]):
        out[record, n] = y[I[I[ACTIVE] + i]]
        n += 1
    for i in range(I[N_EDGES]):
        out[record, n] = q[i]
        n += 1
    for i in range(I[N_STREAMS] * N_ROWS):
        out[record, n] = ex[i]
        n += 1
    for i in range(I[N_TANKS]):
        out[record, n] = kla[i]
        n += 1
