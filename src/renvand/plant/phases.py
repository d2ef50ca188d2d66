"""Turn tanks that fill, settle and decant from phase to phase while a plant runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from renvand.plant.drawing import Drawing, Phase, while_filling
from renvand.plant.layout import Flows, flows_of
from renvand.plant.network import Network, check_flows, solve
from renvand.process.model import Array

if TYPE_CHECKING:
    from renvand.plant.plant import Plant
    from renvand.plant.simulate import Machine

FRESH = 8.0  # uses of a step's factors after which they are made anew


def moments(drawing: Drawing, *, begin: float, end: float) -> Array:
    """Give when phases begin between two times, array (moment,). [d]"""
    return np.array(
        sorted({t for c in drawing.cycles.values() for t in c.turns(begin, end)}), dtype=float
    )


class Route(NamedTuple):
    """How water runs while some tanks fill and some drain."""

    drawing: Drawing
    network: Network
    flows: Flows
    per_pump: Array


class Turning:
    """Knows what each phase means for the arrays of a machine, which it changes."""

    def __init__(self, plant: Plant, machine: Machine, *, influent: Array) -> None:
        self.plant, self.machine, self.influent = plant, machine, influent
        self.routes: dict[tuple[frozenset[str], frozenset[str]], Route] = {}
        drawing, loops = plant.drawing, machine.loops
        self.factors = loops.factors.copy()
        pumped = plant.plan.network.pumped
        self.pumps = {
            name: pumped.index(drawing.pipe(name))
            for cycle in drawing.cycles.values()
            for phase in cycle.phases
            for name in phase.pumps
        }
        lines = {drawing.pipes[i].source: n for n, i in enumerate(pumped)
                 if drawing.pipes[i].is_gravity}  # fmt: skip
        self.lines = {name: lines[name] for name in drawing.cycles}

    def turn(self, t: float) -> None:
        """Begin what holds from this moment. [d]"""
        phases = {name: c.at(t) for name, c in self.plant.drawing.cycles.items()}
        route = self._route({name: phase for name, (phase, _) in phases.items()})
        self._aerate({name: phase for name, (phase, _) in phases.items()})
        running = {pump for phase, _ in phases.values() for pump in phase.pumps}
        for pump, n in self.pumps.items():
            self._let(1, n, self._drawn(n), is_on=pump in running)
        for name, (phase, left) in phases.items():
            self._level(name, phase, left)
        machine = self.machine
        pumps = machine.loops.pump_flow
        check_flows(route.drawing, route.network, self.influent, pumps=pumps)
        machine.q0[:] = machine.loops.pump_flow @ machine.loops.per_pump
        machine.clock[8] = FRESH
        self.plant.kernels.breathe(machine.kla, machine.work.R)

    def _drawn(self, pump: int) -> float:
        return self.plant.drawing.pipes[self.plant.plan.network.pumped[pump]].flow or 0.0

    def _route(self, phases: dict[str, Phase]) -> Route:
        """Send the water to whoever fills."""
        filling = frozenset(name for name, phase in phases.items() if phase.fills)
        draining = frozenset(name for name, phase in phases.items() if phase.decants)
        if (filling, draining) not in self.routes:
            drawing = while_filling(self.plant.drawing, filling)
            network = solve(drawing, draining=draining)
            flows, per_pump = flows_of(drawing, self.plant.plan, network)
            self.routes[filling, draining] = Route(drawing, network, flows, per_pump)
        route = self.routes[filling, draining]
        for mine, now in zip(self.machine.flows, route.flows, strict=True):
            mine[...] = now
        self.machine.loops.per_pump[...] = route.per_pump
        return route

    def _aerate(self, phases: dict[str, Phase]) -> None:
        drawing, tanks = self.plant.drawing, self.plant.plan.tanks
        for name, phase in phases.items():
            self._let(0, tanks.index(name), drawing.tanks[name].kla, is_on=phase.aerated)

    def _let(self, kind: int, place: int, drawn: float, *, is_on: bool) -> None:
        """Let a lever act, as drawn or as a controller wants, or keep it at zero."""
        machine, loops = self.machine, self.machine.loops
        mine = np.flatnonzero((loops.targets[:, 1] == kind) & (loops.targets[:, 2] == place))
        levers = machine.kla if kind == 0 else loops.pump_flow
        loops.factors[mine] = self.factors[mine] * is_on
        if not is_on or not len(mine):
            levers[place] = drawn * is_on
            return
        outputs = loops.memory[len(loops.sensor_whole) + loops.targets[mine, 0], 6]
        levers[place] = float(outputs @ self.factors[mine])

    def _level(self, name: str, phase: Phase, left: float) -> None:
        """Let sludge begin to settle, and water leave down to the lowest volume."""
        machine, drawing = self.machine, self.plant.drawing
        y, at = machine.work.y, self.plant.plan.levels[name]
        if phase.is_still and not y[at + 2]:
            y[at + 1] = y[at] / drawing.cycles[name].area
        y[at + 2] = float(phase.is_still)
        above = max(0.0, float(y[at]) - drawing.tanks[name].lowest)
        machine.loops.pump_flow[self.lines[name]] = above / left if phase.decants else 0.0
