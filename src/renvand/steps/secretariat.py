"""Step 11: where the partnership stands: spending against plan, milestones, what is late."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from renvand.errors import Fault
from renvand.steps.case import CaseData, records
from renvand.steps.outcome import Outcome
from renvand.trace import Figure, Origin

if TYPE_CHECKING:
    import pandas as pd


def secretariat(case: CaseData) -> Outcome:
    """Sum the budget and list the actions with their state.

    Parameters
    ----------
    case : CaseData
        ``budget``, ``actions``, ``partners``; ``case.as_of`` is the day the report stands for.

    Returns
    -------
    Outcome
        Tables ``budget`` (planned, committed, spent, left, by line and in all) and ``actions``
        (with ``state``: done, late, open).
    """
    budget = case.tables["budget"].fillna({"committed_dkk": 0.0, "spent_dkk": 0.0})
    budget = budget.assign(left_dkk=budget["planned_dkk"] - budget["spent_dkk"])
    as_of = dt.date.fromisoformat(str(case.settings["case"]["as_of"]))
    actions = case.tables["actions"].copy()
    actions["state"] = [
        "done" if isinstance(done, dt.date) else "late" if due < as_of else "open"
        for due, done in zip(actions["due_on"], actions["done_on"], strict=True)
    ]
    return Outcome(
        tables={"budget": budget, "actions": actions},
        figures=_sums(budget),
        findings=(*_overdrawn(budget), *_late(actions)),
    )


def _overdrawn(budget: pd.DataFrame) -> list[Fault]:
    bound = budget[["spent_dkk", "committed_dkk"]].max(axis=1)  # what is spent was committed first
    return [
        Fault(
            where=f"budget.csv, {line['id']}",
            what=f"{line['bound']:,.0f} DKK committed, {line['planned_dkk']:,.0f} planned.",
            do="Move money between lines, or ask the agency.",
        )
        for line in records(budget.assign(bound=bound)[bound > budget["planned_dkk"]])
    ]


def _late(actions: pd.DataFrame) -> list[Fault]:
    return [
        Fault(
            where=f"actions.csv, {action['id']}",
            what=f"was due on {action['due_on']}.",
            do="Finish it, or agree a new date.",
        )
        for action in records(actions[actions["state"] == "late"])
    ]


def _sums(budget: pd.DataFrame) -> tuple[Figure, ...]:
    return tuple(
        Figure(
            id=f"secretariat.{what}",
            value=float(budget[f"{what}_dkk"].sum()),
            unit="DKK",
            method=f"{what}, summed over the lines of the budget",
            made_of=tuple(
                Origin(
                    file="budget.csv",
                    row=str(line["id"]),
                    column=f"{what}_dkk",
                    value=f"{line[f'{what}_dkk']:g}",
                    basis="calculated",
                )
                for line in records(budget)
            ),
        )
        for what in ("planned", "committed", "spent")
    )
