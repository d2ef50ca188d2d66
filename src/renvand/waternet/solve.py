"""The best water network of a case, with the proof of how good it is."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from renvand.errors import SolveError
from renvand.waternet.case import Node, Pipe, WaterCase
from renvand.waternet.descent import FEASIBLE, Arrays, Limits, Point, best_of_many
from renvand.waternet.linear import Vector, linear_of, solve_linear
from renvand.waternet.proof import Proof, prove
from renvand.waternet.superstructure import Superstructure, superstructure
from renvand.waternet.tighten import tighten

if TYPE_CHECKING:
    import pandas as pd

_STARTS = 24
_REPEATS = 2
_SHARE = 0.3  # of the time allowed, for the search from many starts
_TRIFLE = 1e-6  # flow below this share of the largest is no pipe


@dataclass(frozen=True, kw_only=True)
class Network:
    """A water network and how good it is.

    Attributes
    ----------
    objective, bound : float
        What it costs (or takes), and below what no network can go.
    gap : float
        Relative difference of the two.
    status : str
        'optimal' when the gap is closed, 'time' when stopped early.
    seconds : float
        Time taken. [s]
    fresh, treated, discharged : float
        Flows, in the unit of the case.
    flows : DataFrame
        One row a pipe: from_role, from, to_role, to, flow and one column a contaminant [ppm].
    """

    case: str
    objective: float
    bound: float
    gap: float
    status: str
    seconds: float
    fresh: float
    treated: float
    discharged: float
    flows: pd.DataFrame

    @property
    def is_proven(self) -> bool:
        """Say whether no better network exists, within the gap asked for."""
        return self.status == "optimal"


def solve(
    case: WaterCase,
    present: Iterable[Pipe] = (),
    *,
    most_new: int | None = None,
    seconds: float = 60.0,
    gap: float = 1e-4,
    seed: int = 0,
) -> Network:
    """Find the best network of a case and prove how good it is.

    Parameters
    ----------
    case : WaterCase
        The plant.
    present : iterable of pipe
        Pipes that stand already.
    most_new : int, optional
        How many pipes may be built at most.
    seconds : float
        Time allowed; stopped early, the best network so far comes with its gap. [s]
    gap : float
        Relative gap that counts as proven.
    seed : int
        Of the random starts.

    Returns
    -------
    Network
        The network, its objective, bound, gap, status and flows.

    Raises
    ------
    SolveError
        When no network exists, with the smallest relaxation that would allow one; or when none
        was found in time.
    """
    started = time.perf_counter()
    pipes = tuple(present)
    exact = superstructure(case, pipes, most_new=most_new)
    if exact.model.is_linear:
        answer = solve_linear(linear_of(exact.model), seconds=seconds, gap=min(gap, 1e-7))
        proof, start = Proof(status=answer.status, x=answer.x, bound=answer.bound), None
    else:
        tighten(exact.model)
        start = None
        if not any(exact.model.is_whole):
            start = _first(exact, seconds=_SHARE * seconds, seed=seed)
        left = seconds - (time.perf_counter() - started)
        proof = prove(exact.model, start, seconds=left, gap=gap)
    x = best_point(exact, start, proof)
    if x is None:
        from renvand.waternet.relax import no_network

        raise SolveError(no_network(case, status=proof.status, seconds=seconds))
    return network_of(exact, x, proof=proof, seconds=time.perf_counter() - started, gap=gap)


def _first(exact: Superstructure, *, seconds: float, seed: int) -> Point | None:
    loose = superstructure(exact.case, is_loose=True).model
    loose.low[:], loose.high[:] = exact.model.low, exact.model.high
    limits = Limits(starts=_STARTS, repeats=_REPEATS, seconds=seconds, seed=seed)
    return best_of_many(loose, exact.model, qualities=exact.quality_numbers(), limits=limits)


def best_point(made: Superstructure, start: Point | None, proof: Proof) -> Vector | None:
    """Choose the better of the network we started from and the one the global solver gives."""
    if proof.x is None:
        return None if start is None else start.x
    if start is None:
        return proof.x
    found = made.model.cost(proof.x.tolist())
    # the solver may undercut by its feasibility tolerance; then ours is the exact one
    is_better = found < start.value - 1e-6 * abs(start.value)
    return proof.x if is_better else start.x


def network_of(
    made: Superstructure, x: Vector, *, proof: Proof, seconds: float, gap: float
) -> Network:
    """Read a network out of the values of a model's variables."""
    point = _settled(made, x)
    values = point.tolist()
    objective = made.model.cost(values)
    bound = min(proof.bound, objective)
    difference = (objective - bound) / max(abs(objective), 1e-9)
    is_closed = proof.status == "optimal" or difference <= gap
    return Network(
        case=made.case.id,
        objective=objective,
        bound=bound,
        gap=difference if math.isfinite(difference) else math.inf,
        status="optimal" if is_closed else "time",
        seconds=seconds,
        fresh=_through(made, values, role="fresh"),
        treated=sum(
            made.through[Node(role="treatment", name=t.name)].at(values)
            for t in made.case.treatments
        ),
        discharged=sum(
            flow.at(values) for (_, end), flow in made.pipes.items() if end.role == "discharge"
        ),
        flows=_frame(made, values),
    )


def _settled(made: Superstructure, x: Vector) -> Vector:
    """Take the concentrations from the exact balances where that keeps every row."""
    if made.model.is_linear or any(made.model.is_whole):
        return x
    arrays = Arrays(made.model)
    settled = arrays.settled(x, qualities=made.quality_numbers())
    return settled if arrays.misses(settled).max(initial=0.0) <= 10 * FEASIBLE else x


def _through(made: Superstructure, values: list[float], *, role: str) -> float:
    return sum(flow.at(values) for (start, _), flow in made.pipes.items() if start.role == role)


def _frame(made: Superstructure, values: list[float]) -> pd.DataFrame:
    import pandas as pd

    trifle = _TRIFLE * made.case.largest_flow()
    rows = [
        {
            "from_role": start.role,
            "from": start.name,
            "to_role": end.role,
            "to": end.name,
            "flow": flow.at(values),
            **{k: made.quality[start, k].at(values) for k in made.case.contaminants},
        }
        for (start, end), flow in made.pipes.items()
        if flow.at(values) > trifle
    ]
    columns = ["from_role", "from", "to_role", "to", "flow", *made.case.contaminants]
    return pd.DataFrame(rows, columns=pd.Index(columns))
