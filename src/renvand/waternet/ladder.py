"""From the present network to the best, one pipe at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from renvand.waternet.case import DISCHARGE, Node, Pipe, WaterCase
from renvand.waternet.solve import Network, Search, solve

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Rung:
    """The best network with at most so many new pipes."""

    pipes: int
    network: Network
    to_build: pd.DataFrame  # from_role, from, to_role, to, flow, one column a contaminant


def present_pipes(case: WaterCase) -> frozenset[Pipe]:
    """Give the pipes of a plant without reuse: fresh water to all, and from all to the drain."""
    return frozenset(
        (start, end)
        for start, end in case.pipes()
        if start.role == "fresh" or (end == DISCHARGE and start.role != "treatment")
    )


def ladder(
    case: WaterCase,
    present: Iterable[Pipe] = (),
    *,
    rungs: Iterable[int] = (0, 1, 2, 3, 4, 5),
    seconds: float = 30.0,
    gap: float = 1e-4,
) -> tuple[Rung, ...]:
    """Give the best network with at most k new pipes, for several k.

    Parameters
    ----------
    case : WaterCase
        The plant.
    present : iterable of pipe
        Pipes that stand; by default those of a plant without reuse.
    rungs : iterable of int
        How many new pipes are allowed.
    seconds : float
        Time for each rung. [s]
    gap : float
        Relative gap that counts as proven.

    Returns
    -------
    tuple of Rung
        One a number, in order; a rung that saves nothing over the one before is left out.

    Raises
    ------
    SolveError
        When not even all pipes make a network.
    """
    standing = frozenset(present) or present_pipes(case)
    found: list[Rung] = []
    chosen: frozenset[Pipe] = frozenset()
    search = Search(case)
    for most in sorted(set(rungs)):
        guess = None
        if not search.is_linear:
            guess = _guess(search, standing, chosen=chosen, new=case.pipes(), most=most)
        network = solve(case, standing, most_new=most, seconds=seconds, gap=gap, start_at=guess)
        chosen = _new_pipes(network, standing)
        last = found[-1].network.objective if found else np.inf
        if network.objective < last * (1 - 2 * gap) - 1e-9:
            rung = Rung(pipes=most, network=network, to_build=pipes_to_build(network, standing))
            found.append(rung)
    return tuple(found)


def _guess(
    search: Search,
    standing: frozenset[Pipe],
    *,
    chosen: frozenset[Pipe],
    new: Iterable[Pipe],
    most: int,
) -> Network | None:
    """Add to the pipes chosen so far the ones that save most, each judged by a short search."""
    kept = chosen
    while len(kept) < most:
        trials: list[tuple[float, Pipe]] = []
        for pipe in sorted(set(new) - standing - kept):
            found = search.among(standing | kept | {pipe}, is_coarse=True)
            if found is not None:
                trials.append((found.value, pipe))
        if not trials:
            break
        kept |= {min(trials)[1]}
    best = search.among(standing | kept)
    return None if best is None else search.network(best)


def _new_pipes(network: Network, standing: frozenset[Pipe]) -> frozenset[Pipe]:
    rows = pipes_to_build(network, standing).to_dict("records")
    return frozenset(
        (
            Node(role=row["from_role"], name=row["from"]),
            Node(role=row["to_role"], name=row["to"]),
        )
        for row in rows
    )


def pipes_to_build(network: Network, present: Iterable[Pipe]) -> pd.DataFrame:
    """List the pipes of a network that do not stand yet, largest flow first."""
    standing = frozenset(present)
    flows = network.flows
    ends = zip(flows["from_role"], flows["from"], flows["to_role"], flows["to"], strict=True)
    is_new = [
        (Node(role=role, name=name), Node(role=to_role, name=to)) not in standing
        for role, name, to_role, to in ends
    ]
    new = flows[np.array(is_new, dtype=bool)]
    return new.sort_values(["flow", "from", "to"], ascending=[False, True, True], ignore_index=True)
