"""All flows of a plant by one linear solve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from renvand.errors import Fault, PlantError
from renvand.plant.drawing import INFLUENT, Drawing
from renvand.process.model import Array


@dataclass(frozen=True, kw_only=True)
class Network:
    """Flows as sums of what is given: the influent, and every pipe that says how much it takes."""

    nodes: tuple[str, ...]  # all units
    drawn: tuple[int, ...]  # of what is pumped, that which takes from a moving level
    pumped: tuple[int, ...]  # pipes with a given flow, and the line out of each moving level
    thickened: tuple[int, ...]  # pipes that take as much as makes the sludge so thick
    over: tuple[int, ...]  # pipes that take what comes beyond a given influent
    per_influent: Array  # (pipe,)
    per_pump: Array  # (pumped pipe, pipe)
    per_thickened: Array  # (thickened pipe, pipe)
    per_over: Array  # (pipe of over, pipe)

    def flows(self, influent: float, pumps: Array, *, limits: Array | None = None) -> Array:
        """Give the flow of every pipe while nothing is thickened, array (pipe,). [m³/d]"""
        flows = influent * self.per_influent + pumps @ self.per_pump
        if limits is not None:
            flows = flows + np.maximum(influent - limits, 0.0) @ self.per_over
        return flows


def solve(drawing: Drawing, *, draining: frozenset[str] = frozenset()) -> Network:
    """Find how every pipe depends on the influent and on the pipes with a flow of their own.

    What reaches a unit leaves it: pumps take their flow, shares their part, gravity the rest. A
    tank whose level moves keeps what comes; while it drains it passes that on, and more.

    Raises
    ------
    PlantError
        When water goes round without a way out, or shares take more than all.
    """
    pipes, nodes = drawing.pipes, drawing.units
    at = {name: i for i, name in enumerate(nodes)}
    keeps = set(drawing.stores)
    of_level = tuple(i for i, p in enumerate(pipes) if p.is_gravity and p.source in keeps)
    pumped = (*(i for i, pipe in enumerate(pipes) if pipe.flow is not None), *of_level)
    thickened = tuple(i for i, pipe in enumerate(pipes) if pipe.solids is not None)
    over = tuple(i for i, pipe in enumerate(pipes) if pipe.above is not None)
    column = {i: n for n, i in enumerate((*pumped, *thickened, *over), start=1)}
    # through[node] = sum of what arrives; each pipe = part * through[source] + given
    part = np.zeros((len(pipes), len(nodes)))
    given = np.zeros((len(pipes), 1 + len(column)))
    for i, pipe in enumerate(pipes):
        if i in column:
            given[i, column[i]] = 1.0
        elif pipe.share is not None and pipe.source == INFLUENT:
            given[i, 0] = pipe.share
        elif pipe.share is not None:
            part[i, at[pipe.source]] = pipe.share
    for i, pipe in enumerate(pipes):
        if not pipe.is_gravity or pipe.source in keeps - draining:
            continue
        others = [j for j, other in enumerate(pipes) if other.source == pipe.source and j != i]
        given[i] -= given[others].sum(axis=0)
        if pipe.source == INFLUENT:
            given[i, 0] += 1.0
        else:
            part[i, at[pipe.source]] = 1.0 - part[others, at[pipe.source]].sum()
    arrive = np.zeros((len(nodes), len(pipes)))
    for i, pipe in enumerate(pipes):
        if pipe.target in at:
            arrive[at[pipe.target], i] = 1.0
    balance = np.eye(len(nodes)) - arrive @ part
    if nodes and np.linalg.cond(balance) > 1e12:
        what = "water goes round without a way out."
        do = "Let the line end at an outlet, such as 'effluent'."
        raise PlantError(Fault(where=f"plant '{drawing.name}'", what=what, do=do))
    flows = part @ np.linalg.solve(balance, arrive @ given) + given
    pump, thick = 1 + len(pumped), 1 + len(pumped) + len(thickened)
    return Network(
        nodes=nodes, drawn=tuple(n for n, i in enumerate(pumped) if pipes[i].source in keeps),
        pumped=pumped, thickened=thickened, over=over,
        per_influent=flows[:, 0].copy(), per_pump=flows[:, 1:pump].T.copy(),
        per_thickened=flows[:, pump:thick].T.copy(), per_over=flows[:, thick:].T.copy(),
    )  # fmt: skip


def check_flows(
    drawing: Drawing, network: Network, influent: Array, *, pumps: Array | None = None
) -> None:
    """Refuse a plant whose pumps take more than there is.

    Parameters
    ----------
    drawing : Drawing
        The plant.
    network : Network
        Its flows, from :func:`solve`.
    influent : array (row,)
        Influent flows that will come. [m³/d]
    pumps : array (pumped pipe,), optional
        What pumps take; as drawn when left out. [m³/d]

    Raises
    ------
    PlantError
        Naming each unit, by how much, and at which influent.
    """
    if pumps is None:
        pumps = np.array([drawing.pipes[i].flow or 0.0 for i in network.pumped])
    faults: list[Fault] = []
    lowest = float(np.min(influent))
    limits = np.array([drawing.pipes[i].above or 0.0 for i in network.over])
    for row in (lowest, float(np.max(influent))):
        flows = network.flows(row, pumps, limits=limits)
        for i, pipe in enumerate(drawing.pipes):
            if flows[i] < -1e-9 * max(1.0, abs(row)) and pipe.is_gravity:
                what = (
                    f"pumps take {-flows[i]:.0f} m³/d more from '{pipe.source}' than flows into it"
                )
                fault = Fault(
                    where=f"plant '{drawing.name}'",
                    what=f"{what}, at an influent of {row:.0f} m³/d.",
                    do="Lower a pump, or its share.",
                )
                if all(fault.what.split(" more ")[1].split("'")[1] not in f.what for f in faults):
                    faults.append(fault)
    if faults:
        raise PlantError(faults)
