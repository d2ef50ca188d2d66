"""A dynamic run of a plant."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from renvand.errors import Fault, PlantError, SolveError
from renvand.plant.course import MINUTES, Course, Interpolation, course_of
from renvand.plant.digesting import digesting
from renvand.plant.drawing import Drawing
from renvand.plant.drive import Control, drive
from renvand.plant.influent import Influent
from renvand.plant.layout import LANES, Flows, Plan, Work
from renvand.plant.loops import Loops, build_loops, first_orders, noisy, settle_memory
from renvand.plant.network import check_flows
from renvand.plant.result import Result, State
from renvand.plant.work import work_for
from renvand.process.digester import Digesting
from renvand.process.interfaces import lack
from renvand.process.model import Array

if TYPE_CHECKING:
    from renvand.plant.plant import Plant

Method = Literal["ros2", "rkc"]


@dataclass(kw_only=True, eq=False)
class Machine:
    """The arrays of one run; the only thing here that changes while it runs."""

    plan: Plan
    work: Work
    flows: Flows
    loops: Loops
    q0: Array
    kla: Array
    h: Array
    clock: Array
    digesting: Digesting

    @property
    def arguments(self) -> tuple[Any, ...]:
        """What the kernel `run` takes between its calendar and its clock."""
        plan = self.plan
        fixed = (plan.s, plan.p, self.h, plan.I, plan.F, self.flows, self.work)
        return (self.q0, self.kla, *fixed, self.loops, self.digesting)

    @property
    def model(self) -> tuple[Any, ...]:
        """What the kernel `rhs` takes last."""
        plan = self.plan
        return (plan.s, plan.p, self.h, plan.I, plan.F, self.flows, self.work.R)


def machine_for(plant: Plant, *, row_times: Array, noise: Array | None = None) -> Machine:
    """Set up the arrays of a plant."""
    plan = plant.plan
    loops = build_loops(
        plant.drawing, plan, noise=np.zeros(0) if noise is None else noise, row_times=row_times
    )
    clock = np.zeros(12)
    clock[0], clock[1], clock[3] = 1e-4, 1e-4, 1e9  # first steps of 9 s; no eigenvalue yet
    clock[11] = -1.0  # no row of the influent yet
    machine = Machine(
        plan=plan,
        work=work_for(plan, n_factors=plant.kernels.N_FACTORS),
        flows=Flows(*(a.copy() for a in plan.flows)) if plant.drawing.cycles else plan.flows,
        loops=loops,
        q0=plan.pumps @ plan.per_pump
        if len(plan.pumps)
        else np.zeros(len(plan.flows.per_influent)),
        kla=plan.kla.copy(),
        h=plan.h.copy(),
        clock=clock,
        digesting=digesting(plant),
    )
    for kind, place, value in first_orders(plant.drawing, loops):
        if kind == 0:
            machine.kla[place] = value
        elif kind == 1:
            loops.pump_flow[place] = value
    if loops.has_pumps:
        machine.q0[:] = loops.pump_flow @ plan.per_pump
    for name, level in plan.levels.items():
        machine.work.y[level] = plant.drawing.tanks[name].volume
    machine.work.v[LANES : plan.first_meter] = 1.0
    return machine


def put(machine: Machine, state: State, drawing: Drawing) -> None:
    """Put a state into a machine; the meter begins at zero.

    Levers that nobody controls stay as drawn. Where the state remembers other sensors or
    controllers than the plant has, these begin at rest.
    """
    if state.y.shape != machine.work.y.shape:
        do = "Find the steady state of this plant first."
        fault = Fault(where=f"plant '{drawing.name}'", what="the state is of another plant.", do=do)
        raise PlantError(fault)
    loops = machine.loops
    machine.work.y[:] = state.y
    meters = machine.plan.number("DIGESTED") + len(machine.plan.rows) + 1
    machine.work.y[machine.plan.first_meter : meters] = 0.0
    if loops.memory.shape != state.memory.shape:
        settle_memory(loops, drawing, y=machine.work.y, kla=machine.kla)
        return
    loops.memory[:] = state.memory
    for i, controller in enumerate(drawing.controllers.values()):
        loops.memory[len(loops.sensor_whole) + i, 5] = controller.setpoint
    for _, kind, place in loops.targets:
        if kind == 0:
            machine.kla[place] = state.kla[place]
        elif kind == 1:
            loops.pump_flow[place] = state.pumps[place]
    if loops.has_pumps:
        machine.q0[:] = loops.pump_flow @ loops.per_pump


def take(machine: Machine, plant: Plant, **counts: float) -> State:
    """Take the state out of a machine, as it was last computed."""
    work, row = machine.work, np.empty((1, len(plant.plan.columns)))
    plant.kernels.write(row, 0, work.y, work.R.q, work.R.ex, machine.kla, plant.plan.I)
    return State(
        plant=plant,
        y=work.y.copy(),
        memory=machine.loops.memory.copy(),
        kla=machine.kla.copy(),
        pumps=machine.loops.pump_flow.copy(),
        record=row[0],
        **counts,  # type: ignore[arg-type]
    )


def simulate(
    plant: Plant,
    influent: Influent,
    *,
    days: float | None = None,
    start: State | None = None,
    interpolate: Interpolation = "hold",
    output_min: float = 15.0,
    evaluate_from: float | None = None,
    seed: int | None = None,
    tolerance: float | None = None,
    method: Method = "ros2",
    control: Control | None = None,
) -> Result:
    """Run a plant.

    Parameters
    ----------
    plant : Plant
        What to run.
    influent : Influent
        What comes; its first time is where the run begins.
    days : float, optional
        How long; to the end of the influent when left out. An influent that is shorter is
        repeated. [d]
    start : State, optional
        Where to begin; the steady state of the mean influent when left out.
    interpolate : 'hold' or 'linear'
        Whether a row holds until the next, or runs to it in a straight line.
    output_min : float
        Time between two records. [min]
    evaluate_from : float, optional
        Day from which means and indices count; the beginning when left out. [d]
    seed : int, optional
        Of the sensors' noise; without it sensors have none.
    tolerance : float
        Largest error of one step, relative to 1 g/m³ plus the concentration; the plant's own when
        left out.
    method : 'ros2' or 'rkc'
        Linearly implicit with the page's derivatives, or explicit with the right-hand side alone.
    control : callable, optional
        A controller of one's own, called every ``sample_min`` minutes with a
        :class:`renvand.plant.drive.Look`; gives levers their new values.

    Returns
    -------
    Result
        With frames, means, indices, violations and balances.

    Raises
    ------
    PlantError
        When pumps take more than comes, or days or times make no sense.
    SolveError
        When the run blows up: says when, which state and why it may be.
    """
    course = course_of(
        plant, influent, days=days, interpolate=interpolate, output_min=output_min,
        is_controlled=control is not None,
    )  # fmt: skip
    if start is None:
        check_flows(plant.drawing, plant.plan.network, course.rows[:, -1])
        start = plant.steady(influent.mean)
    return follow(
        plant, course, start=start, evaluate_from=evaluate_from, seed=seed, tolerance=tolerance,
        method=method, control=control,
    )  # fmt: skip


def follow(
    plant: Plant,
    course: Course,
    *,
    start: State,
    evaluate_from: float | None = None,
    seed: int | None = None,
    tolerance: float | None = None,
    method: Method = "ros2",
    control: Control | None = None,
) -> Result:
    """Run a plant along a course; else as :func:`simulate`."""
    if method == "rkc":
        plant = plant.explicit
    check_flows(plant.drawing, plant.plan.network, course.rows[:, -1])
    begin, days = float(course.records[0]), float(course.records[-1] - course.records[0])
    machine = machine_for(plant, row_times=course.times, noise=_noise(plant, seed, days))
    put(machine, start, plant.drawing)
    machine.clock[9] = begin
    out = np.empty((len(course.records), len(plant.plan.columns)), dtype=np.float32)
    tolerance = plant.drawing.tolerance if tolerance is None else tolerance
    is_linear = course.interpolate == "linear"
    tune = np.array([tolerance, tolerance, float(method == "ros2"), float(is_linear)])
    started = time.perf_counter()
    reached, ok, recorded = drive(
        plant, machine, course.moments, course.kinds, rows=course.rows, tune=tune, out=out,
        control=control,
    )  # fmt: skip
    seconds = time.perf_counter() - started
    lack(int(machine.clock[10]), where=f"plant '{plant.name}', day {reached:.3f}, digester")
    if not ok or not np.isfinite(machine.work.y).all() or not np.isfinite(out[recorded - 1]).all():
        raise _blown(plant, machine, when=reached)
    return Result(
        plant=plant,
        record=out,
        course=course,
        state=take(machine, plant),
        net=machine.work.y[plant.plan.first_meter :][: len(plant.plan.rows)].copy(),
        before=start,
        evaluate_from=begin if evaluate_from is None else evaluate_from,
        steps=int(machine.clock[4]),
        rhs=int(machine.clock[6]),
        seconds=seconds,
    )


def _noise(plant: Plant, seed: int | None, days: float) -> Array | None:
    count = noisy(plant.drawing)
    if seed is None or count == 0:
        return None
    looks = int(days * MINUTES / plant.drawing.sample_min) + 2
    return np.random.default_rng(seed).standard_normal((looks, count))


def _blown(plant: Plant, machine: Machine, *, when: float) -> SolveError:
    """Say when, which state changes fastest for its size, and why it may be."""
    states, change = (x[plant.plan.active] for x in (machine.work.y, machine.work.f0))
    growth = np.abs(change) / (np.abs(states) + 1.0)
    worst = int(np.argmax(np.where(np.isfinite(growth), growth, np.inf)))
    (place, what), value = plant.plan.columns[worst], states[worst]
    why = "Check the influent and the parameters for slips of units."
    if "layer" in place or what == "TSS":
        why = "The settler may be overloaded: lower the flow, or waste more sludge."
    fault = Fault(
        where=f"plant '{plant.name}', day {when:.3f}",
        what=f"the run blew up: {what} of {place} is {value:.4g}, "
        f"changing by {change[worst]:.2g} a day.",
        do=why,
    )
    error = SolveError(fault)
    error.state = take(machine, plant)  # type: ignore[attr-defined]
    return error
