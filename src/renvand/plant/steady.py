"""The steady state: some days of simulation, then Newton's method in pseudo-time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from renvand.errors import Fault, SolveError
from renvand.plant.influent import Influent
from renvand.plant.layout import LANES, Plan
from renvand.plant.loops import settle_memory
from renvand.plant.network import check_flows
from renvand.plant.result import State
from renvand.plant.simulate import MINUTES, NEW_ROW, RECORD, TOLERANCE, Machine, machine_for, take
from renvand.process.model import Array

if TYPE_CHECKING:
    from renvand.plant.plant import Plant

DAYS_FIRST = 10.0  # d of simulation before Newton's method; shorter ones led it astray (tried)
MORE_TRIES, LONGER = 4, 5.0  # when Newton does not arrive: simulate so much longer, and again
STILL = 1e-9  # 1/d: largest relative change of a state that counts as steady
MOST_ITERATIONS = 100
FIRST_STEP = 1.0  # d of pseudo-time
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
    machine.work.y[:] = first_guess(plant.plan, mean.rows[0]) if start is None else start.y
    out = np.empty((1, len(plant.plan.columns)))
    tune = np.array([TOLERANCE, TOLERANCE, 1.0, 0.0])
    _run(plant, machine, mean.rows, days, tune, out)
    if any(c.kind != "PI" for c in plant.drawing.controllers.values()):
        return _periodic(plant, mean, machine, days=days, out=out)
    before = machine.work.y.copy()
    residual, mover = newton(plant, machine, first_step=first_step)
    for _ in range(MORE_TRIES):
        if residual < STILL:
            break
        machine.work.y[:] = before
        _run(plant, machine, mean.rows, LONGER * days, tune, out)
        before = machine.work.y.copy()
        residual, mover = newton(plant, machine)
    if not residual < STILL:
        place, what = plant.plan.columns[mover]
        value = machine.work.y[plant.plan.active[mover]]
        raise SolveError(
            Fault(
                where=f"plant '{plant.name}'",
                what=f"no steady state: {what} of {place}, now {value:.4g}, still changes by "
                f"{residual:.2g} of its size a day.",
                do="Check pumps and aeration, or start from another state.",
            )
        )
    settle_memory(machine.loops, plant.drawing, y=machine.work.y, kla=machine.kla)
    _run(plant, machine, mean.rows, 0.0, tune, out)
    return take(
        machine, plant, out[0], residual=residual, steps=int(machine.clock[4]),
        rhs=int(machine.clock[6]), seconds=time.perf_counter() - started,
    )  # fmt: skip


def _periodic(plant: Plant, mean: Influent, machine: Machine, *, days: float, out: Array) -> State:
    """A plant that is switched on and off never rests: give the state after another `days`."""
    from renvand.plant.simulate import simulate

    settle_memory(machine.loops, plant.drawing, y=machine.work.y, kla=machine.kla)
    begun = take(machine, plant, out[0])
    return simulate(plant, mean, days=days, start=begun, output_min=MINUTES).state


def _run(plant: Plant, machine: Machine, rows: Array, days: float, tune: Array, out: Array) -> None:
    times = np.array([0.0, days]) if days > 0 else np.array([0.0])
    kinds = np.array([NEW_ROW, RECORD]) if days > 0 else np.array([NEW_ROW + RECORD])
    plant.kernels.run(
        times, kinds, rows, *machine.arguments, machine.loops, tune, machine.clock, out,
    )  # fmt: skip


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
    work, active = machine.work, plant.plan.active
    levers = _Levers(plant, machine)
    n = len(active)
    J = np.zeros((n + levers.count, n + levers.count))
    inner = np.zeros((n, n))
    x = np.concatenate([work.y[active], levers.values])
    kept, step, best, mover = x, first_step, np.inf, 0
    for _ in range(MOST_ITERATIONS):
        plant.kernels.slopes(inner, *machine.arguments[2:])
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
        self.controllers = [c for c in controllers if c.kind == "PI"]
        self.count = len(self.controllers)
        self.rows = [i for i, c in enumerate(controllers) if c.kind == "PI"]
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
            plan = self.machine.plan
            inputs = (work.ex, work.q, self.machine.q0, plan.per_influent, work.u, work.slope, 0.0)
            self.plant.kernels.set_inputs(*inputs)

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
        active, work = self.plant.plan.active, self.machine.work
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
        work, machine = self.machine.work, self.machine
        _, _, kla, *fixed, _ = machine.arguments
        self.plant.kernels.rhs(
            work.y, work.f1, work.q, work.ex, kla, *fixed, work.w, work.flux, work.feed
        )
        return work.f1
