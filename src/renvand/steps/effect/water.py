"""The rivers of a case, ready to compute: network, flows, channel, rates, limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from renvand.errors import Fault, FileError
from renvand.river import (
    Channel,
    Network,
    carry,
    channel,
    decayed,
    lateral_flow,
    mixing_length,
    network,
    peclet_number,
    transverse_mixing,
    withdrawn,
)
from renvand.river.dispersion import longitudinal
from renvand.river.network import Floats
from renvand.steps.case import CaseData, records
from renvand.steps.effect.loads import effluent
from renvand.steps.effect.rates import LOST, Rows, rate, rates_of

if TYPE_CHECKING:
    import pandas as pd

FLOWS = ("mean", "low")
MIXED_PART = 0.5  # of a reach within which a bank discharge must be mixed across
WARM = 20.0  # °C, when a reach gives no temperature
SECONDS_PER_DAY = 86_400.0  # s/d
HELD = ("lake", "backwater")  # their level does not follow the flow


@dataclass(frozen=True, kw_only=True)
class Water:
    """A case's rivers at one flow; arrays in topological order."""

    name: str  # 'mean' or 'low'
    net: Network  # its shares take out what is withdrawn with the water
    flow: Floats  # m³/s, with the effluent that was discharged above
    lateral: Floats  # m³/s, heads and banks
    effluent: Floats  # m³/s, treated water that joins at each head
    length_km: Floats
    channel: Channel
    time: Floats  # d, mean time in the reach
    peclet: Floats  # infinite in a river, 0 in a lake
    is_lake: tuple[bool, ...]
    is_held: tuple[bool, ...]  # lakes and backwaters
    temperature: Floats  # °C
    across: Floats  # m²/s, transverse mixing; NaN without a slope
    mixing_km: Floats  # until a discharge at the bank is mixed across; NaN without a slope
    is_mixed: tuple[bool, ...]  # over the larger part of the reach, from the bank
    rates: Rows

    def rate(self, substance: str, *, processes: tuple[str, ...] = LOST) -> Floats:
        """Loss rate in each reach. [1/d]"""
        at = {"temperature": self.temperature, "depth": self.channel.depth}
        return rate(self.rates, substance, processes=processes, **at)

    def kept(self, substance: str) -> Floats:
        """Share that reaches the end of each reach."""
        return decayed(self.rate(substance), self.time, peclet=self.peclet)

    def spread(self, by_reach: Mapping[str, float]) -> Floats:
        """Put loads by reach into an array. [kg/d]"""
        load = np.zeros(len(self.net))
        for reach, value in by_reach.items():
            load[self.net.place(reach)] += value
        return load


def network_of(case: CaseData) -> Network:
    """Make the network of a case.

    Raises
    ------
    FileError
        With the faults of ``reaches.csv`` and ``splits.csv``, or when there are no reaches.
    """
    reaches = case.tables.get("reaches")
    if reaches is None or reaches.empty:
        what, do = "holds no reach.", "Add the rivers that outlets and plants discharge to."
        raise FileError(Fault(where="reaches.csv", what=what, do=do))
    return network(reaches, case.tables.get("splits"))


def waters(case: CaseData) -> dict[str, Water]:
    """Make the rivers of a case at mean and at low flow.

    Effluent of public plants and direct outlets is added to the flow of the table, which is that
    of the catchment: at low flow a small stream below a city is mostly effluent.

    Raises
    ------
    FileError
        As :func:`network_of`; a backwater whose dispersion can be neither read nor estimated.
    """
    net = network_of(case)
    faults = _bare_backwaters(case.tables["reaches"])
    if faults:
        raise FileError(faults)
    entering = effluent(case)
    own = np.array([entering.get(str(reach), 0.0) for reach in net.ids])
    return {name: _at_flow(case, net, name=name, effluent=own) for name in FLOWS}


def _bare_backwaters(reaches: pd.DataFrame) -> list[Fault]:
    what = "is a backwater without dispersion_m2_s, and without slope it cannot be estimated."
    return [
        Fault(where=f"reaches.csv, reach '{row['id']}'", what=what, do="Give one of the two.")
        for row in records(reaches)
        if row.get("kind") == "backwater"
        and not (row.get("dispersion_m2_s", np.nan) > 0 or row.get("slope", np.nan) > 0)
    ]


def _at_flow(case: CaseData, net: Network, *, name: str, effluent: Floats) -> Water:
    reaches = case.tables["reaches"]

    def column(title: str) -> Floats:
        if title not in reaches:
            return np.full(len(net), np.nan)
        return net.ordered(reaches[title].to_numpy(dtype=np.float64))

    nothing_lost = np.ones(len(net))
    added = carry(net, load=effluent, flow=nothing_lost, kept=nothing_lost).entering_kg_d
    natural, mean, length = (
        column(c) for c in (f"flow_{name}_m3_s", "flow_mean_m3_s", "length_km")
    )
    flow = natural + added
    kind = np.array([_kind(row) for row in records(reaches)])[net.order]
    held = np.isin(kind, HELD)
    size = {"width": column("width_m"), "depth": column("depth_m")}
    shape = channel(flow, length, **size, reference_flow=mean, is_held=held)
    slope = column("slope") * np.where(held, (flow / mean) ** 2, 1.0)  # friction, same depth
    across = transverse_mixing(shape.depth, shape.width, slope=slope)
    mixing = mixing_length(shape.width, shape.velocity, coefficient=across) / 1e3
    temperature = column("temperature_c")
    days = column("volume_m3") / flow / SECONDS_PER_DAY
    given = column("dispersion_m2_s")
    estimated = longitudinal(shape.velocity, shape.width, depth=shape.depth, slope=slope)
    along = np.where(np.isnan(given) & (kind == "backwater"), estimated, given)
    peclet = peclet_number(shape.velocity, length, dispersion=along)
    return Water(
        name=name,
        net=_less_withdrawn(net, flow),
        flow=flow,
        lateral=np.maximum(lateral_flow(net, flow=natural), 0.0),
        effluent=effluent,
        length_km=length,
        channel=shape,
        time=np.where((kind == "lake") & (days > 0), days, shape.time),
        peclet=np.where(kind == "lake", 0.0, peclet),
        is_lake=tuple(bool(k == "lake") for k in kind),
        is_held=tuple(bool(h) for h in held),
        temperature=np.where(np.isnan(temperature), WARM, temperature),
        across=across,
        mixing_km=mixing,
        is_mixed=tuple(
            bool(k == "lake" or m <= MIXED_PART * km)
            for k, m, km in zip(kind, mixing, length, strict=True)
        ),
        rates=rates_of(case),
    )


def _kind(row: dict[str, Any]) -> str:
    kind = row.get("kind")
    return kind if isinstance(kind, str) and kind else "river"


def _less_withdrawn(net: Network, flow: Floats) -> Network:
    """Let water that is taken out of a reach take its share of the load along."""
    stays = withdrawn(net, flow=flow)
    if (stays == 1).all():
        return net
    return replace(net, share=net.share * stays[net.target], is_tree=False)


def limits(case: CaseData, *, is_lake: bool = False) -> Mapping[str, Sequence[float]]:
    """Limits of the classes by substance, of rivers or of lakes. [mg/L]

    Standard and classes are those of ``[standards]`` of the case.
    """
    return case.knowledge.once(f"water {is_lake}", lambda: _limits(case, is_lake=is_lake))


def _limits(case: CaseData, *, is_lake: bool) -> Mapping[str, Sequence[float]]:
    rows, grades = case.table("limits"), case.standards.classes
    other = "river" if is_lake else "lake"
    rows = rows[(rows["standard"] == case.standards.water) & (rows["condition"] != other)]
    found: dict[str, dict[str, float]] = {}
    for row in records(rows[rows["kind"].isin(["max", "min"])]):
        value = row["limit_low"] if row["kind"] == "min" else row["limit"]
        found.setdefault(str(row["substance"]), {})[str(row["grade"])] = float(value)
    return {
        substance: tuple(by_grade[g] for g in grades)
        for substance, by_grade in found.items()
        if all(g in by_grade for g in grades)
    }


def target(case: CaseData, net: Network, *, substance: str) -> Floats:
    """Limit of each reach's own class; NaN where the substance or the class has none. [mg/L]"""
    own: dict[str, float] = {}
    for row in records(case.tables["reaches"]):
        bounds = limits(case, is_lake=_kind(row) == "lake").get(substance, ())
        by_class: dict[object, float] = dict(zip(case.standards.classes, bounds, strict=False))
        own[str(row["id"])] = by_class.get(row["class"], float("nan"))
    return np.array([own[str(name)] for name in net.ids])
