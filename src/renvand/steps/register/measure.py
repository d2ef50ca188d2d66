"""Loads, exceedance, tax, toxicity and dilution of every site, from the tidy tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from renvand.errors import Fault
from renvand.knowledge import SHIPPED
from renvand.steps.case import CaseData
from renvand.steps.register import burden, load
from renvand.steps.register.engine import DUCKDB, connected, given
from renvand.steps.register.factors import Tax, factors, standards, tax

if TYPE_CHECKING:
    import pandas as pd

Table: TypeAlias = Any  # an Ibis table: its columns have no static types

MASSLESS = ("physical", "microbe", "flow", "noise")  # kinds of substances
SECONDS_PER_DAY = 86_400  # s/d
DISCHARGE = {"direct": "direct", "sewer": "indirect", "park": "indirect"}
NO_TAX = Tax(low=0.0, high=0.0, first_class=5, others=3, reductions=(1.0, 1.0))
NAMED = 5  # outlets named in one finding


def chain(tables: Mapping[str, Table], rule: Tax) -> tuple[Table, Table]:
    """Say how loads and sums by site follow from the tables; any engine can work it out.

    Parameters
    ----------
    tables : mapping of str to Ibis table
        ``observations, outlets, permits, standards, factors``.
    rule : Tax
        How many substances are taxed.

    Returns
    -------
    tuple of Ibis table
        Loads by outlet and substance, and sums by site.
    """
    loads = burden.against_limits(
        load.by_outlet(tables["observations"]),
        tables["outlets"],
        permits=tables["permits"],
        standards=tables["standards"],
    )
    loads = burden.taxed(
        burden.weighted(loads, tables["factors"]),
        first_class=rule.first_class,
        others=rule.others,
        reductions=rule.reductions,
    )
    return loads, burden.by_site(loads)


def measure(
    tables: Mapping[str, pd.DataFrame], case: CaseData, *, engine: str = DUCKDB
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compute the loads of every outlet and substance, and their sums by site.

    Parameters
    ----------
    tables : mapping
        ``enterprises`` with ``sector``, ``outlets``, ``permit_limits``, ``observations`` with
        ``suspect``.
    case : CaseData
        Settings, reaches and public plants.
    engine : str
        See :func:`renvand.steps.register.engine.connected`.

    Returns
    -------
    tuple of DataFrame
        ``loads`` and ``sites`` (the enterprises with the columns of
        :func:`renvand.steps.register.burden.by_site`, the tax and ``dilution``).
    """
    settings = case.settings["case"]
    rule = tax(settings, knowledge=case.knowledge)
    with connected(engine) as backend:
        loads, _ = chain(given(backend, frames(tables, case)), rule or NO_TAX)
        made = loads.order_by("site", "outlet", "substance").to_pyarrow().to_pandas()
        again = given(backend, {"made": made})["made"]
        sums = burden.by_site(again).order_by("site").to_pyarrow().to_pandas()
    sites = tables["enterprises"].merge(sums, left_on="id", right_on="site", how="left")
    sites = sites.drop(columns="site")
    for end in ("low", "high"):
        rate = getattr(rule, end) if rule else float("nan")
        sites[f"tax_{end}_a"] = sites["taxed_equivalents"] * rate
    return made, _with_dilution(sites, tables["outlets"], case)


def frames(tables: Mapping[str, pd.DataFrame], case: CaseData) -> dict[str, pd.DataFrame]:
    """Give the tables that :func:`chain` needs, typed, from those of the register."""
    observations = _typed(tables["observations"])
    used = sorted(set(observations["substance"]))
    return {
        "observations": observations,
        "outlets": _outlets(tables),
        "permits": tables["permit_limits"][["outlet", "substance", "limit_mg_l"]].astype(
            {"limit_mg_l": "float64", "outlet": "str", "substance": "str"}
        ),
        "standards": standards(case.settings["case"], used, knowledge=case.knowledge),
        "factors": factors(case.settings["register"], knowledge=case.knowledge).reset_index(),
    }


def _outlets(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Give site, sector and way of discharge of each outlet; '' where the lists do not say."""
    outlets, sites = tables["outlets"], tables["enterprises"].set_index("id")
    if "kind" not in outlets:
        outlets = outlets.assign(kind="")
    made = outlets.assign(
        outlet=outlets["id"],
        site=outlets["site"],
        sector=outlets["site"].map(sites["sector"]).fillna(""),
        discharge=outlets["kind"].map(DISCHARGE).fillna(""),
    )
    return made[["outlet", "site", "sector", "discharge"]].astype("str")


def _typed(observations: pd.DataFrame) -> pd.DataFrame:
    """Keep what has a mass: pH, colour and the like make no load."""
    kinds = SHIPPED.table("substances").set_index("id")["kind"]
    observations = observations[~observations["substance"].map(kinds).isin(MASSLESS)]
    numbers = ["concentration_mg_l", "flow_m3_d", "days", "load_kg_a"]
    types = dict.fromkeys(numbers, "float64") | {"year": "int64", "is_censored": "bool"}
    types |= dict.fromkeys(["outlet", "substance", "suspect"], "str")
    return observations[list(types)].astype(types)


def gaps(loads: pd.DataFrame) -> Iterator[Fault]:
    """Say which outlets have samples but no load, and what they lack."""
    for lacking, rows in loads[loads["gap"] != ""].groupby("gap"):
        outlets = sorted(set(rows["outlet"]))
        more = f" and {len(outlets) - NAMED} more" if len(outlets) > NAMED else ""
        yield Fault(
            where=f"outlets {', '.join(outlets[:NAMED])}{more}",
            what=f"have no {lacking}: {len(rows)} loads cannot be told.",
            do="Ask for it; a site without any load is not ranked.",
        )


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
