"""What a trial takes beyond weeks: meters, rules to stop, money; and two ways to compare."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from renvand.errors import SolveError
from renvand.knowledge import Knowledge
from renvand.steps.case import CaseData
from renvand.steps.trial.plan import Design, Noise, design

if TYPE_CHECKING:
    from renvand.steps.trial.site import Site

LINES_ALIKE = 0.8  # correlation of two lines' daily energy: our guess, to be measured; low
METER_SHARE = 0.05  # of the trial's scatter that meters may add
WARN, STOP = 0.9, 1.0  # of a limit, on a daily composite
DAYS_IN_ROW = 2  # above the warning before the lever goes back
ONLINE_H = 3.0  # h of mean above the limit, online, that end a block at once
OXYGEN_ERROR = 0.1  # g/m³, below half of a step of the set-point; judgement, low
NUTRIENT_ERROR = 0.5  # g/m³, judgement, low
BLOCKS, LINES = "blocks", "lines"
ENDS = ("low", "typical", "high")
BUDGET_CURRENCY = "DKK"  # of the programme's own money, wherever the case lies
PAID = (
    *("electricity-meter", "oxygen-sensor", "ammonium-sensor", "nitrate-sensor"),
    *("laboratory", "engineer"),
)


def ways(saving: float, noise: Noise, *, washout_days: int) -> dict[str, Design | None]:
    """Design the trial in both ways; None where a way proves nothing in reasonable time.

    Parameters
    ----------
    saving : float
        Expected, in the unit of the daily value.
    noise : Noise
        Of the daily value of the whole plant.
    washout_days : int
        After each switch. [d]

    Returns
    -------
    dict
        ``blocks``: the whole plant, on and off in turn. ``lines``: one line on while the other
        is off, and changed over; half the difference of two lines scatters less, for the same
        water comes to both.
    """
    half = replace(noise, sd=noise.sd * math.sqrt(2 * (1 - LINES_ALIKE)) / 2)
    found: dict[str, Design | None] = {}
    for way, scatter in ((BLOCKS, noise), (LINES, half)):
        try:
            found[way] = design(saving, scatter, washout_days=washout_days)
        except SolveError:
            found[way] = None
    return found


def meters(site: Site, noise: Noise, *, energy: float, lines: bool) -> pd.DataFrame:
    """Say what to meter, how many, how well and how often.

    Parameters
    ----------
    site : Site
        The plant.
    noise : Noise
        Of the daily specific energy. [kWh/m³]
    energy : float
        Daily specific energy. [kWh/m³]
    lines : bool
        Whether two lines are compared: then energy and flow of both are metered.

    Returns
    -------
    DataFrame
        ``meter``, ``number``, ``error`` with ``unit`` (largest, of a day's mean), ``every_min``.
        Electricity and flow may add a twentieth to the scatter, shared between them; an error
        that is the same on and off does no harm.
    """
    aired = sum(tank.kla > 0 for tank in site.plant.drawing.tanks.values())
    daily = noise.sd / energy * math.sqrt((1 + METER_SHARE) ** 2 - 1) / math.sqrt(2)
    each = 2 if lines else 1
    rows = (
        ("electricity", each, daily, "1", 15.0),
        ("flow", each, daily, "1", 15.0),
        ("oxygen", aired, OXYGEN_ERROR, "g/m3", 1.0),
        ("ammonium", each, NUTRIENT_ERROR, "g/m3", 10.0),
        ("nitrate", each, NUTRIENT_ERROR, "g/m3", 10.0),
        ("composite", each, 0.05, "1", 1440.0),
    )
    return pd.DataFrame(rows, columns=["meter", "number", "error", "unit", "every_min"])


def stop_rules(
    limits: Mapping[str, float], today: Mapping[str, Any], chosen: Mapping[str, Any]
) -> pd.DataFrame:
    """Say when the lever goes back to ordinary operation.

    Parameters
    ----------
    limits : mapping
        Of the effluent. [g/m³]
    today, chosen : mapping
        Rows of the table of scenarios.

    Returns
    -------
    DataFrame
        ``substance``, ``limit``, ``today``, ``expected`` (worst day in the simulation),
        ``warn_at`` (two daily composites in a row end a block), ``stop_at`` (one of them, or three
        hours online, ends it at once), ``is_near`` (the simulation itself would warn). [g/m³]
    """
    rows: list[dict[str, Any]] = []
    for name, limit in limits.items():
        key = f"{name}_worst_g_m3"
        if key not in chosen:
            continue
        rows.append(
            {
                "substance": name,
                "limit": limit,
                "today": today[key],
                "expected": chosen[key],
                "warn_at": max(WARN * limit, min(limit, today[key])),
                "stop_at": max(STOP * limit, today[key]),
                "is_near": bool(chosen[key] > max(WARN * limit, today[key])),
            }
        )
    return pd.DataFrame(rows)


def costs(
    knowledge: Knowledge, made: Design, *, wanted: pd.DataFrame, saved_d: float, invested: float
) -> pd.DataFrame:
    """What the trial costs, low to high, and what the lever saves meanwhile. [money]

    Parameters
    ----------
    knowledge : Knowledge
        Of the case, for the prices of a trial.
    made : Design
        How long.
    wanted : DataFrame
        Of :func:`meters`.
    saved_d : float
        What the lever saves while it is on. [money/d]
    invested : float
        What has to be built for it. [money]
    """
    number = wanted.set_index("meter")["number"]
    prices = {name: knowledge.row("trial_costs", name) for name in PAID}
    times = {
        "electricity-meter": number["electricity"],
        "oxygen-sensor": number["oxygen"],
        "ammonium-sensor": number["ammonium"],
        "nitrate-sensor": number["nitrate"],
        "laboratory": made.days * number["composite"],
        "engineer": made.weeks,
    }
    rows = [
        {
            "item": item,
            **{e: float(n) * knowledge.money(prices[item], prices[item][e]) for e in ENDS},
        }
        for item, n in times.items()
    ]
    built = dict.fromkeys(ENDS, invested)
    kept = dict.fromkeys(ENDS, -saved_d * made.days / 2)
    return pd.DataFrame([*rows, {"item": "lever", **built}, {"item": "saved", **kept}])


def against_budget(case: CaseData, total: float) -> dict[str, float]:
    """Hold the cost against the programme's money. [DKK]

    Returns
    -------
    dict
        ``cost_dkk``; ``line_free_dkk``: of the line for plants what is not committed;
        ``free_dkk``: of all lines. NaN where there is no budget.
    """
    cost = total / case.knowledge.bought(BUDGET_CURRENCY, year=case.knowledge.latest_rate)
    budget = case.tables.get("budget")
    nothing = float("nan")
    if budget is None or budget.empty:
        return {"cost_dkk": cost, "line_free_dkk": nothing, "free_dkk": nothing}
    used = budget["committed_dkk"].fillna(0).clip(lower=budget["spent_dkk"].fillna(0))
    free = budget["planned_dkk"] - used
    own = free[budget["id"] == "plants"]
    return {
        "cost_dkk": cost,
        "line_free_dkk": float(own.iloc[0]) if len(own) else nothing,
        "free_dkk": float(free.clip(lower=0).sum()),
    }
