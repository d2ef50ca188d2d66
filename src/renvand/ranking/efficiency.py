"""Data envelopment: how little of the inputs would do, judged by the best of the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from renvand.errors import Fault, FileError, SolveError
from renvand.ranking.table import Array, Table, Values, read

SLACK = 1e-7  # of the size of an input or output; below, the solver's rounding


@dataclass(frozen=True, kw_only=True)
class Efficiency:
    """Input efficiency of each alternative, and whom it is compared with."""

    alternatives: tuple[str, ...]
    theta: Array  # (alternative,), 0 to 1: the inputs could shrink to this share
    peers: Array  # (alternative, alternative): shares of the peers each row is compared with
    is_efficient: NDArray[np.bool_]  # (alternative,): theta 1 and nothing left to save singly


def efficiency(
    inputs: Values, outputs: Values, *, returns: Literal["constant", "variable"] = "constant"
) -> Efficiency:
    """Compare inputs used for outputs made (DEA, input oriented).

    Not for few alternatives: with less than three times as many as inputs and outputs together,
    nearly all look efficient.

    Parameters
    ----------
    inputs : DataFrame or array (alternative, input)
        Positive; such as energy and chemicals.
    outputs : DataFrame or array (alternative, output)
        Not negative; such as load removed.
    returns : str
        'constant' to scale (CCR), or 'variable' (BCC): small ones are compared with small ones.

    Raises
    ------
    FileError
        When the rows do not fit or a number is negative.
    SolveError
        When a linear programme has no answer.

    References
    ----------
    charnes1978, banker1984, cooper2007
    """
    x, y = read(inputs), read(outputs)
    _check(x, y)
    # Each column to its own largest: the answer does not depend on units, the solver does.
    xs, ys = x.x / x.x.max(axis=0), y.x / np.maximum(y.x.max(axis=0), 1e-300)
    n = len(xs)
    theta, peers, efficient = np.empty(n), np.zeros((n, n)), np.zeros(n, dtype=bool)
    for i, name in enumerate(x.alternatives):
        theta[i], peers[i], slack = _envelop(
            xs, ys, i=i, name=name, is_scaled=returns == "constant"
        )
        efficient[i] = theta[i] > 1 - SLACK and slack < SLACK
    return Efficiency(alternatives=x.alternatives, theta=theta, peers=peers, is_efficient=efficient)


def _check(x: Table, y: Table) -> None:
    faults: list[Fault] = []
    if x.alternatives != y.alternatives:
        do = "Give the same rows in the same order."
        faults.append(Fault(where="outputs", what="has other rows than inputs.", do=do))
    for table, where, low in ((x, "inputs", "above zero"), (y, "outputs", "zero or more")):
        bad = table.x <= 0 if where == "inputs" else table.x < 0
        faults += [
            Fault(
                where=f"{where}, {table.alternatives[i]}, {table.criteria[j]}",
                what=f"is {table.x[i, j]:g}.",
                do=f"Give a number {low}.",
            )
            for i, j in np.argwhere(bad)
        ]
    if faults:
        raise FileError(faults)


def _envelop(
    x: Array, y: Array, *, i: int, name: str, is_scaled: bool
) -> tuple[float, Array, float]:
    """Shrink the inputs of row i as far as the others allow, then look for single savings."""
    n = len(x)
    none = np.zeros(n + 1)
    smallest = np.r_[1.0, none[1:]]
    at_most = np.vstack([np.c_[-x[i], x.T], np.c_[np.zeros(y.shape[1]), -y.T]])
    bound = np.r_[np.zeros(x.shape[1]), -y[i]]
    equal = None if is_scaled else np.r_[0.0, np.ones(n)][None, :]
    theta = _solve(smallest, at_most=at_most, bound=bound, equal=equal, first=None, name=name)[0]
    # With theta held, the largest sum of slacks: what single inputs or outputs could still give.
    saved = at_most[:, 1:].sum(axis=0)
    found = _solve(
        np.r_[0.0, saved], at_most=at_most, bound=bound, equal=equal, first=theta, name=name
    )
    slack = float((bound - at_most @ found).sum())
    return float(min(theta, 1.0)), found[1:], slack


def _solve(
    cost: Array,
    *,
    at_most: Array,
    bound: Array,
    equal: Array | None,
    first: float | None,
    name: str,
) -> Array:
    from scipy.optimize import linprog

    limits: list[tuple[float | None, float | None]] = [(0.0, None)] * len(cost)
    if first is not None:
        limits[0] = (first, first)
        bound = bound + 1e-10  # the first solve rounded; leave the second a hair of room
    answer = linprog(
        cost,
        A_ub=at_most,
        b_ub=bound,
        A_eq=equal,
        b_eq=None if equal is None else np.ones(1),
        bounds=limits,
        method="highs",
    )
    if answer.x is None:
        raise SolveError(
            Fault(where=f"efficiency, {name}", what=str(answer.message), do="Check this row.")
        )
    return np.asarray(answer.x, dtype=np.float64)
