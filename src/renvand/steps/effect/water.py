"""The rivers of a case, ready to compute: network, flows, channel, rates, limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from renvand.errors import Fault, FileError
from renvand.knowledge import table
from renvand.river import (
    Channel,
    Network,
    carry,
    channel,
    decayed,
    lateral_flow,
    mixing_length,
    network,
    transverse_mixing,
    withdrawn,
)
from renvand.river.network import Floats
from renvand.river.oxygen import THETA_BOD, THETA_NITRIFICATION, at_temperature
from renvand.steps.case import CaseData, records
from renvand.steps.effect.loads import effluent

if TYPE_CHECKING:
    import pandas as pd

STANDARD = "gb-3838-2002"
GRADES = ("I", "II", "III", "IV", "V")
FLOWS = ("mean", "low")
MIXED_PART = 0.5  # of a reach within which a bank discharge must be mixed across
WARM = 20.0  # °C, when a reach gives no temperature
# First-order losses at 20 °C. Planning values within the ranges of chapra1997; confidence low.
# What is not named, metals among it, is taken to stay in the water: the rise is an upper bound.
RATES = {"COD": 0.20, "BOD5": 0.23, "NH4-N": 0.30, "TP": 0.05, "TN": 0.05}  # 1/d
THETA = {"NH4-N": THETA_NITRIFICATION}


@dataclass(frozen=True, kw_only=True)
class Water:
    """A case's rivers at one flow; arrays in topological order."""

    name: str  # 'mean' or 'low'
    net: Network  # its shares take out what is withdrawn with the water
    flow: Floats  # m³/s, with the effluent that was discharged above
    lateral: Floats  # m³/s, heads and banks
    length_km: Floats
    channel: Channel
    temperature: Floats  # °C
    across: Floats  # m²/s, transverse mixing; NaN without a slope
    mixing_km: Floats  # until a discharge at the bank is mixed across; NaN without a slope
    is_mixed: tuple[bool, ...]  # over the larger part of the reach, from the bank

    def rate(self, substance: str) -> Floats:
        """Loss rate in each reach. [1/d]"""
        theta = THETA.get(substance, THETA_BOD)
        return at_temperature(RATES.get(substance, 0.0), self.temperature, theta=theta)

    def kept(self, substance: str) -> Floats:
        """Share that reaches the end of each reach."""
        return decayed(self.rate(substance), self.channel.time)

    def spread(self, by_reach: Mapping[str, float]) -> Floats:
        """Put loads by reach into an array. [kg/d]"""
        load = np.zeros(len(self.net))
        for reach, value in by_reach.items():
            load[self.net.place(reach)] += value
        return load


def waters(case: CaseData) -> dict[str, Water]:
    """Make the rivers of a case at mean and at low flow.

    Effluent of public plants and direct outlets is added to the flow of the table, which is that
    of the catchment: at low flow a small stream below a city is mostly effluent.

    Raises
    ------
    FileError
        With the faults of ``reaches.csv``, or when the case has no reaches.
    """
    reaches = case.tables.get("reaches")
    if reaches is None or reaches.empty:
        raise FileError(
            Fault(
                where="reaches.csv",
                what="holds no reach.",
                do="Add the rivers that outlets and plants discharge to.",
            )
        )
    net = network(reaches)
    entering = effluent(case)
    own = np.array([entering.get(str(reach), 0.0) for reach in net.ids])
    added = carry(net, load=own, flow=np.ones(len(net)), kept=np.ones(len(net))).entering_kg_d
    return {name: _at_flow(net, reaches, name=name, added=added) for name in FLOWS}


def _at_flow(net: Network, reaches: pd.DataFrame, *, name: str, added: Floats) -> Water:
    def column(title: str) -> Floats:
        if title not in reaches:
            return np.full(len(net), np.nan)
        return net.ordered(reaches[title].to_numpy(dtype=np.float64))

    natural, mean, length = (
        column(c) for c in (f"flow_{name}_m3_s", "flow_mean_m3_s", "length_km")
    )
    flow = natural + added
    shape = channel(
        flow, length, width=column("width_m"), depth=column("depth_m"), reference_flow=mean
    )
    across = transverse_mixing(shape.depth, shape.width, slope=column("slope"))
    mixing = mixing_length(shape.width, shape.velocity, coefficient=across) / 1e3
    temperature = column("temperature_c")
    return Water(
        name=name,
        net=_less_withdrawn(net, flow),
        flow=flow,
        lateral=np.maximum(lateral_flow(net, flow=natural), 0.0),
        length_km=length,
        channel=shape,
        temperature=np.where(np.isnan(temperature), WARM, temperature),
        across=across,
        mixing_km=mixing,
        is_mixed=tuple(bool(m <= MIXED_PART * km) for m, km in zip(mixing, length, strict=True)),
    )


def _less_withdrawn(net: Network, flow: Floats) -> Network:
    """Let water that is taken out of a reach take its share of the load along."""
    stays = withdrawn(net, flow=flow)
    if (stays == 1).all():
        return net
    return replace(net, share=net.share * stays[net.target], is_tree=False)


@cache
def limits() -> Mapping[str, Sequence[float]]:
    """Limits of the five classes of river water by substance, from the shipped table. [mg/L]"""
    rows = table("limits")
    rows = rows[(rows["standard"] == STANDARD) & (rows["condition"] != "lake")]
    found: dict[str, dict[str, float]] = {}
    for row in records(rows[rows["kind"].isin(["max", "min"])]):
        value = row["limit_low"] if row["kind"] == "min" else row["limit"]
        found.setdefault(str(row["substance"]), {})[str(row["grade"])] = float(value)
    return {
        substance: tuple(by_grade[g] for g in GRADES)
        for substance, by_grade in found.items()
        if all(g in by_grade for g in GRADES)
    }


def target(case: CaseData, net: Network, *, substance: str) -> Floats:
    """Limit of each reach's own class; NaN where the substance or the class has none. [mg/L]"""
    if substance not in limits():
        return np.full(len(net), np.nan)
    by_class: dict[object, float] = dict(zip(GRADES, limits()[substance], strict=True))
    reaches = records(case.tables["reaches"])
    own = {str(row["id"]): by_class.get(row["class"], float("nan")) for row in reaches}
    return np.array([own[str(name)] for name in net.ids])
