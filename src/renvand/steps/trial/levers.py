"""Levers of a trial: named, small changes to a plant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from renvand.errors import Fault, FileError, near
from renvand.plant import Plant

# What each lever turns, as shares of today's setting. Small steps: a plant in operation is not
# turned further in a first trial.
STEPS: Mapping[str, tuple[float, ...]] = {
    "aeration": (0.9, 0.8, 0.7, 0.6),
    "recycle": (0.5, 0.75, 1.25),
    "carbon": (0.0, 0.5, 0.75),
}


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One setting of one lever."""

    id: str  # 'aeration-80'
    lever: str
    share: float  # of today's setting
    changes: Mapping[str, float]  # as :meth:`renvand.plant.Plant.changed` takes them


def scenarios(plant: Plant, levers: list[str]) -> list[Scenario]:
    """Give every setting of the levers a case names.

    Parameters
    ----------
    plant : Plant
        As it runs today.
    levers : list of str
        Of :data:`STEPS`.

    Raises
    ------
    FileError
        When a lever is unknown, or the plant has nothing that it would turn.
    """
    faults: list[Fault] = []
    made: list[Scenario] = []
    for lever in levers:
        where = f"case.toml, trial.levers, '{lever}'"
        if lever not in STEPS:
            faults.append(Fault(where=where, what="is not known.", do=near(lever, STEPS)))
            continue
        today = settings(plant, lever)
        if not today:
            what = f"turns nothing at plant '{plant.name}'."
            faults.append(Fault(where=where, what=what, do="Leave it out."))
        for share in STEPS[lever]:
            changes = {name: share * value for name, value in today.items()}
            name = f"{lever}-{round(100 * share)}"
            made.append(Scenario(id=name, lever=lever, share=share, changes=changes))
    if faults:
        raise FileError(faults)
    return made


def settings(plant: Plant, lever: str) -> dict[str, float]:
    """Give what a lever turns at a plant, with today's values."""
    drawing = plant.drawing
    if lever == "aeration":
        return {f"{name}.kla": tank.kla for name, tank in drawing.tanks.items() if tank.kla > 0}
    if lever == "recycle":
        return {
            pipe.name or pipe.path: pipe.flow
            for pipe in drawing.pipes
            if pipe.flow and pipe.source in drawing.tanks and pipe.target in drawing.tanks
        }
    return {name: dose.flow for name, dose in drawing.doses.items() if dose.flow > 0}
