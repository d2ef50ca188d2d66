"""Plants: a line and some pumps, computed in time."""

from renvand.plant.drive import Look
from renvand.plant.influent import Influent, read_influent
from renvand.plant.many import read_changes, simulate_many
from renvand.plant.plant import Plant, load_plant, own_influent, plant_names, shipped_influent
from renvand.plant.result import Result, State, read_state
from renvand.plant.sensitivity import sensitivities
from renvand.plant.slopes import Slopes, rest_slopes, run_slopes

__all__ = [
    "Influent",
    "Look",
    "Plant",
    "Result",
    "Slopes",
    "State",
    "load_plant",
    "own_influent",
    "plant_names",
    "read_changes",
    "read_influent",
    "read_state",
    "rest_slopes",
    "run_slopes",
    "sensitivities",
    "shipped_influent",
    "simulate_many",
]
