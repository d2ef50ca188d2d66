"""What others make of the same models: SCIP as it comes, Ipopt from many starts, Gurobi.

Ipopt comes with CasADi; Gurobi's wheel solves small models without a licence. Who is not
installed is left out.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from renvand.waternet.algebra import Model
from renvand.waternet.case import WaterCase
from renvand.waternet.proof import Effort, run
from renvand.waternet.superstructure import superstructure

STARTS = 30
CAP = 1e6  # for what has no upper bound
GUROBI_LIMIT = 10010  # its code for a model beyond the free size


@dataclass(frozen=True, kw_only=True)
class Peer:
    """What a solver reached: CPU seconds, network, gap; inf for what it does not give."""

    seconds: float
    value: float
    gap: float

    def __str__(self) -> str:
        value = f"{self.value:.6g}" if math.isfinite(self.value) else "none"
        gap = f", gap {self.gap:.2%}" if math.isfinite(self.gap) else ""
        return f"{self.seconds:.2f} s, {value}{gap}"


def scip(case: WaterCase, seconds: float) -> Peer:
    """Let SCIP solve the model without our rows, with its own settings."""
    model = superstructure(case, is_plain=True).model
    before = time.process_time()
    proof = run(model, None, Effort(seconds=seconds, gap=1e-4, is_plain=True))
    spent = time.process_time() - before
    value = math.inf if proof.x is None else model.cost(proof.x.tolist())
    return Peer(seconds=spent, value=value, gap=_gap(value, proof.bound))


def _gap(value: float, bound: float) -> float:
    return max(0.0, (value - bound) / abs(value)) if math.isfinite(value) else math.inf


def ipopt(case: WaterCase, *, starts: int = STARTS, seed: int = 0) -> Peer | None:
    """Let Ipopt go down from many starts; it proves nothing."""
    try:
        import casadi
    except ImportError:
        return None
    model = superstructure(case, is_plain=True).model
    before = time.process_time()
    x: Any = casadi.SX.sym("x", len(model.names))
    variables = [x[i] for i in range(len(model.names))]
    cost = model.objective.over(variables)
    for power in model.powers:
        cost = cost + power.factor * (x[power.variable] + 1e-8) ** power.exponent
    rows = [row.body.over(variables) for row in model.rows]
    quiet = {"ipopt.print_level": 0, "print_time": False, "ipopt.sb": "yes"}
    problem = {"x": x, "f": cost, "g": casadi.vertcat(*rows)}
    solver: Any = casadi.nlpsol("solver", "ipopt", problem, {**quiet, "ipopt.max_iter": 500})
    low, high = np.array(model.low), np.minimum(np.array(model.high), CAP)
    chance = np.random.default_rng(seed)
    best = math.inf
    for _ in range(starts):
        answer = solver(
            x0=low + chance.random(len(low)) * (high - low),
            lbx=low,
            ubx=high,
            lbg=[row.low for row in model.rows],
            ubg=[row.high for row in model.rows],
        )
        point = np.array(answer["x"]).ravel()
        if model.violation(point.tolist()) < 1e-5:
            best = min(best, model.cost(point.tolist()))
    return Peer(seconds=time.process_time() - before, value=best, gap=math.inf)


def gurobi(case: WaterCase, seconds: float) -> Peer | None:
    """Let Gurobi solve the model with our rows, if it is small enough for its free size."""
    try:
        import gurobipy
    except ImportError:
        return None
    model = superstructure(case).model
    if model.powers:
        return None
    environment: Any = gurobipy.Env(empty=True)
    environment.setParam("OutputFlag", 0)
    environment.start()
    solver: Any = gurobipy.Model(env=environment)
    solver.Params.Threads, solver.Params.TimeLimit, solver.Params.MIPGap = 1, seconds, 1e-4
    variables = [
        solver.addVar(lb=low, ub=min(high, CAP))
        for low, high in zip(model.low, model.high, strict=True)
    ]
    before = time.process_time()
    try:
        _fill(solver, model, variables)
        solver.optimize()
    except gurobipy.GurobiError as error:
        if error.errno != GUROBI_LIMIT:
            raise
        return None
    spent = time.process_time() - before
    value = solver.ObjVal if solver.SolCount else math.inf
    return Peer(seconds=spent, value=value, gap=_gap(value, solver.ObjBound))


def _fill(solver: Any, model: Model, variables: list[Any]) -> None:
    for row in model.rows:
        body = row.body.over(variables)
        if row.low == row.high:
            solver.addConstr(body == row.low)
            continue
        if math.isfinite(row.low):
            solver.addConstr(body >= row.low)
        if math.isfinite(row.high):
            solver.addConstr(body <= row.high)
    solver.setObjective(model.objective.over(variables))
