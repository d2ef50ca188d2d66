"""Indices of the benchmark, from the records of a run.

The benchmark sums records over time as they stand: each holds until the next (bsm1_2018). With
records every 15 minutes these are the published figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from renvand.plant.balance import held_in_primary, layers_of
from renvand.plant.digesting import digester_of
from renvand.plant.drawing import INFLUENT
from renvand.plant.layout import Record
from renvand.plant.result import (
    Result,
    outlet_series,
    source_series,
    tank_series,
    volume_series,
)
from renvand.process.digester import GASES
from renvand.process.model import Array

if TYPE_CHECKING:
    from renvand.plant.plant import Plant

# Weights of the quality indices per g: bsm1_2018
QUALITY = {"TSS": 2.0, "COD": 1.0, "TKN": 30.0, "NOx": 10.0, "BOD5": 2.0}
RAW = {"BOD5": "BOD5_raw"}  # raw water's own factor, where the page has one
GRAMS = 1000.0  # g/kg
HOURS = 24.0  # h/d
BLOCK = 4096  # records that are worked on at once
HEAT_OF_WATER = 4.186 / 3.6  # kWh/m³/°C, lund_matlab


def window_of(result: Result) -> tuple[slice, Array]:
    """Records since ``evaluate_from`` but the last, and how long each holds."""
    first = int(np.searchsorted(result.times, result.evaluate_from - 1e-6))
    first = min(first, len(result.times) - 2)
    return slice(first, len(result.times) - 1), np.diff(result.times)[first:]


def _blocks(result: Result) -> Iterator[tuple[Record, Array]]:
    """The same in parts: at once a year of records would need as much room again."""
    window, length = window_of(result)
    record = result.record[window]
    for first in range(0, len(record), BLOCK):
        yield record[first : first + BLOCK], length[first : first + BLOCK]


def means(result: Result, outlet: str) -> dict[str, float]:
    """Flow-weighted means of an outlet, its observables, and its mean flow Q. [g/m³, m³/d]"""
    window, length = window_of(result)
    concentrations, flow = outlet_series(result.plant, result.record[window], outlet)
    volume = flow * length
    mean = volume @ concentrations / volume.sum() if volume.sum() > 0 else concentrations[0] * 0
    found = dict(zip(result.plant.plan.rows, map(float, mean), strict=True))
    for name, series in _observed(result, outlet).items():
        found[name] = float(volume @ series / volume.sum() if volume.sum() > 0 else series[0])
    return {**found, "Q": float(volume.sum() / length.sum())}


def observed(result: Result, outlet: str) -> dict[str, Array]:
    """Give the observables of an outlet since ``evaluate_from``, arrays (row,).

    What by-passes the plant is raw water, and counted with raw water's factors.
    """
    plant = result.plant
    parts = [_observables(plant, record, outlet) for record, _ in _blocks(result)]
    return dict(zip(plant.model.observables, np.concatenate(parts).T, strict=True))


def _observables(plant: Plant, record: Record, outlet: str) -> Array:
    """Observables of an outlet, array (row, observable)."""
    weights, first = plant.model.observables, plant.plan.n_active
    clean = np.array([*weights.values()]).T
    raw = np.array([weights.get(RAW.get(name, name), own) for name, own in weights.items()]).T
    mass, whole = np.zeros((len(record), len(weights))), np.zeros(len(record))
    for i, pipe in enumerate(plant.drawing.pipes):
        if pipe.target == outlet:
            row = source_series(plant, record, pipe.source, pipe.outlet)[:, :-1]
            seen = row @ (raw if pipe.source == INFLUENT else clean)
            mass += record[:, first + i, None] * seen
            whole += record[:, first + i]
    runs = whole[:, None] > 0
    return np.divide(mass, whole[:, None], out=np.zeros_like(mass), where=runs)


def _observed(result: Result, outlet: str) -> dict[str, Array]:
    is_first = outlet == result.plant.drawing.outlets[0]
    return result.observed if is_first else observed(result, outlet)


def performance(result: Result) -> dict[str, float]:
    """Work out the indices of the benchmark.

    Returns
    -------
    dict
        EQI, IQI [kg pollution units/d]; AE aeration, PE pumping, ME mixing energy [kWh/d]; SP
        sludge for disposal [kg TSS/d]; EC external carbon [kg COD/d]; OCI overall cost index [1];
        with a digester MET methane [kg/d], gas [m³/d], HE heat for its feed [kWh/d].

    References
    ----------
    bsm1_2018
    """
    plant, (window, length) = result.plant, window_of(result)
    drawing, days = plant.drawing, float(length.sum())
    cost = drawing.cost
    sums = Counter[str]()
    for record, held in _blocks(result):
        sums.update(_sums(plant, record, held))
        sums.update(_digestion(plant, record, held))
    gained = np.diff(_solids_held(result, result.record[[window.start, window.stop]]))[0]
    mean = {name: total / days for name, total in sums.items()}
    digested = sum(digester.volume for digester in drawing.digesters.values())
    found = {
        "EQI": _effluent_quality(result),
        "IQI": _raw_quality(result),
        "AE": mean["oxygen"] / GRAMS / cost.oxygen_per_kwh,
        "PE": mean["PE"],
        "ME": HOURS * cost.mixing * (mean["mixed"] + digested),
        "SP": (mean["solids"] + cost.gained * float(gained) / days) / GRAMS,
        "EC": mean["carbon"] / GRAMS,
    }
    found["OCI"] = found["AE"] + found["PE"] + found["ME"]
    found["OCI"] += cost.sludge * found["SP"] + cost.carbon * found["EC"]
    if drawing.digesters:
        found |= {name: mean[name] for name in ("MET", "gas", "HE")}
        found["OCI"] -= cost.methane * found["MET"]
        found["OCI"] += max(0.0, found["HE"] - cost.heat * found["MET"])
    return {name: float(value) for name, value in found.items()}


def _sums(plant: Plant, record: Record, length: Array) -> dict[str, float]:
    """Sum over time: oxygen [g], pumping [kWh], volume mixed [m³·d], solids and carbon [g]."""
    drawing, plan, cost = plant.drawing, plant.plan, plant.drawing.cost
    tanks = [drawing.tanks[name] for name in plan.tanks]
    kla, volume = record[:, len(plan.columns) - len(tanks) :], volume_series(plant, record)
    saturation = np.array([tank.saturation for tank in tanks])
    pipes = record[:, plan.n_active :][:, : len(drawing.pipes)].astype(float)
    energy = np.array([pipe.energy for pipe in drawing.pipes])
    solids = 0.0
    for outlet in drawing.outlets[1:]:
        thick, flow = outlet_series(plant, record, outlet)
        solids += float(length @ (flow * (thick[:, :-1] @ plant.model.observables["TSS"])))
    return {
        "oxygen": float(length @ (kla * volume @ saturation)),
        "PE": float(length @ (pipes @ energy)),
        "mixed": float(length @ ((kla < cost.mixed_below) * volume).sum(axis=1)),
        "solids": solids,
        "carbon": _carbon(plant, pipes, length),
    }


def _digestion(plant: Plant, record: Record, length: Array) -> dict[str, float]:
    """Sum a digester over time: MET methane [kg], gas [m³], HE heat for its feed [kWh]."""
    digester = digester_of(plant.drawing)
    if digester is None:
        return {}
    (name,) = plant.drawing.digesters
    place = {column: i for i, column in enumerate(plant.plan.columns)}
    held = [place[f"{name}, inside", f"gas {gas}"] for gas in GASES]
    gas = digester.gas(record[:, held].astype(float))
    warms = np.zeros(len(record))
    for i, pipe in enumerate(plant.drawing.pipes):
        if pipe.target == name:
            T = source_series(plant, record, pipe.source, pipe.outlet)[:, -1]
            warms += record[:, plant.plan.n_active + i] * (digester.model.temperature - T)
    return {
        "MET": float(length @ gas.methane),
        "gas": float(length @ gas.flow),
        "HE": float(length @ warms) * HEAT_OF_WATER,
    }


def _effluent_quality(result: Result) -> float:
    plant, (window, length) = result.plant, window_of(result)
    outlet, first = plant.drawing.outlets[0], plant.plan.n_active
    if not plant.model.observables.keys() >= QUALITY.keys():
        return float("nan")
    goes = [first + i for i, pipe in enumerate(plant.drawing.pipes) if pipe.target == outlet]
    flow = result.record[window, goes].sum(axis=1, dtype=float)
    pollution = sum(
        (weight * result.observed[name] for name, weight in QUALITY.items()),
        np.zeros(len(flow)),
    )
    return float(length @ (pollution * flow)) / float(length.sum()) / GRAMS


def _raw_quality(result: Result) -> float:
    observables, rows = result.plant.model.observables, result.course.rows
    if not observables.keys() >= QUALITY.keys():
        return float("nan")
    of_raw = [w * observables.get(RAW.get(n, n), observables[n]) for n, w in QUALITY.items()]
    window, length = window_of(result)
    pollution = rows[:, :-2] @ np.sum(of_raw, axis=0)
    loads = result.course.at(np.column_stack([pollution, rows[:, -1]]))[window]
    return float(length @ (loads[:, 0] * loads[:, 1])) / float(length.sum()) / GRAMS


def _solids_held(result: Result, record: Record) -> Array:
    """Solids in all tanks and settlers, array (row,). [g]"""
    plant, plan = result.plant, result.plant.plan
    solids, held = plant.model.observables["TSS"], np.zeros(len(record))
    volumes = volume_series(plant, record)
    for name, volume in zip(plan.tanks, volumes.T, strict=True):
        held += volume * (tank_series(plant, record, name)[:, :-1] @ solids)
    for name, settler in plant.drawing.settlers.items():
        if settler.kind == "primary":
            held += held_in_primary(plant, record, name) @ solids
        elif settler.kind != "ideal":
            _, thick = layers_of(plant, record, name)
            held += settler.area * settler.height / settler.layers * thick.sum(axis=1)
    return held


def _carbon(plant: Plant, pipes: Array, length: Array) -> float:
    """Sum what is dosed over time. [gCOD]"""
    cod = plant.model.observables.get("COD")
    total = 0.0
    for name in plant.drawing.doses:
        place = plant.plan.streams.index(name) * len(plant.plan.rows)
        strength = plant.plan.ex[place : place + len(plant.model.components)]
        i = plant.drawing.pipe(name)
        if cod is not None:
            total += float(strength @ cod) * float(length @ pipes[:, i])
    return total


def violations(result: Result) -> dict[str, dict[str, float]]:
    """Compare the effluent with every limit of the drawing.

    Returns
    -------
    dict
        For each limit: the limit, days above it, percent of time, how often it was crossed
        upwards, the largest value and the 95-percentile. [g/m³]
    """
    plant, (window, length) = result.plant, window_of(result)
    outlet = plant.drawing.outlets[0]
    concentrations, _ = outlet_series(plant, result.record[window], outlet)
    found: dict[str, dict[str, float]] = {}
    for name, limit in plant.drawing.limits.items():
        if name in plant.model.observables:
            series = result.observed[name]
        elif name in plant.model.components:
            series = concentrations[:, plant.model.components.index(name)]
        else:
            continue
        above = series > limit
        found[name] = {
            "limit": limit,
            "days": float(length @ above),
            "percent": 100.0 * float(length @ above) / float(length.sum()),
            "count": float(above[0]) + float(np.sum(above[1:] & ~above[:-1])),
            "max": float(series.max()),
            "p95": float(np.percentile(series, 95)),
        }
    return found


__all__ = ["means", "performance", "violations"]
