"""Loads, exceedance and dilution of every site, computed in DuckDB from the tidy tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from renvand.errors import Fault, FileError, near
from renvand.knowledge import table
from renvand.steps.case import CaseData
from renvand.steps.register import load

if TYPE_CHECKING:
    import pandas as pd

MASSLESS = ("physical", "microbe", "flow", "noise")  # kinds of substances
SECONDS_PER_DAY = 86_400  # s/d


def factors(settings: Mapping[str, Any]) -> pd.DataFrame:
    """Give water standard and pollutant equivalent of each substance.

    Parameters
    ----------
    settings : mapping
        ``[register]`` of the case: ``water_standard`` and ``water_class``.
    """
    limits = table("limits")
    standard, quality = settings["water_standard"], settings["water_class"]
    chosen = limits[(limits["standard"] == standard) & (limits["grade"] == quality)]
    if chosen.empty:
        raise FileError(
            Fault(
                where="case.toml, register.water_standard",
                what=f"'{standard}' has no class '{quality}' in the tables.",
                do=near(standard, limits["standard"].unique()),
            )
        )
    chosen = chosen[chosen["condition"].isin(["any", "river"])]  # lakes have limits of their own
    chosen = chosen[(chosen["kind"] == "max") & (chosen["unit"] == "mg/l") & (chosen["limit"] > 0)]
    standards = chosen.groupby("substance")["limit"].min().rename("standard_mg_l")
    equivalents = table("equivalents")
    equivalents = equivalents[(equivalents["condition"] == "any") & (equivalents["unit"] == "kg")]
    weights = equivalents.groupby("substance")["equivalent"].min().rename("equivalent_kg")
    return standards.to_frame().join(weights, how="outer").astype("float64")


def measure(
    tables: Mapping[str, pd.DataFrame], case: CaseData
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compute the loads of every outlet and substance, and their sums by site.

    Returns
    -------
    tuple of DataFrame
        ``loads`` (see :func:`load.measured_against`) and ``sites`` (the enterprises with the
        columns of :func:`load.by_site` and ``dilution``).
    """
    import ibis

    engine = ibis.duckdb.connect()
    engine.raw_sql("SET threads = 1")  # sums in one order: the same bytes each time
    tables_in = {
        "observations": _typed(tables["observations"]),
        "limits": tables["permit_limits"][["outlet", "substance", "limit_mg_l"]].astype(
            {"limit_mg_l": "float64", "outlet": "str", "substance": "str"}
        ),
        "factors": factors(case.settings["register"]).reset_index(),
    }
    named = {}
    for name, frame in tables_in.items():
        engine.con.register(name, frame)
        named[name] = engine.table(name)
    loads = load.measured_against(
        load.by_outlet(named["observations"]), named["limits"], named["factors"]
    ).order_by("site", "outlet", "substance")
    made = loads.to_pyarrow().to_pandas()
    sums = load.by_site(loads).order_by("site").to_pyarrow().to_pandas()
    engine.disconnect()
    sites = tables["enterprises"].merge(sums, left_on="id", right_on="site", how="left")
    return made, _with_dilution(sites.drop(columns="site"), tables["outlets"], case)


def _typed(observations: pd.DataFrame) -> pd.DataFrame:
    """Keep what has a mass: pH, colour and the like make no load."""
    kinds = table("substances").set_index("id")["kind"]
    observations = observations[~observations["substance"].map(kinds).isin(MASSLESS)]
    numbers = ["concentration_mg_l", "flow_m3_d", "days", "load_kg_a"]
    types = dict.fromkeys(numbers, "float64") | {"year": "int64", "is_censored": "bool"}
    types |= dict.fromkeys(["site", "outlet", "substance"], "str")
    return observations[list(types)].astype(types)


def _with_dilution(sites: pd.DataFrame, outlets: pd.DataFrame, case: CaseData) -> pd.DataFrame:
    """Add how many times the low flow of the receiving water dilutes the discharge."""
    reaches = case.tables.get("reaches")
    if reaches is None or "receiving_reach" not in outlets:
        return sites.assign(receiving_reach="", dilution=float("nan"))
    outlets = outlets.assign(reach=_reach(outlets, case))
    first = outlets.dropna(subset=["reach"]).groupby("site")["reach"].first()
    sites = sites.assign(receiving_reach=sites["id"].map(first))
    low = sites["receiving_reach"].map(reaches.set_index("id")["flow_low_m3_s"])
    discharge = sites["discharge_m3_d"].where(sites["discharge_m3_d"] > 0)
    return sites.assign(dilution=1 + low * SECONDS_PER_DAY / discharge)


def _reach(outlets: pd.DataFrame, case: CaseData) -> pd.Series:
    """Give the reach that receives an outlet, itself or through the public plant it goes to."""
    own = outlets["receiving_reach"].astype("object")
    own = own.where(own.fillna("") != "")
    plants = case.tables.get("plants")
    if plants is None or "receiving_plant" not in outlets:
        return own
    through = outlets["receiving_plant"].map(plants.set_index("id")["receiving_reach"].to_dict())
    return own.where(own.notna(), through)
