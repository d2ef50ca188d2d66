"""Runge-Kutta-Chebyshev of order 2: needs only the right-hand side."""

# Types are those of numba; names in capitals come from the page and from layout.PLACES.
# ruff: noqa: ANN001, ANN201, E741, F821, PLR0915
# pyright: basic, reportUndefinedVariable=false
from __future__ import annotations

import math

# kernels


def combine(new, last, older, y, f, f0, mu, nu, gain, back):
    rest = 1.0 - mu - nu
    for i in range(new.size):
        new[i] = mu * last[i] + nu * older[i] + rest * y[i] + gain * f[i] + back * f0[i]


def start_stage(new, y, f0, gain):
    for i in range(new.size):
        new[i] = y[i] + gain * f0[i]


def norm(y, new, f0, f1, h, scale, n):
    # four sums side by side: one would wait for itself. scale is 0 past the last state
    A = B = C = D = 0.0
    for i in range(0, n, 4):
        a = (0.8 * (y[i] - new[i]) + 0.4 * h * (f0[i] + f1[i])) * scale[i]
        b = (0.8 * (y[i + 1] - new[i + 1]) + 0.4 * h * (f0[i + 1] + f1[i + 1])) * scale[i + 1]
        c = (0.8 * (y[i + 2] - new[i + 2]) + 0.4 * h * (f0[i + 2] + f1[i + 2])) * scale[i + 2]
        d = (0.8 * (y[i + 3] - new[i + 3]) + 0.4 * h * (f0[i + 3] + f1[i + 3])) * scale[i + 3]
        A += a * a
        B += b * b
        C += c * c
        D += d * d
    return A + B + C + D


def stretch(y, f0, v, trial, f, s, p, h, I, F, N, W):
    # largest eigenvalue by the power method, starting from the last answer v
    size = 0.0
    length = 0.0
    n = I[FIRST_METER]
    for i in range(n):
        size += y[i] * y[i]
        length += v[i] * v[i]
    size, length = math.sqrt(size), math.sqrt(length)
    if not length > 0.0:
        return 1.0, 0
    small = 1e-6 * max(size, 1.0)
    rho, tries = 0.0, 0
    for tries in range(1, 21):
        for i in range(trial.size):
            trial[i] = y[i] + v[i] * (small / length)
        rhs(trial, f, s, p, h, I, F, N, W.R)
        length = 0.0
        for i in range(n):
            v[i] = f[i] - f0[i]
            length += v[i] * v[i]
        for i in range(n, v.size):
            v[i] = 0.0
        length = math.sqrt(length)
        found = length / small
        if not length > 0.0:
            return max(rho, 1.0), tries
        if tries > 1 and abs(found - rho) <= 0.05 * found:
            return max(found, rho), tries
        rho = max(found, 0.0)
    return rho, tries


def advance(t, t_end, t_row, is_first, q0, s, p, h, I, F, N, W, tune, clock):
    # Runge-Kutta-Chebyshev of order 2 from t to t_end; the state is W.y
    # tune: relative, absolute, -, moving
    # clock: step, first step, largest eigenvalue, its age, steps, refused, right-hand sides
    y, f0, f1 = W.y, W.f0, W.f1
    older, last, new, f, v, scale = W.a, W.b, W.c, W.f, W.v, W.scale
    n, most, is_moving = I[FIRST_METER], W.stages.shape[0] - 1, tune[3] > 0.0
    reach = clock[1] if is_first else clock[0]
    set_inputs(q0, N, W, t - t_row)
    rhs(y, f0, s, p, h, I, F, N, W.R)
    clock[6] += 1
    set_scale(scale, y, tune[1], tune[0], n)
    while t < t_end - 1e-12:
        if clock[3] >= 25:
            set_inputs(q0, N, W, t - t_row)
            rho, tries = stretch(y, f0, v, last, f, s, p, h, I, F, N, W)
            clock[2], clock[3] = 1.2 * rho + 10.0, 0
            clock[6] += tries
        step, is_last = reach, False
        if t + step >= t_end - 1e-11:
            step, is_last = t_end - t, True
        elif t + 1.6 * step > t_end:
            step = 0.5 * (t_end - t)
        stages = max(2, int(math.sqrt(1.0 + 1.54 * step * clock[2])) + 1)
        if stages > most:
            stages, is_last = most, False
            step = (most * most - 1.0) / (1.54 * clock[2])
        row = stages
        for i in range(y.size):
            older[i] = y[i]
        start_stage(last, y, f0, step * W.stages[row, 0, 2])
        for j in range(1, stages):
            if is_moving:
                after = t + step * W.stages[row, j - 1, 4] - t_row
                set_inputs(q0, N, W, after)
            rhs(last, f, s, p, h, I, F, N, W.R)
            combine(
                new,
                last,
                older,
                y,
                f,
                f0,
                W.stages[row, j, 0],
                W.stages[row, j, 1],
                step * W.stages[row, j, 2],
                step * W.stages[row, j, 3],
            )
            spare = older
            older = last
            last = new
            new = spare
        if is_moving:
            set_inputs(q0, N, W, t + step - t_row)
        rhs(last, f1, s, p, h, I, F, N, W.R)
        clock[6] += stages
        error = math.sqrt(norm(y, last, f0, f1, step, scale, n) / I[N_MOVING])
        if error <= 1.0:
            t += step
            clock[4] += 1
            clock[3] += 1
            for i in range(y.size):
                y[i] = last[i]
                f0[i] = f1[i]
            factor = min(5.0, max(0.1, 0.8 * max(error, 1e-8) ** (-1.0 / 3.0)))
            if is_first:
                clock[1], is_first = step * factor, False
            if not is_last or step * factor > reach or factor < 1.0:
                reach = step * factor
        else:
            clock[5] += 1
            shrink = 0.8 * error ** (-1.0 / 3.0) if error < 1e9 else 0.1
            reach = step * max(0.1, shrink)
            if clock[3] > 0:
                clock[3] = 25
            if not reach > 1e-9:
                clock[0] = reach
                return t, False
    clock[0] = reach
    return t_end, True
