"""Sensors and controllers as arrays for the kernels."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from renvand.errors import Fault, PlantError, near
from renvand.plant.control import KINDS, LOOPS, SENSOR_CLASSES, WITHOUT_SENSOR, Controller, Sensor
from renvand.plant.drawing import INFLUENT, Drawing
from renvand.plant.lags import actuator_matrices, lag_matrices, t90_lag
from renvand.plant.layout import LANES, Plan, Whole
from renvand.process.model import Array

MINUTES = 1440.0  # min/d
MEMORY = 64  # numbers each sensor and controller remembers
RING = 12  # where the delay line begins in a sensor's memory
STATE, FLOW, INFLOW, STREAM, SOLIDS, HELD = range(6)  # what a sensor's place is
LONG_AGO = 1e9  # d since something switched that never did
FILTER = 0.1  # of the derivative time: a derivative's own lag; confidence low, a rule of thumb
MOST_ORDER = 8


class Loops(NamedTuple):
    """All sensors, controllers and what they remember; the kernels call it C."""

    row_times: Array  # (influent row,)  [d]
    sample: float  # d
    sensor_whole: Whole  # (sensor, 6): place, order, delay, hold, noise column, what is there
    sensor_real: Array  # (sensor, 5): low, high, noise; where the level stands or -1, full volume
    sensor_lag: Array  # (sensor, 8, 8)
    sensor_input: Array  # (sensor, 8, 2)
    controller_whole: (
        Whole  # (controller, 6): kind, sensor, order, where its list is, second sensor
    )
    sludge: Whole  # (pipe, 2) of sludge ages: where solids stand in ex, pipe; wasted, then lost
    schedule: Array  # (entry, 2): day, value
    controller_real: Array  # (controller, 13)
    actuator_lag: Array  # (controller, 3, 2)
    actuator_input: Array  # (controller, 3)
    targets: Whole  # (target, 3): controller, kind, place
    factors: Array  # (target,)
    memory: Array  # (sensor + controller, 64)
    noise: Array  # (look, column)
    pump_flow: Array
    per_pump: Array
    has_pumps: int
    sees_flows: int  # whether something looks at what flows, not at tanks alone
    spare: Array
    looks: Whole


def build_loops(drawing: Drawing, plan: Plan, *, noise: Array, row_times: Array) -> Loops:
    """Make the arrays of all loops.

    Raises
    ------
    PlantError
        When a sensor measures, or a controller acts on, something that is not there.
    """
    faults = _unknown_sensors(drawing)
    targets, factors = _targets(drawing, plan, faults)
    whole = _sensors(drawing, plan, faults)
    sludge = _sludge(drawing, plan, faults)
    if faults:
        raise PlantError(faults)
    controllers, step = drawing.controllers.values(), drawing.sample_min
    lags, inputs = _sensor_lags(drawing, step)
    actuators, orders = _actuators(drawing, step)
    schedules = [pair for c in controllers for pair in zip(c.days, c.values, strict=True)]
    numbers = [_controller_numbers(c, step / MINUTES) for c in controllers]
    return Loops(
        row_times=row_times,
        sample=step / MINUTES,
        sensor_whole=whole,
        sensor_real=_sensor_numbers(drawing, plan, whole),
        sensor_lag=lags,
        sensor_input=inputs,
        controller_whole=_controllers(drawing, list(drawing.sensors)),
        sludge=np.array([row for rows in sludge for row in rows], dtype=np.int64).reshape(-1, 2),
        schedule=np.array(schedules).reshape(-1, 2),
        controller_real=np.array(numbers).reshape(-1, 13),
        actuator_lag=actuators,
        actuator_input=orders,
        targets=targets,
        factors=factors,
        memory=np.zeros((len(whole) + len(controllers), MEMORY)),
        noise=noise.reshape(len(noise), -1) if noise.size else np.zeros((0, 1)),
        pump_flow=plan.pumps.copy(),
        per_pump=plan.per_pump.copy() if drawing.cycles else plan.per_pump,
        has_pumps=int((targets[:, 1] == 1).any()),
        sees_flows=int(bool(sludge) or (whole[:, 5] > STATE).any()),
        spare=np.zeros(MOST_ORDER + 2),
        looks=np.zeros(1, dtype=np.int64),
    )


def _unknown_sensors(drawing: Drawing) -> list[Fault]:
    """Controllers that name a sensor which is not drawn."""
    return [
        Fault(
            where=f"plant '{drawing.name}', controller '{name}', {key}",
            what=f"'{sensor}' is not a sensor.",
            do=near(sensor, list(drawing.sensors)),
        )
        for name, controller in drawing.controllers.items()
        for key, sensor in _sensors_of(controller).items()
        if sensor not in drawing.sensors
    ]


def _sensors(drawing: Drawing, plan: Plan, faults: list[Fault]) -> Whole:
    """Give a row for each sensor; those with noise have its columns in their order."""
    whole, column = np.zeros((len(drawing.sensors), 6), dtype=np.int64), 0
    for i, (name, sensor) in enumerate(drawing.sensors.items()):
        whole[i, :] = _sensor_row(drawing, plan, name, sensor, faults)
        if _is_noisy(sensor):
            whole[i, 4] = column
            column += 1
    return whole


def _sensor_numbers(drawing: Drawing, plan: Plan, whole: Whole) -> Array:
    """Range and noise; and what makes concentrations of amounts where a tank's level moves."""
    numbers = np.array([
        (s.low, s.high, s.noise * (s.high - s.low), -1.0, 1.0) for s in drawing.sensors.values()
    ]).reshape(-1, 5)  # fmt: skip
    for name, level in plan.levels.items():
        rows = plan.starts[name] + LANES * np.arange(len(plan.rows))
        inside = np.isin(whole[:, 0], rows) & np.isin(whole[:, 5], (STATE, HELD))
        numbers[inside, 3:] = level, drawing.tanks[name].volume
    return numbers


def share_of(loops: Loops, sensor: int, y: Array) -> float:
    """What makes a concentration of what stands in the state of a sensor's tank: 1, or V/level."""
    level, volume = loops.sensor_real[sensor, 3:]
    return 1.0 if level.real < 0 else volume / y[int(level.real)]


def noisy(drawing: Drawing) -> int:
    """Count the sensors that have noise."""
    return sum(_is_noisy(sensor) for sensor in drawing.sensors.values())


def _is_noisy(sensor: Sensor) -> bool:
    return sensor.noise > 0 and sensor.kind != "ideal"


def first_orders(drawing: Drawing, loops: Loops) -> list[tuple[int, int, float]]:
    """Say what schedules want at first: kind of target, place, value."""
    first = {i: c.values[0] for i, c in enumerate(drawing.controllers.values()) if c.values}
    return [
        (int(kind), int(place), first[int(i)] * float(factor))
        for (i, kind, place), factor in zip(loops.targets, loops.factors, strict=True)
        if int(i) in first
    ]


def settle_memory(loops: Loops, drawing: Drawing, *, y: Array, kla: Array) -> None:
    """Put sensors and controllers at rest at a state: every lag filled, no bump."""
    n = len(loops.sensor_whole)
    loops.looks[0] = 0
    for i in range(n):
        is_state = loops.sensor_whole[i, 5] == STATE
        loops.memory[i] = y[loops.sensor_whole[i, 0]] * share_of(loops, i, y) if is_state else 0.0
    for i, controller in enumerate(drawing.controllers.values()):
        memory = loops.memory[n + i]
        mine = [j for j in range(len(loops.targets)) if loops.targets[j, 0] == i]
        kind, place = loops.targets[mine[0], 1:] if mine else (2, 0)
        now = kla[place] if kind == 0 else loops.pump_flow[place] if kind == 1 else 0.0
        start = now / loops.factors[mine[0]] if mine and kind < 2 else controller.start
        memory[:] = 0.0
        memory[0:4] = start
        memory[4] = float(controller.kind in ("switch", "intermittent"))
        memory[5] = controller.setpoint
        memory[6] = start
        memory[7] = LONG_AGO
        if controller.kind in LOOPS:
            memory[7] = loops.memory[loops.controller_whole[i, 1], 9]


def _sensor_row(
    drawing: Drawing, plan: Plan, name: str, sensor: Sensor, faults: list[Fault]
) -> tuple[int, int, int, int, int, int]:
    where = f"plant '{drawing.name}', sensor '{name}', measures"
    found = _seen(drawing, plan, sensor.measures)
    if isinstance(found, tuple):
        place, what = found
    else:
        place, what = 0, 0
        faults.append(replace(found, where=where))
    kind = SENSOR_CLASSES[sensor.kind]
    delay = round(kind.delay_min / drawing.sample_min)
    if delay > MEMORY - RING:
        text = f"a delay of {delay} looks is too long."
        faults.append(Fault(where=where, what=text, do="Raise sample_min."))
    hold = max(1, round(kind.every_min / drawing.sample_min))
    return place, kind.order, delay, hold, -1, what


def _seen(drawing: Drawing, plan: Plan, measures: str) -> tuple[int, int] | Fault:
    """Find what a sensor looks at: its place, and what is there."""
    at, _, row = measures.rpartition(".")
    n, pipe = len(plan.rows), drawing.pipe(at)
    if row == "Q" and at == INFLUENT:
        return 0, INFLOW
    if row == "Q" and pipe >= 0:
        return pipe, FLOW
    if row == "V" and at in plan.levels:
        return plan.levels[at], STATE
    mine = [p for p in drawing.pipes if p.target == at]
    if at in drawing.outlets and len(mine) == 1:  # what leaves there is what its one pipe carries
        at = plan.stream(mine[0].source, mine[0].outlet)
    if row == "TSS" and at in (*plan.tanks, *plan.streams):
        return (plan.starts[at], HELD) if at in plan.tanks else (plan.streams.index(at) * n, SOLIDS)
    if at not in (*plan.tanks, *plan.streams):
        known = (*plan.tanks, *plan.streams, *drawing.outlets)
        return Fault(where="", what=f"'{at}' is not a tank.", do=near(at, known))
    if row not in plan.rows:
        return Fault(where="", what=f"'{row}' is no component.", do=near(row, (*plan.rows, "TSS")))
    r = plan.rows.index(row)
    if at in plan.tanks:
        return plan.starts[at] + LANES * r, STATE
    return plan.streams.index(at) * n + r, STREAM


def _sensors_of(controller: Controller) -> dict[str, str]:
    """Give the sensors a controller names, by key."""
    needed = {} if controller.kind in WITHOUT_SENSOR else {"sensor": controller.sensor}
    if controller.kind == "ratio" and controller.sensor:
        needed["sensor"] = controller.sensor
    named = {"follows": controller.follows, "nitrate": controller.nitrate}
    return needed | {key: sensor for key, sensor in named.items() if sensor}


def _sludge(drawing: Drawing, plan: Plan, faults: list[Fault]) -> list[list[tuple[int, int]]]:
    """Give for each sludge age where it is wasted, and what leaves with the effluent besides."""
    found: list[list[tuple[int, int]]] = []
    names, n = [*plan.streams], len(plan.rows)
    taps = {int(plan.I[plan.number("TAPS") + 2 * i]): int(plan.I[plan.number("TAPS") + 2 * i + 1])
            for i in range(plan.number("N_TAPS"))}  # fmt: skip
    place = {name: i * n for i, name in enumerate(names)}
    place |= {name: taps[start] for name, start in plan.starts.items() if start in taps}
    for name, controller in drawing.controllers.items():
        if controller.kind != "sludge-age":
            continue
        wasting = [i for lever in controller.acts_on if (i := drawing.pipe(lever)) >= 0]
        if len(wasting) != 1:
            where = f"plant '{drawing.name}', controller '{name}', acts_on"
            do = "Name the pump of the waste sludge."
            faults.append(Fault(where=where, what="is not one pump.", do=do))
            continue
        lost = [i for i, p in enumerate(drawing.pipes)
                if p.target == drawing.outlets[0] and i not in wasting]  # fmt: skip
        pipes = [(i, drawing.pipes[i]) for i in (*wasting, *lost)]
        found.append([(place[plan.stream(p.source, p.outlet)], i) for i, p in pipes])
    return found


def _sensor_lags(drawing: Drawing, step: float) -> tuple[Array, Array]:
    lags = np.zeros((len(drawing.sensors), MOST_ORDER, MOST_ORDER))
    inputs = np.zeros((len(drawing.sensors), MOST_ORDER, 2))
    for i, sensor in enumerate(drawing.sensors.values()):
        kind = SENSOR_CLASSES[sensor.kind]
        if kind.order:
            lag = t90_lag(kind.response_min, order=kind.order)
            A, before, now = lag_matrices(kind.order, lag=lag, step=step)
            lags[i, : kind.order, : kind.order] = A
            inputs[i, : kind.order, 0], inputs[i, : kind.order, 1] = before, now
    return lags, inputs


def _actuators(drawing: Drawing, step: float) -> tuple[Array, Array]:
    lags = np.zeros((len(drawing.controllers), 3, 2))
    orders = np.zeros((len(drawing.controllers), 3))
    for i, c in enumerate(drawing.controllers.values()):
        if c.order:
            lag = t90_lag(c.response_min, order=c.order)
            A, B = actuator_matrices(c.order, lag=lag, step=step)
            lags[i, : c.order + 1, : c.order], orders[i, : c.order + 1] = A, B
    return lags, orders


def _controllers(drawing: Drawing, sensors: list[str]) -> Whole:
    rows: list[tuple[int, ...]] = []
    first, aged = 0, 0
    lost = sum(p.target == drawing.outlets[0] for p in drawing.pipes)
    for c in drawing.controllers.values():
        named = _sensors_of(c)
        sensor = sensors.index(named["sensor"]) if "sensor" in named else -1
        second = named.get("follows", named.get("nitrate", ""))
        other = sensors.index(second) if second else -1
        begin, count = first, len(c.days)
        if c.kind == "sludge-age":
            into_effluent = any(drawing.pipes[drawing.pipe(lever)].target == drawing.outlets[0]
                                for lever in c.acts_on)  # fmt: skip
            begin, count = aged, 1 + lost - into_effluent
            aged += count
        rows.append((KINDS.index(c.kind), sensor, c.order, begin, count, other))
        first += len(c.days)
    return np.array(rows, dtype=np.int64).reshape(-1, 6)


def _controller_numbers(c: Controller, step: float) -> tuple[float, ...]:
    fresh = 1.0 - np.exp(-step / (FILTER * c.derivative_d)) if c.derivative_d > 0 else 1.0
    follow = c.ratio if c.kind == "ratio" else c.age_d
    return (
        c.gain, c.integral_d, c.tracking_d, c.low, c.high, c.on_min, c.off_min,
        c.on_above, c.off_below, c.derivative_d, float(fresh), follow, c.on_below,
    )  # fmt: skip


def _targets(drawing: Drawing, plan: Plan, faults: list[Fault]) -> tuple[Whole, Array]:
    names = list(drawing.controllers)
    pumped = list(plan.network.pumped)
    rows: list[tuple[int, int, int]] = []
    factors: list[float] = []
    for i, (name, controller) in enumerate(drawing.controllers.items()):
        for lever, factor in controller.acts_on.items():
            unit, _, what = lever.partition(".")
            pipe = drawing.pipe(lever)
            if what == "kla" and unit in plan.tanks:
                rows.append((i, 0, plan.tanks.index(unit)))
            elif pipe in pumped:
                rows.append((i, 1, pumped.index(pipe)))
            elif what == "setpoint" and unit in names:
                rows.append((i, 2, names.index(unit)))
            else:
                known = [f"{t}.kla" for t in plan.tanks] + [drawing.pipes[p].name for p in pumped]
                where = f"plant '{drawing.name}', controller '{name}', acts_on"
                what = f"'{lever}' is not there."
                faults.append(
                    Fault(
                        where=where,
                        what=what,
                        do=near(lever, [*known, *[f"{n}.setpoint" for n in names]]),
                    )
                )
                continue
            factors.append(float(factor))
    return np.array(rows, dtype=np.int64).reshape(-1, 3), np.array(factors, dtype=float)
