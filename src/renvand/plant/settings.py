"""What PI controllers set, as unknowns of the steady state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from renvand.plant.control import LOOPS
from renvand.plant.layout import LANES
from renvand.plant.loops import FLOW, HELD, INFLOW, SOLIDS, STATE, STREAM, share_of
from renvand.plant.simulate import Machine
from renvand.process.model import Array

if TYPE_CHECKING:
    from renvand.plant.plant import Plant

NUDGE = 1e-6  # of an output or a state, for differences


class Settings:
    """The outputs of a plant's PI controllers, and what each sees."""

    def __init__(self, plant: Plant, machine: Machine) -> None:
        self.plant, self.machine = plant, machine
        controllers = list(plant.drawing.controllers.values())
        self.controllers = [c for c in controllers if c.kind in LOOPS]
        self.count = len(self.controllers)
        self.rows = [i for i, c in enumerate(controllers) if c.kind in LOOPS]
        self.low = np.array([c.low for c in self.controllers])
        self.high = np.array([c.high for c in self.controllers])
        self.speed = np.array([c.gain / c.integral_d for c in self.controllers])
        self.sensors = [int(machine.loops.controller_whole[i, 1]) for i in self.rows]
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
        gaps = self._wanted()
        gaps[self._is_bound(values, gaps)] = 0.0
        return gaps

    def _wanted(self) -> Array:
        shown = np.array([float(seen(self.machine, sensor)) for sensor in self.sensors])
        return self.speed * (self.setpoints[self.rows] - shown)

    def _is_bound(self, values: Array, gaps: Array) -> NDArray[np.bool_]:
        return ((values >= self.high) & (gaps > 0)) | ((values <= self.low) & (gaps < 0))

    def border(self, J: Array, values: Array) -> None:
        """Fill the rows and columns of the outputs into the Jacobian."""
        n, work = len(J) - self.count, self.machine.work
        active = self.machine.plan.active[:n]
        before, gaps = work.f0[active].copy(), self.gaps(values)
        is_bound = self._is_bound(values, self._wanted())
        J[n:] = 0.0
        for k in range(self.count):
            small = NUDGE * max(abs(values[k]), 1.0)
            moved = values.copy()
            moved[k] += small
            self.set(moved)
            fresh = self._rhs()[active]
            J[:n, n + k] = (fresh - before) / small
            J[n:, n + k] = (self.gaps(values) - gaps) / small
            self.set(values)
        for k in range(self.count):
            if is_bound[k]:
                J[n + k, :] = 0.0
                J[n + k, n + k] = -1.0
            else:
                J[n + k, :n] = -self.speed[k] * self._slopes(self.sensors[k])

    def _slopes(self, sensor: int) -> Array:
        """How what a sensor sees moves with each moving state."""
        plan, work = self.machine.plan, self.machine.work
        active = plan.active[: plan.n_moving]
        whole, numbers = self.machine.loops.sensor_whole, self.machine.loops.sensor_real
        if whole[sensor, 5] == STATE and numbers[sensor, 3] < 0:
            return np.asarray(active == whole[sensor, 0], dtype=float)
        found, before = np.zeros(len(active)), self._looked(sensor)
        for j, state in enumerate(active):
            keep = work.y[state]
            small = NUDGE * max(abs(keep), 1.0)
            work.y[state] = keep + small
            found[j] = (self._looked(sensor) - before) / small
            work.y[state] = keep
        self._rhs()
        return found

    def _looked(self, sensor: int) -> float:
        if self.machine.loops.sensor_whole[sensor, 5] not in (STATE, HELD):
            self._rhs()
        return float(seen(self.machine, sensor))

    def _rhs(self) -> Array:
        work = self.machine.work
        self.plant.kernels.rhs(work.y, work.f1, *self.machine.model)
        return work.f1


def seen(machine: Machine, sensor: int) -> Any:
    """What a sensor sees at rest; flows and streams as last computed.

    A dual number where the machine's are.
    """
    loops, work, plan = machine.loops, machine.work, machine.plan
    place, what = int(loops.sensor_whole[sensor, 0]), int(loops.sensor_whole[sensor, 5])
    n = len(plan.rows)
    if what == STATE:
        return work.y[place] * share_of(loops, sensor, work.y)
    if what == HELD:
        held = work.y[place + LANES * np.arange(n)] * share_of(loops, sensor, work.y)
        return plan.F[:n] @ held
    if what == SOLIDS:
        return plan.F[:n] @ work.R.ex[place : place + n]
    return {FLOW: work.R.q, INFLOW: work.u[-1:], STREAM: work.R.ex}[what][place]
