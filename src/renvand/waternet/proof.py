"""SCIP as our global solver: a bound that proves how good a network is.

References
----------
bestuzheva2025
"""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from renvand.waternet.algebra import Model, Polynomial
    from renvand.waternet.descent import Point
    from renvand.waternet.linear import Vector

# Measured on the published cases (benchmarks/waternet): hyperplanes for single products cost more
# than they bring once every balance stands for all its pipes, bounds narrowed by linear programs
# every tenth level of the tree close what is left, and heuristics find no better than the start.
SETTINGS: Mapping[str, Any] = {
    "nlhdlr/bilinear/enabled": False,
    "propagating/obbt/freq": 10,
    "heuristics/undercover/freq": -1,
    "heuristics/mpec/freq": -1,
    "heuristics/rins/freq": -1,
    "heuristics/crossover/freq": -1,
    "heuristics/subnlp/freq": 10,
    "parallel/maxnthreads": 1,
    "timing/clocktype": 2,  # wall clock
    "randomization/randomseedshift": 0,
}


_SOPLEX_NOTE = b"Cannot set optimality tolerance to small value"


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What the global solver knows at its end."""

    status: str  # optimal, infeasible, unbounded, time
    x: Vector | None
    bound: float


def prove(
    model: Model, start: Point | None, *, seconds: float, gap: float, is_plain: bool = False
) -> Proof:
    """Search for a better network, or prove that there is none.

    Parameters
    ----------
    model : Model
        The problem.
    start : Point, optional
        A network known already.
    seconds : float
        Time allowed. [s]
    gap : float
        Relative gap between network and bound at which to stop.
    is_plain : bool
        Leave all settings of SCIP as they come; for comparison.

    Returns
    -------
    Proof
        Best point and bound, also when stopped early.
    """
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
    for name, value in SETTINGS.items():
        if not is_plain or name.startswith(("timing/", "parallel/")):
            solver.setParam(name, value)
    solver.setParam("limits/time", max(seconds, 0.01))
    solver.setParam("limits/gap", gap)
    if start is not None:
        _offer(solver, model, start=start, variables=[*variables, *powers])
    with _without(_SOPLEX_NOTE):
        solver.optimize()
    words = {"optimal": "optimal", "gaplimit": "optimal", "infeasible": "infeasible"}
    status = words.get(solver.getStatus(), "unbounded" if _is_open(solver) else "time")
    x = np.array([solver.getVal(v) for v in variables]) if solver.getNSols() else None
    return Proof(status=status, x=x, bound=float(solver.getDualbound()))


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
    def written(body: Polynomial) -> Any:
        made: Any = 0.0
        for term, factor in body.terms.items():
            product: Any = factor
            for number in term:
                product = product * variables[number]
            made = made + product
        return made

    for row in model.rows:
        if not row.body.terms:
            continue
        body = written(row.body)
        if row.low == row.high:
            solver.addCons(body == row.low)
            continue
        if math.isfinite(row.low):
            solver.addCons(body >= row.low)
        if math.isfinite(row.high):
            solver.addCons(body <= row.high)
    objective = written(model.objective)
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
