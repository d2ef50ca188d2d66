"""Calibrate the plant of a case with what lies in its folder."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from renvand.errors import Fault, FileError, RenvandError, near
from renvand.plant import Plant, load_plant
from renvand.steps.calibration.experiment import SEWER, TRANSFER, Experiment
from renvand.steps.calibration.fit import Calibration, calibrate_parameters
from renvand.steps.calibration.identify import Tell, silent
from renvand.steps.calibration.known import NOTHING, Known, knowing
from renvand.steps.calibration.months import Months, months_of
from renvand.steps.calibration.parameters import parameters
from renvand.steps.calibration.series import AIR, driven_faults, measured_faults, read_series
from renvand.steps.calibration.validate import Validation, split_of, validate
from renvand.steps.case import CaseData
from renvand.steps.outcome import Outcome

if TYPE_CHECKING:
    import pandas as pd

MEASURED, DRIVEN, INFLUENT = "measured.csv", "driven.csv", "influent.csv"
SPLIT = 0.7  # of the measured time is calibrated on
# What is usually calibrated first (henze1987: growth and half saturation of nitrifiers, anoxic
# growth, hydrolysis), and the strength of the inflow
USUAL = ("mu_A", "K_NH", "K_OA", "eta_g", "K_NO", "k_h", "b_H", "influent.S_S")


def calibrate(
    case: CaseData,
    plant: str,
    *,
    names: Sequence[str] = (),
    known: Known = NOTHING,
    split: float = SPLIT,
    seed: int = 1,
    workers: int = 2,
    tell: Tell = silent,
) -> Outcome:
    """Calibrate a plant on the first part of its measurements and predict the rest.

    With ``plants/ID/measured.csv`` over time, driven by ``influent.csv`` and, where it is there,
    ``driven.csv``; else month by month at rest, from ``operation.csv``.

    Parameters
    ----------
    case : CaseData
        Its folder holds ``plants/ID/plant.toml``.
    plant : str
        The plant's id.
    names : sequence of str
        Parameters that may be calibrated; the usual ones, with the transfer of measured air, when
        left out.
    known : Known
        What is known beyond the files: parameters that are given, weights of columns, a sewer,
        where instruments end.
    split : float
        Share of the measured time to calibrate on.
    seed : int
        Of the ensemble.
    workers : int
        Runs side by side.
    tell : callable
        Called after every run, with what it was for.

    Returns
    -------
    Outcome
        Tables 'parameters', 'scores', 'correlation' and 'predicted'; findings say what was left
        alone and why.

    Raises
    ------
    FileError, PlantError
        With all faults of the folder and the names.
    SolveError
        When there are too few measurements, or the plant blows up.
    """
    evidence = knowing(evidence_of(case, plant), known)
    chosen = chosen_names(evidence, names, given=known.given)
    day = split_of(evidence, split)
    found = calibrate_parameters(
        evidence.until(day), chosen, workers=workers, weights=known.weights, tell=tell
    )
    checked = validate(evidence, found, split=day, seed=seed, workers=workers, tell=tell)
    return Outcome(
        tables={
            "parameters": told(found),
            "scores": checked.scores,
            "correlation": _correlation(found),
            "predicted": _predicted(evidence, checked),
        },
        findings=(*findings(evidence, found), *_unskilled(checked.scores)),
        extras={
            "plant": plant,
            "split_d": day,
            "collinearity": float(found.collinearity),
            "determinant": found.identifiability.determinant,
            "scatter": dict(found.scatter),
            "memory": dict(found.memory),
            "is_dynamic": isinstance(evidence, Experiment),
        },
    )


def evidence_of(case: CaseData, plant: str) -> Experiment | Months:
    """Read what is known of a plant; see :func:`calibrate`."""
    known = case.plant_folders.get(plant)
    drawn = [name for name, p in case.plant_folders.items() if p.drawing is not None]
    if known is None or known.drawing is None:
        do = near(plant, drawn) if drawn else "Add its plant.toml."
        raise FileError(Fault(where=f"plants/{plant}", what="has no drawing.", do=do))
    folder = case.folder / "plants" / plant
    drawing = load_plant(folder)
    if (folder / MEASURED).is_file():
        return experiment_of(folder, drawing, at=f"plants/{plant}")
    if "operation" not in known.tables:
        do = f"Add {MEASURED}, or operation.csv."
        raise FileError(Fault(where=f"plants/{plant}", what="has no measurements.", do=do))
    return months_of(known.tables["operation"], drawing, name=f"plants/{plant}/operation.csv")


def experiment_of(folder: Path, plant: Plant, *, at: str) -> Experiment:
    """Read all series, with the faults of all of them."""
    faults: list[Fault] = []
    read: dict[str, Any] = {}
    readers = {
        INFLUENT: lambda: plant.influent(folder / INFLUENT),
        MEASURED: lambda: read_series(folder / MEASURED, name=f"{at}/{MEASURED}"),
    }
    if (folder / DRIVEN).is_file():
        readers[DRIVEN] = lambda: read_series(folder / DRIVEN, name=f"{at}/{DRIVEN}")
    for name, reader in readers.items():
        try:
            read[name] = reader()
        except RenvandError as error:
            faults.extend(error.faults)
    if MEASURED in read:
        faults.extend(measured_faults(read[MEASURED], plant, name=f"{at}/{MEASURED}"))
    if DRIVEN in read:
        faults.extend(driven_faults(read[DRIVEN], plant, name=f"{at}/{DRIVEN}"))
    if not faults:
        faults.extend(_time_faults(read, at=at))
    if faults:
        raise FileError(faults)
    return Experiment(
        plant=plant,
        influent=read[INFLUENT],
        measured=read[MEASURED],
        driven=read.get(DRIVEN),
        settle=_settle(read[INFLUENT].times),
    )


def _settle(times: np.ndarray[Any, Any]) -> float:
    """How long the plant may feel where its run begins: a tenth of the time, 10 days at most."""
    return float(min(10.0, 0.1 * (times[-1] - times[0])))


def _time_faults(read: Mapping[str, Any], *, at: str) -> list[Fault]:
    influent, measured = read[INFLUENT].times, read[MEASURED].times
    first, last = float(influent[0]), float(influent[-1])
    faults: list[Fault] = []
    for name in (MEASURED, DRIVEN):
        times = read[name].times if name in read else measured
        if times[-1] <= first or times[0] >= last:
            what = f"runs from day {times[0]:g} to {times[-1]:g}, the influent from {first:g} to "
            do = "Count days from the same moment."
            faults.append(Fault(where=f"{at}/{name}", what=f"{what}{last:g}.", do=do))
    return faults


def chosen_names(
    evidence: Experiment | Months, names: Sequence[str], *, given: Collection[str] = ()
) -> tuple[str, ...]:
    """Give the parameters that may be calibrated; when none are named the usual, less those given.

    Raises
    ------
    PlantError
        With every one that is not there.
    """
    usual = [name for name in _usual(evidence) if name not in given]
    return tuple(p.name for p in parameters(evidence, names or usual))


def _usual(evidence: Experiment | Months) -> tuple[str, ...]:
    air = evidence.driven.columns if isinstance(evidence, Experiment) and evidence.driven else ()
    is_blown = any(name.endswith(f".{AIR}") for name in air)
    known = [n for n in USUAL if "." in n or n in evidence.plant.model.values]
    if isinstance(evidence, Experiment) and evidence.dry_flow:
        known.append(SEWER)
    return (*known, TRANSFER) if is_blown else tuple(known)


def told(found: Calibration) -> pd.DataFrame:
    """Lay out what is known of every parameter: a row each, the calibrated ones first."""
    import pandas as pd

    strength = dict(
        zip(found.identifiability.names, map(float, found.identifiability.strength), strict=True)
    )
    rows = [
        {
            "parameter": name,
            "start": start,
            "value": found.values.get(name, start),
            "low": found.low.get(name, np.nan),
            "high": found.high.get(name, np.nan),
            "strength": strength[name],
            "is_calibrated": name in found.values,
            "note": "at its bound: not to be trusted"
            if name in found.at_bound
            else found.left.get(name, ""),
        }
        for name, start in found.start.items()
    ]
    table = pd.DataFrame(rows)
    return table.sort_values("is_calibrated", ascending=False, kind="stable", ignore_index=True)


def findings(evidence: Experiment | Months, found: Calibration) -> list[Fault]:
    """Say what was left alone and why, what ended at a bound, what the inflow lacks."""
    said = list(evidence.findings) if isinstance(evidence, Months) else []
    for name, why in found.left.items():
        do = "It stays as drawn; measure what tells it apart, or fix what makes up for it."
        said.append(Fault(where=f"parameter '{name}'", what=f"was left alone: {why}.", do=do))
    for name in found.at_bound:
        what = f"ended at its bound, {found.values[name]:.4g}."
        do = "Something else in the drawing or the inflow is wrong; its interval says nothing."
        said.append(Fault(where=f"parameter '{name}'", what=what, do=do))
    return said


def _unskilled(scores: pd.DataFrame) -> list[Fault]:
    """Name what the model predicts no better than the mean before the split."""
    after = scores[scores["period"] == "after"]
    do = "Do not use the model for it yet; look at the inflow, the drawing and the sensor."
    return [
        Fault(
            where=f"measured, column '{name}'",
            what=f"is predicted worse than by the mean day (skill {value:.2f}).",
            do=do,
        )
        for name, value in zip(after["column"], after["skill_mean_day"], strict=True)
        if not value > 0
    ]


def _correlation(found: Calibration) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        found.correlation, columns=list(found.names), index=pd.Index(found.names, name="parameter")
    ).reset_index()


def _predicted(evidence: Experiment | Months, checked: Validation) -> pd.DataFrame:
    import pandas as pd

    columns: dict[str, Any] = {"t_d": checked.times}
    for name, values in evidence.compared().columns.items():
        columns[name] = values
        columns[f"{name} predicted"] = checked.predicted[name]
        columns[f"{name} low"] = checked.low[name]
        columns[f"{name} high"] = checked.high[name]
    return pd.DataFrame(columns)
