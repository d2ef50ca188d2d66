"""What blowers take to press air under water."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from renvand.plant.energy.air import AIR_MASS, ATMOSPHERE, GAS, NORMAL_AIR, ZERO, Numbers
from renvand.process.model import Array

EXPONENT = 0.283  # (κ − 1)/κ of air, metcalf2014
WATER_WEIGHT = 9.81  # kPa per m of water


@dataclass(frozen=True, kw_only=True)
class Blowers:
    """A group of equal blowers on one pipe."""

    number: float  # how many may run
    flow: float  # Nm³/h of one at full speed
    efficiency: float  # shaft, gear and motor together, at the best point
    turn_down: float = 0.4  # least flow of one, as share of `flow`
    falls: float = 0.0  # part of the efficiency that is lost between full flow and none
    loss_kpa: float = 0.0  # in pipes, valves and diffusers at the flow of all
    inlet_c: float = 20.0  # °C of the air that is drawn in

    @property
    def capacity(self) -> float:
        """Air of all. [Nm³/h]"""
        return self.number * self.flow


def adiabatic_power(
    mass: Numbers, ratio: Numbers, *, efficiency: Numbers, inlet_c: float = 20.0
) -> Numbers:
    """Power that compresses air. [kW]

    Parameters
    ----------
    mass : float or array
        Air. [kg/s]
    ratio : float or array
        Pressure after over pressure before.
    efficiency : float or array
        0 to 1.
    inlet_c : float
        Temperature before. [°C]

    References
    ----------
    metcalf2014, equation 5-77
    """
    lift = np.asarray(ratio) ** EXPONENT - 1
    return mass * GAS / 1000 * (inlet_c + ZERO) / (AIR_MASS * EXPONENT * efficiency) * lift


def blower_power(
    flow: Numbers, blowers: Blowers, *, depth: float, pressure: float = ATMOSPHERE
) -> tuple[Array, Array]:
    """Power of a group of blowers, and the air they move.

    As few run as can give the air. One cannot give less than its turn-down: then more air moves
    than is asked for. More than all can give is not given.

    Parameters
    ----------
    flow : float or array
        Air asked for. [Nm³/h]
    blowers : Blowers
        The group.
    depth : float
        Of the deepest diffusers. [m of water]
    pressure : float
        Of the air outside. [kPa]

    Returns
    -------
    array, array
        Power [kW] and air moved [Nm³/h].
    """
    asked = np.asarray(flow, dtype=float)
    running = np.clip(np.ceil(asked / blowers.flow - 1e-9), 1, blowers.number)
    each = np.clip(asked / running, blowers.turn_down * blowers.flow, blowers.flow)
    each = np.where(asked > 0, each, 0.0)
    moved = running * each
    loss = blowers.loss_kpa * (moved / blowers.capacity) ** 2
    ratio = (pressure + WATER_WEIGHT * depth + loss) / pressure
    worse = 1 - blowers.falls * (1 - each / blowers.flow)
    power = adiabatic_power(
        moved * NORMAL_AIR / 3600,
        ratio,
        efficiency=blowers.efficiency * worse,
        inlet_c=blowers.inlet_c,
    )
    return np.asarray(power), np.asarray(moved)
