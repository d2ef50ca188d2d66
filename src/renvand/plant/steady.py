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
STILL = 1e-9  # 1/d: largest relative change of a state that counts as steady
MOST_ITERATIONS = 100
REPEATS = 1e-5  # 1/d: the same, of cycles; their steps are as exact as the drawing's tolerance
MOST_STRETCHES = 60  # of ten days
FIRST_STEP = 1.0  # d of pseudo-time
MOST_ROUNDS = 60  # of water line and digester
CLOSED = 1e-9  # largest change of what the digester gives back, in one round, relative to itself
DAYS_MORE = 1.0  # d of simulation before Newton's method, from the second round on
LONG_STEP = 1e3  # d of pseudo-time, likewise: the state is nearly right
SMALL = 1e-3  # g/m³ below which a state's change no longer counts as relative


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
    residual = _rest(plant, machine, mean.rows, out, days=days, first_step=first_step)
    gap = 0.0 if feeding is None else _digest(plant, machine, feeding, mean.rows, out)
    residual = _follow(plant, machine, mean.rows, out, residual=residual, feeding=feeding)
    settle_memory(machine.loops, plant.drawing, y=machine.work.y, kla=machine.kla)
    _run(plant, machine, mean.rows, 0.0, out)
    return take(
        machine, plant, residual=residual, gap=gap, steps=int(machine.clock[4]),
        rhs=int(machine.clock[6]), seconds=time.perf_counter() - started,
    )  # fmt: skip


def _rest(
    plant: Plant, machine: Machine, rows: Array, out: Record, *, days: float, first_step: float
) -> float:
    """Bring a machine to rest; give the residual."""
    before = machine.work.y.copy()
    residual, mover = newton(plant, machine, first_step=first_step)
    for _ in range(MORE_TRIES):
        if residual < STILL:
            return residual
        machine.work.y[:] = before
        _run(plant, machine, rows, LONGER * days, out)
        before = machine.work.y.copy()
        residual, mover = newton(plant, machine)
    if residual < STILL:
        return residual
    place, what = plant.plan.columns[mover]
    value = machine.work.y[plant.plan.active[min(mover, plant.plan.n_active - 1)]]
    raise SolveError(
        Fault(
            where=f"plant '{plant.name}'",
            what=f"no steady state: {what} of {place}, now {value:.4g}, still changes by "
            f"{residual:.2g} of its size a day.",
            do="Check pumps and aeration, or start from another state.",
        )
    )


def _follow(
    plant: Plant,
    machine: Machine,
    rows: Array,
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
        _run(plant, machine, rows, 0.0, out, kinds=NEW_ROW + LOOK + RECORD)
        now = machine.loops.pump_flow
        gap = float(np.max(np.abs(now - before) / (np.abs(now) + 1.0)))
        if gap < FOLLOWED:
            return residual
        residual = _rest(plant, machine, rows, out, days=DAYS_FIRST, first_step=LONG_STEP)
        if feeding is not None:
            _digest(plant, machine, feeding, rows, out)
    what = f"a ratio or sludge age still moves its pump by {gap:.2g} of its flow."
    do = "Check its low and high, or give the pump a flow that is nearer."
    raise SolveError(Fault(where=f"plant '{plant.name}'", what=what, do=do))


def _digest(plant: Plant, machine: Machine, feeding: Feeding, rows: Array, out: Record) -> float:
    """Bring water line and digester to rest together; give what the last round changed."""
    gap = np.inf
    for _ in range(MOST_ROUNDS):
        _run(plant, machine, rows, 0.0, out)
        gap = feeding.feed()
        if gap < CLOSED:
            return gap
        _run(plant, machine, rows, DAYS_MORE, out)
        _rest(plant, machine, rows, out, days=DAYS_FIRST, first_step=LONG_STEP)
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


def newton(plant: Plant, machine: Machine, *, first_step: float = FIRST_STEP) -> tuple[float, int]:
    """Newton's method in pseudo-time on a machine's state and what its controllers set.

    The pseudo-time step grows as the residual falls, so that the end is Newton's own quadratic
    convergence. A PI controller adds one unknown, its output, and one equation: no deviation, or
    the output at its bound.

    Returns
    -------
    float, int
        Largest relative change [1/d], and the record's column of the state that changes so.
    """
    work, active = machine.work, plant.plan.active[: plant.plan.n_moving]
    levers = _Levers(plant, machine)
    n = len(active)
    J = np.zeros((n + levers.count, n + levers.count))
    inner = np.zeros((n, n))
    x = np.concatenate([work.y[active], levers.values])
    kept, step, best, mover = x, first_step, np.inf, 0
    for _ in range(MOST_ITERATIONS):
        plant.kernels.slopes(inner, *machine.model[:-1], machine.work)
        machine.clock[6] += n + 1
        f = np.concatenate([work.f0[active], levers.gaps(x[n:])])
        change = np.abs(f) / (np.abs(x) + SMALL)
        now = float(change.max()) if np.isfinite(change).all() else np.inf
        if now < best:
            growth = best / now if np.isfinite(best) else 1.0
            step = min(step * min(max(growth, 1.5), 10.0), 1e12)
            best, mover, kept = now, int(np.argmax(change)), x
            if best < STILL:
                break
        elif now > 1e3 * best:
            x, step = kept, step * 0.1
            work.y[active] = x[:n]
            levers.set(x[n:])
            continue
        J[:n, :n] = inner
        levers.border(J, x[n:])
        if not plant.kernels.eliminate(np.eye(len(x)) / step - J, f):
            break
        x = x + f
        x[n:] = np.clip(x[n:], levers.low, levers.high)
        work.y[active] = x[:n]
        levers.set(x[n:])
    work.y[active] = kept[:n]
    levers.set(kept[n:])
    return best, min(mover, len(plant.plan.columns) - 1)


class _Levers:
    """What PI controllers set, as unknowns of the steady state."""

    def __init__(self, plant: Plant, machine: Machine) -> None:
        self.plant, self.machine = plant, machine
        controllers = list(plant.drawing.controllers.values())
        self.controllers = [c for c in controllers if c.kind in LOOPS]
        self.count = len(self.controllers)
        self.rows = [i for i, c in enumerate(controllers) if c.kind in LOOPS]
        self.low = np.array([c.low for c in self.controllers])
        self.high = np.array([c.high for c in self.controllers])
        self.setpoints = np.array([c.setpoint for c in controllers])
        self.values = np.clip([self._drawn(i) for i in self.rows], self.low, self.high)
        self.set(self.values)

    def _drawn(self, controller: int) -> float:
        """Where a controller's output begins: what the drawing says of the lever it acts on."""
        loops = self.machine.loops
        for j, (mine, kind, place) in enumerate(loops.targets):
            if mine == controller and kind < 2:
                drawn = self.machine.kla[place] if kind == 0 else loops.pump_flow[place]
                return float(drawn / loops.factors[j])
            if mine == controller:
                return float(self.setpoints[place] / loops.factors[j])
        return 0.0

    def set(self, values: Array) -> None:
        """Let the plant feel them."""
        loops, work = self.machine.loops, self.machine.work
        for value, i in zip(values, self.rows, strict=True):
            for j, (mine, kind, place) in enumerate(loops.targets):
                if mine == i and kind == 0:
                    self.machine.kla[place] = value * loops.factors[j]
                elif mine == i and kind == 1:
                    loops.pump_flow[place] = value * loops.factors[j]
                elif mine == i:
                    self.setpoints[place] = value * loops.factors[j]
        if loops.has_pumps:
            self.machine.q0[:] = loops.pump_flow @ self.machine.plan.per_pump
            self.plant.kernels.set_inputs(self.machine.q0, self.machine.plan.flows, work, 0.0)
        self.plant.kernels.breathe(self.machine.kla, work.R)

    def gaps(self, values: Array) -> Array:
        """How fast each output would move: its integral action, or back to a bound it is at."""
        loops, y = self.machine.loops, self.machine.work.y
        found = np.zeros(self.count)
        for k, (i, c) in enumerate(zip(self.rows, self.controllers, strict=True)):
            measured = y[loops.sensor_whole[loops.controller_whole[i, 1], 0]]
            found[k] = c.gain / c.integral_d * (self.setpoints[i] - measured)
            if self._is_bound(k, values[k], found[k]):
                found[k] = 0.0
        return found

    def _is_bound(self, k: int, value: float, gap: float) -> bool:
        return (value >= self.high[k] and gap > 0) or (value <= self.low[k] and gap < 0)

    def border(self, J: Array, values: Array) -> None:
        """Fill the rows and columns of the outputs into the Jacobian."""
        n = len(J) - self.count
        plan, work = self.machine.plan, self.machine.work
        active = plan.active[: plan.n_moving]
        before, gaps = work.f0[active].copy(), self.gaps(values)
        place = {int(state): r for r, state in enumerate(active)}
        J[n:] = 0.0
        for k, (i, c) in enumerate(zip(self.rows, self.controllers, strict=True)):
            small = 1e-6 * max(abs(values[k]), 1.0)
            moved = values.copy()
            moved[k] += small
            self.set(moved)
            fresh = self._rhs()[active]
            J[:n, n + k] = (fresh - before) / small
            J[n:, n + k] = (self.gaps(values) - gaps) / small
            self.set(values)
            loops = self.machine.loops
            state = int(loops.sensor_whole[loops.controller_whole[i, 1], 0])
            if self._is_bound(
                k, values[k], c.gain / c.integral_d * (self.setpoints[i] - work.y[state])
            ):
                J[n + k, :] = 0.0
                J[n + k, n + k] = -1.0
            else:
                J[n + k, place[state]] = -c.gain / c.integral_d

    def _rhs(self) -> Array:
        work = self.machine.work
        self.plant.kernels.rhs(work.y, work.f1, *self.machine.model)
        return work.f1
