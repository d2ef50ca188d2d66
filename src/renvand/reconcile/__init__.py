"""Make measurements fit the balances, say how sure each value is, and name what cannot be right."""

import sys
from types import ModuleType
from typing import Any

from renvand.reconcile.cases import cases_of, solve_case
from renvand.reconcile.estimate import Estimate, System, estimate
from renvand.reconcile.feasible import checked_network, contradictions
from renvand.reconcile.flowsheet import FLOW, OUTSIDE, Network, read_network
from renvand.reconcile.gross import GrossError, Suspect, Tests, judge
from renvand.reconcile.identify import Findable, findable
from renvand.reconcile.meters import Advice, cheapest_meters, next_meters
from renvand.reconcile.result import Reconciled, reconcile

__all__ = [
    "FLOW",
    "OUTSIDE",
    "Advice",
    "Estimate",
    "Findable",
    "GrossError",
    "Network",
    "Reconciled",
    "Suspect",
    "System",
    "Tests",
    "cases_of",
    "cheapest_meters",
    "checked_network",
    "contradictions",
    "estimate",
    "findable",
    "judge",
    "next_meters",
    "read_network",
    "reconcile",
    "solve_case",
]


class _Callable(ModuleType):
    """``rv.reconcile(…)`` calls the function, though Python puts this package in its place."""

    def __call__(self, *tables: Any, **how: Any) -> Reconciled:
        return reconcile(*tables, **how)


sys.modules[__name__].__class__ = _Callable
