"""What water does between units: mixing, joining, crossing the border."""

# Types are those of numba; names in capitals come from the page and from layout.PLACES.
# ruff: noqa: ANN001, ANN201, E741, F821, PLR0915
# pyright: basic, reportUndefinedVariable=false
from __future__ import annotations

# kernels


def set_inputs(ex, q, q0, per_influent, u, slope, after):
    for r in range(N_ROWS):
        ex[r] = u[r] + slope[r] * after
    flow = u[N_ROWS] + slope[N_ROWS] * after
    for i in range(q.size):
        q[i] = q0[i] + per_influent[i] * flow


def mix(feed, ex, q, I, pipes, count):
    # flow-weighted mean; each pipe: where its water stands in ex, which flow
    whole = 0.0
    for r in range(N_ROWS):
        feed[r] = 0.0
    for i in range(count):
        source, flow = I[pipes + 2 * i], q[I[pipes + 2 * i + 1]]
        if source < 0:
            return
        whole += flow
        for r in range(N_ROWS):
            feed[r] += flow * ex[source + r]
    share = 1.0 / whole if whole > 0.0 else 0.0
    for r in range(N_ROWS):
        feed[r] = feed[r] * share


def join(y, dy, ex, q, I, F, feed):
    # what comes to a tank from elsewhere than its left neighbour
    pipes = I[TANK_PIPES]
    for i in range(I[N_TANK_PIPES]):
        at = pipes + 4 * i
        source, w, target = I[at], q[I[at + 1]] * F[I[INVERSE_VOLUME] + I[at + 2]], I[at + 3]
        if source < 0:
            return
        if target < 0:
            for r in range(N_ROWS):
                feed[r] += w * ex[source + r]
        else:
            for r in range(N_ROWS):
                feed[r] += w * ex[source + r]
            pour(dy, feed, target)
            for r in range(N_ROWS):
                feed[r] = 0.0


def meter(y, dy, ex, q, kla, I, F):
    # what enters less what leaves, for every component: the last states
    o, pipes = I[FIRST_METER], I[BORDER_PIPES]
    if o < 0:
        return
    for r in range(N_ROWS):
        dy[o + r] = 0.0
    for i in range(I[N_BORDER_PIPES]):
        source, w = I[pipes + 3 * i], q[I[pipes + 3 * i + 1]] * I[pipes + 3 * i + 2]
        if source < 0:
            return
        for r in range(N_ROWS):
            dy[o + r] += w * ex[source + r]
    if OXYGEN >= 0:
        given = 0.0
        for k in range(I[N_TANKS]):
            S_O = y[I[I[TANK_START] + k] + 8 * OXYGEN]
            given += kla[k] * (F[I[SATURATION] + k] - S_O) * F[I[VOLUME] + k]
        dy[o + OXYGEN] += given
