"""Which wrong measurement would be found, and which would be taken for another; before any is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renvand.reconcile.elimination import Array
from renvand.reconcile.estimate import Estimate
from renvand.reconcile.gross import critical, directions_of

GROSS = 5.0  # standard deviations; the size of error that a review must find
SURE = 0.90  # chance from which an error counts as found, or as placed
DRAWN = 3_000  # the shares are then right to ±0.6 in a hundred
MOST_DRAWN = 200  # measurements; beyond, the drawing takes seconds


@dataclass(frozen=True, kw_only=True)
class Findable:
    """What would happen to an error in one measurement."""

    at: int  # quantity
    alarm: float  # chance that it is noticed
    located: float  # chance, once noticed, that it stands out more than all others
    rival: int  # the measurement it is most often taken for; itself if none

    @property
    def is_identifiable(self) -> bool:
        """Whether an alarm would name this measurement in nine cases of ten."""
        return self.located >= SURE


def findable(found: Estimate, *, size: float = GROSS, significance: float = 0.05) -> list[Findable]:
    """Say of each checked measurement whether an error in it would be noticed and placed.

    Two measurements may push the balances in nearly the same direction. Then data of this kind
    cannot tell their errors apart, however they are tested: the largest test is that of the other
    nearly as often. This depends on flowsheet and deviations only, not on what was read.

    Parameters
    ----------
    found : Estimate
        A reconciliation; of bilinear balances, at its values.
    size : float
        Error. [standard deviations of the measurement]
    significance : float
        Chance of a false alarm.

    Returns
    -------
    list of Findable
        Empty for networks too large to be drawn.
    """
    checked = np.flatnonzero(found.status == "redundant")
    directions = directions_of(found, checked) if len(checked) <= MOST_DRAWN else None
    if directions is None:
        return []
    limit = critical(found, checked, significance)
    alike = directions.T @ directions
    noise = np.random.default_rng(DRAWN).standard_normal((DRAWN, found.dof)) @ directions
    power = np.sqrt(np.clip(1 - (found.sd[checked] / found.sigma[checked]) ** 2, 0.0, 1.0))
    return [
        _findable(noise + size * power[i] * alike[i], i, limit=limit, names=checked)
        for i in range(len(checked))
    ]


def _findable(z: Array, i: int, *, limit: float, names: NDArray[np.intp]) -> Findable:
    z = np.abs(z)
    alarms = z.max(axis=1) > limit
    top = z[alarms].argmax(axis=1)
    # Two meters in one line have the same test: either answer names both.
    right = z[alarms, i] > z[alarms].max(axis=1) - 1e-6
    others = np.bincount(top[~right], minlength=len(names))
    return Findable(
        at=int(names[i]),
        alarm=float(alarms.mean()),
        located=float(right.mean()) if alarms.any() else 0.0,
        rival=int(names[others.argmax()]) if others.any() else int(names[i]),
    )
