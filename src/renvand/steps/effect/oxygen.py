"""Oxygen, nitrate and the forms of phosphorus, which depend on one another.

As with every substance, what rivers have of themselves stays: the chain follows what outlets and
plants add. Air brings oxygen back to what the clean river holds, not quite to saturation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from renvand.river.hydraulics import VELOCITY_EXPONENT
from renvand.river.network import Floats
from renvand.river.oxygen import (
    STATES,
    THETA_REAERATION,
    THETA_SEDIMENT,
    Rates,
    at_temperature,
    carry_oxygen,
    reach_matrix,
    reaeration,
    saturation,
    through,
)
from renvand.steps.case import CaseData, records
from renvand.steps.effect.chances import KG_D, Bands, Draws, as_bands, background, by_reach, natural
from renvand.steps.effect.rates import value_of
from renvand.steps.effect.water import Water

if TYPE_CHECKING:
    import pandas as pd

DRIVEN_BY = ("BOD5", "NH4-N")  # without them in background.csv oxygen cannot be said
ALONG = (0.0, 0.25, 0.5, 0.75, 1.0)  # parts of a reach at which the lowest oxygen is looked for
BOTTLE_DAYS = 5.0  # d, of BOD5
RUNS = 200  # the chain costs more than a substance alone


@dataclass(frozen=True, kw_only=True)
class Beds:
    """What reaches say of air and bed, topological order."""

    clean: Floats  # mg/L, oxygen that the river holds where nothing is discharged
    reaeration: Floats  # 1/d at the temperature of the reach
    demand: Floats  # gO2/(m³ d)


def chained(case: CaseData) -> tuple[str, ...]:
    """Name the substances that are computed together, as far as background.csv allows."""
    if not all(background(case, s) for s in DRIVEN_BY):
        return ()
    forms = ("TP", "PO4-P") if background(case, "PO4-P") and background(case, "TP") else ()
    nitrate = ("NO3-N",) if background(case, "NO3-N") else ()
    return ("DO", *nitrate, *forms)


def chain_bands(
    case: CaseData, water: Water, *, loads: pd.DataFrame, removed: pd.DataFrame, drawn: Draws
) -> dict[str, Bands]:
    """Compute the substances of :func:`chained` in every reach, with their range.

    Parameters
    ----------
    case : CaseData
        Background; ``reaeration``, ``sediment_demand_g_m2_d``, ``elevation_m`` of the reaches.
    water : Water
        At one flow.
    loads, removed : DataFrame
        Today's loads, and what no longer arrives.
    drawn : Draws
        Of :func:`chances.draws`.

    Returns
    -------
    dict
        Bands by substance: oxygen where it is lowest within the reach, the others at its head.
    """
    names = chained(case)
    if not names:
        return {}
    bed = _beds(case, water)
    today, taken = _of_loads(water, loads), _of_loads(water, removed)
    own = {name: natural(case, water, substance=name) for name in names if name != "DO"}
    ones = Draws(**{name: np.ones(1) for name in vars(drawn)})
    picked = Draws(**{name: values[:RUNS] for name, values in vars(drawn).items()})
    best, runs = ({name: ([], []) for name in names} for _ in range(2))
    for chances, into in ((ones, best), (picked, runs)):
        for run in range(len(chances.rate)):
            before = today * chances.today[run]
            after = np.maximum(before - taken * chances.removed[run], 0.0)
            draw = {"rate": chances.rate[run], "flow": chances.flow[run]}
            both = _states(water, bed, loads=(before, after), **draw)
            for name in names:
                for side, states in zip(into[name], both, strict=True):
                    side.append(states[name] + own.get(name, 0.0) * chances.inflow[run])
    return {name: _bands(best[name], runs[name]) for name in names}


def _bands(best: tuple[list[Floats], list[Floats]], runs: tuple[list[Floats], ...]) -> Bands:
    before, after = (side[0] for side in best)
    before_runs, after_runs = (np.array(side).T for side in runs)
    return as_bands(
        before, before - after, before_runs=before_runs, less_runs=before_runs - after_runs
    )


def _beds(case: CaseData, water: Water) -> Beds:
    rows = {str(row["id"]): row for row in records(case.tables["reaches"])}
    ordered = [rows[str(name)] for name in water.net.ids]

    def column(name: str) -> Floats:
        return np.array([float(np.nan_to_num(row.get(name) or 0.0)) for row in ordered])

    formula = np.array([str(row.get("reaeration") or "") for row in ordered])
    shape, warm = water.channel, water.temperature
    air = reaeration(shape.velocity, shape.depth, formula=formula)
    demand = at_temperature(column("sediment_demand_g_m2_d"), warm, theta=THETA_SEDIMENT)
    known, share = background(case, "DO"), value_of(water.rates, "oxygen-of-inflow")
    full = saturation(warm, elevation=column("elevation_m"))
    at = zip(water.net.ids, full, strict=True)
    return Beds(
        clean=np.array([known.get(str(name), share * most) for name, most in at]),
        reaeration=at_temperature(air, warm, theta=THETA_REAERATION),
        demand=demand / shape.depth,
    )


def _of_loads(water: Water, loads: pd.DataFrame) -> Floats:
    """Give loads in the order of ``STATES``; phosphorus of unknown form counts as phosphate."""

    def of(substance: str) -> Floats:
        return water.spread(by_reach(loads, substance))

    total, phosphate = of("TP"), of("PO4-P")
    phosphate = np.where(phosphate > 0, phosphate, total)
    organic = np.maximum(total - phosphate, 0.0)
    bod, nothing = _ultimate(water) * of("BOD5"), np.zeros(len(total))
    return np.column_stack((bod, of("NH4-N"), of("NO3-N"), organic, phosphate, nothing))


def _ultimate(water: Water) -> float:
    """Ultimate BOD in one of BOD5."""
    return float(1 / (1 - np.exp(-BOTTLE_DAYS * value_of(water.rates, "bod-bottle"))))


def rates_of_chain(water: Water, bed: Beds, *, factor: float) -> Rates:
    """Give the rates of the chain in each reach; reaeration and bed do not vary with the others."""

    def of(substance: str, *processes: str) -> Floats:
        return factor * water.rate(substance, processes=processes)

    return Rates(
        bod=of("BOD5", "oxidation"),
        bod_settling=of("BOD5", "settling", "loss"),
        nitrification=of("NH4-N", "oxidation"),
        uptake=of("NH4-N", "loss", "settling"),
        denitrification=of("NO3-N", "denitrification", "loss"),
        hydrolysis=of("TP", "hydrolysis"),
        organic_settling=of("TP", "settling"),
        phosphorus=of("PO4-P", "loss", "settling"),
        reaeration=bed.reaeration,
        sediment_demand=bed.demand,
    )


def _states(
    water: Water, bed: Beds, *, loads: tuple[Floats, Floats], rate: float, flow: float
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Compute one run for both loads: oxygen at its lowest, the others at the heads."""
    held = np.asarray(water.is_held)
    time = water.time * flow ** np.where(held, -1.0, -VELOCITY_EXPONENT)
    rates, spread = rates_of_chain(water, bed, factor=rate), water.peclet * flow
    matrix = reach_matrix(rates, time, peclet=spread)
    parts = [reach_matrix(rates, part * time, peclet=spread) for part in ALONG[1:-1]]
    oxygen = np.zeros((len(held), len(STATES)))
    oxygen[:, -1] = KG_D * (
        flow * water.lateral * bed.clean
        + water.effluent * value_of(water.rates, "oxygen-of-effluent")
    )
    found: list[dict[str, Floats]] = []
    for load in loads:
        heads, ends = carry_oxygen(
            water.net,
            load=load + oxygen,
            flow=water.flow * flow,
            matrix=matrix,
            oxygen_saturation=bed.clean,
        )
        inside = [through(part, heads, oxygen_saturation=bed.clean)[:, -1] for part in parts]
        lowest = np.minimum.reduce([ends[:, -1], heads[:, -1], *inside])
        one = dict(zip(STATES, heads.T, strict=True))
        mixed = np.asarray(water.is_lake)  # a lake is everywhere as it is where it flows out
        one["DO"] = np.where(mixed, ends[:, -1], lowest)
        found.append({**one, "TP": one["organic P"] + one["PO4-P"]})
    return found[0], found[1]
