"""What a kilogram is worth, where: every outlet and plant ranked, one pass a substance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from renvand.river import worth
from renvand.river.network import Floats
from renvand.river.transport import MG_L_PER_KG_D
from renvand.steps.case import CaseData
from renvand.steps.effect.loads import sound_years
from renvand.steps.effect.places import places
from renvand.steps.effect.removals import passing
from renvand.steps.effect.water import Water, target

if TYPE_CHECKING:
    import pandas as pd

SECTIONS = ("section", "place", "kind", "substance", "mg_l_per_kg_d", "is_mixed")
MILLION = 1e6
MONEY = ("capital_a", "net_cost_a")


def benefit_of(case: CaseData, water: Water, *, substances: tuple[str, ...]) -> pd.DataFrame:
    """Rank every place by what a kilogram a day less means to the rivers.

    Parameters
    ----------
    case : CaseData
        Outlets, plants, classes of the reaches.
    water : Water
        As a rule at low flow.
    substances : tuple of str
        Which ones.

    Returns
    -------
    DataFrame
        ``first_mg_l_per_kg_d``: fall of the fully mixed concentration in the first reach;
        ``river_km_per_kg_d``: over all reaches below, kilometres times the share of the reach's
        limit by which it falls, the limit being that of its own class; NaN where a substance
        has no limit in river water. Both after what the public plant between holds back.
        ``rank`` by the second, within the substance.
    """
    import pandas as pd

    where, years = places(case), sound_years(case)
    at = _places_of(water, where)
    parts: list[pd.DataFrame] = []
    for substance in substances:
        limit = target(case, water.net, substance=substance)
        weight = np.where(np.isnan(limit), 0.0, water.length_km / limit)
        value = worth(water.net, weight=weight, flow=water.flow, kept=water.kept(substance))
        share = _passing(case, where, substance=substance, years=years)
        river = share * value[at] if (weight > 0).any() else np.full(len(at), np.nan)
        parts.append(
            where.drop(columns="plant").assign(
                substance=substance,
                passing=share,
                first_mg_l_per_kg_d=share * MG_L_PER_KG_D / water.flow[at],
                river_km_per_kg_d=river,
            )
        )
    table = pd.concat(parts, ignore_index=True)
    ranked = table.groupby("substance")["river_km_per_kg_d"].rank(ascending=False, method="min")
    return table.assign(rank=ranked.astype("Int64"))


def sections_of(case: CaseData, water: Water, *, substances: tuple[str, ...]) -> pd.DataFrame:
    """Say what a kilogram a day less at every place takes off every control section.

    Parameters
    ----------
    case : CaseData
        ``has_section`` of its reaches; where none has, those from which the water leaves.
    water : Water
        As a rule at low flow.
    substances : tuple of str
        Which ones.

    Returns
    -------
    DataFrame
        ``SECTIONS``: fall of the concentration at the section, mean over it, after what a
        public plant holds back; ``is_mixed`` says whether the section's reach is. Places
        whose water does not pass a section are left out. [mg/L per kg/d]
    """
    import pandas as pd

    where, years = places(case), sound_years(case)
    at = _places_of(water, where)
    parts: list[pd.DataFrame] = []
    for substance in substances:
        kept, share = water.kept(substance), _passing(case, where, substance=substance, years=years)
        for section in _control(case, water):
            weight = np.zeros(len(water.net))
            weight[section] = 1.0
            value = share * worth(water.net, weight=weight, flow=water.flow, kept=kept)[at]
            part = where[["place", "kind"]].assign(
                section=str(water.net.ids[section]),
                substance=substance,
                mg_l_per_kg_d=value,
                is_mixed=water.is_mixed[section],
            )
            parts.append(part[value > 0])
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(SECTIONS))
    return table[list(SECTIONS)]


def _control(case: CaseData, water: Water) -> list[int]:
    reaches = case.tables["reaches"]
    if "has_section" in reaches and reaches["has_section"].fillna(False).any():
        named = reaches.loc[reaches["has_section"].fillna(False).astype(bool), "id"]
        return [water.net.place(str(name)) for name in named]
    return [int(i) for i in np.flatnonzero(np.diff(water.net.start) == 0)]


def _places_of(water: Water, where: pd.DataFrame) -> npt.NDArray[np.int64]:
    return np.array([water.net.place(str(reach)) for reach in where["reach"]], dtype=np.int64)


def _passing(
    case: CaseData,
    where: pd.DataFrame,
    *,
    substance: str,
    years: Mapping[str, Mapping[str, Any]],
) -> Floats:
    """Share of a kilogram at each place that a public plant between lets pass."""
    known = {
        plant: passing(case, plant, substance=substance, years=years)[0]
        for plant in set(where["plant"].astype(str)) - {""}
    }
    return np.array([known.get(plant, 1.0) for plant in where["plant"]])


def measures(benefit: pd.DataFrame, removed: pd.DataFrame) -> pd.DataFrame:
    """Join what is removed with what it is worth; per money where a cost is given.

    Parameters
    ----------
    benefit : DataFrame
        Of :func:`benefit_of`.
    removed : DataFrame
        Of :func:`removals.to_river`.

    Returns
    -------
    DataFrame
        ``river_km``: kilometres of river times share of the limit; ``river_km_per_money`` by
        ``cost_per_kg`` (currency of the case a kilogram), best first.
    """
    unit = benefit.drop_duplicates(["reach", "substance", "passing"])
    unit = unit[unit["passing"] > 0].assign(
        at_river=lambda t: t["river_km_per_kg_d"] / t["passing"]
    )
    by = unit.groupby(["reach", "substance"])["at_river"].first()
    table = removed.join(by, on=["reach", "substance"])
    table = table.assign(river_km=table["at_river"] * table["kg_d"])
    money = table["cost_per_kg"] * table["removed_kg_d"]
    table = table.assign(river_km_per_money=table["river_km"] / money).drop(columns="at_river")
    return table.sort_values("river_km", ascending=False, ignore_index=True)


def ranking(worths: pd.DataFrame) -> pd.DataFrame:
    """Rank measures by what the rivers gain for the money.

    Parameters
    ----------
    worths : DataFrame
        Of :func:`measures`.

    Returns
    -------
    DataFrame
        ``measure``, ``river_km`` (over all its substances), ``capital_a``, ``net_cost_a``,
        ``river_km_per_million`` (a year, of the share of the investment), ``pays_for_itself``,
        ``rank``: by the river for the money, and without costs by the river alone.
    """
    groups = worths.groupby("measure", sort=False)
    table = groups.agg(river_km=("river_km", "sum"), **{m: (m, "first") for m in MONEY})
    per = MILLION * table["river_km"] / table["capital_a"]
    table = table.assign(river_km_per_million=per, pays_for_itself=table["net_cost_a"] < 0)
    by = ["river_km_per_million", "river_km"]
    table = table.sort_values(by, ascending=False, na_position="last").reset_index()
    return table.assign(rank=range(1, len(table) + 1))
