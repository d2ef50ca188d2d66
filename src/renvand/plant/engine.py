"""The kernels of a plant: right-hand side, stepper, run. Plain Python, compiled with a model's own.

Everything below the line ``# kernels`` is appended to the text that a page gives (`react`,
`partials`) and compiled together with it; the arrays are described in :mod:`renvand.plant.layout`.
Functions whose arrays are called y, dy, q, ex never receive the same array twice: that promise is
what lets loops become vector instructions.
"""

# ruff: noqa: D103, PLR0915
# pyright: basic
from __future__ import annotations

import math
from typing import Any

react: Any
# kernels


def fall(x):
    # exp(x) for x <= 0 as polynomial and squarings: it becomes vector code, libm's does not
    z = max(x, -690.0) * (1.0 / 4096.0)
    e = 1.0 + z * (1.0 + z * (0.5 + z * (1 / 6 + z * (1 / 24 + z * (1 / 120 + z * (1 / 720))))))
    e = e * e
    e = e * e
    e = e * e
    e = e * e
    e = e * e
    e = e * e
    e = e * e
    e = e * e
    e = e * e
    e = e * e
    e = e * e
    return e * e


def set_inputs(ex, q, q0, per_influent, u, slope, after, n_rows):
    for r in range(n_rows):
        ex[r] = u[r] + slope[r] * after
    flow = u[n_rows] + slope[n_rows] * after
    for i in range(q.size):
        q[i] = q0[i] + per_influent[i] * flow


def follow_line(y, dy, o, come, leave, ok, n_rows):
    # each tank takes from its left neighbour, and loses what passes through
    if o < 1 or ok < 0:
        return
    for r in range(n_rows):
        i = o + 8 * r
        for k in range(8):
            dy[i + k] += come[ok + k] * y[i + k - 1] - leave[ok + k] * y[i + k]


def blow(y, dy, kla, saturation, o, ok):
    if o < 0 or ok < 0:
        return
    for k in range(8):
        dy[o + k] += kla[ok + k] * (saturation[ok + k] - y[o + k])


def mix(feed, y, ex, q, pipes, start, stop, n_rows):
    # flow-weighted mean of the pipes start..stop; pipes: source, edge, is_ex
    for r in range(n_rows):
        feed[r] = 0.0
    whole = 0.0
    for i in range(start, stop):
        flow = q[pipes[i, 1]]
        source = pipes[i, 0]
        whole += flow
        if pipes[i, 2]:
            for r in range(n_rows):
                feed[r] += flow * ex[source + r]
        else:
            for r in range(n_rows):
                feed[r] += flow * y[source + 8 * r]
    if whole > 0.0:
        for r in range(n_rows):
            feed[r] = feed[r] / whole
    return whole


def settle(y, dy, o, feed, ex, top, bottom, numbers, over, under, solubles, settling, solids, w):
    # Takács: layers counted from the top; w holds velocity·solids and the fluxes between layers
    if o < 0 or top < 0 or bottom < 0:
        return
    area, height = numbers[0], numbers[1]
    n, f = int(numbers[2]), int(numbers[3])
    v0, v0_max, r_h, r_p = numbers[4], numbers[5], numbers[6], numbers[7]
    f_ns, X_t, smooth = numbers[8], numbers[9], numbers[10]
    m = solubles.size
    thin = n / height
    up, down = over / area * thin, under / area * thin
    arrive = up + down
    X_f = 0.0
    for r in range(solids.size):
        X_f += solids[r] * feed[r]
    x = o + n * m
    for i in range(n):
        X = y[x + i]
        above = X - f_ns * X_f
        v = v0 * (fall(-r_h * above) - fall(-r_p * above))
        w[i] = max(0.0, min(v0_max, v)) * X
    flux = 0.0
    for i in range(n):
        before = flux
        if i < n - 1:
            a, b = w[i], w[i + 1]
            apart = a - b
            flux = 0.5 * (a + b - math.sqrt(apart * apart + smooth * (a + b) * (a + b)))
            if i < f and y[x + i + 1] <= X_t:
                flux = a
        else:
            flux = 0.0
        if i < f:
            carried = up * (y[x + i + 1] - y[x + i])
        elif i > f:
            carried = down * (y[x + i - 1] - y[x + i])
        else:
            carried = arrive * (X_f - y[x + i])
        dy[x + i] = carried + (before - flux) * thin
    for i in range(n):
        s = o + i * m
        if i < f:
            for j in range(m):
                dy[s + j] = up * (y[s + m + j] - y[s + j])
        elif i > f:
            for j in range(m):
                dy[s + j] = down * (y[s - m + j] - y[s + j])
        else:
            for j in range(m):
                dy[s + j] = arrive * (feed[solubles[j]] - y[s + j])
    lift = y[x] / X_f if X_f > 0.0 else 0.0
    sink = y[x + n - 1] / X_f if X_f > 0.0 else 0.0
    for j in range(settling.size):
        r = settling[j]
        ex[top + r] = lift * feed[r]
        ex[bottom + r] = sink * feed[r]
    last = o + (n - 1) * m
    for j in range(m):
        ex[top + solubles[j]] = y[o + j]
        ex[bottom + solubles[j]] = y[last + j]


def part(feed, ex, top, bottom, removal, over, under, settling):
    # a separator without volume: the share `removal` of the particles leaves below
    if top < 0 or bottom < 0:
        return
    for r in range(feed.size):
        ex[top + r] = feed[r]
        ex[bottom + r] = feed[r]
    through = over + under
    for j in range(settling.size):
        r = settling[j]
        ex[top + r] = feed[r] * (1.0 - removal) * through / over if over > 0.0 else 0.0
        ex[bottom + r] = feed[r] * removal * through / under if under > 0.0 else 0.0


def separate(y, dy, q, ex, L, feed, w):
    for j in range(L.unit_kind.size):
        mix(feed, y, ex, q, L.feed_pipes, L.unit_feed[j, 0], L.unit_feed[j, 1], L.n_rows)
        over, under = q[L.unit_flow[j, 0]], q[L.unit_flow[j, 1]]
        top, bottom = L.unit_outlet[j, 0], L.unit_outlet[j, 1]
        numbers = L.unit_numbers[j]
        if L.unit_kind[j] == 0:
            settle(
                y, dy, L.unit_state[j], feed, ex, top, bottom, numbers, over, under,
                L.solubles, L.settling, L.solids, w,
            )  # fmt: skip
        else:
            part(feed, ex, top, bottom, numbers[0], over, under, L.settling)


def rhs(y, dy, q, ex, kla, N, L, W):
    separate(y, dy, q, ex, L, W.feed, W.flux)
    n_rows = L.n_rows
    for k in range(L.inverse_volume.size):
        edge = L.chain[k]
        W.come[k] = q[edge] * L.inverse_volume[k] if edge >= 0 else 0.0
        W.leave[k] = q[L.first_through + k] * L.inverse_volume[k]
    for b in range(L.n_blocks):
        o = 8 + b * 8 * n_rows
        react(y, dy, o, N.s, N.p, N.h, b * 8 * N.n_heated)
        follow_line(y, dy, o, W.come, W.leave, 8 * b, n_rows)
        if L.oxygen >= 0:
            blow(y, dy, kla, L.saturation, o + 8 * L.oxygen, 8 * b)
    for i in range(L.tank_pipes.shape[0]):
        source, edge, is_ex, target, tank = L.tank_pipes[i]
        w = q[edge] * L.inverse_volume[tank]
        if is_ex:
            for r in range(n_rows):
                dy[target + 8 * r] += w * ex[source + r]
        else:
            for r in range(n_rows):
                dy[target + 8 * r] += w * y[source + 8 * r]
    meter(y, dy, q, ex, kla, L)


def meter(y, dy, q, ex, kla, L):
    # what enters less what leaves, for every component: the last states
    o = L.first_meter
    for r in range(L.n_rows):
        dy[o + r] = 0.0
    for i in range(L.border_pipes.shape[0]):
        source, edge, is_ex, sign = L.border_pipes[i]
        w = sign * q[edge]
        if is_ex:
            for r in range(L.n_rows):
                dy[o + r] += w * ex[source + r]
        else:
            for r in range(L.n_rows):
                dy[o + r] += w * y[source + 8 * r]
    if L.oxygen >= 0:
        for k in range(L.n_tanks):
            i = L.tank_start[k] + 8 * L.oxygen
            dy[o + L.oxygen] += kla[k] * (L.saturation[k] - y[i]) * L.volume[k]


def combine(new, last, older, y, f, f0, mu, nu, gain, back):
    rest = 1.0 - mu - nu
    for i in range(new.size):
        new[i] = mu * last[i] + nu * older[i] + rest * y[i] + gain * f[i] + back * f0[i]


def start_stage(new, y, f0, gain):
    for i in range(new.size):
        new[i] = y[i] + gain * f0[i]


def norm(y, new, f0, f1, h, scale, n):
    total = 0.0
    for i in range(n):
        e = (0.8 * (y[i] - new[i]) + 0.4 * h * (f0[i] + f1[i])) * scale[i]
        total += e * e
    return total


def set_scale(scale, y, absolute, relative):
    for i in range(scale.size):
        scale[i] = 1.0 / (absolute + relative * abs(y[i]))


def stretch(y, f0, v, trial, f, q, ex, kla, N, L, W):
    # largest eigenvalue by the power method, starting from the last answer v
    size = 0.0
    length = 0.0
    n = L.first_meter
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
        rhs(trial, f, q, ex, kla, N, L, W)
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


def advance(t, t_end, t_row, is_moving, is_first, q, q0, ex, kla, u, slope, N, L, W, tune, clock):
    # Runge-Kutta-Chebyshev of order 2 from t to t_end; the state is W.y
    # tune: relative, absolute, safety; clock: step, first step, rho, age of rho, counts…
    y, f0, f1 = W.y, W.f0, W.f1
    older, last, new, f, v, scale = W.a, W.b, W.c, W.f, W.v, W.scale
    n, most = L.first_meter, W.stages.shape[0] - 1
    h = clock[1] if is_first else clock[0]
    set_inputs(ex, q, q0, L.per_influent, u, slope, t - t_row, L.n_rows)
    rhs(y, f0, q, ex, kla, N, L, W)
    clock[6] += 1
    set_scale(scale, y, tune[1], tune[0])
    while t < t_end - 1e-12:
        if clock[3] >= 25:
            rho, tries = stretch(y, f0, v, last, f, q, ex, kla, N, L, W)
            clock[2], clock[3] = 1.2 * rho + 10.0, 0
            clock[6] += tries
        step, is_last = h, False
        if t + step >= t_end - 1e-11:
            step, is_last = t_end - t, True
        elif t + 1.6 * step > t_end:
            step = 0.5 * (t_end - t)
        stages = max(2, int(math.sqrt(1.0 + 1.54 * step * clock[2])) + 1)
        if stages > most:
            stages, is_last = most, False
            step = (most * most - 1.0) / (1.54 * clock[2])
        row = W.stages[stages]
        for i in range(y.size):
            older[i] = y[i]
        start_stage(last, y, f0, step * row[0, 2])
        for s in range(1, stages):
            if is_moving:
                after = t + step * row[s - 1, 4] - t_row
                set_inputs(ex, q, q0, L.per_influent, u, slope, after, L.n_rows)
            rhs(last, f, q, ex, kla, N, L, W)
            combine(
                new, last, older, y, f, f0, row[s, 0], row[s, 1], step * row[s, 2], step * row[s, 3]
            )
            spare = older
            older = last
            last = new
            new = spare
        if is_moving:
            set_inputs(ex, q, q0, L.per_influent, u, slope, t + step - t_row, L.n_rows)
        rhs(last, f1, q, ex, kla, N, L, W)
        clock[6] += stages
        error = math.sqrt(norm(y, last, f0, f1, step, scale, n) / L.n_active)
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
            if not is_last or step * factor > h or factor < 1.0:
                h = step * factor
        else:
            clock[5] += 1
            shrink = 0.8 * error ** (-1.0 / 3.0) if error < 1e9 else 0.1
            h = step * max(0.1, shrink)
            if clock[3] > 0:
                clock[3] = 25
            if not h > 1e-9:
                clock[0] = h
                return t, False
    clock[0] = h
    return t_end, True


def heat(N, L, y):
    # parameters at the temperature of each tank; slow, so once a step of the calendar
    t_row = L.n_rows - 1
    for k in range(L.n_tanks):
        b, lane = k // 8, k % 8
        warmer = y[L.tank_start[k] + 8 * t_row] - N.temperature
        for i in range(N.n_heated):
            N.h[b * 8 * N.n_heated + 8 * i + lane] = N.warm[i] * math.exp(N.log_theta[i] * warmer)


def run(times, kinds, U, q0, ex, kla, N, L, W, C, tune, clock, out):
    # kinds: 1 a new influent row begins, 2 record, 4 controllers sample; U: (row, rows of ex + flow)
    q = W.q
    row, record, m = -1, 0, U.shape[1]
    u, slope = W.u, W.slope
    t_row, is_first, ok = times[0], True, True
    is_moving = tune[3] > 0.0
    t = times[0]
    for i in range(times.size):
        t = times[i]
        if kinds[i] & 1 and row < U.shape[0] - 1:
            row += 1
            t_row, is_first = t, True
            for r in range(m):
                u[r], slope[r] = U[row, r], 0.0
            if is_moving and row < U.shape[0] - 1:
                for r in range(m):
                    slope[r] = (U[row + 1, r] - u[r]) / (C.row_times[row + 1] - C.row_times[row])
            if N.n_heated > 0:
                heat(N, L, W.y)
        if kinds[i] & 4:
            control(t, W.y, q0, kla, C, L)
        if kinds[i] & 2:
            set_inputs(ex, q, q0, L.per_influent, u, slope, t - t_row, L.n_rows)
            rhs(W.y, W.f0, q, ex, kla, N, L, W)
            write(out, record, W.y, q, ex, kla, L)
            record += 1
        if i == times.size - 1:
            break
        t, ok = advance(
            t, times[i + 1], t_row, is_moving, is_first, q, q0, ex, kla, u, slope, N, L, W, tune, clock
        )  # fmt: skip
        is_first = False
        if not ok:
            break
    return t, ok, record


def write(out, record, y, q, ex, kla, L):
    n = 0
    for i in L.active:
        out[record, n] = y[i]
        n += 1
    for i in range(L.n_edges):
        out[record, n] = q[i]
        n += 1
    for i in range(ex.size):
        out[record, n] = ex[i]
        n += 1
    for i in range(L.n_tanks):
        out[record, n] = kla[i]
        n += 1


def slopes(J, y, q, ex, kla, N, L, W):
    # the Jacobian of the active states by forward differences, J[row, column]
    rhs(y, W.f0, q, ex, kla, N, L, W)
    for j in range(L.active.size):
        i = L.active[j]
        keep = y[i]
        small = 1e-7 * max(abs(keep), 1e-2)
        y[i] = keep + small
        rhs(y, W.f1, q, ex, kla, N, L, W)
        y[i] = keep
        for r in range(L.active.size):
            J[r, j] = (W.f1[L.active[r]] - W.f0[L.active[r]]) / small


def sense(C, i, y):
    # what the instrument shows now: lags exact for a signal that is linear between two looks
    memory, order = C.memory[i], C.sensor_whole[i, 1]
    now = y[C.sensor_whole[i, 0]]
    shown = now
    if order > 0:
        A, B = C.sensor_lag[i], C.sensor_input[i]
        fresh = C.spare
        for a in range(order):
            fresh[a] = B[a, 0] * memory[8] + B[a, 1] * now
            for b in range(order):
                fresh[a] += A[a, b] * memory[b]
        for a in range(order):
            memory[a] = fresh[a]
        shown = memory[order - 1]
    memory[8] = now
    count, delay, hold = C.count[0], C.sensor_whole[i, 2], C.sensor_whole[i, 3]
    if delay > 0:
        place = 12 + count % delay
        before = memory[place]
        memory[place] = shown
        shown = before if count >= delay else memory[12]
    column = C.sensor_whole[i, 4]
    low, high = C.sensor_real[i, 0], C.sensor_real[i, 1]
    if column >= 0 and count < C.noise.shape[0]:
        shown += C.sensor_real[i, 2] * C.noise[count, column]
    if hold <= 1 or count % hold == 0:
        memory[9] = min(high, max(low, shown))
    return memory[9]


def decide(C, i, t):
    # what a controller wants: 0 PI with anti-windup, 1 timer, 2 switch with two marks
    memory, real = C.memory[C.sensor_whole.shape[0] + i], C.controller_real[i]
    kind, sensor = C.controller_whole[i, 0], C.controller_whole[i, 1]
    low, high = real[3], real[4]
    if kind == 1:
        within = (t * 1440.0 + 1e-6) % (real[5] + real[6])
        return high if within < real[5] else low
    measured = C.memory[sensor, 9]
    if kind == 2:
        if measured >= real[7]:
            memory[4] = 1.0
        elif measured <= real[8]:
            memory[4] = 0.0
        return high if memory[4] > 0.5 else low
    gap = memory[5] - measured
    wanted = real[0] * gap + memory[0]
    given = min(high, max(low, wanted))
    memory[0] += C.sample * (real[0] / real[1] * gap + (given - wanted) / real[2])
    return given


def control(t, y, q0, kla, C, L):
    # one look: sensors, controllers, actuators (their exact mean until the next look), targets
    n_sensors = C.sensor_whole.shape[0]
    for i in range(n_sensors):
        sense(C, i, y)
    for i in range(C.controller_whole.shape[0]):
        given = decide(C, i, t)
        memory, order = C.memory[n_sensors + i], C.controller_whole[i, 2]
        if order > 0:
            A, B = C.actuator_lag[i], C.actuator_input[i]
            fresh = C.spare
            for a in range(order + 1):
                fresh[a] = B[a] * given
                for b in range(order):
                    fresh[a] += A[a, b] * memory[1 + b]
            for a in range(order):
                memory[1 + a] = fresh[a]
            memory[6] = fresh[order]
        else:
            memory[6] = given
        for j in range(C.targets.shape[0]):
            if C.targets[j, 0] == i:
                value = memory[6] * C.factors[j]
                place = C.targets[j, 2]
                if C.targets[j, 1] == 0:
                    kla[place] = value
                elif C.targets[j, 1] == 1:
                    C.pump_flow[place] = value
                else:
                    C.memory[n_sensors + place, 5] = value
    if C.has_pumps > 0:
        for k in range(q0.size):
            q0[k] = 0.0
        for d in range(C.pump_flow.size):
            for k in range(q0.size):
                q0[k] += C.per_pump[d, k] * C.pump_flow[d]
    C.count[0] += 1
