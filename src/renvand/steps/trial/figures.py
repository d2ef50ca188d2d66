"""Figures of the trial, each back to drawing and influent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from renvand.steps.case import records
from renvand.trace import Basis, Figure, Origin

if TYPE_CHECKING:
    import pandas as pd

TODAY = "today"
_SHOWN = {"energy_kwh_m3": "kWh/m3", "TN_g_m3": "g/m3", "S_NH_g_m3": "g/m3", "cost_cny_d": "CNY/d"}
_PLANNED = {"saving_share": "1", "weeks": "weeks", "power": "1"}


def figures(
    rows: pd.DataFrame, plan: Mapping[str, Any], settings: Mapping[str, Any]
) -> Iterator[Figure]:
    """Make the figures of every scenario and of the plan.

    Parameters
    ----------
    rows : DataFrame
        Scenarios, today first.
    plan : mapping
        The one row of the plan; empty when there is none.
    settings : mapping
        ``[trial]`` of the case: ``plant``; ``basis`` and ``source`` of its drawing and inflow.
    """
    basis: Basis = settings.get("basis") or "estimated"
    drawn = tuple(
        Origin(
            file=f"plants/{settings['plant']}/{name}",
            row=what,
            basis=basis,
            source=settings.get("source") or "",
            confidence="medium" if basis == "measured" else "low",
        )
        for name, what in (("plant.toml", "the whole drawing"), ("influent.csv", "all rows"))
    )
    for row in records(rows):
        for what, unit in _SHOWN.items():
            yield Figure(
                id=f"trial.{row['scenario']}.{what}",
                value=row[what],
                unit=unit,
                method="dynamic simulation of the plant as drawn, flow-weighted mean",
                made_of=drawn,
            )
    if not plan:
        return
    compared = (f"trial.{TODAY}.energy_kwh_m3", f"trial.{plan['scenario']}.energy_kwh_m3")
    for what, unit in _PLANNED.items():
        yield Figure(
            id=f"trial.plan.{what}",
            value=plan[what],
            unit=unit,
            method="paired on/off blocks, two-sided t-test, first-order autocorrelation",
            made_of=compared,
        )
