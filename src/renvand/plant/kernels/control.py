"""Sensors, controllers and actuators, from one look to the next."""

# Types are those of numba; names in capitals come from the page and from layout.PLACES.
# ruff: noqa: ANN001, ANN201, E741, F821
# pyright: basic, reportUndefinedVariable=false
from __future__ import annotations

# kernels


def look_at(C, i, y, come, F, R):
    # what is no state: a flow, the influent's, a row or the solids of a stream, a tank's solids
    place, what, now = C.sensor_whole[i, 0], C.sensor_whole[i, 5], 0.0
    if what == 1:
        return R.q[place]
    if what == 2:
        return come
    if what == 3:
        return R.ex[place]
    for r in range(N_ROWS):
        now += F[SOLIDS + r] * (R.ex[place + r] if what == 4 else y[place + 8 * r])
    return now


# inline
def sense(C, i, y, come, F, R):
    # what the instrument shows now: lags exact for a signal that is linear between two looks
    memory, order = C.memory[i], C.sensor_whole[i, 1]
    now = 0.0
    if C.sensor_whole[i, 5] == 0:
        now = y[C.sensor_whole[i, 0]]
    else:
        now = look_at(C, i, y, come, F, R)
        if memory[11] < 0.5:
            for a in range(memory.size):
                memory[a] = now
            memory[11] = 1.0
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
    elif hold <= 1 and C.sensor_whole[i, 5] == 0:
        # what it will show half-way to the next look: an order held from there lags nothing; but
        # flows jump
        seen = shown + 0.5 * (shown - memory[10])
    memory[10] = shown
    if column >= 0 and count < C.noise.shape[0]:
        seen += C.sensor_real[i, 2] * C.noise[count, column]
    if hold <= 1 or count % hold == 0:
        memory[9] = min(high, max(low, seen))


def held_solids(y, I, F):
    # in all tanks; y holds amounts where levels move
    whole = 0.0
    for k in range(I[N_TANKS]):
        at, solids = I[I[TANK_START] + k], 0.0
        for r in range(N_ROWS):
            solids += F[SOLIDS + r] * y[at + 8 * r]
        whole += F[I[VOLUME] + k] * solids
    return whole


def waste(C, i, y, I, F, R):
    # the flow that gives sludge its age: wasted and lost with the effluent, of what tanks hold
    first, wanted = C.controller_whole[i, 3], held_solids(y, I, F) / C.controller_real[i, 11]
    for k in range(first + 1, first + C.controller_whole[i, 4]):
        wanted -= R.q[C.sludge[k, 1]] * solids_at(y, R.ex, F, C.sludge[k, 0])
    return wanted / max(solids_at(y, R.ex, F, C.sludge[first, 0]), 1.0)


def alternate(C, i):
    # air when ammonium is high or nitrate gone, none when ammonium is low; each for a least time
    memory, real, other = C.memory[C.sensor_whole.shape[0] + i], C.controller_real[i], 0.0
    sensor, second = C.controller_whole[i, 1], C.controller_whole[i, 5]
    measured = C.memory[sensor, 9]
    other = C.memory[second, 9] if second >= 0 else 1e9
    least = (real[5] if memory[4] > 0.5 else real[6]) / 1440.0
    memory[7] += C.sample
    if memory[7] >= least - 1e-9:
        if memory[4] > 0.5 and measured <= real[8]:
            memory[4], memory[7] = 0.0, 0.0
        elif memory[4] < 0.5 and measured > real[8] and (measured >= real[7] or other <= real[12]):
            memory[4], memory[7] = 1.0, 0.0
    return real[4] if memory[4] > 0.5 else real[3]


# inline
def decide(C, i, t, y, I, F, R):
    # what a controller wants: 0 PI with anti-windup, 1 timer, 2 switch with two marks, 3 schedule,
    # 4 PID, 5 ratio, 6 sludge age, 7 intermittent
    memory, real = C.memory[C.sensor_whole.shape[0] + i], C.controller_real[i]
    kind, sensor = C.controller_whole[i, 0], C.controller_whole[i, 1]
    low, high = real[3], real[4]
    if kind == 1:
        within = (t * 1440.0 + 1e-6) % (real[5] + real[6])
        return high if within < real[5] else low
    if kind == 3:
        first, wanted = C.controller_whole[i, 3], C.schedule[C.controller_whole[i, 3], 1]
        for k in range(first, first + C.controller_whole[i, 4]):
            if t + 1e-9 >= C.schedule[k, 0]:
                wanted = C.schedule[k, 1]
        return wanted
    if kind == 6:
        return min(high, max(low, waste(C, i, y, I, F, R)))
    if kind == 7:
        return alternate(C, i)
    if kind == 5:
        wanted = real[11] * C.memory[C.controller_whole[i, 5], 9]
        if sensor >= 0:
            wanted *= max(0.0, C.memory[sensor, 9] - memory[5])
        return min(high, max(low, wanted))
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
    if kind == 4:
        # the slope of what is measured, filtered; a new set-point gives no kick
        slope = (measured - memory[7]) / C.sample
        memory[8] += real[10] * (slope - memory[8])
        memory[7] = measured
        wanted -= real[0] * real[9] * memory[8]
    given = min(high, max(low, wanted))
    memory[0] += gained + C.sample * (given - wanted) / real[2]
    return given


def control(t, y, q0, kla, come, I, F, C, R):
    # one look: sensors, controllers, actuators (their exact mean until the next look), targets
    n_sensors = C.sensor_whole.shape[0]
    open_stores(y, R.ex, I, F)
    for i in range(n_sensors):
        sense(C, i, y, come, F, R)
    shut_stores(y, R.ex, I)
    for i in range(C.controller_whole.shape[0]):
        given = decide(C, i, t, y, I, F, R)
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
