"""Parameters before they are calibrated: where they start, how unsure they are, their bounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np

from renvand.errors import Fault, PlantError
from renvand.plant import Plant
from renvand.process.model import Array
from renvand.steps.calibration.experiment import DIURNAL
from renvand.steps.calibration.series import Series

# Relative uncertainty before any measurement, in three classes: well known, known, hardly known.
# brun2002 sorts the parameters of ASM2d so; the article was not read, confidence low.
WELL, KNOWN, HARDLY = 0.05, 0.2, 0.5
HARDLY_KNOWN = ("K_", "k_", "transfer")
WELL_KNOWN = ("Y_", "i_", "f_")
WIDTH = 3.0  # bounds lie so many times the uncertainty away, in logarithms
WAVE_UNCERTAINTY, WAVE_BOUND = 0.2, 0.8  # of the day's waves, which are shares of the mean
SHARES = ("eta_", "f_", "air_exponent")  # never above 1
EDGE = 1e-3  # of the way between bounds: nearer counts as at the bound


class Evidence(Protocol):
    """A plant with measurements that can be computed: over time, or at rest month by month."""

    @property
    def plant(self) -> Plant:
        """The plant as drawn."""
        ...

    @property
    def measured(self) -> Series:
        """All measurements."""
        ...

    def compared(self) -> Series:
        """Give the measurements that count."""
        ...

    def until(self, last: float) -> Self:
        """Give the part before a day. [d]"""
        ...

    def start_of(self, name: str) -> float:
        """Give what a parameter is before it is calibrated."""
        ...

    def simulate(self, values: Mapping[str, float]) -> dict[str, Array]:
        """Compute the measurements with given parameters."""
        ...


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter that may be calibrated."""

    name: str
    start: float
    low: float
    high: float
    uncertainty: float  # in the scale that is calibrated: relative, where it is a logarithm

    @property
    def is_logarithmic(self) -> bool:
        """Whether its logarithm is calibrated: it cannot be 0 or less."""
        return self.low > 0

    def inner(self, value: float) -> float:
        """Give the number that is calibrated."""
        return float(np.log(value)) if self.is_logarithmic else value

    def outer(self, number: float) -> float:
        """Give the parameter of a calibrated number."""
        return float(np.exp(number)) if self.is_logarithmic else float(number)


def parameter(evidence: Evidence, name: str) -> Parameter:
    """Give a parameter with usual bounds around where it starts.

    Raises
    ------
    PlantError
        When there is no such parameter, or it is 0 and so has no scale.
    """
    start = evidence.start_of(name)
    if name in DIURNAL:
        return Parameter(
            name=name, start=start, low=-WAVE_BOUND, high=WAVE_BOUND, uncertainty=WAVE_UNCERTAINTY
        )
    if start <= 0:
        where = f"plant '{evidence.plant.name}', parameter '{name}'"
        what, do = f"is {start:g}: it has no scale.", "Draw it above 0, or leave it out."
        raise PlantError(Fault(where=where, what=what, do=do))
    class_ = KNOWN
    if name.startswith(WELL_KNOWN):
        class_ = WELL
    elif name.startswith(HARDLY_KNOWN):
        class_ = HARDLY
    factor = float(np.exp(WIDTH * np.log1p(class_)))
    high = start * factor
    if name.startswith(SHARES):
        high = max(min(high, 1.0), start * 1.001)
    return Parameter(name=name, start=start, low=start / factor, high=high, uncertainty=class_)


def parameters(evidence: Evidence, names: Iterable[str]) -> tuple[Parameter, ...]:
    """Give parameters by name, with all faults at once."""
    faults: list[Fault] = []
    made: list[Parameter] = []
    names = list(names)
    for twice in sorted({name for name in names if names.count(name) > 1}):
        where = f"plant '{evidence.plant.name}', parameter '{twice}'"
        faults.append(Fault(where=where, what="is named twice.", do="Name it once."))
    for name in names:
        try:
            made.append(parameter(evidence, name))
        except PlantError as error:
            faults.extend(error.faults)
    if faults:
        raise PlantError(faults)
    return tuple(made)


def values_of(chosen: Sequence[Parameter], x: Array) -> dict[str, float]:
    """Give parameters of the numbers that are calibrated."""
    return {p.name: p.outer(number) for p, number in zip(chosen, x, strict=True)}
