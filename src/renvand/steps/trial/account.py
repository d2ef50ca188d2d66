"""What a run of the trial plant gives and takes: effluent, electricity, nitrous oxide, money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from renvand.knowledge import Knowledge
from renvand.plant.emissions import NITROUS, stripped
from renvand.plant.energy import Equipment, electricity
from renvand.plant.performance import window_of
from renvand.plant.templates import solids_of
from renvand.steps.trial.levers import FE_OF_HYDROXIDE, HYDROXIDE

if TYPE_CHECKING:
    from renvand.plant import Result

WATER = {"TN": "TN", "NH4": "NH4-N", "TP": "TP", "COD": "COD", "TSS": "SS"}  # page: substance
COLUMNS = {"NH4": "S_NH"}  # how the tables call it, where that differs
DRY = 0.2  # t of solids in a tonne of sludge of 80 % water
ACETATE_COD = 0.78  # kg COD per kg of sodium acetate: 64/82
FE_OF_SOLUTION = 0.4 * 55.845 / 162.2  # kg Fe per kg of ferric chloride of 40 %
# Nitrous oxide of the nitrogen that comes: less the more nitrogen is removed, parravicini2016
LEAST_REMOVED, PER_REMOVED = 0.04362, 0.047
N2O_PER_N = 44 / 28  # g/g


@dataclass(frozen=True, kw_only=True)
class Prices:
    """What is paid, in the money of the case."""

    electricity: float  # per kWh
    carbon: float  # per kg COD
    iron: float  # per kg Fe
    sludge: float  # per kg of solids


def typical_prices(knowledge: Knowledge) -> Prices:
    """Take typical prices from the table, in the money of the case."""
    names = ("electricity", "sodium-acetate", "ferric-chloride-40", "disposal-municipal-sludge")
    rows = {name: knowledge.row("prices", name) for name in names}
    typical = {name: knowledge.money(row, float(row["typical"])) for name, row in rows.items()}
    return Prices(
        electricity=float(typical["electricity"]),
        carbon=float(typical["sodium-acetate"]) / ACETATE_COD,
        iron=float(typical["ferric-chloride-40"]) / FE_OF_SOLUTION,
        sludge=float(typical["disposal-municipal-sludge"]) / 1000 / DRY,
    )


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What is wanted of every run; a value, so that it can be sent to a cluster."""

    equipment: Equipment | None
    prices: Prices

    def __call__(self, result: Result) -> dict[str, float]:
        """Work it out; the names are columns of the table of scenarios."""
        return account(result, equipment=self.equipment, prices=self.prices)


def account(result: Result, *, equipment: Equipment | None, prices: Prices) -> dict[str, float]:
    """Work out what a run gives and takes, per day.

    Parameters
    ----------
    result : Result
        The run.
    equipment : Equipment or None
        The plant's machines; without them electricity is by the benchmark's formulas, which know
        neither depth, alpha nor blowers.
    prices : Prices
        What is paid.

    Returns
    -------
    dict
        Electricity by use [kWh/d, kWh/m³], doses, sludge [kg/d], age of the sludge [d], effluent
        means and worst days [g/m³], nitrous oxide [kg/d], cost of operation [money/d], closures.
    """
    performance, effluent = result.performance, result.effluent
    flow = effluent["Q"]
    energy = _energy(result, equipment)
    total = sum(energy.values())
    dosed = iron_of(result)
    cost = total * prices.electricity + performance["EC"] * prices.carbon
    cost += dosed * prices.iron + performance["SP"] * prices.sludge
    worst = worst_days(result)
    return {
        **energy,
        "energy_kwh_d": total,
        "energy_kwh_m3": total / flow,
        "carbon_kg_d": performance["EC"],
        "iron_kg_d": dosed,
        "sludge_kg_d": performance["SP"],
        "sludge_age_d": sludge_age(result),
        "flow_m3_d": flow,
        **{f"{COLUMNS.get(n, n)}_g_m3": effluent[n] for n in WATER if n in effluent},
        **{f"{COLUMNS.get(n, n)}_worst_g_m3": value for n, value in worst.items()},
        "n2o_kg_d": nitrous_oxide(result),
        "cost_d": cost,
        "cod_closure": result.balance["COD"],
        "n_closure": result.balance["N"],
    }


def _energy(result: Result, equipment: Equipment | None) -> dict[str, float]:
    if equipment is None:
        names = {"aeration": "AE", "pumping": "PE", "mixing": "ME"}
        return {f"{n}_kwh_d": result.performance[key] for n, key in names.items()}
    stage = electricity(result, equipment).by_stage
    return {
        "aeration_kwh_d": stage["blowers"] + stage["surface"],
        "pumping_kwh_d": stage["pumps"],
        "mixing_kwh_d": stage["mixers"],
        "other_kwh_d": stage["constant"],
    }


def worst_days(result: Result) -> dict[str, float]:
    """Highest daily mean of the effluent, weighted by flow, of whole days. [g/m³]"""
    stream = result.stream(result.plant.drawing.outlets[0])
    window, _ = window_of(result)
    rows = stream.iloc[window]
    day = np.floor(rows.index.to_numpy() - rows.index[0] + 1e-6).astype(int)
    volume = np.bincount(day, weights=rows["Q"])
    whole = np.bincount(day) == np.bincount(day).max()
    found: dict[str, float] = {}
    for name in WATER:
        if name in rows:
            mean = np.bincount(day, weights=rows[name] * rows["Q"]) / volume
            found[name] = float(mean[whole].max())
    return found


def iron_of(result: Result) -> float:
    """Iron that is dosed. [kgFe/d]"""
    plant, (window, length) = result.plant, window_of(result)
    total = 0.0
    for name, dose in plant.drawing.doses.items():
        strength = FE_OF_HYDROXIDE * dose.composition.get(HYDROXIDE, 0.0)
        flow = result.record[window, plant.plan.n_active + plant.drawing.pipe(name)]
        total += strength * float(length @ flow.astype(float))
    return total / float(length.sum()) / 1000


def sludge_age(result: Result) -> float:
    """Solids held in the tanks over solids that leave, at the end of the run. [d]"""
    drawing, values = result.plant.drawing, result.state.values
    held = sum(tank.volume * values[name]["TSS"] for name, tank in drawing.tanks.items())
    left = sum(values[o]["Q"] * solids_of(result.plant, values[o]) for o in drawing.outlets)
    return held / left if left > 0 else float("inf")


def nitrous_oxide(result: Result) -> float:
    """Nitrous oxide that goes to the air. [kg N2O/d]

    What the page computes where it has it; else by the share of nitrogen that is removed: a line
    through ten Austrian plants, right within a factor of three or so.

    References
    ----------
    parravicini2016
    """
    if NITROUS in result.plant.model.components:
        return N2O_PER_N * stripped(result)[NITROUS]
    window, length = window_of(result)
    rows = result.influent[window]
    came = float(length @ (rows[:, :-2] @ result.plant.model.observables["TN"] * rows[:, -1]))
    came /= float(length.sum()) * 1000
    removed = 1 - result.effluent["TN"] * result.effluent["Q"] / 1000 / came
    return N2O_PER_N * max(0.0, LEAST_REMOVED - PER_REMOVED * removed) * came


def limits_of(grade: str, *, standard: str, knowledge: Knowledge) -> Mapping[str, float]:
    """Limits of a discharge class, the strictest of each substance, by the page's name. [g/m³]"""
    rows = knowledge.table("limits")
    rows = rows[(rows["standard"] == standard) & (rows["grade"] == grade)]
    rows = rows[(rows["kind"] == "max") & (rows["unit"] == "mg/l")]
    strictest = rows.groupby("substance")["limit"].min()
    return {COLUMNS.get(n, n): float(strictest[s]) for n, s in WATER.items() if s in strictest}
