"""Levers side by side: what each setting saves, costs and does to the effluent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from renvand.plant import Result, State
from renvand.steps.trial.account import Prices, account
from renvand.steps.trial.levers import Scenario, investment, scenarios, yearly
from renvand.steps.trial.site import Site, settled

if TYPE_CHECKING:
    import pandas as pd

TODAY = "today"
MARGIN = 0.9  # of a limit: a trial does not plan to sit on it
SAME = 1.002  # times today's is no worse: less than any laboratory sees
DAYS_PER_YEAR = 365.0


def compare(
    site: Site,
    levers: Sequence[str],
    *,
    limits: Mapping[str, float],
    prices: Prices,
    rate: float,
) -> tuple[pd.DataFrame, Result]:
    """Simulate the plant as it is and with each step of each lever.

    Parameters
    ----------
    site : Site
        The plant today.
    levers : sequence of str
        Of :data:`renvand.steps.trial.levers.LEVERS`.
    limits : mapping
        Of the effluent, by column without its unit ('TN'). [g/m³]
    prices : Prices
        What is paid.
    rate : float
        Interest. [1/a]

    Returns
    -------
    DataFrame, Result
        One row a setting, today first: ``scenario``, ``lever``, ``share`` (the setting), ``unit``,
        what :func:`renvand.steps.trial.account.account` gives, investment, savings, payback and
        whether the limits hold. And the run of today.
    """
    import pandas as pd

    first = Scenario(id=TODAY, lever="", share=1.0, site=site)
    rest = site.plant.steady(site.influent.mean)
    ran = site.plant.simulate(site.influent, start=rest)
    rows = [_row(first, ran, prices=prices, rate=rate)]
    for scenario in scenarios(site, levers):
        result = run(scenario.site, near_to=rest)
        rows.append(_row(scenario, result, prices=prices, rate=rate))
    return _judged(_saved(pd.DataFrame(rows)), limits), ran


def run(site: Site, *, near_to: State | None = None) -> Result:
    """Run a site over its inflow, from where it has settled."""
    begin = settled(site.plant, site.influent, near_to=near_to)
    return site.plant.simulate(site.influent, start=begin)


def _row(scenario: Scenario, result: Result, *, prices: Prices, rate: float) -> dict[str, Any]:
    site = scenario.site
    levers = [scenario.lever] if scenario.lever else []
    return {
        "scenario": scenario.id,
        "lever": scenario.lever,
        "share": scenario.share,
        "unit": scenario.unit,
        **account(result, equipment=site.equipment, prices=prices),
        "investment": investment(site, levers),
        "capital_d": yearly(site, levers, rate=rate) / DAYS_PER_YEAR,
    }


def _saved(rows: pd.DataFrame) -> pd.DataFrame:
    """Add what each setting saves against today, with interest and without."""
    today = rows.iloc[0]
    saved = today["cost_d"] - rows["cost_d"]
    years = rows["investment"] / (saved * DAYS_PER_YEAR)
    return rows.assign(
        energy_saving=1 - rows["energy_kwh_d"] / today["energy_kwh_d"],
        cost_saving_d=saved,
        net_saving_d=saved - rows["capital_d"],
        payback_a=years.where(saved > 0),
    )


def _judged(rows: pd.DataFrame, limits: Mapping[str, float]) -> pd.DataFrame:
    """Say which settings keep every limit with a margin, or are no worse than today."""
    import pandas as pd

    keeps = pd.Series(data=True, index=rows.index)
    for name, limit in limits.items():
        if f"{name}_g_m3" in rows:
            value = rows[f"{name}_g_m3"]
            keeps &= (value <= MARGIN * limit) | (value <= SAME * value.iloc[0])
    return rows.assign(keeps_limits=keeps)


def best(rows: pd.DataFrame) -> str | None:
    """Name the setting that saves most energy and keeps the limits with a margin."""
    able = rows[rows["keeps_limits"] & (rows["energy_saving"] > 0)]
    able = able.sort_values("energy_saving", ascending=False)
    return None if able.empty else str(able["scenario"].iloc[0])
