"""What is known of a plant beyond its files, before it is calibrated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from renvand.errors import Fault, PlantError, near
from renvand.plant import Influent
from renvand.steps.calibration.experiment import OF_INFLUENT, Experiment
from renvand.steps.calibration.months import Months


def _none() -> dict[str, float]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of a plant beyond its files."""

    given: Mapping[str, float] = field(default_factory=_none)  # parameters: where they start, or
    # where they stay when they are not among those to calibrate
    weights: Mapping[str, float] = field(default_factory=_none)  # of measured columns; else 1
    top: Mapping[str, float] = field(default_factory=_none)  # where an instrument ends [its unit]
    dry_flow: float = 0.0  # m³/d; above 0 the inflow is of dry weather, for a sewer to dilute


NOTHING = Known()


def knowing(evidence: Experiment | Months, known: Known) -> Experiment | Months:
    """Add to the evidence what is known beyond it.

    Parameters
    ----------
    evidence : Experiment or Months
        Of the plant's files.
    known : Known
        See there.

    Returns
    -------
    Experiment or Months

    Raises
    ------
    PlantError
        With every parameter and column that is not there, a weight or end that is not above 0, and
        a sewer for months at rest.
    """
    faults = _faults(evidence, known)
    if isinstance(evidence, Experiment) and not faults:
        evidence = replace(evidence, dry_flow=known.dry_flow, top=known.top)
    for name, value in known.given.items():
        try:
            evidence.start_of(name)
        except PlantError as error:
            faults.extend(error.faults)
            continue
        if not value > 0:
            do = "Give it above 0."
            faults.append(Fault(where=f"parameter '{name}'", what=f"is {value:g}.", do=do))
    if faults:
        raise PlantError(faults)
    if isinstance(evidence, Experiment):
        return replace(evidence, given=known.given)
    return _months(evidence, known.given)


def _faults(evidence: Experiment | Months, known: Known) -> list[Fault]:
    columns = evidence.measured.columns
    faults: list[Fault] = []
    for what, numbers in (("weight", known.weights), ("top", known.top)):
        for name, value in numbers.items():
            where = f"{what} of '{name}'"
            if name not in columns:
                said = "nothing of that name is measured."
                faults.append(Fault(where=where, what=said, do=near(name, columns)))
            elif not value > 0:
                do = "Give it above 0, or leave the column out of the file."
                faults.append(Fault(where=where, what=f"is {value:g}.", do=do))
    if known.dry_flow < 0:
        do = "Give the flow of dry weather in m³/d."
        faults.append(Fault(where="dry flow", what=f"is {known.dry_flow:g}.", do=do))
    if isinstance(evidence, Months) and (known.dry_flow or known.top):
        do = "Add measured.csv and influent.csv, or leave them out."
        faults.append(Fault(where="sewer, top", what="mean nothing to months at rest.", do=do))
    return faults


def _months(evidence: Months, given: Mapping[str, float]) -> Months:
    """Draw the plant with what is given, and strengthen its inflows."""
    inner = {name: value for name, value in given.items() if not name.startswith(OF_INFLUENT)}
    columns = evidence.inflows[0].columns
    factors = np.array([given.get(f"{OF_INFLUENT}{column}", 1.0) for column in columns])
    return replace(
        evidence,
        plant=evidence.plant.changed(inner) if inner else evidence.plant,
        inflows=tuple(
            Influent(times=one.times, rows=one.rows * factors, columns=columns)
            for one in evidence.inflows
        ),
    )
