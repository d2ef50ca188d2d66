"""The right-hand side of a whole plant, and what is written down of it."""

# Types are those of numba; names in capitals come from the page and from layout.PLACES.
# ruff: noqa: ANN001, ANN201, E741, F821
# pyright: basic, reportUndefinedVariable=false
from __future__ import annotations

import math

# kernels


def show(y, q, I, F, ex):
    # what primary clarifiers hold, parted
    for j in range(I[N_UNITS]):
        at = I[UNITS] + 8 * j
        if I[at] == 2:
            over, under = q[I[at + 3]], q[I[at + 3] + 1]
            show_primary(y, ex, I[at + 5], I[at + 4], I, F, I[at + 6], over, under)


def rhs(y, dy, s, p, h, I, F, N, R):
    # everything at once: first what units show of their states, then flows, then changes
    q, ex, feed = R.q, R.ex, R.feed
    open_stores(y, ex, I, F)
    for i in range(I[N_TAPS]):
        tap(ex, y, I[I[TAPS] + 2 * i + 1], I[I[TAPS] + 2 * i])
    for i in range(q.size):
        q[i] = R.base[i]
    draw(y, I, F, N, R)
    part_stores(y, ex, I, F)
    show_delays(y, ex, I, F)
    if I[N_THICKENED] > 0:
        show(y, q, I, F, ex)
        thicken(y, I, F, N, R)
    show(y, q, I, F, ex)
    for j in range(I[N_UNITS]):
        at = I[UNITS] + 8 * j
        mix(feed, ex, q, I, I[at + 1], I[at + 2])
        over, under = q[I[at + 3]], q[I[at + 3] + 1]
        top, numbers = I[at + 4], I[at + 6]
        if I[at] == 0:
            settle(y, dy, I[at + 5], feed, ex, top, F, numbers, over, under, R.w, R.flux)
        elif I[at] == 1:
            part(feed, ex, top, top + N_ROWS, I, F[numbers], over, under)
        elif I[at] == 2:
            hold(y, dy, I[at + 5], feed, F, numbers, over + under)
    shift_delays(y, dy, feed, ex, q, I, F)
    lanes = 8 * I[N_BLOCKS]
    for b in range(I[N_BLOCKS]):
        o, come = 8 + b * 8 * N_ROWS, I[COME] + 8 * b
        react(
            y, dy, o, s, p, h, b * 8 * N_HEATED,
            q, R.air, R.sat, R.gas, o - 1, come, come + lanes, 8 * b,
        )  # fmt: skip
    swell(y, dy, I, F)
    for r in range(N_ROWS):
        feed[r] = 0.0
    join(y, dy, ex, q, I, F, feed)
    meter(y, dy, ex, q, I, F, R)
    spill(y, dy, ex, q, I, F, R)
    shut_stores(y, ex, I)
    if I[DIGESTER] >= 0:
        send(y, dy, ex, q, I)


def heat(y, h, I, F, R):
    # what depends on the temperature of each tank: parameters, and where drawn so aeration; slow,
    # so once for every row of the influent
    for k in range(I[N_TANKS]):
        T = y[I[I[TANK_START] + k] + 8 * (N_ROWS - 1)]
        for i in range(N_HEATED):
            place = k // 8 * 8 * N_HEATED + 8 * i + k % 8
            h[place] = F[WARM + i] * math.exp(F[LOG_THETA + i] * (T - F[TEMPERATURE]))
        if F[I[FOLLOWS] + k] > 0.0:
            # lund_matlab: aeration 2.4 % more per degree, saturation as in water of this warmth
            K = 0.01 * (T + 273.15)
            held = math.exp(-66.7354 + 87.4755 / K + 24.4526 * math.log(K))
            share = 0.9997743214 * 56.12 * 6791.5 / 10.5 * held
            R.sat[k] = share * F[I[SATURATION] + k]
            R.gain[k] = 1.024 ** (T - 15.0)
        else:
            R.sat[k], R.gain[k] = F[I[SATURATION] + k], 1.0


def breathe(kla, R):
    for k in range(kla.size):
        R.air[k] = kla[k] * R.gain[k]


def write(out, record, y, q, ex, kla, I):
    row, active = out[record], I[ACTIVE] & PLACE
    for i in range(I[N_ACTIVE]):
        row[i] = y[I[active + i] & PLACE]
    show_stores(out, record, ex, I)
    n = I[N_ACTIVE]
    put_down(row, q, n, I[N_EDGES])
    put_down(row, ex, n + I[N_EDGES], I[N_STREAMS] * N_ROWS)
    put_down(row, kla, n + I[N_EDGES] + I[N_STREAMS] * N_ROWS, I[N_TANKS])


def put_down(row, values, at, count):
    at &= PLACE
    for i in range(count):
        row[at + i] = values[i]
