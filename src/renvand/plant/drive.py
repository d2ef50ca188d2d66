"""Drive a machine through its calendar, in one go or with a controller written in Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from renvand.errors import Fault, PlantError, near
from renvand.plant.layout import Record, Whole
from renvand.plant.phases import Turning
from renvand.process.model import Array

if TYPE_CHECKING:
    from renvand.plant.plant import Plant
    from renvand.plant.simulate import Machine

LOOKS, TURN = 4, 16  # of the calendar's kinds: sensors are read, a phase begins


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a controller of one's own sees at a moment."""

    t: float  # d
    seen: Mapping[str, float]  # sensor of the drawing to what it shows
    now: Mapping[str, float]  # lever to its value


Control = Callable[[Look], Mapping[str, float] | None]  # None leaves all as it is


class _Seen(dict[str, float]):
    """What sensors show; one that is not drawn is named."""

    def __missing__(self, name: str) -> float:
        known = f"Drawn are {', '.join(sorted(self))}." if self else "None is drawn."
        do = f"Draw it under [sensors]. {known}"
        raise PlantError(Fault(where="control", what=f"no sensor '{name}'.", do=do))


def drive(
    plant: Plant,
    machine: Machine,
    moments: Array,
    kinds: Whole,
    *,
    rows: Array,
    tune: Array,
    out: Record,
    control: Control | None = None,
) -> tuple[float, bool, int]:
    """Run from the first moment to the last.

    Parameters
    ----------
    plant, machine : Plant, Machine
        What runs.
    moments, kinds : array (moment,), array (moment,)
        From :func:`renvand.plant.simulate.calendar`. [d]
    rows : array (row, component + temperature + flow)
        Of the influent.
    tune : array
        Tolerances, method, whether rows are joined by lines.
    out : array (record, column)
        Filled with records.
    control : callable, optional
        Called at every look; gives levers ('aerobic_3.kla', 'return sludge') their new values, or
        nothing.

    Returns
    -------
    float, bool, int
        How far it came [d], whether it went well, how many records were made.

    Raises
    ------
    PlantError
        When the controller sets what is no lever, or to what is no number.
    """

    def go(first: int, last: int, recorded: int, what: Whole) -> tuple[float, bool, int]:
        reached, ok, more = plant.kernels.run(
            moments[first : last + 1], what, rows, *machine.arguments, tune, machine.clock,
            out[recorded:],
        )  # fmt: skip
        return float(reached), bool(ok), recorded + int(more)

    turning = Turning(plant, machine, influent=rows[:, -1]) if plant.drawing.cycles else None
    if control is None and turning is None:
        return go(0, len(moments) - 1, 0, kinds)
    levers, recorded, reached, ok = _Levers(plant, machine), 0, float(moments[0]), True
    end = len(moments) - 1
    halts = kinds[:end] & (TURN if control is None else TURN | LOOKS) != 0
    for first, last in pairwise([0, *(1 + np.flatnonzero(halts[1:])).tolist(), end]):
        if turning is not None and (first == 0 or kinds[first] & TURN):
            turning.turn(float(moments[first]))
        reached, ok, recorded = go(first, first, recorded, kinds[first : first + 1])
        if control is not None and kinds[first] & LOOKS:
            levers.set(control(levers.look(float(moments[first]))) or {})
        between = kinds[first : last + 1].copy()
        between[[0, -1]] = 0
        if ok:
            reached, ok, recorded = go(first, last, recorded, between)
        if not ok:
            return reached, ok, recorded
    return go(end, end, recorded, kinds[end:])


class _Levers:
    """What a controller written in Python may see and set."""

    def __init__(self, plant: Plant, machine: Machine) -> None:
        self.plant, self.machine = plant, machine
        self.tanks = {f"{name}.kla": k for k, name in enumerate(plant.plan.tanks)}
        self.pumps = {
            name: n
            for n, i in enumerate(plant.plan.network.pumped)
            for name in (plant.drawing.pipes[i].name, plant.drawing.pipes[i].path)
            if name
        }

    def look(self, t: float) -> Look:
        """See."""
        machine, loops = self.machine, self.machine.loops
        sensors = enumerate(self.plant.drawing.sensors)
        shown = _Seen((name, float(loops.memory[i, 9])) for i, name in sensors)
        now = {name: float(machine.kla[k]) for name, k in self.tanks.items()}
        now |= {name: float(loops.pump_flow[n]) for name, n in self.pumps.items()}
        return Look(t=t, seen=shown, now=now)

    def set(self, orders: Mapping[str, float]) -> None:
        """Let the plant feel it."""
        machine, faults = self.machine, list[Fault]()
        for lever, value in orders.items():
            where = f"plant '{self.plant.name}', control, '{lever}'"
            if not 0.0 <= float(value) < 1e12:
                faults.append(Fault(where=where, what=f"is set to {value}.", do="Give 0 or more."))
            elif lever in self.tanks:
                machine.kla[self.tanks[lever]] = float(value)
            elif lever in self.pumps:
                machine.loops.pump_flow[self.pumps[lever]] = float(value)
            else:
                do = near(lever, [*self.tanks, *self.pumps])
                faults.append(Fault(where=where, what="is no lever.", do=do))
        if faults:
            raise PlantError(faults)
        machine.q0[:] = machine.loops.pump_flow @ machine.loops.per_pump
        self.plant.kernels.breathe(machine.kla, machine.work.R)
