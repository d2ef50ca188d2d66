"""The steady state: some weeks of simulation, then Newton's method in pseudo-time."""

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
from renvand.plant.simulate import NEW_ROW, RECORD, TOLERANCE, Machine, machine_for, take
from renvand.process.model import Array

if TYPE_CHECKING:
    from renvand.plant.plant import Plant

WEEKS_FIRST = 50.0  # d of simulation before Newton; from any start the sludge is then nearly there
STILL = 1e-9  # 1/d: largest relative change of a state that counts as steady
MOST_ITERATIONS = 200


def steady(
    plant: Plant, influent: Influent, *, start: State | None = None, days: float = WEEKS_FIRST
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
    tune = np.array([TOLERANCE, TOLERANCE, 0.0, 0.0])
    _run(plant, machine, mean.rows, days, tune, out)
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


def _run(
    plant: Plant, machine: Machine, rows: Array, days: float, tune: Array, out: Array
) -> None:
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
        layers = sum(place.startswith(f"{settler}, ") for place, row in at if row == "TSS")
        for i in range(layers):
            for r, row in enumerate(plan.rows):
                if (f"{settler}, layer {i + 1}", row) in at:
                    y[at[f"{settler}, layer {i + 1}", row]] = filled[r]
            y[at[f"{settler}, layer {i + 1}", "TSS"]] = 10.0 * 300.0 ** (i / (layers - 1))
    return y


def newton(plant: Plant, machine: Machine) -> tuple[float, int]:
    """Newton's method in pseudo-time on a machine's state.

    The pseudo-time step grows as the residual falls, so that the end is Newton's own quadratic
    convergence.

    Returns
    -------
    float, int
        Largest relative change [1/d], and the record's column of the state that changes so.
    """
    work, active = machine.work, plant.plan.active
    J = np.zeros((len(active), len(active)))
    step = 1.0
    best, mover = np.inf, 0
    y = work.y[active].copy()
    for _ in range(MOST_ITERATIONS):
        plant.kernels.slopes(J, *machine.arguments[2:])
        machine.clock[6] += len(active) + 1
        f = work.f0[active]
        change = np.abs(f) / (np.abs(y) + 1e-3)
        now = float(change.max()) if np.isfinite(change).all() else np.inf
        if now < best:
            step = min(step * min(best / now if np.isfinite(best) else 10.0, 10.0), 1e12)
            best, mover, kept = now, int(np.argmax(change)), y.copy()
            if best < STILL * 1e-2:
                break
        elif not np.isfinite(now) or now > 1e3 * best:
            y, step = kept.copy(), step * 0.1
            work.y[active] = y
            continue
        else:
            step = max(step * 0.5, 1e-4)
        y = y + np.linalg.solve(np.eye(len(y)) / step - J, f)
        work.y[active] = y
    work.y[active] = kept
    return best, mover
