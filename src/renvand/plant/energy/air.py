"""From the oxygen that sludge takes to the air that diffusers need."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]

SATURATION_20 = 9.09  # g/m³ of oxygen in clean water at 20 °C and one atmosphere, metcalf2014
WATER_COLUMN = 10.33  # m of water that press like one atmosphere, metcalf2014
MID_DEPTH = 0.40  # share of the depth at whose pressure air dissolves, metcalf2014 (0.25 to 0.45)
THETA = 1.024  # of oxygen transfer per °C, metcalf2014
GRAVITY, GAS, AIR_MASS, ZERO = 9.81, 8314.0, 28.97, 273.15  # m/s², J/kmol/K, kg/kmol, K
ATMOSPHERE = 101.325  # kPa
OXYGEN_IN_AIR = 0.2318  # by mass, metcalf2014
NORMAL_AIR = 1.293  # kg/m³ at 0 °C and one atmosphere, metcalf2014


@dataclass(frozen=True, kw_only=True)
class Diffusers:
    """How air meets water in a tank."""

    depth: float  # m of water above the diffusers
    transfer: float  # share of oxygen that clean water takes per m of depth, at `design_flow`
    alpha: float  # transfer in sludge against clean water
    fouling: float = 1.0  # of that, what is left of new diffusers
    beta: float = 0.95  # saturation in sewage against clean water, metcalf2014
    design_flow: float = 0.0  # Nm³/h of the tank at which `transfer` was measured; 0: any
    falls: float = 0.0  # exponent with which `transfer` falls as the flow rises

    def efficiency(self, flow: Numbers) -> Numbers:
        """Share of the oxygen that clean water takes (SOTE). [1]"""
        share = self.transfer * self.depth
        if self.design_flow <= 0 or self.falls == 0:
            return share + 0.0 * flow
        load = np.maximum(flow / self.design_flow, 0.05)  # the curve was not measured below
        return np.minimum(share * load**-self.falls, 0.95)


def saturation(temperature: Numbers) -> Numbers:
    """Oxygen in clean water under air of one atmosphere. [g/m³]

    Parameters
    ----------
    temperature : float or array
        0 to 40 °C.

    References
    ----------
    apha1992
    """
    T = np.asarray(temperature) + ZERO
    powers = -139.34411 + 1.575701e5 / T - 6.642308e7 / T**2 + 1.2438e10 / T**3
    return np.exp(powers - 8.621949e11 / T**4)


def air_pressure(elevation: float, temperature: Numbers = 20.0) -> Numbers:
    """Pressure of the air at a height above the sea, as share of one atmosphere.

    References
    ----------
    metcalf2014
    """
    T = np.asarray(temperature) + ZERO
    return np.exp(-GRAVITY * AIR_MASS * elevation / (GAS * T))


def standard_rate(
    rate: Numbers,
    diffusers: Diffusers,
    *,
    dissolved: Numbers,
    temperature: Numbers,
    elevation: float = 0.0,
) -> Numbers:
    """Oxygen that the same diffusers would give clean water at 20 °C (SOTR), in the unit of `rate`.

    Parameters
    ----------
    rate : float or array
        Oxygen transferred in the tank (AOR, OTR in the field).
    diffusers : Diffusers
        Alpha, beta, fouling, depth.
    dissolved : float or array
        Oxygen in the tank. [g/m³]
    temperature : float or array
        Of the water. [°C]
    elevation : float
        Above the sea. [m]

    References
    ----------
    metcalf2014, equation 5-70
    """
    deep = SATURATION_20 * (1 + MID_DEPTH * diffusers.depth / WATER_COLUMN)
    held = diffusers.beta * saturation(temperature) / SATURATION_20
    drive = (held * air_pressure(elevation, temperature) * deep - dissolved) / deep
    worse = diffusers.alpha * diffusers.fouling * THETA ** (np.asarray(temperature) - 20.0)
    return rate / (worse * np.maximum(drive, 0.01))


def air_flow(standard: Numbers, diffusers: Diffusers) -> Numbers:
    """Air for a standard rate of oxygen. [Nm³/h for kg/h]

    Where the efficiency falls with the flow the two are solved together: flow = a · flow^falls.
    """
    carried = OXYGEN_IN_AIR * NORMAL_AIR
    flow = standard / (diffusers.transfer * diffusers.depth * carried)
    if diffusers.design_flow <= 0 or diffusers.falls == 0:
        return flow
    load = np.maximum(flow / diffusers.design_flow, 1e-9) ** (1 / (1 - diffusers.falls))
    return standard / (diffusers.efficiency(load * diffusers.design_flow) * carried)
