"""The plant of a trial with its machines, and the state its runs begin from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from renvand.errors import Fault, FileError, SolveError, near
from renvand.knowledge import SHIPPED, Knowledge
from renvand.plant import Influent, Plant, State, load_plant, own_influent
from renvand.plant.energy import Equipment, own_equipment
from renvand.steps.case import CaseData

SWITCHED = ("timer", "switch")  # controllers under which nothing rests
LEAD = 42.0  # d that such a plant runs before it counts: two to three ages of the sludge
LEAST = -1e-3  # g/m³ that rounding may leave
SLUDGE_LOST = 0.2  # of today's: with less, the search has found a plant without sludge
MINUTES = 1440.0  # of a day


@dataclass(frozen=True, kw_only=True)
class Site:
    """A plant, the machines in it, and what the water brings."""

    plant: Plant
    influent: Influent
    equipment: Equipment | None = None  # None: only the benchmark's formulas for energy
    knowledge: Knowledge = SHIPPED  # prices, and the money they are in

    @property
    def flow(self) -> float:
        """Mean flow. [m³/d]"""
        return float(self.influent.mean.rows[0, -1])


def load_site(case: CaseData, chosen: str) -> Site:
    """Load a plant of a case with its machines and inflow.

    Raises
    ------
    FileError, PlantError
        When the plant has no drawing, or one of its files has faults.
    """
    kept = case.plant_folders.get(chosen)
    if kept is None or kept.drawing is None:
        drawn = [name for name, p in case.plant_folders.items() if p.drawing is not None]
        do = near(chosen, drawn) if drawn else "Add its plant.toml and influent.csv."
        where = "case.toml, trial.plant"
        raise FileError(Fault(where=where, what=f"'{chosen}' has no drawing.", do=do))
    return open_site(case.folder / "plants" / chosen, knowledge=case.knowledge)


def open_site(folder: Path | str, *, knowledge: Knowledge = SHIPPED) -> Site:
    """Load a plant from its folder, or one that comes with the package."""
    plant = load_plant(folder)
    return Site(
        plant=plant,
        influent=own_influent(folder, plant.model),
        equipment=own_equipment(folder, plant.drawing),
        knowledge=knowledge,
    )


@dataclass(frozen=True, kw_only=True)
class Settled:
    """:func:`settled` near a state, as a value that can be sent to a cluster."""

    near_to: State

    @classmethod
    def near(cls, state: State) -> Settled:
        """Take a state without what is compiled for its plant."""
        return cls(near_to=replace(state, plant=replace(state.plant)))

    def __call__(self, plant: Plant, influent: Influent) -> State:
        """Give the state a run begins from."""
        return settled(plant, influent, near_to=self.near_to)


def settled(plant: Plant, influent: Influent, *, near_to: State | None = None) -> State:
    """Give the state a plant's runs begin from: at rest, or in its swing where it is switched.

    A plant that is switched by the clock or by marks never rests: it runs ``LEAD`` days on the
    mean inflow from where the same plant without switches rests. So does one that finds no rest
    that could be.

    Parameters
    ----------
    plant : Plant
        With its levers set.
    influent : Influent
        What comes; its mean is used.
    near_to : State, optional
        Of the plant as it runs today: where the search begins.

    Raises
    ------
    SolveError
        When the plant can neither rest nor run.
    """
    mean = influent.mean
    calm = _calm(plant)
    begin = _rest(calm, mean, near_to)
    if calm is plant and begin is not near_to:
        return begin
    return plant.simulate(mean, days=LEAD, start=begin, output_min=MINUTES).state


def _calm(plant: Plant) -> Plant:
    """Give the plant without what switches it; itself where nothing does."""
    controllers = plant.drawing.controllers
    if not any(c.kind in SWITCHED for c in controllers.values()):
        return plant
    kept = {n: c for n, c in controllers.items() if c.kind not in SWITCHED}
    calm = Plant(replace(plant.drawing, controllers=kept), plant.model)
    vars(calm)["kernels"] = plant.kernels
    return calm


def _rest(plant: Plant, mean: Influent, near_to: State | None) -> State:
    """Find rest; where there is none, or one that cannot be, give back `near_to`.

    Equations rest also at concentrations below zero, and without sludge.
    """
    if near_to is None:
        return plant.steady(mean)
    try:
        found = plant.steady(mean, start=near_to)
    except SolveError:
        return near_to
    lowest = float(found.record[: plant.plan.n_active].min())
    is_rest = lowest > LEAST and solids(found) > SLUDGE_LOST * solids(near_to)
    return found if is_rest else near_to


def solids(state: State) -> float:
    """Solids in all tanks. [kg]"""
    tanks = state.plant.drawing.tanks.items()
    return sum(tank.volume * state.values[name]["TSS"] for name, tank in tanks) / 1000
