"""A plant's digester: its numbers for the kernels, and how it comes to rest with the water line."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from renvand.plant.drawing import Drawing
from renvand.process.digester import Digester, Digesting
from renvand.process.interfaces import lack
from renvand.process.model import Array
from renvand.process.names import LANES

if TYPE_CHECKING:
    from renvand.plant.plant import Plant
    from renvand.plant.simulate import Machine

SMALL = 1e-3  # g/m³ below which a change is not counted as relative


@cache
def _sized(volume: float, headspace: float) -> Digester:
    return Digester(volume=volume, headspace=headspace)


def digester_of(drawing: Drawing) -> Digester | None:
    """Give the digester of a plant, if it has one."""
    return next((_sized(d.volume, d.headspace) for d in drawing.digesters.values()), None)


def digesting(plant: Plant) -> Digesting:
    """Give the numbers of a plant's digester; empty ones where there is none."""
    digester = digester_of(plant.drawing)
    if digester is None:
        nothing = np.zeros(0)
        return Digesting(*(nothing for _ in Digesting._fields))
    return digester.room({name: plant.model.values[name] for name in ("i_XB", "i_XP")})


class Feeding:
    """A digester beside a water line at rest: fed, brought to rest, shown again."""

    def __init__(self, plant: Plant, machine: Machine, digester: Digester) -> None:
        self.plant, self.machine, self.digester = plant, machine, digester
        plan = plant.plan
        self.place = plan.number("DIGESTER")
        self.first = plan.number("DIGESTED") + len(plan.rows) + 1
        self.held, self.warmth = digester.start, digester.model.temperature

    def show(self) -> None:
        """Let the plant see what leaves the digester."""
        work, Z = self.machine.work, self.machine.digesting
        lanes = self.digester.lanes(self.held)
        lanes[LANES * len(self.digester.components)] = self.digester.ions(self.held).S_H
        rows = lanes[::LANES]
        n = len(self.digester.model.components)
        work.y[self.first : self.first + n + 4] = [*rows[:n], *rows[n + 1 :], self.warmth]
        lack(int(self.plant.kernels.digest(0.0, work.y, work.R.ex, self.plant.plan.I, Z)))

    def feed(self) -> float:
        """Bring the digester to rest on what the plant now sends; say how much that changed."""
        work, n = self.machine.work, len(self.plant.plan.rows)
        before = work.R.ex[self.place : self.place + n].copy()
        sludge, flow = self._sent()
        Z = self.machine.digesting
        X = self.digester.lanes(self.held, S_H=self.digester.ions(self.held).S_H)
        lack(int(self.digester.kernels.to_adm(sludge, 0, Z.feed, X, Z)))
        comes = Z.feed[: len(self.digester.components)]
        self.held = self.digester.steady(comes, flow=flow, start=self.held)
        self.warmth = float(sludge[-1])
        self.show()
        after = work.R.ex[self.place : self.place + n]
        return float(np.max(np.abs(after - before) / (np.abs(after) + SMALL)))

    def _sent(self) -> tuple[Array, float]:
        """What the plant sends: rows with temperature, and how much. [g/m³, m³/d]"""
        plan, work = self.plant.plan, self.machine.work
        at, count = plan.number("DIGESTER_PIPES"), plan.number("N_DIGESTER_PIPES")
        mass, whole = np.zeros(len(plan.rows)), 0.0
        for source, pipe in plan.I[at : at + 2 * count].reshape(-1, 2):
            mass += work.R.q[pipe] * work.R.ex[source : source + len(plan.rows)]
            whole += work.R.q[pipe]
        return mass / whole, float(whole)
