"""Step 7: the trial plant in the computer, what its levers do, and the plan that proves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from renvand.errors import Fault, FileError, near
from renvand.knowledge import table
from renvand.plant import Plant, Result, load_plant
from renvand.steps.case import CaseData, records
from renvand.steps.outcome import Outcome
from renvand.steps.trial.figures import TODAY, figures
from renvand.steps.trial.levers import Scenario, scenarios
from renvand.steps.trial.plan import Design, design, noise_of

if TYPE_CHECKING:
    import pandas as pd

MARGIN = 0.9  # of a limit: a trial does not plan to sit on it
WASHOUTS = 3.0  # mean residence times until 95 % of the old water has left
WATER = {"TN": "TN", "S_NH": "NH4-N", "COD": "COD", "TSS": "SS"}  # model's name: substance


def trial(case: CaseData) -> Outcome:
    """Simulate the trial plant as it is and with each lever, and plan the proof of the best one.

    Parameters
    ----------
    case : CaseData
        ``[trial]`` names the plant and its levers; ``plants/<id>`` holds drawing and influent.

    Returns
    -------
    Outcome
        Tables ``scenarios`` (energy, effluent, cost, whether limits hold), ``plan`` (block length,
        weeks, power), ``days`` (the plant today, day by day).

    Raises
    ------
    FileError, PlantError, SolveError
        When the plant cannot be read, drawn or computed, or no trial can prove the saving.
    """
    import pandas as pd

    chosen = case.settings["trial"]["plant"]
    folder = case.folder / "plants" / chosen
    _check(case, chosen)
    plant = load_plant(folder)
    influent = plant.influent(folder / "influent.csv")
    limits = _limits(case, chosen)
    today = plant.simulate(influent)
    rows = [_row(Scenario(id=TODAY, lever="", share=1.0, changes={}), today)]
    for scenario in scenarios(plant, list(case.settings["trial"]["levers"])):
        rows.append(_row(scenario, plant.changed(scenario.changes).simulate(influent)))
    made = _judged(_with_cost(pd.DataFrame(rows)), limits)
    best = _best(made)
    daily = _daily(today)
    plan, findings = _plan(made, best, daily=daily, plant=plant)
    return Outcome(
        tables={
            "scenarios": made,
            "days": daily,
            "plan": pd.DataFrame([plan]) if plan else pd.DataFrame(),
        },
        figures=tuple(figures(made, plan, case.settings["trial"])),
        findings=tuple(findings),
        extras={"plant": chosen, "best": best or "", "limits": limits},
    )


def _check(case: CaseData, chosen: str) -> None:
    folder = case.plant_folders.get(chosen)
    if folder is None or folder.drawing is None:
        drawn = [name for name, p in case.plant_folders.items() if p.drawing is not None]
        do = near(chosen, drawn) if drawn else "Add its plant.toml and influent.csv."
        raise FileError(
            Fault(where="case.toml, trial.plant", what=f"'{chosen}' has no drawing.", do=do)
        )


def _limits(case: CaseData, chosen: str) -> dict[str, float]:
    """Give the limits of the plant's discharge class, the strictest of each substance. [g/m³]"""
    plants = case.tables["plants"].set_index("id")
    grade = plants.loc[chosen, "discharge_class"]
    known = table("limits")
    known = known[(known["standard"] == "gb-18918-2002") & (known["grade"] == grade)]
    known = known[(known["kind"] == "max") & (known["unit"] == "mg/l")]
    strictest = known.groupby("substance")["limit"].min()
    return {name: float(strictest[s]) for name, s in WATER.items() if s in strictest}


def _row(scenario: Scenario, result: Result) -> dict[str, Any]:
    performance, effluent = result.performance, result.effluent
    flow = effluent["Q"]
    energy = performance["AE"] + performance["PE"] + performance["ME"]
    return {
        "scenario": scenario.id,
        "lever": scenario.lever,
        "share": scenario.share,
        "aeration_kwh_d": performance["AE"],
        "pumping_kwh_d": performance["PE"],
        "mixing_kwh_d": performance["ME"],
        "energy_kwh_d": energy,
        "energy_kwh_m3": energy / flow,
        "carbon_kg_d": performance["EC"],
        "sludge_kg_d": performance["SP"],
        "flow_m3_d": flow,
        **{f"{name}_g_m3": effluent[name] for name in WATER},
        "cod_closure": result.balance["COD"],
        "n_closure": result.balance["N"],
    }


def _with_cost(rows: pd.DataFrame) -> pd.DataFrame:
    """Add savings against today, and what electricity and carbon cost."""
    prices = table("prices").set_index("id")["typical"]
    kg_per_kg_cod = 1 / 0.78  # kg sodium acetate per kg COD: 64/82, stoichiometry
    carbon = prices["sodium-acetate"] * kg_per_kg_cod
    today = rows.iloc[0]
    cost = rows["energy_kwh_d"] * prices["electricity"] + rows["carbon_kg_d"] * carbon
    return rows.assign(
        cost_cny_d=cost,
        energy_saving=1 - rows["energy_kwh_d"] / today["energy_kwh_d"],
        cost_saving_cny_d=cost.iloc[0] - cost,
    )


def _judged(rows: pd.DataFrame, limits: dict[str, float]) -> pd.DataFrame:
    """Say which settings keep every limit with a margin, or are no worse than today."""
    import pandas as pd

    keeps = pd.Series(data=True, index=rows.index)
    for name, limit in limits.items():
        value = rows[f"{name}_g_m3"]
        keeps &= (value <= MARGIN * limit) | (value <= value.iloc[0])
    return rows.assign(keeps_limits=keeps)


def _best(rows: pd.DataFrame) -> str | None:
    """Name the setting that saves most energy and keeps the limits with a margin."""
    able = rows[rows["keeps_limits"] & (rows["energy_saving"] > 0)]
    able = able.sort_values("energy_saving", ascending=False)
    return None if able.empty else str(able["scenario"].iloc[0])


def _daily(result: Result) -> pd.DataFrame:
    """Give flow and specific energy of each whole day of the run."""
    import pandas as pd

    flow = pd.Series(result.influent[:, -1], index=np.floor(result.times).astype(int))
    counts = flow.groupby(level=0).size()
    whole = counts.index[counts >= counts.median()]  # the last day may be cut short
    mean = flow.groupby(level=0).mean()[whole]
    energy = result.performance["AE"] + result.performance["PE"] + result.performance["ME"]
    return pd.DataFrame(
        {"day": whole, "flow_m3_d": mean.to_numpy(), "energy_kwh_m3": energy / mean.to_numpy()}
    )


def _plan(
    rows: pd.DataFrame, best: str | None, *, daily: pd.DataFrame, plant: Plant
) -> tuple[dict[str, Any], list[Fault]]:
    if best is None:
        what = "no setting of the levers saves energy and keeps the limits."
        do = "Try other levers, or smaller steps."
        return {}, [Fault(where="trial", what=what, do=do)]
    today = records(rows)[0]
    chosen = next(row for row in records(rows) if row["scenario"] == best)
    flow = float(daily["flow_m3_d"].mean())
    volume = sum(tank.volume for tank in plant.drawing.tanks.values())
    washout = max(1, round(WASHOUTS * volume / flow))
    noise = noise_of(daily["energy_kwh_m3"].to_numpy(dtype=np.float64))
    saving = today["energy_kwh_m3"] - chosen["energy_kwh_m3"]
    found: Design = design(saving, noise, washout_days=washout)
    finding = Fault(
        where="trial plan",
        what=f"the scatter of daily energy is taken from {len(daily)} days of inflow.",
        do="Meter the plant's daily energy for eight weeks before the trial, and plan anew.",
    )
    plan = {
        "scenario": best,
        "saving_kwh_m3": saving,
        "saving_share": chosen["energy_saving"],
        "daily_sd_kwh_m3": noise.sd,
        "autocorrelation": noise.autocorrelation,
        "washout_days": found.washout_days,
        "block_days": found.block_days,
        "pairs": found.pairs,
        "weeks": found.weeks,
        "power": found.power,
        "significance": found.significance,
        "smallest_kwh_m3": found.smallest,
    }
    return plan, [finding]
