"""ROS2, a linearly implicit step of order 2 that any approximate Jacobian serves.

The matrix is taken apart: first the reactions of each tank, from the page's own derivatives, then
what flows from tank to tank and within settlers. What is in neither (recycles, the sludge line) is
left to the two right-hand sides; the order stays 2, only the error's factor feels it.

References: verwer1999
"""

# Types are those of numba; names in capitals come from the page and from layout.PLACES.
# ruff: noqa: ANN001, ANN201, E741, F821, PLR0915
# pyright: basic, reportUndefinedVariable=false
from __future__ import annotations

import math

# kernels


def chain(G, q, F, come, lost, volume, at, hg):
    # what flows along the line: what each tank takes from its left neighbour, what it keeps, and
    # what leaves it otherwise
    at, come, lost, volume = at & PLACE, come & PLACE, lost & PLACE, volume & PLACE
    for k in range(8):
        G[at + k] = hg * q[come + k]
        G[at + 8 + k] = 1.0 / (1.0 + hg * q[lost + k])
        G[at + 16 + k] = hg * F[volume + k] * q[lost + k]
    for k in range(7):
        G[at + 16 + k] -= hg * F[volume + k + 1] * q[come + k + 1]


def along(G, b, o, at, m):
    # solve along the line, row by row; written out, for as loops it takes four times as long.
    # The meter feels what leaves the line, so that mass is kept to rounding
    o, at, m = o & PLACE, at & PLACE, m & PLACE
    c1, c2, c3, c4 = G[at + 1], G[at + 2], G[at + 3], G[at + 4]
    c5, c6, c7, g0 = G[at + 5], G[at + 6], G[at + 7], G[at + 8]
    g1, g2, g3, g4 = G[at + 9], G[at + 10], G[at + 11], G[at + 12]
    g5, g6, g7, e0 = G[at + 13], G[at + 14], G[at + 15], G[at + 16]
    e1, e2, e3, e4 = G[at + 17], G[at + 18], G[at + 19], G[at + 20]
    e5, e6, e7 = G[at + 21], G[at + 22], G[at + 23]
    for r in range(N_ROWS):
        i = (o + 8 * r) & PLACE
        b0 = b[i] * g0
        b1 = (b[i + 1] + c1 * b0) * g1
        b2 = (b[i + 2] + c2 * b1) * g2
        b3 = (b[i + 3] + c3 * b2) * g3
        b4 = (b[i + 4] + c4 * b3) * g4
        b5 = (b[i + 5] + c5 * b4) * g5
        b6 = (b[i + 6] + c6 * b5) * g6
        b7 = (b[i + 7] + c7 * b6) * g7
        b[i], b[i + 1], b[i + 2], b[i + 3] = b0, b1, b2, b3
        b[i + 4], b[i + 5], b[i + 6], b[i + 7] = b4, b5, b6, b7
        left = (e0 * b0 + e1 * b1 + e2 * b2 + e3 * b3) + (e4 * b4 + e5 * b5 + e6 * b6 + e7 * b7)
        b[m + r] -= left


def sink_slopes(y, w, dw, F, numbers, x, n, X_f):
    # flux of each layer as in sink, and how it changes with the layer's solids
    x, numbers, n = x & PLACE, numbers & PLACE, n & 0xFFFF
    v0, v0_max, r_h, r_p = F[numbers + 4], F[numbers + 5], F[numbers + 6], F[numbers + 7]
    f_ns = F[numbers + 8]
    for eight in range(0, n, 8):
        at = x + (eight & PLACE)
        for k in range(8):
            X = y[at + k]
            above = min(f_ns * X_f - X, 0.0)
            hindered, low = v0 * fall(r_h * above), v0 * fall(r_p * above)
            v = hindered - low
            slope = r_p * low - r_h * hindered
            slope = slope if (v < v0_max) & (above < 0.0) else 0.0
            v = max(0.0, min(v0_max, v))
            w[eight + k] = v * X
            dw[eight + k] = v + X * slope


# inline
def lean(a, b):
    # how much a layer's flux a counts against b of the next where the lesser of both sinks
    return min(1.0, max(0.0, 0.5 + (b - a) / (0.2 * (a + b) + 1e-9)))


# inline
def put_layer(T, t, i, f, up, down, hg, a, sinks, from_above, out_below, pivot, after):
    # a layer's row of the factors: inverse pivot, multiplier from above, what stands below
    leaves = up if i < f else down
    leaves = up + down if i == f else leaves
    diagonal = 1.0 + hg * leaves + a * sinks
    above = -a * from_above - (hg * down if i > f else 0.0)
    below = a * out_below - (hg * up if i < f else 0.0)
    times = above * pivot
    pivot = 1.0 / (diagonal - times * after)
    T[t + i], T[t + 64 + i], T[t + 128 + i] = pivot, times, below
    return pivot, below


def settle_factor(y, T, w, dw, F, numbers, x, t, X_f, over, under, hg):
    # factors of the layers' solids: inverse pivots, multipliers from above, what stands below.
    # Where two fluxes are nearly equal both count: a corner would make the steps short
    n, f = int(F[numbers + 2]), int(F[numbers + 3])
    thin = n / F[numbers + 1]
    up, down = over / F[numbers] * thin, under / F[numbers] * thin
    sink_slopes(y, w, dw, F, numbers, x, n, X_f)
    X_t, a = F[numbers + 9], hg * thin
    from_above = own = pivot = after = 0.0
    for i in range(n):
        out_own = out_below = 0.0
        if i < n - 1:
            part = lean(w[i], w[i + 1])
            if i < f and y[x + i + 1] <= X_t:
                part = 1.0
            out_own, out_below = part * dw[i], (1.0 - part) * dw[i + 1]
        pivot, after = put_layer(
            T, t, i, f, up, down, hg, a, out_own - own, from_above, out_below, pivot, after
        )
        from_above, own = out_own, out_below


def settle_back(b, T, feed, last, F, numbers, o, t, over, under, hg, comes):
    # solve for a settler: dissolved rows from the feed up and down, then the solids
    n, f = int(F[numbers + 2]), int(F[numbers + 3])
    thin = n / F[numbers + 1]
    up, down = hg * over / F[numbers] * thin, hg * under / F[numbers] * thin
    at_feed = (o + f * N_SOLUBLE) & PLACE
    arrive_back(b, feed, at_feed, up + down)
    carry_back(b, last, at_feed, -N_SOLUBLE, f, up)
    carry_back(b, last, at_feed, N_SOLUBLE, n - 1 - f, down)
    x, t, n = (o + n * N_SOLUBLE) & PLACE, t & PLACE, n & 0xFFFF
    b[x + f] += (up + down) * comes
    low = b[x]
    for i in range(1, n):
        low = b[x + i] - T[t + 64 + i] * low
        b[x + i] = low
    low = low * T[t + n - 1]
    b[x + n - 1] = low
    for i in range(2, n + 1):
        low = (b[x + n - i] - T[t + 128 + n - i] * low) * T[t + n - i]
        b[x + n - i] = low


def carry_back(b, last, at, stride, count, weight):
    # layers that take from the one before, beginning with the layer at the feed
    share = 1.0 / (1.0 + weight)
    weight *= share
    for j in range(N_SOLUBLE):
        last[j] = b[at + j]
    for i in range(1, count + 1):
        to = (at + i * stride) & PLACE
        for j in range(N_SOLUBLE):
            last[j] = share * b[to + j] + weight * last[j]
            b[to + j] = last[j]


# inline
def prepare(y, s, p, h, I, F, S, hg):
    # factors of the approximate matrix at y, for a step whose gamma times length is hg
    # flows and aeration are kept with it: only then is mass kept while they are used
    q, ex, kla, lanes = S.q, S.ex, S.air, 8 * I[N_BLOCKS]
    for i in range(q.size):
        S.q_then[i] = q[i]
    for k in range(lanes):
        S.air_then[k] = kla[k]
    for b in range(I[N_BLOCKS]):
        o, lo = 8 + b * 8 * N_ROWS, b * 8 * N_FACTORS
        factor(y, S.L, o, s, p, h, b * 8 * N_HEATED, kla, S.gas, 8 * b, hg, lo)
        come = I[COME] + 8 * b
        chain(S.G, q, F, come, come + lanes, I[VOLUME] + 8 * b, 24 * b, hg)
    for j in range(I[N_UNITS]):
        at = I[UNITS] + 8 * j
        if I[at] == 0:
            mix(S.feed, ex, q, I, I[at + 1], I[at + 2])
            over, under, numbers = q[I[at + 3]], q[I[at + 3] + 1], I[at + 6]
            x = I[at + 5] + int(F[numbers + 2]) * N_SOLUBLE
            X_f = solids_of(S.feed, F)
            keep_shape(S.shape, S.feed, F, j * N_ROWS, 1.0 / X_f if X_f > 0.0 else 0.0)
            if F[numbers + 11] > 0.5:
                diehl_factor(y, S.T, S.w, S.dw, F, numbers, x, I[at + 7], X_f, over, under, hg)
            else:
                settle_factor(y, S.T, S.w, S.dw, F, numbers, x, I[at + 7], X_f, over, under, hg)


def keep_shape(shape, feed, F, at, share):
    # composition of a settler's feed, per solids; dissolved rows have none
    for r in range(N_ROWS):
        shape[at + r] = share * feed[r] * (F[SOLIDS + r] > 0.0)


def aired(b, kla, I, F, gas, hg):
    # the meter feels what aeration does to the gases that reactions have left
    m = I[FIRST_METER]
    for g in range(-1, N_GASES):
        row, speed = OXYGEN if g < 0 else I[GAS_ROWS + g], 1.0 if g < 0 else gas[2 * g]
        if row >= 0:
            given = 0.0
            for k in range(I[N_TANKS]):
                given += F[I[VOLUME] + k] * kla[k] * b[I[I[TANK_START] + k] + 8 * row]
            b[m + row] -= hg * speed * given


def settled(b, feed, shape, m, at, n, o, over, under, whole, hg):
    # the meter feels what a settler takes in and gives off
    top, bottom = hg * over, hg * under
    low = o + (n - 1) * N_SOLUBLE
    x = o + n * N_SOLUBLE
    solids = top * b[x] + bottom * b[x + n - 1]
    for r in range(N_ROWS):
        b[m + r] += hg * whole * feed[r] - solids * shape[at + r]
    part_meter(b, m, o, low, top, bottom)


def held_back(b, F, numbers, o, m, through, hg):
    # solve for a primary clarifier; the meter feels what leaves it
    share = 1.0 / (1.0 + through / F[numbers])
    for r in range(N_ROWS):
        b[o + r] = share * b[o + r]
        b[m + r] -= through * b[o + r]
    b[o + N_ROWS] = b[o + N_ROWS] / (1.0 + hg / F[numbers + 3])


# inline
def pull(b, I, F, S, hg):
    # solve with these factors; b becomes the solution
    m, q = I[FIRST_METER], S.q_then
    level_back(b, S.ex, I, hg)
    delays_back(b, q, I, F, hg)
    for block in range(I[N_BLOCKS]):
        substitute(S.L, b, 8 + block * 8 * N_ROWS, block * 8 * N_FACTORS)
    aired(b, S.air_then, I, F, S.gas, hg)
    for block in range(I[N_BLOCKS]):
        along(S.G, b, 8 + block * 8 * N_ROWS, 24 * block, m)
    for i in range(I[N_TAPS]):
        tap(S.dx, b, I[I[TAPS] + 2 * i + 1], I[I[TAPS] + 2 * i])
    for j in range(I[N_UNITS]):
        at = I[UNITS] + 8 * j
        if I[at] == 0:
            mix(S.feed, S.dx, q, I, I[at + 1], I[at + 2])
            over, under, numbers = q[I[at + 3]], q[I[at + 3] + 1], I[at + 6]
            comes, o = solids_of(S.feed, F), I[at + 5]
            settle_back(b, S.T, S.feed, S.last, F, numbers, o, I[at + 7], over, under, hg, comes)
            n = int(F[numbers + 2])
            settled(b, S.feed, S.shape, m, j * N_ROWS, n, o, over, under, over + under, hg)
        elif I[at] == 2:
            held_back(b, F, I[at + 6], I[at + 5], m, hg * (q[I[at + 3]] + q[I[at + 3] + 1]), hg)


def add(new, y, k, step):
    for i in range(new.size):
        new[i] = y[i] + step * k[i]


def twice_less(f, k):
    for i in range(f.size):
        f[i] = f[i] - 2.0 * k[i]


def squares(new, k1, k2, scale, half):
    # of the error, state by state; scale is 0 past the last state
    for i in range(new.size):
        e = half * (k1[i] + k2[i]) * scale[i]
        new[i] = e * e


def total(values):
    # four sums side by side: one would wait for itself
    A = B = C = D = 0.0
    for i in range(values.size // 4):
        j = (4 * i) & PLACE
        A += values[j]
        B += values[j + 1]
        C += values[j + 2]
        D += values[j + 3]
    return A + B + C + D


def move(y, k1, k2, half, step):
    for i in range(y.size):
        y[i] = y[i] + step * k1[i] + half * (k1[i] + k2[i])


def set_scale(scale, y, absolute, relative, n):
    for i in range(n):
        scale[i] = 1.0 / (absolute + relative * abs(y[i]))


def implicit(t, t_end, t_row, is_first, is_known, q0, s, p, h, I, F, N, W, tune, clock):
    # ROS2 from t to t_end; the state is W.y, and how it changes, where that is known already, W.f0
    y, k1, k2, new, scale = W.y, W.f0, W.b, W.c, W.scale
    is_moving = tune[3] > 0.0
    gamma = 1.0 - math.sqrt(0.5)
    reach = clock[1] if is_first else clock[0]
    set_scale(scale, y, tune[1], tune[0], I[FIRST_METER])
    while t < t_end - 1e-12:
        step, is_last = reach, False
        if t + step >= t_end - 1e-11:
            step, is_last = t_end - t, True
        elif t + 1.6 * step > t_end:
            step = 0.5 * (t_end - t)
        if not is_known:
            set_inputs(q0, N, W, t - t_row)
            rhs(y, k1, s, p, h, I, F, N, W.R)
            clock[6] += 1
        is_known = False
        hg = gamma * step
        # any Jacobian serves, so the last one does for some steps of the same length
        if abs(hg - clock[7]) > 1e-9 * hg or clock[8] >= 8.0:
            clock[7], clock[8] = hg, 0.0
            open_stores(y, W.R.ex, I, F)
            prepare(y, s, p, h, I, F, W.S, hg)
            lean_levels(y, W.R.ex, W.R.q, I, F)
            shut_stores(y, W.R.ex, I)
        hg = clock[7]
        clock[8] += 1.0
        pull(k1, I, F, W.S, hg)
        add(new, y, k1, step)
        if is_moving:
            set_inputs(q0, N, W, t + step - t_row)
        rhs(new, k2, s, p, h, I, F, N, W.R)
        clock[6] += 1
        twice_less(k2, k1)
        pull(k2, I, F, W.S, hg)
        squares(new, k1, k2, scale, 0.5 * step)
        error = math.sqrt(total(new) / I[N_MOVING])
        # a little too long is taken, and the next is shorter: most of those taken again were so
        if error <= 1.6:
            t += step
            clock[4] += 1
            move(y, k1, k2, 0.5 * step, step)
            growth = min(5.0, max(0.2, 0.9 / math.sqrt(max(error, 1e-8))))
            if is_first:
                clock[1], is_first = step * growth, False
            if not is_last or step * growth > reach or growth < 1.0:
                reach = step * growth
        else:
            clock[5] += 1
            clock[8] = 8.0
            reach = step * max(0.2, 0.9 / math.sqrt(error)) if error < 1e9 else 0.2 * step
            if not reach > 1e-9:
                clock[0] = reach
                return t, False
    clock[0] = reach
    return t_end, True
