"""Step 7: the trial plant in the computer, what its levers do, and the plan that proves it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from renvand.errors import Fault
from renvand.plant import Result
from renvand.plant.energy import electricity
from renvand.steps.case import CaseData, records
from renvand.steps.outcome import Outcome
from renvand.steps.trial.account import limits_of, typical_prices
from renvand.steps.trial.compare import best, compare
from renvand.steps.trial.figures import figures, figures_of_plan
from renvand.steps.trial.front import DEFAULT, Progress, drawn, robust
from renvand.steps.trial.front import optimise as search
from renvand.steps.trial.levers import fitting
from renvand.steps.trial.plan import noise_of
from renvand.steps.trial.proof import BLOCKS, LINES, against_budget, costs, meters, stop_rules, ways
from renvand.steps.trial.site import Site, load_site

if TYPE_CHECKING:
    import pandas as pd

WASHOUTS = 3.0  # mean residence times until 95 % of the old water has left
METERED = 0.25  # off from the meter, that is told: our judgement, low
RATE = 0.08  # 1/a of interest where the case sets none


def scenarios(case: CaseData, chosen: str, levers: Sequence[str] = ()) -> Outcome:
    """Compare the settings of the levers of a plant, side by side.

    Parameters
    ----------
    case : CaseData
        ``plants/<id>`` holds drawing, inflow and, if known, the machines.
    chosen : str
        The plant.
    levers : sequence of str
        Which; all that the plant offers when left out.

    Returns
    -------
    Outcome
        Table ``scenarios``: energy, effluent, cost, whether limits hold.

    Raises
    ------
    FileError, PlantError, SolveError
        When the plant cannot be read, drawn or computed.
    """
    site = load_site(case, chosen)
    made, _ = _compared(case, chosen, site, levers or fitting(site))
    return Outcome(tables={"scenarios": made}, extras={"plant": chosen, "best": best(made) or ""})


def optimise(
    case: CaseData,
    chosen: str,
    levers: Sequence[str] = (),
    *,
    objectives: Sequence[str] = DEFAULT,
    evaluations: int = 2000,
    draws: int = 8,
    seed: int = 1,
    workers: int = 2,
    cluster: str = "",
    on_progress: Callable[[Progress], None] | None = None,
) -> Outcome:
    """Search the settings of a plant's levers that nothing beats, and how sure they are.

    Parameters
    ----------
    case : CaseData
        As for :func:`scenarios`.
    chosen : str
        The plant.
    levers : sequence of str
        Which; when left out those of ``[trial]``.
    objectives, evaluations, seed, workers, cluster, on_progress
        As for :func:`renvand.steps.trial.front.optimise`.
    draws : int
        Other waters and sludges under which every point is run again; 0 leaves that out.

    Returns
    -------
    Outcome
        Table ``front``; extra ``front``: levers, objectives, limits, seed, and the points, for a
        chart.

    Raises
    ------
    FileError, PlantError, SolveError
        When the plant cannot be read, drawn or computed, or a name is unknown.
    """
    site = load_site(case, chosen)
    named = levers or list(case.settings.get("trial", {}).get("levers", ()))
    limits = _limits(case, chosen)
    how: dict[str, Any] = {"workers": workers, "cluster": cluster}
    found = search(
        site, named, objectives=objectives, limits=limits, evaluations=evaluations, seed=seed,
        on_progress=on_progress, **how,
    )  # fmt: skip
    points = found.points
    if draws:
        points = robust(site, found, draws=draws, seed=seed, on_progress=on_progress, **how)
    findings: list[Fault] = []
    if found.failed:
        what = f"{found.failed} of {found.evaluations} runs could not be computed."
        findings.append(Fault(where="search", what=what, do="They are left out of the front."))
    return Outcome(
        tables={"front": points},
        findings=tuple(findings),
        extras={"plant": chosen, "front": drawn(found, points)},
    )


def trial(case: CaseData) -> Outcome:
    """Simulate the trial plant as it is and with each lever, and plan the proof of the best one.

    Parameters
    ----------
    case : CaseData
        ``[trial]`` names the plant and its levers; ``plants/<id>`` holds drawing and influent.

    Returns
    -------
    Outcome
        Tables ``scenarios`` (energy, effluent, cost, whether limits hold), ``plan`` (way, block
        length, weeks, power, cost against the budget), ``meters``, ``stop_rules``, ``costs`` and
        ``days`` (the plant today, day by day).

    Raises
    ------
    FileError, PlantError, SolveError
        When the plant cannot be read, drawn or computed.
    """
    chosen = str(case.settings["trial"]["plant"])
    site = load_site(case, chosen)
    made, today = _compared(case, chosen, site, list(case.settings["trial"]["levers"]))
    picked, daily = best(made), _daily(today, site)
    tables: dict[str, pd.DataFrame] = {"scenarios": made, "days": daily}
    limits = _limits(case, chosen)
    if picked is None:
        what = "no setting of the levers saves energy and keeps the limits."
        findings = [Fault(where="trial", what=what, do="Try other levers, or smaller steps.")]
    else:
        planned, findings = _plan(case, chosen, site, scenarios=made, picked=picked, daily=daily)
        tables |= planned
    plan = records(tables["plan"])[0] if "plan" in tables else {}
    findings += _metered(case, chosen, simulated=float(daily["energy_kwh_m3"].mean()))
    has_machines = site.equipment is not None
    shown = list(
        figures(
            made,
            plan,
            settings=case.settings["trial"],
            currency=case.currency,
            has_machines=has_machines,
        )
    )
    if plan:
        shown += figures_of_plan(tables, plan, knowledge=case.knowledge)
    return Outcome(
        tables={"plan": _nothing(), **tables},
        figures=tuple(shown),
        findings=tuple(findings),
        extras={"plant": chosen, "best": picked or "", "limits": dict(limits)},
    )


def _nothing() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame()


def _compared(
    case: CaseData, chosen: str, site: Site, levers: Sequence[str]
) -> tuple[pd.DataFrame, Result]:
    return compare(
        site,
        levers,
        limits=_limits(case, chosen),
        prices=typical_prices(case.knowledge),
        rate=float(case.settings.get("potential", {}).get("discount_rate", RATE)),
    )


def effluent_limits(case: CaseData, grade: str) -> Mapping[str, float]:
    """Give the limits of a discharge class by the standard of the case. [g/m³]"""
    return limits_of(grade, standard=case.standards.plants, knowledge=case.knowledge)


def _limits(case: CaseData, chosen: str) -> Mapping[str, float]:
    """Give the limits of the plant's discharge class. [g/m³]"""
    plants = case.tables["plants"].set_index("id")
    return effluent_limits(case, str(plants.loc[chosen, "discharge_class"]))


def _daily(result: Result, site: Site) -> pd.DataFrame:
    """Give flow and specific energy of each whole day of the run."""
    import pandas as pd

    flow = pd.Series(result.influent[:, -1], index=np.floor(result.times).astype(int))
    counts = flow.groupby(level=0).size()
    whole = counts.index[counts >= counts.median()]  # the last day may be cut short
    mean = flow.groupby(level=0).mean()[whole].to_numpy()
    if site.equipment is None:
        used = sum(result.performance[name] for name in ("AE", "PE", "ME"))
        energy = np.full(len(mean), used)
    else:
        energy = electricity(result, site.equipment).daily[: len(mean)]
        mean, whole = mean[: len(energy)], whole[: len(energy)]
    return pd.DataFrame({"day": whole, "flow_m3_d": mean, "energy_kwh_m3": energy / mean})


def _plan(
    case: CaseData,
    chosen: str,
    site: Site,
    *,
    scenarios: pd.DataFrame,
    picked: str,
    daily: pd.DataFrame,
) -> tuple[dict[str, pd.DataFrame], list[Fault]]:
    """Design the trial of one setting."""
    import pandas as pd

    today = records(scenarios)[0]
    row = next(r for r in records(scenarios) if r["scenario"] == picked)
    volume = sum(tank.volume for tank in site.plant.drawing.tanks.values())
    washout = max(1, round(WASHOUTS * volume / float(daily["flow_m3_d"].mean())))
    noise = noise_of(daily["energy_kwh_m3"].to_numpy(dtype=np.float64))
    saving = today["energy_kwh_m3"] - row["energy_kwh_m3"]
    found = ways(saving, noise, washout_days=washout)
    kept = {r["id"]: r for r in records(case.tables["plants"])}[chosen]
    has_lines = bool(pd.notna(kept["lines"]) and kept["lines"] > 1)
    way = LINES if has_lines and found[LINES] is not None else BLOCKS
    made = found[way]
    findings = [_scatter(len(daily))]
    if made is None:
        what = f"a saving of {saving:.3g} kWh/m³ drowns in a daily scatter of {noise.sd:.3g}."
        do = "Choose a stronger lever, meter better, or compare parallel lines."
        return {}, [*findings, Fault(where="trial plan", what=what, do=do)]
    wanted = meters(site, noise, energy=today["energy_kwh_m3"], lines=way == LINES)
    money = costs(
        case.knowledge,
        made,
        wanted=wanted,
        saved_d=row["cost_saving_d"],
        invested=row["investment"],
    )
    rules = stop_rules(_limits(case, chosen), today, row)
    other = found[LINES if way == BLOCKS else BLOCKS]
    plan = {
        "scenario": picked,
        "way": way,
        "saving_kwh_m3": saving,
        "saving_share": row["energy_saving"],
        "daily_sd_kwh_m3": noise.sd,
        "autocorrelation": noise.autocorrelation,
        "washout_days": made.washout_days,
        "block_days": made.block_days,
        "pairs": made.pairs,
        "weeks": made.weeks,
        "weeks_other_way": other.weeks if other is not None else float("nan"),
        "power": made.power,
        "significance": made.significance,
        "smallest_kwh_m3": made.smallest,
        "cost": float(money["typical"].sum()),
        **against_budget(case, float(money["typical"].sum())),
    }
    tables = {"plan": pd.DataFrame([plan]), "meters": wanted, "stop_rules": rules, "costs": money}
    return tables, [*findings, *_too_dear(plan)]


def _metered(case: CaseData, chosen: str, *, simulated: float) -> list[Fault]:
    """Hold the electricity of the plant as drawn against what its meter says. [kWh/m³]"""
    operation = case.plant_folders[chosen].tables.get("operation", _nothing())
    known = (
        operation.dropna(subset=["electricity_kwh", "flow_m3_d"]) if len(operation) else operation
    )
    if known.empty:
        return []
    days = known["month"].map(lambda month: monthrange(*map(int, str(month).split("-")))[1])
    metered = float(known["electricity_kwh"].sum() / (known["flow_m3_d"] * days).sum())
    if abs(simulated / metered - 1) <= METERED:
        return []
    what = f"takes {simulated:.2f} kWh/m³ as drawn, by its meter {metered:.2f}."
    do = "Correct its machines in equipment.toml; shares saved are of what is drawn."
    return [Fault(where=f"plants/{chosen}", what=what, do=do)]


def _scatter(days: int) -> Fault:
    what = f"the scatter of daily energy is taken from {days} days of inflow."
    do = "Meter the plant's daily energy for eight weeks before the trial, and plan anew."
    return Fault(where="trial plan", what=what, do=do)


def _too_dear(plan: Mapping[str, Any]) -> list[Fault]:
    if not plan["cost_dkk"] > plan["free_dkk"]:
        return []
    what = f"costs about {plan['cost_dkk']:,.0f} DKK, and {plan['free_dkk']:,.0f} DKK are free."
    do = "Borrow the meters, shorten the trial with a stronger lever, or find a partner to pay."
    return [Fault(where="trial plan, budget", what=what, do=do)]
