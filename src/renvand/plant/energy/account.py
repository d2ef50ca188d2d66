"""The electricity of a run, stage by stage, from the oxygen that its sludge took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from renvand.plant.drawing import INFLUENT
from renvand.plant.energy.air import air_flow, standard_rate
from renvand.plant.energy.equipment import SURFACE, Equipment
from renvand.plant.performance import window_of
from renvand.process.model import Array

if TYPE_CHECKING:
    from renvand.plant.result import Result

HOURS, WATTS = 24.0, 1000.0
AT_15 = 15.0  # °C at which the benchmark's aeration is drawn where it follows the temperature
THETA = 1.024  # bsm1_2018, likewise


@dataclass(frozen=True, kw_only=True)
class Electricity:
    """What the machines took since ``evaluate_from``."""

    by_stage: Mapping[str, float]  # kWh/d: blowers, surface, pumps, mixers, constant
    oxygen: float  # kg/d that went into the water
    standard: float  # kg/d the same in clean water at 20 °C
    air: float  # Nm³/d that moved
    too_little: float  # share of time in which the sludge took more than the blowers can give
    too_much: float  # share of time at the turn-down, with more air than was asked for
    daily: Array  # (day,) kWh of each whole day

    @property
    def total(self) -> float:
        """All stages. [kWh/d]"""
        return float(sum(self.by_stage.values()))


def electricity(result: Result, equipment: Equipment) -> Electricity:
    """Work out the electricity of a run from its machines.

    The oxygen that each tank took is the simulation's. What diffusers and blowers need for it
    follows from alpha, depth, temperature, pressure and curve. The run does not feel the machines'
    limits; shares of time say how often they would have been at one.

    Parameters
    ----------
    result : Result
        A run.
    equipment : Equipment
        Its plant's machines.

    References
    ----------
    metcalf2014
    """
    window, length = window_of(result)
    days = float(length.sum())
    taken, standard, asked = _aired(result, equipment)
    power: dict[str, Array] = {"blowers": np.zeros(len(length)), "surface": np.zeros(len(length))}
    moved, short, idle = np.zeros(len(length)), np.zeros(len(length)), np.zeros(len(length))
    for group, wanted in asked.items():
        used, given = equipment.power(group, wanted)
        kind = SURFACE if group == SURFACE else "blowers"
        power[kind] = power[kind] + used
        moved += given if kind == "blowers" else 0.0
        short = np.maximum(short, given < wanted * (1 - 1e-9))
        idle = np.maximum(idle, given > wanted * (1 + 1e-9))
    power["pumps"] = _pumped(result, equipment)
    power["mixers"] = _mixed(result, equipment)
    power["constant"] = np.full(len(length), equipment.constant_kw)
    return Electricity(
        by_stage={name: HOURS * float(length @ kw) / days for name, kw in power.items()},
        oxygen=HOURS * float(length @ taken) / days,
        standard=HOURS * float(length @ standard) / days,
        air=HOURS * float(length @ moved) / days,
        too_little=float(length @ short) / days,
        too_much=float(length @ idle) / days,
        daily=_by_day(result.times[window], HOURS * sum(power.values()) * length),
    )


def _by_day(times: Array, energy: Array) -> Array:
    """Add up over whole days; a last day that is cut short is left out."""
    day = np.floor(times - times[0] + 1e-6).astype(int)
    counts = np.bincount(day)
    return np.bincount(day, weights=energy).astype(np.float64)[counts == counts.max()]


def _aired(result: Result, equipment: Equipment) -> tuple[Array, Array, dict[str, Array]]:
    """Oxygen taken and standard oxygen [kg/h], and the air asked of each group [Nm³/h]."""
    plant, (window, length) = result.plant, window_of(result)
    record = result.record[window]
    column = {at: i for i, at in enumerate(plant.plan.columns)}
    taken, standard = np.zeros(len(length)), np.zeros(len(length))
    asked: dict[str, Array] = {}
    for name in plant.plan.tanks:
        kla = record[:, column[name, "kla"]].astype(float)
        if not kla.any():
            continue
        tank = plant.drawing.tanks[name]
        warm = record[:, column[name, "T"]].astype(float)
        held = record[:, column[name, plant.model.page.oxygen]].astype(float)
        if tank.follows_temperature:
            kla = kla * THETA ** (warm - AT_15)
        volume = (
            record[:, column[name, "V"]].astype(float) if (name, "V") in column else tank.volume
        )
        rate = np.maximum(kla * (tank.saturation - held), 0.0) * volume / WATTS / HOURS
        taken += rate
        diffusers = equipment.diffusers.get(name, equipment.diffusers.get("others"))
        diffusers = equipment.of(name)
        clean = standard_rate(
            rate, diffusers, dissolved=held, temperature=warm, elevation=equipment.elevation
        )
        standard += clean
        group = equipment.group(name)
        wanted = clean if group == SURFACE else air_flow(clean, diffusers)
        asked[group] = asked.get(group, np.zeros(len(length))) + wanted
    return taken, standard, asked


def _pumped(result: Result, equipment: Equipment) -> Array:
    """Power of all pumps: by head where their machine is known, else as drawn. [kW]"""
    plant, (window, _) = result.plant, window_of(result)
    first = plant.plan.n_active
    total = np.zeros(window.stop - window.start)
    for i, pipe in enumerate(plant.drawing.pipes):
        pump = equipment.pumps.get(pipe.name) or equipment.pumps.get(pipe.path)
        energy = pump.energy if pump is not None else pipe.energy
        total += energy * result.record[window, first + i].astype(float) / HOURS
    if INFLUENT in equipment.pumps:
        total += equipment.pumps[INFLUENT].energy * result.influent[window, -1] / HOURS
    return total


def _mixed(result: Result, equipment: Equipment) -> Array:
    """Power of the mixers: of every tank while its air does not mix it. [kW]"""
    plant, (window, _) = result.plant, window_of(result)
    column = {at: i for i, at in enumerate(plant.plan.columns)}
    record = result.record[window]
    total = np.zeros(len(record))
    for name in plant.plan.tanks:
        tank = plant.drawing.tanks[name]
        is_still = record[:, column[name, "kla"]] < plant.drawing.cost.mixed_below
        volume = (
            record[:, column[name, "V"]].astype(float) if (name, "V") in column else tank.volume
        )
        total += is_still * volume * equipment.mixers.power / WATTS
    return total
