"""The best water network of a case, with the proof of how good it is."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from renvand.errors import SolveError
from renvand.waternet.case import Node, Pipe, WaterCase
from renvand.waternet.checked import require
from renvand.waternet.descent import FEASIBLE, Arrays, Limits, Point, best_of_many
from renvand.waternet.linear import Vector, linear_of, solve_linear
from renvand.waternet.proof import Effort, Proof, prove
from renvand.waternet.scale import scaled, scales
from renvand.waternet.superstructure import Superstructure, superstructure
from renvand.waternet.tighten import tighten

if TYPE_CHECKING:
    import pandas as pd

_STARTS = 24
_FEW_STARTS = 4
_SMALL = 100  # products of variables; below, the global solver soon finds what few starts miss
_REPEATS = 2
_COARSE = 0.02  # step at which a search ends that only compares
_BRIEF = 2.0  # CPU seconds of a search, where it does not end by itself
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
        CPU time taken. [s]
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

    def __repr__(self) -> str:
        water = f"fresh {self.fresh:.6g}, treated {self.treated:.6g}, {len(self.flows)} pipes"
        proof = f"objective {self.objective:.6g}, bound {self.bound:.6g}, {self.status}"
        return f"<Network of '{self.case}': {water}; {proof}>"

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
    start_at: Network | None = None,
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
        CPU time allowed, so that a busy machine does not change the answer; stopped early, the
        best network so far comes with its gap. [s]
    gap : float
        Relative gap that counts as proven.
    seed : int
        Of the random starts.
    start_at : Network, optional
        A network known already, where pipes are counted; elsewhere one is searched for.

    Returns
    -------
    Network
        The network, its objective, bound, gap, status and flows.

    Raises
    ------
    FileError
        When the case makes no sense, with all its faults.
    SolveError
        When no network exists, with the smallest relaxation that would allow one; or when none
        was found in time.
    """
    require(case)
    started = time.process_time()
    pipes = tuple(present)
    by = scales(case)
    exact = superstructure(scaled(case, by), pipes, most_new=most_new)
    if exact.model.is_linear:
        answer = solve_linear(linear_of(exact.model), seconds=seconds, gap=min(gap, 1e-7))
        bound = answer.bound + exact.model.objective.constant
        proof, start = Proof(status=answer.status, x=answer.x, bound=bound), None
    else:
        tighten(exact.model)
        if any(exact.model.is_whole):
            start = _built(exact, start_at) if start_at else None
        else:
            start = _first(exact, seconds=_SHARE * seconds, seed=seed)
        left = seconds - (time.process_time() - started)
        proof = prove(exact.model, start, Effort(seconds=left, gap=gap))
    x = best_point(exact, start, proof=proof)
    if x is None:
        from renvand.waternet.relax import no_network

        raise SolveError(no_network(case, status=proof.status, seconds=seconds))
    network = network_of(exact, x, proof=proof, seconds=time.process_time() - started, gap=gap)
    return _in_ppm(network, by)


class Search:
    """Good networks of a case within some pipes only: one descent each, without proof."""

    def __init__(self, case: WaterCase) -> None:
        self._by = scales(case)
        self._exact = superstructure(scaled(case, self._by))
        loose = superstructure(self._exact.case, is_loose=True)
        numbers = self._exact.quality_numbers()
        self._search = Arrays(loose.model, numbers)
        self._judge = Arrays(self._exact.model, numbers)

    @property
    def is_linear(self) -> bool:
        """Say whether there is nothing to search: a linear solver gives the best at once."""
        return self._exact.model.is_linear

    def among(self, allowed: Iterable[Pipe], *, is_coarse: bool = False) -> Point | None:
        """Search for a network of some pipes; None when none was found."""
        open_pipes = frozenset(allowed)
        pipes = self._exact.pipes.items()
        closed = [next(iter(flow.terms))[0] for pipe, flow in pipes if pipe not in open_pipes]
        limits = Limits(starts=1, repeats=1, seconds=_BRIEF, seed=0)
        if is_coarse:
            limits = replace(limits, finest=_COARSE)
        return best_of_many(self._search.without(closed), self._judge, limits=limits)

    def network(self, found: Point) -> Network:
        """Write a point as a network, with a bound of minus infinity."""
        proof = Proof(status="time", x=found.x, bound=-math.inf)
        made = network_of(self._exact, found.x, proof=proof, seconds=0.0, gap=0.0)
        return _in_ppm(made, self._by)


def _in_ppm(network: Network, by: dict[str, float]) -> Network:
    flows = network.flows.assign(**{k: network.flows[k] * scale for k, scale in by.items()})
    return replace(network, flows=flows)


def _first(exact: Superstructure, *, seconds: float, seed: int) -> Point | None:
    loose = superstructure(exact.case, is_loose=True).model
    loose.low[:], loose.high[:] = exact.model.low, exact.model.high
    numbers = exact.quality_numbers()
    products = {t for row in exact.model.rows for t in row.body.terms if len(t) == 2}
    starts = _FEW_STARTS if len(products) < _SMALL else _STARTS
    limits = Limits(starts=starts, repeats=_REPEATS, seconds=seconds, seed=seed)
    return best_of_many(Arrays(loose, numbers), Arrays(exact.model, numbers), limits=limits)


def _built(exact: Superstructure, network: Network) -> Point | None:
    """Write a known network as a point of a model that counts pipes."""
    x = np.zeros(len(exact.model.names))
    rows = network.flows.to_dict("records")
    for row in rows:
        pipe = (
            Node(role=row["from_role"], name=row["from"]),
            Node(role=row["to_role"], name=row["to"]),
        )
        if pipe not in exact.pipes:
            return None
        for variable, value in ((exact.pipes[pipe], row["flow"]), (exact.built.get(pipe), 1.0)):
            if variable is not None:
                x[next(iter(variable.terms))[0]] = value
    for node, flow in exact.through.items():
        if not flow.is_constant:
            x[next(iter(flow.terms))[0]] = exact.inflow(node).at(x.tolist())
    arrays = Arrays(exact.model, exact.quality_numbers())
    x = arrays.settled(x)
    if arrays.misses(x).max(initial=0.0) > 10 * FEASIBLE:
        return None
    return Point(x=x, value=exact.model.cost(x.tolist()))


def best_point(made: Superstructure, start: Point | None, *, proof: Proof) -> Vector | None:
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
        treated=math.fsum(
            made.through[Node(role="treatment", name=t.name)].at(values)
            for t in made.case.treatments
        ),
        discharged=math.fsum(
            flow.at(values) for (_, end), flow in made.pipes.items() if end.role == "discharge"
        ),
        flows=_frame(made, values),
    )


def _settled(made: Superstructure, x: Vector) -> Vector:
    """Take the concentrations from the exact balances where that keeps every row."""
    if made.model.is_linear or any(made.model.is_whole):
        return x
    arrays = Arrays(made.model, made.quality_numbers())
    settled = arrays.settled(x)
    return settled if arrays.misses(settled).max(initial=0.0) <= 10 * FEASIBLE else x


def _through(made: Superstructure, values: list[float], *, role: str) -> float:
    return math.fsum(
        flow.at(values) for (start, _), flow in made.pipes.items() if start.role == role
    )


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
