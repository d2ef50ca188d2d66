"""Water networks: targets, the best network with its proof, and the way there pipe by pipe."""

from renvand.waternet.case import (
    DISCHARGE,
    Fresh,
    Node,
    Operation,
    Pipe,
    Sink,
    Source,
    Treatment,
    WaterCase,
)
from renvand.waternet.ladder import Rung, ladder, pipes_to_build, present_pipes
from renvand.waternet.picture import composite_curves
from renvand.waternet.read import read_cases
from renvand.waternet.rinse import RinseCase, dilution, rinse_water
from renvand.waternet.robust import Robustness, Safe, robust, robustness, with_margin
from renvand.waternet.solve import Network, solve
from renvand.waternet.target import Target, is_targetable, target

__all__ = [
    "DISCHARGE",
    "Fresh",
    "Network",
    "Node",
    "Operation",
    "Pipe",
    "RinseCase",
    "Robustness",
    "Rung",
    "Safe",
    "Sink",
    "Source",
    "Target",
    "Treatment",
    "WaterCase",
    "composite_curves",
    "dilution",
    "is_targetable",
    "ladder",
    "pipes_to_build",
    "present_pipes",
    "read_cases",
    "rinse_water",
    "robust",
    "robustness",
    "solve",
    "target",
    "with_margin",
]
