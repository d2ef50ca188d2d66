"""A plant as a drawing: tanks, settlers, a line of gravity flow and some pumps, checked."""

from renvand.plant.drawing.check import check
from renvand.plant.drawing.cycles import while_filling
from renvand.plant.drawing.levers import changed, lever_value, levers
from renvand.plant.drawing.read import read_drawing
from renvand.plant.drawing.units import (
    INFLUENT,
    LAYERED,
    Cost,
    Cycle,
    Delay,
    DigesterSize,
    Dose,
    Drawing,
    Phase,
    Pipe,
    Settler,
    Tank,
)

__all__ = [
    "INFLUENT",
    "LAYERED",
    "Cost",
    "Cycle",
    "Delay",
    "DigesterSize",
    "Dose",
    "Drawing",
    "Phase",
    "Pipe",
    "Settler",
    "Tank",
    "changed",
    "check",
    "lever_value",
    "levers",
    "read_drawing",
    "while_filling",
]
