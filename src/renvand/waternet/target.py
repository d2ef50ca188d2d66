"""Least fresh water for one contaminant: the water cascade, exact, and its picture.

A fixed-load operation counts as a sink at its worst inlet and a source at its worst outlet, with
the limiting flow between them; that keeps the optimum. Cleaner-water levels are cut at every
concentration that occurs; between two levels the load that surplus water could still take must
never fall short. With several fresh sources or a regeneration of fixed outlet the same cascade is
a small linear program. A regeneration that removes a share has no outlet of its own: the best one
is found by the global solver first, and the cascade holds for it.

References
----------
manan2004, wang1994
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from renvand.errors import Fault, SolveError
from renvand.waternet.case import Treatment, WaterCase, limiting_flow
from renvand.waternet.checked import require
from renvand.waternet.linear import Linear, Vector, solve_linear
from renvand.waternet.solve import solve

if TYPE_CHECKING:
    import pandas as pd

_REMOVAL_GAP = 1e-6  # of the network that says how clean a regeneration by share gives
_TOUCH = 1e-7  # share of the largest surplus below which the cascade is pinched


@dataclass(frozen=True, kw_only=True)
class Target:
    """The least water a plant with one contaminant can do with.

    Attributes
    ----------
    fresh, waste, regenerated : float
        Flows, in the unit of the case.
    without_reuse : float
        Fresh water when nothing is used twice.
    pinch : tuple of float
        Concentrations at which the cascade is pinched. [ppm]
    fresh_by_source : dict
        Flow from each fresh source.
    cascade : DataFrame
        One row a level: concentration, surplus flow below it, load that can still be taken.
    """

    case: str
    fresh: float
    waste: float
    regenerated: float
    without_reuse: float
    pinch: tuple[float, ...]
    fresh_by_source: dict[str, float]
    cascade: pd.DataFrame


@dataclass(frozen=True, kw_only=True)
class Side:
    """Water at one concentration: a sink or a source."""

    name: str
    flow: float
    concentration: float


def sides(case: WaterCase) -> tuple[list[Side], list[Side]]:
    """Give all sinks and all sources of a case with one contaminant."""
    (k,) = case.contaminants
    sinks: list[Side] = []
    sources = [Side(name=s.name, flow=s.flow, concentration=s.quality[k]) for s in case.sources]
    for o in case.operations:
        flow = limiting_flow(o, factor=case.load_factor)
        worst = (o.outlet or {}).get(k)
        if worst is None:
            worst = o.inlet[k] + o.load[k] * case.load_factor / flow
        sinks.append(Side(name=o.name, flow=flow, concentration=o.inlet[k]))
        sources.append(Side(name=o.name, flow=flow - o.loss, concentration=worst))
    dirtiest = max((s.concentration for s in sources), default=0.0)  # for who takes any water
    given = [
        Side(name=s.name, flow=s.flow, concentration=s.worst.get(k, dirtiest)) for s in case.sinks
    ]
    return [*given, *sinks], sources


def is_targetable(case: WaterCase) -> bool:
    """Say whether the cascade gives the exact answer."""
    if not case.fresh or len(case.contaminants) != 1 or case.limit or case.limit_load:
        return False
    if case.forced or case.forbidden or case.objective not in ("fresh", "cost"):
        return False
    if any(o.loss or (o.flow is not None and o.outlet is None) for o in case.operations):
        return False  # a fixed flow with its own outlet quality is bilinear
    (k,) = case.contaminants
    if any(t.recovery < 1 for t in case.treatments):
        return False
    return len(case.treatments) == 1 or all(k in t.outlet for t in case.treatments)


def target(case: WaterCase) -> Target:
    """Give the least fresh water of a plant with one contaminant.

    Parameters
    ----------
    case : WaterCase
        One contaminant; treatments with a fixed outlet, or one that removes a share.

    Returns
    -------
    Target
        Least fresh water, then least regenerated water.

    Raises
    ------
    FileError
        When the case makes no sense, with all its faults.
    SolveError
        When the case is not of this kind, or its demands cannot be met.
    """
    if not is_targetable(case):
        do = "Use 'solve': it takes every network."
        what = "is not a problem of one contaminant with fixed outlets."
        raise SolveError(Fault(where=f"case '{case.id}'", what=what, do=do))
    require(case)
    case = replace(case, treatments=tuple(_with_outlet(case)))
    problem = _cascade_problem(case)
    answer = solve_linear(problem.linear)
    if answer.x is None:
        from renvand.waternet.relax import no_network

        raise SolveError(no_network(case, status=answer.status, seconds=0.0))
    x = _least_regeneration(problem, answer.x) if case.treatments else answer.x
    return _told(case, problem, x=x)


def _with_outlet(case: WaterCase) -> Iterator[Treatment]:
    """Give treatments their outlet; of one that removes a share, that of the best network."""
    (k,) = case.contaminants
    for treatment in case.treatments:
        if k in treatment.outlet:
            yield treatment
            continue
        flows = solve(case, gap=_REMOVAL_GAP).flows
        outlets = flows.loc[flows["from_role"] == "treatment", k]
        if outlets.empty:
            continue  # it saves nothing
        outlet, stays = float(outlets.iloc[0]), 1 - treatment.removal.get(k, 0.0)
        worst = min(outlet / stays if stays > 0 else math.inf, treatment.inlet.get(k, math.inf))
        inlet = {k: worst} if math.isfinite(worst) else {}
        yield replace(treatment, outlet={k: outlet}, inlet=inlet)


@dataclass(frozen=True, kw_only=True)
class _Cascade:
    linear: Linear
    levels: Vector  # (level,)
    fresh: slice
    regenerated: slice


def _cascade_problem(case: WaterCase) -> _Cascade:
    """Write: fresh flows, then for each treatment its draw from each source."""
    from scipy.sparse import csr_array

    (k,) = case.contaminants
    sinks, sources = sides(case)
    n_fresh = len(case.fresh)
    width = n_fresh + len(case.treatments) * len(sources)
    clean = [f.quality[k] for f in case.fresh] + [t.outlet[k] for t in case.treatments]
    levels = np.unique([*clean, *(s.concentration for s in (*sinks, *sources))])
    have = sum((_room(s.concentration, levels=levels) * s.flow for s in sources), np.zeros(1))
    have = have - sum((_room(s.concentration, levels=levels) * s.flow for s in sinks), np.zeros(1))
    rows, low = [_gives(case, sources, levels=levels)], [-have]
    high = [np.full(len(levels) + 1, np.inf)]
    for extra, least, most in _draws(case, sources, width=width):
        rows.append(extra[None, :])
        low.append(np.array([least]))
        high.append(np.array([most]))
    cost = np.zeros(width)
    cost[:n_fresh] = [f.cost if case.objective == "cost" else 1.0 for f in case.fresh]
    caps = [math.inf if f.most is None else f.most for f in case.fresh]
    linear = Linear(
        cost=cost,
        matrix=csr_array(np.vstack(rows)),
        low=np.concatenate(low),
        high=np.concatenate(high),
        x_low=np.zeros(width),
        x_high=np.array([*caps, *[s.flow for _ in case.treatments for s in sources]]),
    )
    return _Cascade(
        linear=linear,
        levels=levels,
        fresh=slice(0, n_fresh),
        regenerated=slice(n_fresh, width),
    )


def _room(concentration: float, *, levels: Vector) -> Vector:
    """Give what one unit of water takes up by each level, and at the end the flow itself."""
    return np.append(np.maximum(levels - concentration, 0.0), 1.0)


def _gives(case: WaterCase, sources: list[Side], *, levels: Vector) -> Vector:
    """Give what one unit of each variable adds to the room at each level."""
    (k,) = case.contaminants
    columns = [_room(f.quality[k], levels=levels) for f in case.fresh]
    for treatment in case.treatments:
        clean = _room(treatment.outlet[k], levels=levels)
        columns += [clean - _room(s.concentration, levels=levels) for s in sources]
    return np.column_stack(columns)


def _draws(
    case: WaterCase, sources: list[Side], *, width: int
) -> list[tuple[Vector, float, float]]:
    """Write what a treatment may draw: capacity, worst inlet, once only; each source once."""
    (k,) = case.contaminants
    n_fresh, n_sources = len(case.fresh), len(sources)
    rows: list[tuple[Vector, float, float]] = []
    for t, treatment in enumerate(case.treatments):
        block = slice(n_fresh + t * n_sources, n_fresh + (t + 1) * n_sources)
        drawn = np.zeros(width)
        drawn[block] = 1.0
        if treatment.flow_most is not None:
            rows.append((drawn, -math.inf, treatment.flow_most))
        if k in treatment.inlet:
            worst = np.zeros(width)
            worst[block] = [s.concentration - treatment.inlet[k] for s in sources]
            rows.append((worst, -math.inf, 0.0))
        if treatment.is_once:
            once = drawn.copy()
            once[:n_fresh] = -1.0
            rows.append((once, -math.inf, 0.0))
    for i, source in enumerate(sources if len(case.treatments) > 1 else []):
        shared = np.zeros(width)
        shared[n_fresh + i :: n_sources] = 1.0
        rows.append((shared, -math.inf, source.flow))
    return rows


def _least_regeneration(problem: _Cascade, x: Vector) -> Vector:
    """Keep the fresh water and make the regenerated water least."""
    linear = problem.linear
    cost = np.zeros(len(x))
    cost[problem.regenerated] = 1.0
    highest = linear.x_high.copy()
    slack = 1e-9 * (1 + x[problem.fresh])
    highest[problem.fresh] = np.minimum(highest[problem.fresh], x[problem.fresh] + slack)
    again = solve_linear(replace(linear, cost=cost, x_high=highest))
    return x if again.x is None else again.x


def _told(case: WaterCase, problem: _Cascade, *, x: Vector) -> Target:
    import pandas as pd

    sinks, sources = sides(case)
    (k,) = case.contaminants
    fresh = float(x[problem.fresh].sum())
    slack = problem.linear.matrix @ x - problem.linear.low
    room = slack[: len(problem.levels)]
    touch = _TOUCH * max(1.0, float(room.max(initial=0.0)))
    cleanest = min(f.quality[k] for f in case.fresh) if case.fresh else 0.0
    pinch = tuple(
        float(c) for c, r in zip(problem.levels, room, strict=True) if c > cleanest and r <= touch
    )
    # the flow between a level and the next; beyond the last it is the waste
    surplus = np.append(np.diff(room) / np.diff(problem.levels), slack[len(room)])
    return Target(
        case=case.id,
        fresh=fresh,
        waste=fresh + sum(s.flow for s in sources) - sum(s.flow for s in sinks),
        regenerated=float(x[problem.regenerated].sum()),
        without_reuse=_without_reuse(case),
        pinch=pinch,
        fresh_by_source={
            f.name: float(v) for f, v in zip(case.fresh, x[problem.fresh], strict=True)
        },
        cascade=pd.DataFrame(
            {"concentration_ppm": problem.levels, "surplus_flow": surplus, "room_load": room}
        ),
    )


def _without_reuse(case: WaterCase) -> float:
    """Add up what each demand takes of the cleanest fresh water alone."""
    (k,) = case.contaminants
    cleanest = min((f.quality[k] for f in case.fresh), default=0.0)
    total = sum(s.flow for s in case.sinks)
    for o in case.operations:
        worst = (o.outlet or {}).get(k, math.inf)
        alone = o.load[k] * case.load_factor / (worst - cleanest) if worst > cleanest else 0.0
        total += o.flow if o.flow is not None else alone
    return total
