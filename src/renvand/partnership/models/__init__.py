"""The schema of record: one model a table of the case."""

from renvand.partnership.models.accounts import Attempt, Reading, Release, SecondFactor
from renvand.partnership.models.base import TAIL, Record, RecordSet, Seat, Sourced
from renvand.partnership.models.case import Addition, Case, Source
from renvand.partnership.models.plants import Operation, Plant, PlantPage
from renvand.partnership.models.register import Enterprise, Observation, Outlet, PermitLimit
from renvand.partnership.models.reviews import (
    Chemical,
    Demand,
    Energy,
    Meter,
    Review,
    Sample,
    Stream,
    Unit,
)
from renvand.partnership.models.river import Background, Intake, Reach, Split
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
    "Demand",
    "Energy",
    "Enterprise",
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
    "Sample",
    "Seat",
    "SecondFactor",
    "Seminar",
    "Source",
    "Sourced",
    "Split",
    "Stream",
    "Unit",
]
