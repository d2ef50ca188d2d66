"""Make measurements fit the balances, say how sure each value is, and name what cannot be right."""

from renvand.reconcile.cases import cases_of, solve_case
from renvand.reconcile.estimate import Estimate, System, estimate
from renvand.reconcile.feasible import contradictions
from renvand.reconcile.flowsheet import FLOW, OUTSIDE, Network, read_network
from renvand.reconcile.gross import GrossError, Suspect, Tests, judge
from renvand.reconcile.meters import Advice, next_meters
from renvand.reconcile.result import Reconciled, reconcile

__all__ = [
    "FLOW",
    "OUTSIDE",
    "Advice",
    "Estimate",
    "GrossError",
    "Network",
    "Reconciled",
    "Suspect",
    "System",
    "Tests",
    "cases_of",
    "contradictions",
    "estimate",
    "judge",
    "next_meters",
    "read_network",
    "reconcile",
    "solve_case",
]
