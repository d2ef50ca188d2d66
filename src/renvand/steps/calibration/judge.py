"""All that is wrong in the files of a plant, before anything is computed with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from renvand.errors import Fault, RenvandError
from renvand.knowledge import read_toml
from renvand.plant import Plant, load_plant
from renvand.plant.energy import read_equipment
from renvand.steps.calibration.case import DRIVEN, INFLUENT, MEASURED, experiment_of
from renvand.steps.case import CaseData

DRAWING, EQUIPMENT = "plant.toml", "equipment.toml"
NEED_A_DRAWING = (EQUIPMENT, MEASURED, DRIVEN)


def plant_faults(case: CaseData, plant: str) -> tuple[Fault, ...]:
    """Name all faults of a plant's drawing, machines and measurements over time.

    Parameters
    ----------
    case : CaseData
        Its tables were read without a fault of this plant.
    plant : str
        Folder under ``plants/``.

    Returns
    -------
    tuple of Fault
        None where the plant has neither drawing nor what needs one.
    """
    at, folder = f"plants/{plant}", case.folder / "plants" / plant
    if case.plant_folders[plant].drawing is None:
        return tuple(
            Fault(where=f"{at}/{name}", what="belongs to no drawing.", do=f"Add {DRAWING}.")
            for name in NEED_A_DRAWING
            if (folder / name).is_file()
        )
    try:
        drawn = load_plant(folder)
    except RenvandError as error:
        return tuple(_at(fault, at) for fault in error.faults)
    return (*_machines(folder, drawn, at=at), *_series(folder, drawn, at=at))


def _at(fault: Fault, at: str) -> Fault:
    """Say in which folder a file lies that names itself alone."""
    is_alone = fault.where.startswith((DRAWING, INFLUENT))
    return replace(fault, where=f"{at}/{fault.where}") if is_alone else fault


def _machines(folder: Path, drawn: Plant, *, at: str) -> Iterator[Fault]:
    name = f"{at}/{EQUIPMENT}"
    if not (folder / EQUIPMENT).is_file():
        return
    try:
        page = read_toml(folder / EQUIPMENT, name=name)
        if shape := [*_shape(page, name)]:
            yield from shape
        else:
            read_equipment(page, drawn.drawing, name=name)
    except RenvandError as error:
        yield from error.faults


def _shape(page: Mapping[str, Any], name: str) -> Iterator[Fault]:
    """Find what is no table where one is due, and no number among what stands alone."""
    for part, row in page.items():
        if not isinstance(row, dict):
            what = f"'{row}' is not a table."
            yield Fault(where=f"{name}, {part}", what=what, do=f"Write [{part}] and keys below.")
            continue
        for key, value in cast("dict[str, Any]", row).items():
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            if part in ("site", "others") and not is_number:
                where, what = f"{name}, {part}, {key}", f"'{value}' is not a number."
                yield Fault(where=where, what=what, do="Write digits.")


def _series(folder: Path, drawn: Plant, *, at: str) -> tuple[Fault, ...]:
    if not (folder / MEASURED).is_file():
        if (folder / DRIVEN).is_file():
            what = f"drives a plant of which nothing is measured: there is no {MEASURED}."
            return (Fault(where=f"{at}/{DRIVEN}", what=what, do=f"Add {MEASURED}."),)
        return ()
    try:
        experiment_of(folder, drawn, at=at)
    except RenvandError as error:
        return tuple(_at(fault, at) for fault in error.faults)
    return ()
