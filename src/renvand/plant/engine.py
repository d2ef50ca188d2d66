"""The kernels of a plant: right-hand side, stepper, run. Plain Python, compiled with a model's own.

Everything below the line ``# kernels`` is appended to the text that a page gives (`react`,
`partials`) and compiled together with it. ``I`` and ``F`` hold all whole and real numbers of a
plant; the names in capitals say where, see :mod:`renvand.plant.layout`. Arrays that one function
receives are never the same array: that promise is what lets loops become vector instructions.
A function under ``# inline`` is copied to where it is called. ``& PLACE`` shows the compiler
that an index does not count from the end; without it no loop becomes vector code.
"""

# Types are those of numba; names in capitals come from the page and from layout.PLACES.
# ruff: noqa: ANN001, ANN201, E741, F821, PLR0915
# pyright: basic, reportUndefinedVariable=false
from __future__ import annotations

import math

# kernels


# inline
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


def set_inputs(ex, q, q0, per_influent, u, slope, after):
    for r in range(N_ROWS):
        ex[r] = u[r] + slope[r] * after
    flow = u[N_ROWS] + slope[N_ROWS] * after
    for i in range(q.size):
        q[i] = q0[i] + per_influent[i] * flow


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


def sink(y, w, flux, F, numbers, x, below, n, f, X_f, thin):
    # Takács: what sinks to each layer. w is velocity times solids; layers count from the top
    x, below, numbers, n = x & PLACE, below & PLACE, numbers & PLACE, n & 0xFFFF
    v0, v0_max, r_h, r_p = F[numbers + 4], F[numbers + 5], F[numbers + 6], F[numbers + 7]
    f_ns, X_t, smooth = F[numbers + 8], F[numbers + 9], F[numbers + 10]
    for eight in range(0, n, 8):
        at = x + (eight & PLACE)
        for k in range(8):
            # may read past the last layer into the meter: those lanes are not used
            X = y[at + k]
            above = f_ns * X_f - X
            v = v0 * (fall(min(r_h * above, 0.0)) - fall(min(r_p * above, 0.0)))
            w[eight + k] = max(0.0, min(v0_max, v)) * X
    for i in range(n - 1):
        a, b = w[i], w[i + 1]
        both = a + b
        least = 0.5 * (both - math.sqrt((a - b) * (a - b) + smooth * both * both))
        is_free = (i < f) & (y[below + i] <= X_t)
        flux[i + 1] = thin * (a if is_free else least)
    flux[n] = 0.0


def stack(y, dy, flux, x, above, below, n, f, up, down, arriving, X_f):
    # solids of the layers: carried up above the feed, down below it
    x, above, below, n = x & PLACE, above & PLACE, below & PLACE, n & 0xFFFF
    for i in range(n):
        X = y[x + i]
        # reads one past either end, where the result is not used
        rises, falls = up * (y[below + i] - X), down * (y[above + i] - X)
        carried = rises if i < f else falls
        carried = arriving * (X_f - X) if i == f else carried
        dy[x + i] = carried + flux[i] - flux[i + 1]


def carry(y, dy, o, at_feed, lower, n_upper, n_lower, up, down):
    # what is dissolved in the layers above and below the feed
    o, at_feed, lower = o & PLACE, at_feed & PLACE, lower & PLACE
    for i in range(n_upper):
        dy[o + i] = up * (y[o + N_SOLUBLE + i] - y[o + i])
    for i in range(n_lower):
        dy[lower + i] = down * (y[at_feed + i] - y[lower + i])


# inline
def settle(y, dy, o, feed, ex, top, F, numbers, over, under, w, flux):
    # the arrays are handed on with plain places: only then do the loops become vector code
    area, height = F[numbers], F[numbers + 1]
    n, f = int(F[numbers + 2]), int(F[numbers + 3])
    thin = n / height
    up, down = over / area * thin, under / area * thin
    X_f = solids_of(feed, F)
    x, at_feed = o + n * N_SOLUBLE, o + f * N_SOLUBLE
    sink(y, w, flux, F, numbers, x, x + 1, n, f, X_f, thin)
    stack(y, dy, flux, x, x - 1, x + 1, n, f, up, down, up + down, X_f)
    carry(y, dy, o, at_feed, at_feed + N_SOLUBLE, f * N_SOLUBLE, (n - f - 1) * N_SOLUBLE, up, down)
    arrive(dy, y, feed, at_feed, up + down)
    share = 1.0 / X_f if X_f > 0.0 else 0.0
    leave(ex, y, feed, top, o, y[x] * share)
    leave(ex, y, feed, top + N_ROWS, x - N_SOLUBLE, y[x + n - 1] * share)


# inline
def part(feed, ex, top, bottom, I, removal, over, under):
    # a separator without volume: the share `removal` of the particles leaves below
    if top < 0 or bottom < 0:
        return
    through = over + under
    lift = (1.0 - removal) * through / over if over > 0.0 else 0.0
    sink = removal * through / under if under > 0.0 else 0.0
    for r in range(N_ROWS):
        ex[top + r] = lift * feed[r]
        ex[bottom + r] = sink * feed[r]
    for j in range(N_SOLUBLE):
        r = I[SOLUBLES + j]
        ex[top + r] = feed[r]
        ex[bottom + r] = feed[r]


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


def set_scale(scale, y, absolute, relative, n):
    for i in range(n):
        scale[i] = 1.0 / (absolute + relative * abs(y[i]))


def stretch(y, f0, v, trial, f, q, ex, kla, s, p, h, I, F, w, flux, feed):
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
        rhs(trial, f, q, ex, kla, s, p, h, I, F, w, flux, feed)
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


def advance(t, t_end, t_row, is_first, q0, per_influent, kla, s, p, h, I, F, W, tune, clock):
    # Runge-Kutta-Chebyshev of order 2 from t to t_end; the state is W.y
    # tune: relative, absolute, -, moving
    # clock: step, first step, largest eigenvalue, its age, steps, refused, right-hand sides
    y, f0, f1 = W.y, W.f0, W.f1
    older, last, new, f, v, scale = W.a, W.b, W.c, W.f, W.v, W.scale
    q, ex, u, slope, w, flux, feed = W.q, W.ex, W.u, W.slope, W.w, W.flux, W.feed
    n, most, is_moving = I[FIRST_METER], W.stages.shape[0] - 1, tune[3] > 0.0
    reach = clock[1] if is_first else clock[0]
    set_inputs(ex, q, q0, per_influent, u, slope, t - t_row)
    rhs(y, f0, q, ex, kla, s, p, h, I, F, w, flux, feed)
    clock[6] += 1
    set_scale(scale, y, tune[1], tune[0], n)
    while t < t_end - 1e-12:
        if clock[3] >= 25:
            set_inputs(ex, q, q0, per_influent, u, slope, t - t_row)
            rho, tries = stretch(
                y, f0, v, last, f, q, ex, kla, s, p, h, I, F, w, flux, feed
            )  # fmt: skip
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
                set_inputs(ex, q, q0, per_influent, u, slope, after)
            rhs(last, f, q, ex, kla, s, p, h, I, F, w, flux, feed)
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
            set_inputs(ex, q, q0, per_influent, u, slope, t + step - t_row)
        rhs(last, f1, q, ex, kla, s, p, h, I, F, w, flux, feed)
        clock[6] += stages
        error = math.sqrt(norm(y, last, f0, f1, step, scale, n) / I[N_ACTIVE])
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


def heat(y, h, I, F):
    # parameters at the temperature of each tank; slow, so once for every row of the influent
    for k in range(I[N_TANKS]):
        warmer = y[I[I[TANK_START] + k] + 8 * (N_ROWS - 1)] - F[TEMPERATURE]
        for i in range(N_HEATED):
            place = k // 8 * 8 * N_HEATED + 8 * i + k % 8
            h[place] = F[WARM + i] * math.exp(F[LOG_THETA + i] * warmer)


def run(times, kinds, U, q0, per_influent, kla, s, p, h, I, F, W, C, tune, clock, out):
    # kinds: 1 a new influent row begins, 2 record, 4 look; U: (row, rows of ex + flow)
    row, record, m = -1, 0, U.shape[1]
    t_row, is_first, ok = times[0], True, True
    t = times[0]
    for i in range(times.size):
        t = times[i]
        if kinds[i] & 1 and row < U.shape[0] - 1:
            row += 1
            t_row, is_first = t, True
            is_moving = tune[3] > 0.0 and row < U.shape[0] - 1
            for r in range(m):
                W.u[r], W.slope[r] = U[row, r], 0.0
                if is_moving:
                    gap = C.row_times[row + 1] - C.row_times[row]
                    W.slope[r] = (U[row + 1, r] - U[row, r]) / gap
            heat(W.y, h, I, F)
        if kinds[i] & 4:
            control(t, W.y, q0, kla, C)
        if kinds[i] & 2:
            set_inputs(W.ex, W.q, q0, per_influent, W.u, W.slope, t - t_row)
            rhs(W.y, W.f0, W.q, W.ex, kla, s, p, h, I, F, W.w, W.flux, W.feed)
            write(out, record, W.y, W.q, W.ex, kla, I)
            record += 1
        if i == times.size - 1:
            break
        t, ok = advance(
            t, times[i + 1], t_row, is_first, q0, per_influent, kla, s, p, h, I, F, W, tune, clock
        )
        is_first = False
        if not ok:
            break
    return t, ok, record


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


def slopes(J, kla, s, p, h, I, F, W):
    # the Jacobian of the active states by forward differences, J[row, column]
    y, q, ex, f0, f1 = W.y, W.q, W.ex, W.f0, W.f1
    rhs(y, f0, q, ex, kla, s, p, h, I, F, W.w, W.flux, W.feed)
    first, n = I[ACTIVE], I[N_ACTIVE]
    for j in range(n):
        i = I[first + j]
        keep = y[i]
        small = 1e-7 * max(abs(keep), 1e-2)
        y[i] = keep + small
        rhs(y, f1, q, ex, kla, s, p, h, I, F, W.w, W.flux, W.feed)
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
    count, delay, hold = C.looks[0], C.sensor_whole[i, 2], C.sensor_whole[i, 3]
    column = C.sensor_whole[i, 4]
    low, high = C.sensor_real[i, 0], C.sensor_real[i, 1]
    seen = shown
    if delay > 0:
        place = 12 + count % delay
        seen = memory[place]
        memory[place] = shown
    elif hold <= 1:
        # what it will show half-way to the next look: an order held from there lags nothing
        seen = shown + 0.5 * (shown - memory[10])
    memory[10] = shown
    if column >= 0 and count < C.noise.shape[0]:
        seen += C.sensor_real[i, 2] * C.noise[count, column]
    if hold <= 1 or count % hold == 0:
        memory[9] = min(high, max(low, seen))


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
    gained = C.sample * real[0] / real[1] * gap
    wanted = real[0] * gap + memory[0] + 0.5 * gained
    given = min(high, max(low, wanted))
    memory[0] += gained + C.sample * (given - wanted) / real[2]
    return given


def control(t, y, q0, kla, C):
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
    C.looks[0] += 1
