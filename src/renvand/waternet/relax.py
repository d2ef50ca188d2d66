"""Why there is no network: which demand cannot be met, and by how much it must give way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from renvand.errors import Fault
from renvand.waternet.case import DISCHARGE, Node, WaterCase
from renvand.waternet.linear import Vector, linear_of, solve_linear
from renvand.waternet.proof import Effort, prove
from renvand.waternet.superstructure import Superstructure, superstructure
from renvand.waternet.tighten import tighten

_SECONDS = 20.0  # for the smallest relaxation
_TRIFLE = 1e-6


def no_network(case: WaterCase, *, status: str, seconds: float) -> list[Fault]:
    """Say in words why a case has no network.

    Parameters
    ----------
    case : WaterCase
        The case.
    status : str
        What the solver said: 'infeasible', 'unbounded' or 'time'.
    seconds : float
        Time it had. [s]

    Returns
    -------
    list of Fault
        One for each demand that has to give way in the smallest relaxation.
    """
    where = f"case '{case.id}'"
    if status == "unbounded":
        what = "has no least cost: something can grow without end."
        return [Fault(where=where, what=what, do="Check for costs below zero.")]
    free = replace(case, pipe_cost=0.0, pipe_cost_m=0.0, pipe_least=0.0)
    faults = list(_misses(replace(free, most_pipes=None, most_into=None, most_from=None)))
    if faults:
        return faults
    if status == "time":
        what = f"no network was found in {seconds:.0f} s."
        return [Fault(where=where, what=what, do="Allow more time.")]
    what = "has no network, whatever sinks and operations accept."
    do = "Check capacities ('max', 'flow_max', 'fmax') and outlets ('cout')."
    if case.counts_pipes:
        what = "has no network of the pipes allowed."
        do = "Allow more pipes ('most_pipes', 'most_into', 'most_from') or smaller ones."
    return [Fault(where=where, what=what, do=do)]


def _misses(case: WaterCase) -> Iterator[Fault]:
    made = superstructure(case, is_elastic=True)
    if made.model.is_linear:
        x = solve_linear(linear_of(made.model), seconds=_SECONDS).x
    else:
        tighten(made.model)
        x = prove(made.model, None, Effort(seconds=_SECONDS, gap=1e-3)).x
    if x is None:
        return
    values = x.tolist()
    for (node, what), short in made.short.items():
        if short.at(values) > _TRIFLE:
            yield _told(made, node, what=what, x=x)


def _told(made: Superstructure, node: Node, *, what: str, x: Vector) -> Fault:
    case, values = made.case, x.tolist()
    where = f"case '{case.id}', {node}"
    entering = made.inflow(node).at(values)
    if what == "flow":
        wanted = next(s.flow for s in case.sinks if s.name == node.name)
        said = (
            f"gets {entering:.6g} of {wanted:.6g} {case.unit}; "
            f"{wanted - entering:.6g} {case.unit} are missing."
        )
        return Fault(where=where, what=said, do="Allow more fresh water, or a smaller demand.")
    limit = _limit(case, node, contaminant=what)
    reached = made.carried_in(node, what).at(values) / max(entering, 1e-12)
    said = (
        f"cannot be kept at {limit:.6g} ppm {what}: the best is {reached:.6g} ppm, "
        f"{reached - limit:.6g} ppm too much."
    )
    do = "Give cleaner fresh water, more treatment, or a weaker demand."
    return Fault(where=where, what=said, do=do)


def _limit(case: WaterCase, node: Node, *, contaminant: str) -> float:
    if node == DISCHARGE:
        return (case.limit or {})[contaminant]
    if node.role == "sink":
        return next(s.worst for s in case.sinks if s.name == node.name)[contaminant]
    return next(o.inlet for o in case.operations if o.name == node.name)[contaminant]
