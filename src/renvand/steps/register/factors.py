"""What loads are measured against, taken from the tables of knowledge for one case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from renvand.errors import Fault, FileError, near
from renvand.knowledge import Knowledge, limit_for
from renvand.steps.case import records
from renvand.trace import Origin

if TYPE_CHECKING:
    import pandas as pd

OXYGEN_DEMAND = ("COD", "BOD5", "TOC")  # only one of them is taxed: ept-law-2018, annex 2
METHODS = {"toxicity_ef31": "ef-3.1", "toxicity_traci": "traci-2.1"}
NATIONAL = "national"


def water_standards(settings: Mapping[str, Any], *, knowledge: Knowledge) -> pd.DataFrame:
    """Give the rows of the water standard that loads are diluted to, one a substance.

    Parameters
    ----------
    settings : mapping
        ``[register]`` of the case: ``water_standard`` and ``water_class``.
    knowledge : Knowledge
        Of the case.
    """
    limits = knowledge.table("limits")
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
    return chosen.sort_values("limit").drop_duplicates("substance").set_index("substance")


def standard_origins(settings: Mapping[str, Any], *, knowledge: Knowledge) -> dict[str, Origin]:
    """Say where the water standard of each substance stands, for the ledger."""
    rows = records(water_standards(settings, knowledge=knowledge).reset_index())
    return {row["substance"]: knowledge.origin("limits", row, column="limit") for row in rows}


def factors(settings: Mapping[str, Any], *, knowledge: Knowledge) -> pd.DataFrame:
    """Give water standard, pollutant equivalent and toxicity of each substance.

    Parameters
    ----------
    settings : mapping
        ``[register]`` of the case.
    knowledge : Knowledge
        Of the case.

    Returns
    -------
    DataFrame
        By ``substance``: ``standard_mg_l, equivalent_kg, category`` (list of the tax law),
        ``is_oxygen_demand, toxicity_ef31, toxicity_traci`` [CTUe/kg].
    """
    import pandas as pd

    standards = water_standards(settings, knowledge=knowledge)["limit"].rename("standard_mg_l")
    taxed = knowledge.table("equivalents").query("condition == 'any' and unit == 'kg'")
    taxed = taxed.sort_values("equivalent").drop_duplicates("substance").set_index("substance")
    toxicity = knowledge.table("toxicity").query("effect == 'ecotoxicity-freshwater'")
    columns = {
        "standard_mg_l": standards,
        "equivalent_kg": taxed["equivalent"],
        "category": taxed["category"],
        **{
            name: toxicity[toxicity["method"] == method].set_index("substance")["factor"]
            for name, method in METHODS.items()
        },
    }
    made = pd.DataFrame(columns)
    made.index.name = "substance"
    numbers = [name for name in made if name != "category"]
    made = made.astype(dict.fromkeys(numbers, "float64"))
    made["category"] = made["category"].fillna("").astype("str")
    return made.assign(is_oxygen_demand=made.index.isin(OXYGEN_DEMAND))


def standards(
    case: Mapping[str, Any], substances: Iterable[str], *, knowledge: Knowledge
) -> pd.DataFrame:
    """Give the national discharge limits behind the permits, by sector and way of discharge.

    Parameters
    ----------
    case : mapping
        ``[case]``: ``as_of``.
    substances : iterable of str
        Substances that occur.
    knowledge : Knowledge
        Of the case; a standard of another country says nothing here.

    Returns
    -------
    DataFrame
        ``sector, discharge, substance, standard, standard_limit_mg_l``.
    """
    import pandas as pd

    columns = ["sector", "discharge", "substance", "standard", "standard_limit_mg_l"]
    rows: list[tuple[Any, ...]] = []
    on: dt.date | None = case.get("as_of")
    for sector in knowledge.by_id("sector_groups"):
        for discharge in ("direct", "indirect"):
            for substance in sorted(set(substances)):
                limit = limit_for(
                    sector, substance, discharge=discharge, on=on, knowledge=knowledge
                )
                if limit and limit.kind == "max" and limit.unit == "mg/l" and limit.high:
                    rows.append((sector, discharge, substance, limit.standard, limit.high))
    types = dict.fromkeys(columns[:4], "str") | {"standard_limit_mg_l": "float64"}
    return pd.DataFrame(rows, columns=columns).astype(types)


@dataclass(frozen=True, kw_only=True)
class Tax:
    """The tax on what goes into water, where a case lies."""

    low: float  # money of the case per pollutant equivalent
    high: float
    first_class: int
    others: int
    reductions: tuple[float, float]  # shares taxed at 30 % and at 50 % below the limit


def tax(case: Mapping[str, Any], *, knowledge: Knowledge) -> Tax | None:
    """Give the tax that applies to a case; None where the table has none for its country.

    Parameters
    ----------
    case : mapping
        ``[case]``: ``country``, ``region`` and ``as_of``. Without a rate of the region the range
        of the law.
    knowledge : Knowledge
        Of the case.
    """
    rates = knowledge.table("tax_rates").query("medium == 'water'")
    national = rates[(rates["region"] == NATIONAL) & (rates["division"] == case["country"])]
    if national.empty:
        return None
    rates = rates[(rates["region"] != NATIONAL) | rates.index.isin(national.index)]
    on = case.get("as_of")
    if on is not None:
        begins, ends = rates["valid_from"], rates["valid_to"]
        rates = rates[(begins.isna() | (begins <= on)) & (ends.isna() | (ends >= on))]
    own = rates[rates["region"] == str(case["region"]).lower()]
    row = (own if len(own) else rates[rates["region"] == NATIONAL]).iloc[-1]
    low, high = (row["rate"], row["rate"]) if row["rate"] > 0 else (row["low"], row["high"])
    rules = knowledge.table("tax_rules").set_index("id")["value"]
    return Tax(
        low=float(low),
        high=float(high),
        first_class=int(rules["first-class-counted"]),
        others=int(rules["other-counted"]),
        reductions=(float(rules["reduced-30-below"]), float(rules["reduced-50-below"])),
    )
