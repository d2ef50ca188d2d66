"""Figures of the trial, each back to drawing and influent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from renvand.knowledge import Knowledge
from renvand.steps.case import records
from renvand.trace import Basis, Figure, Origin

if TYPE_CHECKING:
    import pandas as pd

TODAY = "today"
MONEY = "money"  # stands for the currency of the case
_SHOWN = {"energy_kwh_m3": "kWh/m3", "TN_g_m3": "g/m3", "S_NH_g_m3": "g/m3", "cost_d": f"{MONEY}/d"}
_MORE = {"TP_g_m3": "g/m3", "n2o_kg_d": "kg/d", "investment": MONEY}  # where it is known
_PLANNED = {"saving_share": "1", "weeks": "weeks", "power": "1"}
_MONEY = ("cost_dkk", "free_dkk", "line_free_dkk")
_METHOD = "paired on/off blocks, two-sided t-test, first-order autocorrelation"


def figures(
    rows: pd.DataFrame,
    plan: Mapping[str, Any],
    *,
    settings: Mapping[str, Any],
    currency: str,
    has_machines: bool = False,
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
    currency : str
        Of the case.
    has_machines : bool
        Whether electricity is that of the plant's ``equipment.toml``.
    """
    pages = {"plant.toml": "the whole drawing", "influent.csv": "all rows"}
    if has_machines:
        pages["equipment.toml"] = "all machines"
    basis: Basis = settings.get("basis") or "estimated"
    drawn = tuple(
        Origin(
            file=f"plants/{settings['plant']}/{name}",
            row=what,
            basis=basis,
            source=settings.get("source") or "",
            confidence="medium" if basis == "measured" else "low",
        )
        for name, what in pages.items()
    )
    for row in records(rows):
        for what, unit in _SHOWN.items():
            method = "dynamic simulation of the plant as drawn, flow-weighted mean"
            yield _figure(
                f"{row['scenario']}.{what}",
                row[what],
                unit.replace(MONEY, currency),
                method=method,
                made_of=drawn,
            )
        for what, unit in _MORE.items():
            if what in row and row[what] == row[what]:  # a number
                method = "the same simulation, or planning values for what is built"
                yield _figure(
                    f"{row['scenario']}.{what}",
                    row[what],
                    unit.replace(MONEY, currency),
                    method=method,
                    made_of=drawn,
                )
    if not plan:
        return
    compared = (f"trial.{TODAY}.energy_kwh_m3", f"trial.{plan['scenario']}.energy_kwh_m3")
    for what, unit in _PLANNED.items():
        yield _figure(f"plan.{what}", plan[what], unit, method=_METHOD, made_of=compared)


def figures_of_plan(
    tables: Mapping[str, pd.DataFrame], plan: Mapping[str, Any], *, knowledge: Knowledge
) -> Iterator[Figure]:
    """Make the figures of meters, stop rules and costs.

    Parameters
    ----------
    tables : mapping
        ``meters``, ``stop_rules``, ``costs`` of the step.
    plan : mapping
        The one row of the plan.
    knowledge : Knowledge
        Of the case, with its money and its prices of a trial.
    """
    weeks = ("trial.plan.weeks",)
    for row in records(tables["meters"]):
        for what, unit in (("number", "1"), ("error", row["unit"]), ("every_min", "min")):
            yield _figure(
                f"meter.{row['meter']}.{what}", float(row[what]), unit,
                method="what the plan can bear, or judgement", made_of=weeks,
            )  # fmt: skip
    worst = (f"trial.{plan['scenario']}.TN_g_m3",)
    for row in records(tables["stop_rules"]):
        for what in ("expected", "warn_at", "stop_at"):
            yield _figure(
                f"stop.{row['substance']}.{what}", row[what], "g/m3",
                method="worst day of the simulation; nine tenths of the limit; the limit",
                made_of=worst,
            )  # fmt: skip
    rows = knowledge.rows("trial_costs")
    prices = tuple(knowledge.origin("trial_costs", row, column="typical") for row in rows)
    for row in records(tables["costs"]):
        for what in ("low", "typical", "high"):
            yield _figure(
                f"cost.{row['item']}.{what}", row[what], knowledge.currency,
                method="numbers and weeks of the plan times planning prices",
                made_of=(*weeks, *prices),
            )  # fmt: skip
    for what in _MONEY:
        if plan[what] == plan[what]:
            yield _figure(
                f"plan.{what}", plan[what], "DKK",
                method="sum of the typical costs; budget less what is committed or spent",
                made_of=(*weeks, *prices),
            )  # fmt: skip


def _figure(
    name: str, value: float, unit: str, *, method: str, made_of: tuple[Origin | str, ...]
) -> Figure:
    return Figure(id=f"trial.{name}", value=float(value), unit=unit, method=method, made_of=made_of)
