"""The steady state: some days of simulation, then Newton's method in pseudo-time."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from renvand.errors import Fault, SolveError
from renvand.plant.control import FOLLOWERS, LOOPS
from renvand.plant.course import LOOK, MINUTES, NEW_ROW, RECORD
from renvand.plant.digesting import Feeding, digester_of
from renvand.plant.influent import Influent
from renvand.plant.layout import LANES, Plan, Record
from renvand.plant.loops import settle_memory
from renvand.plant.network import check_flows
from renvand.plant.newton import FIRST_STEP, Arrival, newton
from renvand.plant.result import State
from renvand.plant.simulate import Machine, machine_for, take
from renvand.process.model import Array

if TYPE_CHECKING:
    from renvand.plant.plant import Plant

ROUGH = 3e-3  # error of one step on the way there
DAYS_FIRST = 10.0  # d of simulation before Newton's method; shorter ones led it astray (tried)
MORE_TRIES, LONGER = 4, 5.0  # when Newton does not arrive: simulate so much longer, and again
AT_REST = (*LOOPS, "schedule")  # controllers that can be; a schedule at its first value
MOST_LOOKS = 40  # of followers at a plant at rest
FOLLOWED = 1e-9  # largest change of a follower's flow, relative, at which it has arrived
REPEATS = 1e-5  # 1/d: the same, of cycles; their steps are as exact as the drawing's tolerance
MOST_STRETCHES = 60  # of ten days
TRACE = 1.0  # g/m³ of what would grow again, put into every tank
MOST_ROUNDS = 60  # of water line and digester
CLOSED = 1e-9  # largest change of what the digester gives back, in one round, relative to itself
DAYS_MORE = 1.0  # d of simulation before Newton's method, from the second round on
LONG_STEP = 1e3  # d of pseudo-time, likewise: the state is nearly right


def steady(
    plant: Plant,
    influent: Influent,
    *,
    start: State | None = None,
    days: float = DAYS_FIRST,
    first_step: float = FIRST_STEP,
) -> State:
    """Find the steady state under a constant influent.

    Parameters
    ----------
    plant : Plant
        Of what.
    influent : Influent
        What comes; its flow-weighted mean is used.
    start : State, optional
        Where to begin; a plant filled with influent and sludge when left out.
    days : float
        Simulated before Newton's method takes over. [d]
    first_step : float
        Of pseudo-time; a long one suits a start that is nearly right. [d]

    Returns
    -------
    State
        With the residual: the largest relative change. [1/d]

    Raises
    ------
    PlantError
        When pumps take more than comes.
    SolveError
        When there is no steady state near: says the residual and the state that moves most.
    """
    mean = influent.mean
    check_flows(plant.drawing, plant.plan.network, mean.rows[:, -1])
    started = time.perf_counter()
    machine = machine_for(plant, row_times=mean.times)
    machine.work.y[:] = filled(plant, mean.rows[0]) if start is None else start.y
    if plant.drawing.cycles:
        return _cyclic(plant, mean, machine, days=days, started=started)
    out = np.empty((1, len(plant.plan.columns)), dtype=np.float32)
    digester = digester_of(plant.drawing)
    feeding = None if digester is None else Feeding(plant, machine, digester)
    if feeding is not None:
        feeding.show()
    _run(plant, machine, mean.rows, days, out)
    if any(c.kind not in (*AT_REST, *FOLLOWERS) for c in plant.drawing.controllers.values()):
        return _periodic(plant, mean, machine, days=days, out=out)
    residual = _rest(plant, machine, mean, out, days=days, first_step=first_step)
    gap = 0.0 if feeding is None else _digest(plant, machine, feeding, mean, out)
    residual = _follow(plant, machine, mean, out, residual=residual, feeding=feeding)
    settle_memory(machine.loops, plant.drawing, y=machine.work.y, kla=machine.kla)
    _run(plant, machine, mean.rows, 0.0, out)
    return take(
        machine, plant, residual=residual, gap=gap, steps=int(machine.clock[4]),
        rhs=int(machine.clock[6]), seconds=time.perf_counter() - started,
    )  # fmt: skip


def _rest(
    plant: Plant, machine: Machine, mean: Influent, out: Record, *, days: float, first_step: float
) -> float:
    """Bring a machine to rest; give the residual.

    Where Newton's method does not arrive, or without something that would grow again, the plant is
    simulated for longer, with a trace of what was missing.
    """
    before = machine.work.y.copy()
    found = newton(plant, machine, first_step=first_step)
    for _ in range(MORE_TRIES):
        if found.is_rest:
            break
        machine.work.y[:] = before
        for start in plant.plan.starts.values():
            machine.work.y[start + LANES * found.returning] += TRACE
        _approach(plant, machine, mean, out, days=LONGER * days)
        before = machine.work.y.copy()
        found = newton(plant, machine)
    if found.is_rest:
        return found.residual
    raise SolveError(_restless(plant, machine, found))


def _approach(plant: Plant, machine: Machine, mean: Influent, out: Record, *, days: float) -> None:
    """Simulate, with controllers where there are some and no digester waits for the water line."""
    from renvand.plant.simulate import put, simulate

    drawing = plant.drawing
    if drawing.digesters or not any(c.kind in LOOPS for c in drawing.controllers.values()):
        _run(plant, machine, mean.rows, days, out)
        return
    settle_memory(machine.loops, drawing, y=machine.work.y, kla=machine.kla)
    begun = take(machine, plant)
    put(machine, simulate(plant, mean, days=days, start=begun, output_min=MINUTES).state, drawing)


def _restless(plant: Plant, machine: Machine, found: Arrival) -> Fault:
    if len(found.returning):
        names = ", ".join(plant.plan.rows[row] for row in found.returning)
        what = f"no steady state found but one without {names}, which would grow."
    else:
        place, name = plant.plan.columns[found.mover]
        value = machine.work.y[plant.plan.active[min(found.mover, plant.plan.n_active - 1)]]
        what = (
            f"no steady state: {name} of {place}, now {value:.4g}, still changes by "
            f"{found.residual:.2g} of its size a day."
        )
    do = "Check pumps and aeration, or start from another state."
    return Fault(where=f"plant '{plant.name}'", what=what, do=do)


def _follow(
    plant: Plant,
    machine: Machine,
    mean: Influent,
    out: Record,
    *,
    residual: float,
    feeding: Feeding | None,
) -> float:
    """Let ratios and sludge ages look at a plant at rest until they want what they have."""
    if not any(c.kind in FOLLOWERS for c in plant.drawing.controllers.values()):
        return residual
    gap = np.inf
    for _ in range(MOST_LOOKS):
        before = machine.loops.pump_flow.copy()
        settle_memory(machine.loops, plant.drawing, y=machine.work.y, kla=machine.kla)
        _run(plant, machine, mean.rows, 0.0, out, kinds=NEW_ROW + LOOK + RECORD)
        now = machine.loops.pump_flow
        gap = float(np.max(np.abs(now - before) / (np.abs(now) + 1.0)))
        if gap < FOLLOWED:
            return residual
        residual = _rest(plant, machine, mean, out, days=DAYS_FIRST, first_step=LONG_STEP)
        if feeding is not None:
            _digest(plant, machine, feeding, mean, out)
    what = f"a ratio or sludge age still moves its pump by {gap:.2g} of its flow."
    do = "Check its low and high, or give the pump a flow that is nearer."
    raise SolveError(Fault(where=f"plant '{plant.name}'", what=what, do=do))


def _digest(plant: Plant, machine: Machine, feeding: Feeding, mean: Influent, out: Record) -> float:
    """Bring water line and digester to rest together; give what the last round changed."""
    gap = np.inf
    for _ in range(MOST_ROUNDS):
        _run(plant, machine, mean.rows, 0.0, out)
        gap = feeding.feed()
        if gap < CLOSED:
            return gap
        _run(plant, machine, mean.rows, DAYS_MORE, out)
        _rest(plant, machine, mean, out, days=DAYS_FIRST, first_step=LONG_STEP)
    what = f"what the digester gives back still changes by {gap:.2g} of its size a round."
    do = "Check the digester's volume and the sludge that is wasted."
    raise SolveError(Fault(where=f"plant '{plant.name}'", what=what, do=do))


def _periodic(plant: Plant, mean: Influent, machine: Machine, *, days: float, out: Record) -> State:
    """A plant that is switched on and off never rests: give the state after another `days`."""
    from renvand.plant.simulate import simulate

    settle_memory(machine.loops, plant.drawing, y=machine.work.y, kla=machine.kla)
    begun = take(machine, plant)
    return simulate(plant, mean, days=days, start=begun, output_min=MINUTES).state


def _cyclic(
    plant: Plant, mean: Influent, machine: Machine, *, days: float, started: float
) -> State:
    """Repeat the cycles of a plant until they repeat themselves; the state is that at a midnight.

    The residual is what changes from one stretch of whole cycles to the next.
    """
    from renvand.plant.simulate import simulate

    settle_memory(machine.loops, plant.drawing, y=machine.work.y, kla=machine.kla)
    plant.kernels.breathe(machine.kla, machine.work.R)
    state = take(machine, plant)
    longest = max(cycle.hours for cycle in plant.drawing.cycles.values()) / 24.0
    length, steps, rhs = longest * np.ceil(days / longest), 0, 0
    active, residual = plant.plan.active[: plant.plan.n_moving], np.inf
    for _ in range(MOST_STRETCHES):
        result = simulate(plant, mean, days=length, start=state, output_min=MINUTES * length)
        before, after = state.y[active], result.state.y[active]
        residual = float(np.max(np.abs(after - before) / (np.abs(after) + 1.0))) / length
        state, steps, rhs = result.state, steps + result.steps, rhs + result.rhs
        if residual < REPEATS:
            break
    seconds = time.perf_counter() - started
    return replace(state, residual=residual, steps=steps, rhs=rhs, seconds=seconds)


def _run(
    plant: Plant, machine: Machine, rows: Array, days: float, out: Record,
    *, kinds: int = NEW_ROW + RECORD,
) -> None:  # fmt: skip
    tune = np.array([ROUGH, ROUGH, 1.0, 0.0])
    times = np.array([0.0, days]) if days > 0 else np.array([0.0])
    moments = np.array([NEW_ROW, RECORD]) if days > 0 else np.array([kinds])
    machine.clock[11] = -1.0
    plant.kernels.run(
        times, moments, rows, *machine.arguments, tune, machine.clock, out,
    )  # fmt: skip


def filled(plant: Plant, row: Array) -> Array:
    """Give :func:`first_guess` with moving levels: storage full, cycles at their lowest."""
    y, plan = first_guess(plant.plan, row), plant.plan
    for name, level in plan.levels.items():
        tank = plant.drawing.tanks[name]
        y[level] = tank.lowest if name in plant.drawing.cycles else tank.volume
        rows = plan.starts[name] + LANES * np.arange(len(plan.rows))
        y[rows] *= y[level] / tank.volume
    for name, delay in plant.drawing.delays.items():
        at, cell = plan.layers[name], row[: len(plan.rows)]
        y[at : at + delay.cells * len(cell)] = np.tile(cell, delay.cells)
    return y


def first_guess(plan: Plan, row: Array) -> Array:
    """Fill a plant with influent and sludge.

    A hundred of every particulate and two of every dissolved component are enough for anything to
    grow; what cannot live is washed out.
    """
    y = np.zeros(plan.n_states)
    filled = [max(row[r], 100.0 if c.startswith("X") else 2.0) for r, c in enumerate(plan.rows)]
    filled[-1] = row[len(filled) - 1]
    for start in plan.starts.values():
        y[start + LANES * np.arange(len(filled))] = filled
    at = {column: i for i, column in zip(plan.active, plan.columns, strict=False)}
    for settler in plan.settlers:
        layers = sum(place.startswith(f"{settler}, ") for place, name in at if name == "TSS")
        for i in range(layers):
            for value, name in zip(filled, plan.rows, strict=True):
                if (f"{settler}, layer {i + 1}", name) in at:
                    y[at[f"{settler}, layer {i + 1}", name]] = value
            y[at[f"{settler}, layer {i + 1}", "TSS"]] = 10.0 * 300.0 ** (i / (layers - 1))
    return y
