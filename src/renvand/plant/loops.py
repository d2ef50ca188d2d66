"""Sensors and controllers as arrays for the kernels."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from renvand.errors import Fault, PlantError, near
from renvand.plant.control import KINDS, SENSOR_CLASSES, WITHOUT_SENSOR, Controller, Sensor
from renvand.plant.drawing import Drawing
from renvand.plant.layout import LANES, Plan, Whole
from renvand.process.model import Array

MINUTES = 1440.0  # min/d
MEMORY = 64  # numbers each sensor and controller remembers
RING = 12  # where the delay line begins in a sensor's memory
MOST_ORDER = 8


class Loops(NamedTuple):
    """All sensors, controllers and what they remember; the kernels call it C."""

    row_times: Array  # (influent row,)  [d]
    sample: float  # d
    sensor_whole: Whole  # (sensor, 5): state, order, delay, hold, noise column
    sensor_real: Array  # (sensor, 3): low, high, noise
    sensor_lag: Array  # (sensor, 8, 8)
    sensor_input: Array  # (sensor, 8, 2)
    controller_whole: Whole  # (controller, 5): kind, sensor, order, where its schedule is
    schedule: Array  # (entry, 2): day, value
    controller_real: Array  # (controller, 9)
    actuator_lag: Array  # (controller, 3, 2)
    actuator_input: Array  # (controller, 3)
    targets: Whole  # (target, 3): controller, kind, place
    factors: Array  # (target,)
    memory: Array  # (sensor + controller, 64)
    noise: Array  # (look, column)
    pump_flow: Array
    per_pump: Array
    has_pumps: int
    spare: Array
    looks: Whole


def t90_lag(response: float, *, order: int) -> float:
    """Give the lag that lets so many equal lags in a row reach 90 % of a step in `response`."""
    from scipy.special import gammaincinv

    return response / float(gammaincinv(order, 0.9))


def lag_matrices(order: int, *, lag: float, step: float) -> tuple[Array, Array, Array]:
    """Discretise equal first-order lags in a row, exactly for an input linear over the step.

    Parameters
    ----------
    order : int
        How many lags.
    lag, step : float
        Time constant of one, and time between two looks, in the same unit.

    Returns
    -------
    array (order, order), array (order,), array (order,)
        State, input at the beginning, input at the end of the step.
    """
    from scipy.linalg import expm

    whole = np.zeros((order + 2, order + 2))
    for a in range(order):
        whole[a, a] = -step / lag
        whole[a, a - 1 if a else order] = step / lag
    whole[order, order + 1] = 1.0
    grown = expm(whole)
    at_start = grown[:order, order] - grown[:order, order + 1]
    return grown[:order, :order], at_start, grown[:order, order + 1]


def actuator_matrices(order: int, *, lag: float, step: float) -> tuple[Array, Array]:
    """Discretise an actuator whose order is held over the step; the last row is its mean.

    Returns
    -------
    array (order + 1, order), array (order + 1,)
        From the state, from the order given.
    """
    from scipy.linalg import expm

    whole = np.zeros((order + 2, order + 2))
    for a in range(order):
        whole[a, a] = -step / lag
        whole[a, a - 1 if a else order + 1] = step / lag
    whole[order, order - 1] = 1.0
    grown = expm(whole)
    return grown[: order + 1, :order], grown[: order + 1, order + 1]


def build_loops(drawing: Drawing, plan: Plan, *, noise: Array, row_times: Array) -> Loops:
    """Make the arrays of all loops.

    Raises
    ------
    PlantError
        When a sensor measures, or a controller acts on, something that is not there.
    """
    faults: list[Fault] = []
    sensors, controllers = list(drawing.sensors), list(drawing.controllers)
    targets, factors = _targets(drawing, plan, faults)
    whole = np.zeros((len(sensors), 5), dtype=np.int64)
    column = 0
    for i, (name, sensor) in enumerate(drawing.sensors.items()):
        whole[i] = _sensor_row(drawing, plan, name, sensor, faults)
        if sensor.noise > 0 and sensor.kind != "ideal":
            whole[i, 4] = column
            column += 1
    for name, controller in drawing.controllers.items():
        if controller.kind not in WITHOUT_SENSOR and controller.sensor not in sensors:
            where = f"plant '{drawing.name}', controller '{name}', sensor"
            what = f"'{controller.sensor}' is not a sensor."
            faults.append(Fault(where=where, what=what, do=near(controller.sensor, sensors)))
    if faults:
        raise PlantError(faults)
    step = drawing.sample_min
    lags, inputs = _sensor_lags(drawing, step)
    actuators, orders = _actuators(drawing, step)
    return Loops(
        row_times=row_times,
        sample=step / MINUTES,
        sensor_whole=whole,
        sensor_real=np.array(
            [(s.low, s.high, s.noise * (s.high - s.low)) for s in drawing.sensors.values()]
        ).reshape(-1, 3),
        sensor_lag=lags,
        sensor_input=inputs,
        controller_whole=_controllers(drawing, sensors),
        schedule=np.array(
            [
                pair
                for c in drawing.controllers.values()
                for pair in zip(c.days, c.values, strict=True)
            ]
        ).reshape(-1, 2),
        controller_real=np.array(
            [_controller_numbers(c) for c in drawing.controllers.values()]
        ).reshape(-1, 9),
        actuator_lag=actuators,
        actuator_input=orders,
        targets=targets,
        factors=factors,
        memory=np.zeros((len(sensors) + len(controllers), MEMORY)),
        noise=noise.reshape(len(noise), -1) if noise.size else np.zeros((0, 1)),
        pump_flow=plan.pumps.copy(),
        per_pump=plan.per_pump.copy() if drawing.cycles else plan.per_pump,
        has_pumps=int((targets[:, 1] == 1).any()),
        spare=np.zeros(MOST_ORDER + 2),
        looks=np.zeros(1, dtype=np.int64),
    )


def noisy(drawing: Drawing) -> int:
    """Count the sensors that have noise."""
    return sum(s.noise > 0 and s.kind != "ideal" for s in drawing.sensors.values())


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
        shown = y[loops.sensor_whole[i, 0]]
        loops.memory[i] = shown
    for i, controller in enumerate(drawing.controllers.values()):
        memory = loops.memory[n + i]
        mine = [j for j in range(len(loops.targets)) if loops.targets[j, 0] == i]
        kind, place = loops.targets[mine[0], 1:] if mine else (2, 0)
        now = kla[place] if kind == 0 else loops.pump_flow[place] if kind == 1 else 0.0
        start = now / loops.factors[mine[0]] if mine and kind < 2 else controller.start
        memory[:] = 0.0
        memory[0:4] = start
        memory[4] = float(controller.kind == "switch")
        memory[5] = controller.setpoint
        memory[6] = start


def _sensor_row(
    drawing: Drawing, plan: Plan, name: str, sensor: Sensor, faults: list[Fault]
) -> tuple[int, int, int, int, int]:
    tank, _, row = sensor.measures.partition(".")
    where = f"plant '{drawing.name}', sensor '{name}', measures"
    if tank not in plan.tanks:
        faults.append(
            Fault(where=where, what=f"'{tank}' is not a tank.", do=near(tank, plan.tanks))
        )
        return 0, 0, 0, 0, -1
    known = (*plan.rows, "V") if tank in plan.levels else plan.rows
    if row not in known:
        faults.append(Fault(where=where, what=f"'{row}' is no component.", do=near(row, known)))
        return 0, 0, 0, 0, -1
    is_level = row == "V" and tank in plan.levels
    state = plan.levels[tank] if is_level else plan.starts[tank] + LANES * plan.rows.index(row)
    kind = SENSOR_CLASSES[sensor.kind]
    delay = round(kind.delay_min / drawing.sample_min)
    if delay > MEMORY - RING:
        what = f"a delay of {delay} looks is too long."
        faults.append(Fault(where=where, what=what, do="Raise sample_min."))
    return state, kind.order, delay, max(1, round(kind.every_min / drawing.sample_min)), -1


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
    first = 0
    for c in drawing.controllers.values():
        sensor = sensors.index(c.sensor) if c.kind not in WITHOUT_SENSOR else 0
        rows.append((KINDS.index(c.kind), sensor, c.order, first, len(c.days)))
        first += len(c.days)
    return np.array(rows, dtype=np.int64).reshape(-1, 5)


def _controller_numbers(c: Controller) -> tuple[float, ...]:
    return (
        c.gain, c.integral_d, c.tracking_d, c.low, c.high, c.on_min, c.off_min,
        c.on_above, c.off_below,
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
