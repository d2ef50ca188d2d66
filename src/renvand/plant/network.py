"""All flows of a plant by one linear solve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from renvand.errors import Fault, PlantError
from renvand.plant.drawing import INFLUENT, Drawing
from renvand.process.model import Array


@dataclass(frozen=True, kw_only=True)
class Network:
    """Flows as sums: ``flow = per_influent * influent + pumps @ per_pump``."""

    nodes: tuple[str, ...]  # tanks, settlers
    pumped: tuple[int, ...]  # pipes with a given flow
    per_influent: Array  # (pipe,)
    per_pump: Array  # (pumped pipe, pipe)

    def flows(self, influent: float | Array, pumps: Array) -> Array:
        """Give the flow of every pipe, array (..., pipe). [m³/d]"""
        return np.multiply.outer(influent, self.per_influent) + pumps @ self.per_pump


def solve(drawing: Drawing) -> Network:
    """Find how every pipe depends on the influent and on the pumps.

    What reaches a unit leaves it: pumps take their flow, shares their part, gravity the rest.

    Raises
    ------
    PlantError
        When water goes round without a way out, or shares take more than all.
    """
    pipes = drawing.pipes
    nodes = (*drawing.tanks, *drawing.settlers)
    at = {name: i for i, name in enumerate(nodes)}
    pumped = tuple(i for i, pipe in enumerate(pipes) if pipe.flow is not None)
    # through[node] = sum of what arrives; each pipe = part * through[source] + given
    part = np.zeros((len(pipes), len(nodes)))
    given = np.zeros((len(pipes), 1 + len(pumped)))
    gravity: dict[str, int] = {}
    for i, pipe in enumerate(pipes):
        if pipe.flow is not None:
            given[i, 1 + pumped.index(i)] = 1.0
        elif pipe.share is None:
            gravity[pipe.source] = i
        elif pipe.source == INFLUENT:
            given[i, 0] = pipe.share
        else:
            part[i, at[pipe.source]] = pipe.share
    for source, i in gravity.items():
        others = [j for j, pipe in enumerate(pipes) if pipe.source == source and j != i]
        if source == INFLUENT:
            given[i] = -given[others].sum(axis=0)
            given[i, 0] += 1.0
        else:
            given[i] = -given[others].sum(axis=0)
            part[i, at[source]] = 1.0 - part[others, at[source]].sum()
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
    return Network(
        nodes=nodes, pumped=pumped, per_influent=flows[:, 0], per_pump=flows[:, 1:].T.copy()
    )


def check_flows(drawing: Drawing, network: Network, influent: Array) -> None:
    """Refuse a plant whose pumps take more than there is.

    Parameters
    ----------
    drawing : Drawing
        The plant.
    network : Network
        Its flows, from :func:`solve`.
    influent : array (row,)
        Influent flows that will come. [m³/d]

    Raises
    ------
    PlantError
        Naming each unit, by how much, and at which influent.
    """
    pumps = np.array([drawing.pipes[i].flow or 0.0 for i in network.pumped])
    faults: list[Fault] = []
    lowest = float(np.min(influent))
    for row in (lowest, float(np.max(influent))):
        flows = network.flows(row, pumps)
        for i, pipe in enumerate(drawing.pipes):
            if flows[i] < -1e-9 * max(1.0, abs(row)) and pipe.flow is None:
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
