"""Newton's method in pseudo-time, on a plant and what its controllers set.

Equations rest also where no plant does: below zero, and without what would grow again from a single
cell. A step therefore leaves of every amount at least a share, as time would, and a rest without
something is looked at: does it grow?
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from renvand.plant.layout import LANES, Whole
from renvand.plant.settings import Settings
from renvand.plant.simulate import Machine
from renvand.process.model import Array

if TYPE_CHECKING:
    from renvand.plant.plant import Plant

STILL = 1e-9  # 1/d: largest relative change of a state that counts as steady
MOST_ITERATIONS = 100
PATIENCE = 20  # iterations without gain: at a corner of a settler's flux long steps go in circles
FIRST_STEP = 1.0  # d of pseudo-time
SMALL = 1e-3  # g/m³ below which a state's change no longer counts as relative
LEFT = 0.1  # of an amount that a step leaves at least
GONE = 1e-3  # g/m³: what no tank holds more of is not there
GROWS = 1e-4  # 1/d: growth that differences do not feign


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """Where Newton's method came to."""

    residual: float  # 1/d: largest relative change
    mover: int  # the record's column of the state that changes so
    returning: Whole  # rows of components that are gone, and would grow again

    @property
    def is_rest(self) -> bool:
        """Whether a plant rests there."""
        return self.residual < STILL and not len(self.returning)


def newton(plant: Plant, machine: Machine, *, first_step: float = FIRST_STEP) -> Arrival:
    """Bring a machine's state, and what its controllers set, to where nothing changes.

    The pseudo-time step grows as the residual falls, so that the end is Newton's own quadratic
    convergence. A PI controller adds one unknown, its output, and one equation: no deviation, or
    the output at its bound.
    """
    work, active = machine.work, plant.plan.active[: plant.plan.n_moving]
    settings, n = Settings(plant, machine), len(active)
    J = np.zeros((n + settings.count, n + settings.count))
    inner = np.zeros((n, n))
    x = np.concatenate([work.y[active], settings.values])
    is_amount = _amounts(plant)
    x[:n] = np.maximum(x[:n], np.where(is_amount, 0.0, -np.inf))

    def put(values: Array) -> None:
        work.y[active] = values[:n]
        settings.set(values[n:])

    put(x)
    kept, step, best, mover, lost = x, first_step, np.inf, 0, 0
    for _ in range(MOST_ITERATIONS):
        warm(plant.kernels, machine)
        plant.kernels.slopes(inner, *machine.model[:-1], machine.work)
        machine.clock[6] += n + 1
        f = np.concatenate([work.f0[active], settings.gaps(x[n:])])
        change = np.abs(f) / (np.abs(x) + SMALL)
        now = float(change.max()) if np.isfinite(change).all() else np.inf
        if now < best:
            growth = best / now if np.isfinite(best) else 1.0
            step = min(step * min(max(growth, 1.5), 10.0), 1e12)
            best, mover, kept, lost = now, int(np.argmax(change)), x, 0
            if best < STILL:
                break
        elif now > 1e3 * best or (lost := lost + 1) > PATIENCE:
            x, step, lost = kept, step * 0.1, 0
            put(x)
            continue
        J[:n, :n] = inner
        settings.border(J, x[n:])
        if not plant.kernels.eliminate(np.eye(len(x)) / step - J, f):
            break
        x, least = x + f, np.where(is_amount, LEFT * x[:n], -np.inf)
        x[:n] = np.maximum(x[:n], least)
        x[n:] = np.clip(x[n:], settings.low, settings.high)
        put(x)
    put(kept)
    returning = _returning(plant, inner, work.y) if best < STILL else np.zeros(0, dtype=np.int64)
    mover = min(mover, len(plant.plan.columns) - 1)
    return Arrival(residual=best, mover=mover, returning=returning)


def warm(kernels: Any, machine: Machine) -> None:
    """Let kinetics and aeration be those of the tanks' present temperature."""
    work, plan = machine.work, machine.plan
    kernels.open_stores(work.y, work.R.ex, plan.I, plan.F)
    kernels.heat(work.y, machine.h, plan.I, plan.F, work.R)
    kernels.shut_stores(work.y, work.R.ex, plan.I)
    kernels.breathe(machine.kla, work.R)


def _amounts(plant: Plant) -> NDArray[np.bool_]:
    """Which moving states are amounts of something, array (state,).

    Components of which something is conserved besides charge, and solids; neither temperature nor
    alkalinity.
    """
    model = plant.model
    counted = [i for i, what in enumerate(model.page.conserves) if what != "charge"]
    has_content = (model.composition[counted] != 0.0).any(axis=0)
    of = {name for name, has in zip(model.components, has_content, strict=True) if has} | {"TSS"}
    return np.array([what in of for _, what in plant.plan.columns[: plant.plan.n_moving]])


def _returning(plant: Plant, J: Array, y: Array) -> Whole:
    """Find what no tank holds, and what a trace of would grow.

    Where they are gone their change depends on themselves alone: their part of the Jacobian has
    eigenvalues of the whole.
    """
    plan = plant.plan
    starts = np.array([plan.starts[name] for name in plan.tanks], dtype=np.int64)
    rows = np.arange(len(plan.rows) - 1)
    places = starts[:, None] + LANES * rows
    gone = rows[(np.abs(y[places]) < GONE).all(axis=0)] if len(starts) else rows[:0]
    if not len(gone):
        return gone
    at = np.searchsorted(plan.active, places[:, gone].ravel())
    grows = float(np.linalg.eigvals(J[np.ix_(at, at)]).real.max()) > GROWS
    return gone if grows else gone[:0]
