"""The schema of record: one model a table of the case."""

from renvand.partnership.models.accounts import (
    Attempt,
    Correction,
    Reading,
    Release,
    SecondFactor,
)
from renvand.partnership.models.base import TAIL, Record, RecordSet, Seat, Sourced
from renvand.partnership.models.case import Addition, Case, Source
from renvand.partnership.models.plants import Operation, Plant, PlantPage
from renvand.partnership.models.processes import Dyeing, Fluid, Rinse
from renvand.partnership.models.register import Enterprise, Observation, Outlet, PermitLimit
from renvand.partnership.models.reviews import (
    Chemical,
    DayFlow,
    Demand,
    Energy,
    Meter,
    Review,
    Sample,
    Stream,
    Unit,
)
from renvand.partnership.models.river import Background, Intake, Reach, Split
from renvand.partnership.models.runs import Run, Token
from renvand.partnership.models.secretariat import (
    Action,
    AgendaPoint,
    BudgetLine,
    Partner,
    Seminar,
)

__all__ = [
    "TAIL",
    "Action",
    "Addition",
    "AgendaPoint",
    "Attempt",
    "Background",
    "BudgetLine",
    "Case",
    "Chemical",
    "Correction",
    "DayFlow",
    "Demand",
    "Dyeing",
    "Energy",
    "Enterprise",
    "Fluid",
    "Intake",
    "Meter",
    "Observation",
    "Operation",
    "Outlet",
    "Partner",
    "PermitLimit",
    "Plant",
    "PlantPage",
    "Reach",
    "Reading",
    "Record",
    "RecordSet",
    "Release",
    "Review",
    "Rinse",
    "Run",
    "Sample",
    "Seat",
    "SecondFactor",
    "Seminar",
    "Source",
    "Sourced",
    "Split",
    "Stream",
    "Token",
    "Unit",
]
