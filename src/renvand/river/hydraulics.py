"""How deep, how wide and how fast a reach runs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from renvand.errors import Fault, SolveError
from renvand.river.network import Floats

KM = 1_000.0  # m/km
SECONDS_PER_DAY = 86_400.0  # s/d
WIDTH_EXPONENT = 0.26  # at one station, leopold1953
DEPTH_EXPONENT = 0.40  # leopold1953
VELOCITY_EXPONENT = 0.34  # leopold1953; the three add up to one
MEAN_WIDTH = (7.2, 0.50)  # m (m³/s)^-0.5, along rivers of the world, moody2002
MEAN_DEPTH = (0.27, 0.30)  # m (m³/s)^-0.3, moody2002; both orders of magnitude only


@dataclass(frozen=True, kw_only=True)
class Channel:
    """The reaches' cross-section at one flow; arrays in the order they were given."""

    width: Floats  # m
    depth: Floats  # m
    velocity: Floats  # m/s
    time: Floats  # d, to the end of the reach


def channel(
    flow: Floats,
    length_km: Floats,
    *,
    width: Floats,
    depth: Floats,
    reference_flow: Floats,
    is_held: npt.ArrayLike = False,
) -> Channel:
    """Scale a known cross-section to another flow.

    Parameters
    ----------
    flow : array (reach,)
        Flow to compute for. [m³/s]
    length_km : array (reach,)
        Length. [km]
    width, depth : array (reach,)
        At the reference flow; NaN where not known, then estimated from the flow. [m]
    reference_flow : array (reach,)
        The flow at which width and depth hold, as a rule the mean. [m³/s]
    is_held : array of bool
        Lakes and backwaters, whose level does not follow the flow: width and depth stay.

    Returns
    -------
    Channel
        Width, depth, velocity and travel time.

    References
    ----------
    leopold1953, moody2002
    """
    usual_width = MEAN_WIDTH[0] * reference_flow ** MEAN_WIDTH[1]
    usual_depth = MEAN_DEPTH[0] * reference_flow ** MEAN_DEPTH[1]
    ratio = np.where(is_held, 1.0, flow / reference_flow)
    wide = np.where(np.isnan(width), usual_width, width) * ratio**WIDTH_EXPONENT
    deep = np.where(np.isnan(depth), usual_depth, depth) * ratio**DEPTH_EXPONENT
    velocity = flow / (wide * deep)
    return Channel(
        width=wide,
        depth=deep,
        velocity=velocity,
        time=length_km * KM / velocity / SECONDS_PER_DAY,
    )


def manning_depth(
    flow: npt.ArrayLike, width: npt.ArrayLike, *, slope: npt.ArrayLike, roughness: npt.ArrayLike
) -> Floats:
    """Depth of uniform flow in a rectangular bed.

    Parameters
    ----------
    flow : array
        Flow. [m³/s]
    width : array
        Width of the bed. [m]
    slope : array
        Slope of the bed. [m/m]
    roughness : array
        Manning's n. [s/m^(1/3)]

    Returns
    -------
    array
        Depth. [m]

    Raises
    ------
    SolveError
        When the depth does not converge.

    References
    ----------
    chapra1997
    """
    q, b, s, n = np.broadcast_arrays(
        *(np.asarray(v, float) for v in (flow, width, slope, roughness))
    )
    depth = (q * n / (b * np.sqrt(s))) ** 0.6
    for _ in range(100):
        wetted = b + 2 * depth
        new = (q * n / np.sqrt(s)) ** 0.6 * wetted**0.4 / b
        if np.all(np.abs(new - depth) <= 1e-13 * depth):
            return new
        depth = new
    raise SolveError(
        Fault(
            where="Manning's depth",
            what="did not settle after 100 steps.",
            do="Check slope and roughness: both must be above 0.",
        )
    )
