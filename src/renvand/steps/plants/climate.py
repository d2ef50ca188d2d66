"""Greenhouse gases of a plant: electricity by the grid's factor, nitrous oxide as a range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from renvand.knowledge import Knowledge
from renvand.steps.plants.performance import DAYS_PER_YEAR

if TYPE_CHECKING:
    import pandas as pd

N2O_PER_N = 44 / 28  # kg N2O / kg N2O-N
KG_PER_T = 1e3


def grid_factor(knowledge: Knowledge, *, region: str) -> tuple[float, str]:
    """Give the newest factor of a region's grid, or of the country's, and its key.

    Parameters
    ----------
    knowledge : Knowledge
        Of the case; its country is asked for where the region has no factor.
    region : str
        As in the table: '500000'.

    Returns
    -------
    tuple
        Factor [kg CO2/kWh] and key in the table of emission factors; NaN and '' without any.
    """
    rows = [
        row
        for row in knowledge.rows("emission_factors")
        if row["kind"] == "electricity" and not row["id"].endswith("residual")
    ]
    own = [row for row in rows if row["region"] == region]
    fitting = own or [row for row in rows if row["region"] == knowledge.country]
    if not fitting:
        return float("nan"), ""
    newest = max(fitting, key=lambda row: row["year"])
    return float(newest["typical"]), str(newest["id"])


def emissions(year: pd.DataFrame, *, knowledge: Knowledge, region: str) -> pd.DataFrame:
    """Compute what the year's electricity and nitrous oxide weigh.

    Parameters
    ----------
    year : DataFrame
        Of :func:`performance.yearly`.
    knowledge : Knowledge
        Of the case.
    region : str
        For the grid factor.

    Returns
    -------
    DataFrame
        ``co2_electricity_t_a``; ``n2o_low_t_a``, ``n2o_typical_t_a``, ``n2o_high_t_a`` in CO2
        equivalents by the world's factor: the range is as wide as the knowledge, tenfold and
        more, so no plant is ranked by it.

    References
    ----------
    ipcc-2019, ipcc-ar6
    """
    import pandas as pd

    factors = knowledge.by_id("emission_factors")
    annual = DAYS_PER_YEAR / year["days"]
    nitrogen = year["volume_m3"] * year["tn_in"] / 1e3 * annual
    weight = float(factors["gwp-n2o"]["typical"]) * N2O_PER_N / KG_PER_T
    n2o = factors["n2o-ipcc-plant"]
    return pd.DataFrame(
        {
            "co2_electricity_t_a": year["energy_kwh"]
            * annual
            * grid_factor(knowledge, region=region)[0]
            / KG_PER_T,
            **{
                f"n2o_{end}_t_a": nitrogen * float(n2o[end]) * weight
                for end in ("low", "typical", "high")
            },
        }
    )
