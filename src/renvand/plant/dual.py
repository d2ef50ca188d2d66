"""Machines whose numbers carry their derivative by one lever or parameter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from renvand.plant.simulate import Machine
from renvand.process.dual import dual
from renvand.process.model import Array

if TYPE_CHECKING:
    from renvand.plant.plant import Plant

# A lever enters through the plant's arrays, closed formulas of it: volumes as 1/V, yields through
# the matrix. Their slopes are differences of order 4: what a step of 1/1000 leaves is rounding.
# What is computed from the arrays, states and outputs, is not differenced.
STEP = 1e-3
WEIGHTS = ((-2, 1 / 12), (-1, -8 / 12), (1, 8 / 12), (2, -1 / 12))
PLAIN = frozenset({"row_times", "stages", "scale", "noise"})  # times and tolerances have none


@dataclass(frozen=True, kw_only=True, eq=False)
class Leaning:
    """How the numbers of a plant's machine, and its observables, lean on one lever."""

    name: str
    value: float
    arguments: tuple[Any, ...]  # as Machine.arguments, each array a slope
    setpoints: Array  # (controller,)
    observables: dict[str, Array]


def leaning(
    plant: Plant, name: str, value: float, *, machine: Callable[[Plant], Machine]
) -> Leaning:
    """Find how a plant's numbers lean on a lever.

    Parameters
    ----------
    plant : Plant
        As drawn.
    name, value : str, float
        The lever or parameter, and what it is; not 0.
    machine : callable
        Sets up the machine of a plant.
    """
    step = STEP * abs(value)
    moved = [plant.changed({name: value + k * step}) for k, _ in WEIGHTS]

    def slope(parts: Sequence[Array]) -> Array:
        whole = np.zeros_like(parts[0])
        for (_, weight), part in zip(WEIGHTS, parts, strict=True):
            whole += weight / step * part
        return whole

    setpoints = [
        np.array([c.setpoint for c in one.drawing.controllers.values()], dtype=float)
        for one in moved
    ]
    return Leaning(
        name=name,
        value=value,
        arguments=_joined(slope, [machine(one).arguments for one in moved]),
        setpoints=slope(setpoints),
        observables={
            o: slope([one.model.observables[o] for one in moved]) for o in plant.model.observables
        },
    )


def dual_machine(machine: Machine, along: Leaning | None = None) -> Machine:
    """Give a machine of dual numbers; without slopes where nothing leans."""
    if along is None:
        whole = _joined(lambda one: dual(one[0], np.zeros_like(one[0])), [machine.arguments])
    else:
        whole = _joined(lambda two: dual(two[0], two[1]), [machine.arguments, along.arguments])
    made = copy(machine)
    made.q0, made.kla, s, p, made.h, _, F, made.flows, made.work, made.loops, made.digesting = whole
    made.plan = replace(machine.plan, s=s, p=p, F=F)
    made.clock = machine.clock.copy()
    return made


def _joined(how: Callable[[list[Array]], Any], trees: list[Any]) -> Any:
    """Join arrays of numbers that stand at the same places of some trees of tuples.

    What is one array at two places stays one: kernels hand on results so.
    """
    made: dict[int, Any] = {}

    def joined(some: tuple[Any, ...], name: str) -> Any:
        first = some[0]
        if isinstance(first, tuple):
            names = getattr(first, "_fields", ("",) * len(first))
            parts = [joined(tuple(each), one) for one, *each in zip(names, *some, strict=True)]
            return type(first)(*parts) if hasattr(first, "_fields") else tuple(parts)
        if not isinstance(first, np.ndarray) or first.dtype != float or name in PLAIN:
            return first
        if id(first) not in made:
            made[id(first)] = how(list(some))
        return made[id(first)]

    return joined(tuple(trees), "")
