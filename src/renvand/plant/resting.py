"""How a plant at rest moves with its levers: by the derivatives of what would make it move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from renvand.errors import Fault, PlantError
from renvand.plant.control import LOOPS
from renvand.plant.dual import Leaning, dual_machine, leaning
from renvand.plant.influent import Influent
from renvand.plant.newton import warm
from renvand.plant.plant import dual_kernels_of
from renvand.plant.settings import seen
from renvand.plant.simulate import Machine, machine_for, put
from renvand.plant.steady import AT_REST
from renvand.process.dual import Duals, dual, slope_of
from renvand.process.model import Array
from renvand.process.names import LANES

if TYPE_CHECKING:
    from renvand.plant.plant import Plant
    from renvand.plant.result import State

COMPARE = "Compare plant.simulate(…) with plant.changed({lever: value}).simulate(…)."


class Resting:
    """A plant at rest; what keeps it there is differentiated exactly.

    At rest nothing changes: neither a state, nor what is in the digester, nor what a PI controller
    sets. Where a lever moves one of these changes, all unknowns move so that it is 0 again.

    Raises
    ------
    PlantError
        When a controller or a cycle never rests.
    """

    def __init__(self, plant: Plant, influent: Influent, rest: State) -> None:
        restless = [n for n, c in plant.drawing.controllers.items() if c.kind not in AT_REST]
        if restless := [*restless, *plant.drawing.cycles]:
            what = f"'{restless[0]}' never rests: there is no derivative of a steady state."
            do = COMPARE
            raise PlantError(Fault(where=f"plant '{plant.name}'", what=what, do=do))
        self.plant, self.influent, self.rest = plant, influent, rest
        self.kernels = dual_kernels_of(plant, is_moving=False)
        self.machine = self._machine(plant)
        self.active, self.n_moving = plant.plan.active, plant.plan.n_moving
        controllers = list(plant.drawing.controllers.values())
        self.loops = [i for i, c in enumerate(controllers) if c.kind in LOOPS]
        self.setpoints = np.array([c.setpoint for c in controllers], dtype=float)
        self.bound = [self._is_bound(i) for i in self.loops]
        self.J = self._jacobian()

    def leans(self, name: str, value: float) -> Leaning:
        """Find how the plant's numbers lean on a lever."""
        return leaning(self.plant, name, value, machine=self._machine)

    def moves(self, leans: Leaning) -> Array:
        """How states, the digester and controllers' outputs move with a lever, array (unknown,)."""
        machine, setpoints = (
            dual_machine(self.machine, leans),
            dual(self.setpoints, leans.setpoints),
        )
        gap = slope_of(self._changes(machine, setpoints))
        return np.asarray(np.linalg.solve(self.J, -gap), dtype=float)

    def record(self, leans: Leaning) -> Duals:
        """Give a row of a run's record at rest, array (1, column)."""
        machine, setpoints = (
            dual_machine(self.machine, leans),
            dual(self.setpoints, leans.setpoints),
        )
        self.move(machine, setpoints, self.moves(leans))
        self._changes(machine, setpoints)
        row, work = np.zeros((1, len(self.plant.plan.columns)), dtype=complex), machine.work
        self.kernels.write(row, 0, work.y, work.R.q, work.R.ex, machine.kla, self.plant.plan.I)
        return row

    def move(self, machine: Machine, setpoints: Duals, moves: Array) -> None:
        """Let the unknowns of a machine move."""
        n, loops = len(self.active), machine.loops
        machine.work.y[self.active] += dual(np.zeros(n), moves[:n])
        for k, i in enumerate(self.loops):
            for j, (mine, kind, place) in enumerate(loops.targets):
                more = dual(np.zeros(1), moves[n + k : n + k + 1])[0] * loops.factors[j]
                if mine == i and kind == 0:
                    machine.kla[place] += more
                elif mine == i and kind == 1:
                    loops.pump_flow[place] += more
                elif mine == i:
                    setpoints[place] += more
        if loops.has_pumps:
            machine.q0[:] = loops.pump_flow @ loops.per_pump

    def _machine(self, plant: Plant) -> Machine:
        machine = machine_for(plant, row_times=self.influent.times)
        put(machine, self.rest, plant.drawing)
        machine.work.u[:] = self.influent.rows[0]
        return machine

    def _is_bound(self, controller: int) -> bool:
        c, loops = [*self.plant.drawing.controllers.values()][controller], self.machine.loops
        for j, (mine, kind, place) in enumerate(loops.targets):
            if mine == controller and kind < 2:
                given = self.machine.kla[place] if kind == 0 else loops.pump_flow[place]
                return not c.low < given / loops.factors[j] < c.high
        return False

    def _jacobian(self) -> Array:
        count = len(self.active) + len(self.loops)
        J, still = np.zeros((count, count)), dual_machine(self.machine)
        y, kla = still.work.y.copy(), still.kla.copy()
        pumps, q0 = still.loops.pump_flow.copy(), still.q0.copy()
        for j, one in enumerate(np.eye(count)):
            still.work.y[:], still.kla[:] = y, kla
            still.loops.pump_flow[:], still.q0[:] = pumps, q0
            setpoints = self.setpoints.astype(complex)
            self.move(still, setpoints, one)
            J[:, j] = slope_of(self._changes(still, setpoints, moved=one))
        return J

    def _changes(self, machine: Machine, setpoints: Duals, *, moved: Array | None = None) -> Duals:
        """What would change: states, the digester, controllers' outputs."""
        k, work, I = self.kernels, machine.work, self.plant.plan.I  # noqa: E741
        if self.plant.drawing.digesters:
            k.digest(0.0, work.y, work.R.ex, I, machine.digesting)
        k.set_inputs(machine.q0, machine.flows, work, 0.0)
        warm(k, machine)
        k.rhs(work.y, work.f0, *machine.model)
        parts: list[Any] = [work.f0[self.active[: self.n_moving]]]
        if self.plant.drawing.digesters:
            parts.append(self._digested(machine))
        n, whole = len(self.active), machine.loops.controller_whole
        for at, (i, is_bound) in enumerate(zip(self.loops, self.bound, strict=True)):
            held = 0.0 if moved is None else moved[n + at]
            gap = setpoints[i] - seen(machine, whole[i, 1])
            if is_bound:
                gap = dual(np.zeros(1), np.array([held]))
            parts.append(np.atleast_1d(gap))
        return np.concatenate(parts)

    def _digested(self, machine: Machine) -> Duals:
        """How a digester's contents would change on what it is sent, in the order of its states."""
        k, plan, Z = self.kernels, self.plant.plan, machine.digesting
        work: Any = machine.work
        first, rows = plan.number("DIGESTED"), len(plan.rows)
        flow = work.f0[first + rows]
        Z.sludge[:] = work.f0[first : first + rows] / flow
        k.to_adm(Z.sludge, 0, Z.feed, Z.X, Z)
        change, acid = np.zeros_like(Z.X), LANES * k.ADM_S_H
        held = Z.X[acid]
        k.digester_slopes(Z.X, change, Z.feed, flow, Z)
        moves: Any = change[::LANES]
        moves[k.ADM_S_H] = Z.X[acid] - held  # follows from the others at once
        warmth = Z.sludge[rows - 1] - work.y[first + rows + 1 + k.N_ADM + 3]
        return np.append(np.delete(moves, k.N_ADM), warmth)
