"""Concentrations before and after with their range: the same draws on both sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from renvand.river import Spread, carry, ensemble, latin_hypercube
from renvand.river.network import Floats
from renvand.river.uncertainty import Factors
from renvand.steps.case import CaseData
from renvand.steps.effect.water import Water

if TYPE_CHECKING:
    import pandas as pd

RATE_CV = 0.5  # of loss rates: a factor of two either way; planning value, confidence low
FLOW_CV = 0.15  # HydroATLAS against gauges: +2 % Yangtze, +13 % Jialing, +5 to +25 % Wu
LOAD_CV = 0.2  # of today's loads; planning value, confidence low
INFLOW_CV = 0.3  # of what rivers carry already; planning value, confidence low
RUNS = 500
QUANTILES = (0.025, 0.975)
KG_D = 86.4  # kg/d in one m³/s at 1 mg/L


@dataclass(frozen=True, kw_only=True)
class Range:
    """A value in every reach with its 95 % range, topological order."""

    best: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, kw_only=True)
class Bands:
    """One substance at one flow. [mg/L]"""

    before: Range
    after: Range
    less: Range  # what the removal takes off; for oxygen, negative: what it adds


@dataclass(frozen=True, kw_only=True)
class Draws:
    """What every run multiplies with."""

    rate: Floats  # (run,)
    flow: Floats  # (run,)
    inflow: Floats  # (run,) concentration of what rivers have of themselves
    today: Floats  # (run,)
    removed: Floats  # (run,)


def draws(case: CaseData, removed: pd.DataFrame) -> Draws:
    """Draw the runs of a case, the same for every substance and flow.

    Parameters
    ----------
    case : CaseData
        For its seed.
    removed : DataFrame
        Of :func:`removals.to_river`; the mean of ``relative_sd``, weighted by kilograms.
    """
    weights = removed["kg_d"].abs()
    cv = float(np.average(removed["relative_sd"], weights=weights)) if weights.sum() > 0 else 0.0
    spread = Spread(rate=RATE_CV, flow=FLOW_CV, loads=(INFLOW_CV, LOAD_CV, cv))
    made = latin_hypercube(spread, runs=RUNS, seed=int(case.settings["case"]["seed"]))
    inflow, today, taken = made.loads
    return Draws(rate=made.rate, flow=made.flow, inflow=inflow, today=today, removed=taken)


def background(case: CaseData, substance: str) -> dict[str, float]:
    """Concentration of what flows in at heads and banks, by reach. [mg/L]"""
    rows = case.tables.get("background")
    if rows is None:
        return {}
    own = rows[rows["substance"] == substance]
    return dict(zip(own["reach"], own["concentration_mg_l"].astype(float), strict=True))


def natural(case: CaseData, water: Water, *, substance: str) -> Floats:
    """Concentration that rivers have of themselves at every head: inflows mixed, nothing lost.

    What was measured as background is what diffuse sources and decay leave in balance; only
    what outlets and plants add decays on top of it. [mg/L]
    """
    known = background(case, substance)
    c = np.array([known.get(str(name), 0.0) for name in water.net.ids])
    load, stays = c * water.lateral * KG_D, np.ones(len(water.net))
    return carry(water.net, load=load, flow=water.flow, kept=stays).head_mg_l


def by_reach(loads: pd.DataFrame, substance: str) -> dict[str, float]:
    """Sum loads of a substance by reach. [kg/d]"""
    own = loads[loads["substance"] == substance]
    return {str(k): float(v) for k, v in own.groupby("reach")["kg_d"].sum().items()}


def bands(
    case: CaseData,
    water: Water,
    *,
    loads: pd.DataFrame,
    removed: pd.DataFrame,
    substance: str,
    drawn: Draws,
) -> Bands:
    """Compute a substance of its own in every reach, with its range.

    Parameters
    ----------
    case : CaseData
        For what the rivers carry already.
    water : Water
        At one flow.
    loads, removed : DataFrame
        Today's loads, and what no longer arrives.
    substance : str
        Which one.
    drawn : Draws
        Of :func:`draws`.

    Returns
    -------
    Bands
        Fully mixed concentrations at the heads. [mg/L]
    """
    clean = natural(case, water, substance=substance)
    today = water.spread(by_reach(loads, substance))
    taken = water.spread(by_reach(removed, substance))
    kept = water.kept(substance)

    def best(load: Floats) -> Floats:
        return carry(water.net, load=load, flow=water.flow, kept=kept).head_mg_l

    def runs(load: Floats, factor: Floats) -> Floats:
        if not load.any():
            return np.zeros((len(load), len(factor)))
        return ensemble(
            water.net,
            loads=load[None, :],
            flow=water.flow,
            decay=water.rate(substance),
            time=water.time,
            factors=Factors(rate=drawn.rate, flow=drawn.flow, loads=factor[None, :]),
            sections=np.arange(len(water.net)),
            peclet=water.peclet,
        ).at_sections

    before = np.outer(clean, drawn.inflow) + runs(today, drawn.today)
    less = runs(taken, drawn.removed)
    return as_bands(clean + best(today), best(taken), before_runs=before, less_runs=less)


def as_bands(before: Floats, less: Floats, *, before_runs: Floats, less_runs: Floats) -> Bands:
    """Put best estimates and runs (reach, run) together; nothing falls below zero."""
    after_runs = np.maximum(before_runs - less_runs, 0.0)
    return Bands(
        before=_range(before, before_runs),
        after=_range(np.maximum(before - less, 0.0), after_runs),
        less=_range(less, less_runs),
    )


def _range(best: Floats, runs: Floats) -> Range:
    low, high = np.quantile(runs, QUANTILES, axis=1)
    return Range(best=best, low=low, high=high)
