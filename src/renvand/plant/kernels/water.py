"""What water does between units: mixing, joining, crossing the border."""

# Types are those of numba; names in capitals come from the page and from layout.PLACES.
# ruff: noqa: ANN001, ANN201, E741, F821
# pyright: basic, reportUndefinedVariable=false
from __future__ import annotations

# kernels


def set_inputs(q0, N, W, after):
    # what comes, and all flows but those that depend on solids
    ex, base, u, slope = W.R.ex, W.R.base, W.u, W.slope
    for r in range(N_ROWS):
        ex[r] = u[r] + slope[r] * after
    flow = u[N_ROWS] + slope[N_ROWS] * after
    for i in range(base.size):
        base[i] = q0[i] + N.per_influent[i] * flow
    for j in range(N.limits.size):
        beyond = max(flow - N.limits[j], 0.0)
        for i in range(base.size):
            base[i] += beyond * N.per_over[j, i]


def solids_at(y, ex, F, place):
    # of a source: a layer's own, or those of a stream
    if place < 0:
        return y[-1 - place]
    whole = 0.0
    for r in range(N_ROWS):
        whole += F[SOLIDS + r] * ex[place + r]
    return whole


def thicken(y, I, F, N, R):
    # flows of sludge that reaches given solids: each depends on what the others send back
    q, n, A = R.q, I[N_THICKENED], R.thick
    for d in range(n):
        at = I[THICKENED] + 3 * d
        for e in range(n + 1):
            A[d, e] = 0.0
        A[d, d] = 1.0
        for i in range(I[at + 1]):
            source, pipe = I[I[at] + 2 * i], I[I[at] + 2 * i + 1]
            share = min(1.0, F[I[at + 2]] * solids_at(y, R.ex, F, source))
            A[d, n] += share * q[pipe]
            for e in range(n):
                A[d, e] -= share * N.following[e, pipe]
    for d in range(n):
        for e in range(d + 1, n):
            times = A[e, d] / A[d, d]
            for k in range(d, n + 1):
                A[e, k] -= times * A[d, k]
    for k in range(n):
        d = n - 1 - k
        for e in range(d + 1, n):
            A[d, n] -= A[d, e] * A[e, n]
        A[d, n] /= A[d, d]
        for i in range(q.size):
            q[i] += A[d, n] * N.following[d, i]


# inline
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


# inline
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


# inline
def meter(y, dy, ex, q, I, F, R):
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
            given += R.air[k] * (R.sat[k] - S_O) * F[I[VOLUME] + k]
        dy[o + OXYGEN] += given
    for g in range(N_GASES):
        row, given = I[GAS_ROWS + g], 0.0
        for k in range(I[N_TANKS]):
            held = y[I[I[TANK_START] + k] + 8 * row]
            given += R.air[k] * (R.gas[2 * g + 1] - held) * F[I[VOLUME] + k]
        dy[o + row] += R.gas[2 * g] * given


def send(y, dy, ex, q, I):
    # what a digester is sent, row by row and in volume
    o, pipes = I[DIGESTED], I[DIGESTER_PIPES]
    for r in range(N_ROWS + 1):
        dy[o + r] = 0.0
    for i in range(I[N_DIGESTER_PIPES]):
        source, flow = I[pipes + 2 * i], q[I[pipes + 2 * i + 1]]
        for r in range(N_ROWS):
            dy[o + r] += flow * ex[source + r]
        dy[o + N_ROWS] += flow
