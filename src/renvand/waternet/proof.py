"""SCIP as our global solver: a bound that proves how good a network is.

References
----------
bestuzheva2025
"""

from __future__ import annotations

import math
import os
import tempfile
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from renvand.waternet.stop import stopped_after

if TYPE_CHECKING:
    from renvand.waternet.algebra import Model
    from renvand.waternet.descent import Point
    from renvand.waternet.linear import Vector

# Measured on the published cases (benchmarks/waternet): hyperplanes for single products cost more
# than they bring once every balance stands for all its pipes, and primal heuristics find no better
# than the network we start from.
SETTINGS: Mapping[str, Any] = {
    "nlhdlr/bilinear/enabled": False,
    "parallel/maxnthreads": 1,
    "timing/clocktype": 2,  # wall: cheap to read; what stops the solver is our own, by CPU time
    "timing/statistictiming": False,
    "randomization/randomseedshift": 0,
}
_MACHINE = ("timing/", "parallel/")  # settings that say nothing of how to solve
HEURISTICS = (
    *("adaptivediving", "alns", "clique", "coefdiving", "conflictdiving", "crossover"),
    *("distributiondiving", "farkasdiving", "feaspump", "fracdiving", "gins", "guideddiving"),
    *("linesearchdiving", "locks", "lpface", "mpec", "multistart", "nlpdiving", "objpscostdiving"),
    *("pscostdiving", "randrounding", "rens", "rins", "rootsoldiving", "shiftandpropagate"),
    *("shifting", "undercover", "vbounds", "veclendiving"),
)
# In a small problem bounds narrowed by linear programs at every node close the tree at once
# (wastewater15: 4.4 s to 0.9 s, waterund18: 0.9 s to 0.1 s); in a large one they only pay at the
# root. There a quick try goes without the local solver; it is most of the work where the start is
# the best already (wastewater13: 2.0 s to 0.4 s), and cannot be done without where it is not.
_SMALL = 70  # variables
_QUICK = 1.5  # CPU seconds
_HASTE = 5.0  # s; with less, a large problem is better off without narrowed bounds


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How much work the global solver may put into a problem."""

    seconds: float  # CPU time
    gap: float  # relative, between network and bound, at which to stop
    is_plain: bool = False  # all settings as SCIP comes; for comparison
    is_quick: bool = False  # without the local solver


def settings_of(model: Model, effort: Effort) -> dict[str, Any]:
    """Choose what SCIP shall do for a model, by its size, the time, and whether pipes count."""
    if effort.is_plain:
        return {name: value for name, value in SETTINGS.items() if name.startswith(_MACHINE)}
    chosen = dict(SETTINGS)
    is_small = len(model.names) <= _SMALL
    has_time = effort.is_quick or effort.seconds > _HASTE
    chosen["propagating/obbt/freq"] = 1 if is_small else 0 if has_time else -1
    if any(model.is_whole):
        return chosen | {"propagating/obbt/freq": 10}
    chosen |= {f"heuristics/{name}/freq": -1 for name in HEURISTICS}
    return chosen | {"heuristics/subnlp/freq": -1 if effort.is_quick else 10}


_SOPLEX_NOTE = b"Cannot set optimality tolerance to small value"


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What the global solver knows at its end."""

    status: str  # optimal, infeasible, unbounded, time
    x: Vector | None
    bound: float


def prove(model: Model, start: Point | None, effort: Effort) -> Proof:
    """Search for a better network, or prove that there is none: a quick try, then in earnest.

    Parameters
    ----------
    model : Model
        The problem.
    start : Point, optional
        A network known already.
    effort : Effort
        Time and gap for both together.

    Returns
    -------
    Proof
        Best point and bound, also when stopped early.
    """
    is_small = len(model.names) <= _SMALL
    if is_small or effort.seconds <= _HASTE or any(model.is_whole):
        return run(model, start, effort)
    before = time.process_time()
    quick = run(model, start, replace(effort, seconds=_QUICK, is_quick=True))
    if quick.status != "time":
        return quick
    left = effort.seconds - (time.process_time() - before)
    best = run(model, start, replace(effort, seconds=left))
    return replace(best, bound=max(best.bound, quick.bound))


def run(model: Model, start: Point | None, effort: Effort) -> Proof:
    """Run SCIP once; arguments and answer are those of :func:`prove`."""
    from pyscipopt import Model as Scip

    solver: Any = Scip()
    solver.hideOutput()
    variables = [
        solver.addVar(
            name=f"x{number}", lb=low, ub=None if math.isinf(high) else high, vtype="CB"[is_whole]
        )
        for number, (low, high, is_whole) in enumerate(
            zip(model.low, model.high, model.is_whole, strict=True)
        )
    ]
    powers = _fill(solver, model, variables=variables)
    for name, value in settings_of(model, effort).items():
        solver.setParam(name, value)
    solver.setParam("limits/gap", effort.gap)
    if start is not None:
        _offer(solver, model, start=start, variables=[*variables, *powers])
    with _without(_SOPLEX_NOTE), stopped_after(solver, seconds=effort.seconds):
        solver.optimizeNogil()
    words = {"optimal": "optimal", "gaplimit": "optimal", "infeasible": "infeasible"}
    status = words.get(solver.getStatus(), "unbounded" if _is_open(solver) else "time")
    x = np.array([solver.getVal(v) for v in variables]) if solver.getNSols() else None
    bound = max(float(solver.getDualbound()), _least(model))
    return Proof(status=status, x=x, bound=bound)


def _least(model: Model) -> float:
    """Give what the objective cannot go below within the bounds of its variables alone."""
    ends = (
        factor * math.prod((model.low if factor > 0 else model.high)[i] for i in term)
        for term, factor in model.objective.terms.items()
    )
    return sum(ends)  # concave costs are not below zero


@contextmanager
def _without(note: bytes) -> Generator[None]:
    """Keep one line of the solver's LP library off the error stream; all else goes through.

    SoPlex writes it to file descriptor 2 past every setting of SCIP, dozens of times.
    """
    keep = os.dup(2)
    with tempfile.TemporaryFile() as written:
        os.dup2(written.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(keep, 2)
            os.close(keep)
            written.seek(0)
            for line in written:
                if not line.startswith(note):
                    os.write(2, line)


def _is_open(solver: Any) -> bool:
    return solver.getStatus() in ("unbounded", "inforunbd")


def _fill(solver: Any, model: Model, *, variables: list[Any]) -> list[Any]:
    for row in model.rows:
        if not row.body.terms:
            continue
        body = row.body.over(variables)
        if row.low == row.high:
            solver.addCons(body == row.low)
            continue
        if math.isfinite(row.low):
            solver.addCons(body >= row.low)
        if math.isfinite(row.high):
            solver.addCons(body <= row.high)
    objective = model.objective.over(variables)
    powers: list[Any] = []
    for power in model.powers:
        most = model.high[power.variable] ** power.exponent
        cost = solver.addVar(name=f"power {power.variable}", lb=0.0, ub=most)
        solver.addCons(cost >= variables[power.variable] ** power.exponent)
        objective = objective + power.factor * cost
        powers.append(cost)
    solver.setObjective(objective)
    return powers


def _offer(solver: Any, model: Model, *, start: Point, variables: list[Any]) -> None:
    solution = solver.createSol()
    raised = [max(start.x[p.variable], 0.0) ** p.exponent for p in model.powers]
    for variable, value in zip(variables, [*start.x.tolist(), *raised], strict=True):
        solver.setSolVal(solution, variable, value)
    solver.addSol(solution)
