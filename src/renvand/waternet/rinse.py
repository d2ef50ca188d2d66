"""Rinsing: how much water a cascade of rinse tanks needs.

Ideal tanks: what is dragged in equals what is dragged out, and each tank is mixed.
"""

from __future__ import annotations

from dataclasses import dataclass

from renvand.errors import Fault, SolveError


@dataclass(frozen=True, kw_only=True)
class RinseCase:
    """A counter-current rinse: dilution wanted, and tanks in the cascade."""

    id: str
    ratio: float  # concentration in the bath over that in the last tank
    stages: int


def dilution(flow: float, stages: int) -> float:
    """Give the dilution that a counter-current cascade reaches.

    Parameters
    ----------
    flow : float
        Rinse water over drag-out. [-]
    stages : int
        Tanks.

    Returns
    -------
    float
        Concentration in the bath over that in the last tank. [-]

    References
    ----------
    Mass balance over each tank, summed as a geometric series.
    """
    return sum(flow**power for power in range(stages + 1))


def rinse_water(ratio: float, stages: int) -> float:
    """Give the rinse water that a dilution needs.

    Parameters
    ----------
    ratio : float
        Concentration in the bath over that allowed in the last tank, above 1. [-]
    stages : int
        Tanks in counter-current, 1 or more.

    Returns
    -------
    float
        Rinse water over drag-out. [-]

    Raises
    ------
    SolveError
        When the ratio is 1 or less: nothing to rinse.
    """
    if ratio <= 1 or stages < 1:
        what = f"a dilution of {ratio:g} in {stages} tanks has no answer."
        raise SolveError(Fault(where="rinse", what=what, do="Give a ratio above 1 and 1 tank."))
    flow = (ratio - 1) ** (1 / stages)  # above the root: all terms are positive
    for _ in range(60):
        slope = sum(power * flow ** (power - 1) for power in range(1, stages + 1))
        step = (dilution(flow, stages) - ratio) / slope
        flow -= step
        if abs(step) < 1e-14 * flow:
            break
    return flow
