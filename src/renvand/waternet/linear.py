"""HiGHS as our linear solver: arrays in, point and bound out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from renvand.waternet.algebra import Model

_WIDE = 20  # columns for each row
_PRIMAL = 4  # HiGHS: primal simplex

Vector = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True, kw_only=True)
class Linear:
    """Make ``cost·x`` small with ``low <= A x <= high`` and bounds on x."""

    cost: Vector
    matrix: csr_array
    low: Vector
    high: Vector
    x_low: Vector
    x_high: Vector
    is_whole: tuple[bool, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LinearAnswer:
    """What HiGHS found."""

    status: str  # optimal, infeasible, unbounded, time
    x: Vector | None
    value: float
    bound: float


def solve_linear(problem: Linear, *, seconds: float = 60.0, gap: float = 1e-9) -> LinearAnswer:
    """Solve a linear or mixed-integer problem on one thread.

    Parameters
    ----------
    problem : Linear
        The problem.
    seconds : float
        Time allowed. [s]
    gap : float
        Relative gap at which to stop, where variables are whole.

    Returns
    -------
    LinearAnswer
        Status, point, value and proven bound.
    """
    import highspy

    # The class itself; what highspy puts around it prints a banner before it can be silenced.
    solver: Any = highspy.Highs.__bases__[0]()
    for name, value in (
        ("log_to_console", False),
        ("output_flag", False),
        ("threads", 1),
        ("mip_rel_gap", gap),
        *_manner(problem),
    ):
        solver.setOptionValue(name, value)
    solver.setOptionValue("time_limit", max(seconds, 0.01))
    solver.passModel(_highs(problem))
    solver.run()
    words = {
        highspy.HighsModelStatus.kOptimal: "optimal",
        highspy.HighsModelStatus.kInfeasible: "infeasible",
        highspy.HighsModelStatus.kUnbounded: "unbounded",
        highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
    }
    status = words.get(solver.getModelStatus(), "time")
    information = solver.getInfo()
    if information.primal_solution_status != 2:  # 2: a feasible point is there
        return LinearAnswer(status=status, x=None, value=math.inf, bound=-math.inf)
    value = float(information.objective_function_value)
    bound = float(information.mip_dual_bound) if any(problem.is_whole) else value
    point = np.array(solver.getSolution().col_value)
    return LinearAnswer(status=status, x=point, value=value, bound=bound)


def _manner(problem: Linear) -> Iterator[tuple[str, object]]:
    """Choose how HiGHS works, as measured (benchmarks/waternet)."""
    height, width = problem.matrix.shape
    if width > _WIDE * height and not any(problem.is_whole):  # of very many pipes few are used
        yield "presolve", "off"
        yield "simplex_strategy", _PRIMAL


def _highs(problem: Linear) -> Any:
    import highspy

    matrix = problem.matrix
    made: Any = highspy.HighsLp()
    made.num_row_, made.num_col_ = matrix.shape
    made.col_cost_, made.col_lower_, made.col_upper_ = problem.cost, problem.x_low, problem.x_high
    made.row_lower_, made.row_upper_ = problem.low, problem.high
    made.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    made.a_matrix_.start_ = matrix.indptr
    made.a_matrix_.index_ = matrix.indices
    made.a_matrix_.value_ = matrix.data
    if any(problem.is_whole):
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        made.integrality_ = [kinds[is_whole] for is_whole in problem.is_whole]
    return made


def linear_of(model: Model) -> Linear:
    """Write a linear model as arrays."""
    from scipy.sparse import csr_array

    cost = np.zeros(len(model.names))
    for term, factor in model.objective.terms.items():
        if term:
            cost[term[0]] = factor
    bodies = [row.body.terms for row in model.rows]
    ends = np.concatenate([[0], np.cumsum([len(body) for body in bodies], dtype=np.intp)])
    columns = np.fromiter((term[0] for term in chain.from_iterable(bodies)), dtype=np.int32)
    values = np.fromiter(chain.from_iterable(body.values() for body in bodies), dtype=float)
    shape = (len(model.rows), len(model.names))
    return Linear(
        cost=cost,
        matrix=csr_array((values, columns, ends), shape=shape),
        low=np.array([row.low for row in model.rows]),
        high=np.array([row.high for row in model.rows]),
        x_low=np.array(model.low),
        x_high=np.array(model.high),
        is_whole=tuple(model.is_whole),
    )
