"""Renvand: an open workbench for water partnerships.

``import renvand as rv`` loads nothing heavy; each name is fetched where it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

# The public surface, by what it is about: each name and the module it lives in.
SUBJECTS = {
    "A case and its programme": {
        "new": "renvand.partnership.new",
        "run": "renvand.programme",
        "why": "renvand.programme",
        "read_case": "renvand.partnership.folder",
        "check_case": "renvand.partnership.folder",
    },
    "Its steps": {
        "register": "renvand.steps.register",
        "sectors": "renvand.steps.sectors",
        "shortlist": "renvand.steps.shortlist",
        "review": "renvand.steps.review",
        "potential": "renvand.steps.potential",
        "plants": "renvand.steps.plants",
        "scenarios": "renvand.steps.trial",
        "optimise": "renvand.steps.trial",
        "trial": "renvand.steps.trial",
        "calibrate": "renvand.steps.calibration",
        "effect": "renvand.steps.effect",
    },
    "Treatment plants": {
        "load_model": "renvand.process",
        "load_plant": "renvand.plant",
        "Plant": "renvand.plant",
        "Influent": "renvand.plant",
        "State": "renvand.plant",
        "Result": "renvand.plant",
        "read_influent": "renvand.plant",
        "simulate_many": "renvand.plant",
        "sensitivities": "renvand.plant",
        "run_slopes": "renvand.plant",
        "rest_slopes": "renvand.plant",
    },
    "Balances": {
        "reconcile": "renvand.reconcile",
        "Reconciled": "renvand.reconcile",
        "findable": "renvand.reconcile",
        "next_meters": "renvand.reconcile",
    },
    "Water networks": {
        "read_cases": "renvand.waternet",
        "WaterCase": "renvand.waternet",
        "Fresh": "renvand.waternet",
        "Operation": "renvand.waternet",
        "Source": "renvand.waternet",
        "Sink": "renvand.waternet",
        "Treatment": "renvand.waternet",
        "target": "renvand.waternet",
        "solve": "renvand.waternet",
        "ladder": "renvand.waternet",
        "robust": "renvand.waternet",
    },
    "Ranking": {
        "additive": "renvand.ranking",
        "topsis": "renvand.ranking",
        "promethee": "renvand.ranking",
        "smaa": "renvand.ranking",
    },
    "What is known": {"table": "renvand.knowledge"},
}
_HOMES = {name: home for names in SUBJECTS.values() for name, home in names.items()}
__all__ = sorted(_HOMES)  # pyright: ignore[reportUnsupportedDunderAll]


def home(name: str) -> str:
    """Say in which module a public name lives."""
    return _HOMES[name]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("renvand")
    if name not in _HOMES:
        raise AttributeError(f"module 'renvand' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
