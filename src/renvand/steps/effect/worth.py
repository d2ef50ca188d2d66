"""What a kilogram is worth, where: every outlet and plant ranked, one pass a substance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from renvand.river import worth
from renvand.river.transport import MG_L_PER_KG_D
from renvand.steps.case import CaseData
from renvand.steps.effect.loads import routes
from renvand.steps.effect.removals import passing
from renvand.steps.effect.water import Water, target

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    *("place", "kind", "reach", "substance", "passing"),
    *("first_mg_l_per_kg_d", "river_km_per_kg_d"),
)


def places(case: CaseData) -> pd.DataFrame:
    """List every outlet and plant that reaches a river of the case."""
    import pandas as pd

    known = set(case.tables["reaches"]["id"])
    rows = [(o, "outlet", way.reach, way.plant) for o, way in routes(case).items()]
    if "plants" in case.tables:
        table = case.tables["plants"]
        pairs = zip(table["id"], table["receiving_reach"], strict=True)
        rows += [(str(plant), "plant", str(reach or ""), "") for plant, reach in pairs]
    kept = [row for row in rows if row[2] in known]
    return pd.DataFrame(kept, columns=["place", "kind", "reach", "plant"])


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

    where = places(case)
    at = np.array([water.net.place(str(reach)) for reach in where["reach"]], dtype=np.int64)
    parts: list[pd.DataFrame] = []
    for substance in substances:
        limit = target(case, water.net, substance=substance)
        weight = np.where(np.isnan(limit), 0.0, water.length_km / limit)
        value = worth(water.net, weight=weight, flow=water.flow, kept=water.kept(substance))
        share = np.array(
            [
                passing(case, plant, substance=substance)[0] if plant else 1.0
                for plant in where["plant"]
            ]
        )
        river = share * value[at] if (weight > 0).any() else np.full(len(at), np.nan)
        parts.append(
            pd.DataFrame(
                {
                    "place": where["place"],
                    "kind": where["kind"],
                    "reach": where["reach"],
                    "substance": substance,
                    "passing": share,
                    "first_mg_l_per_kg_d": share * MG_L_PER_KG_D / water.flow[at],
                    "river_km_per_kg_d": river,
                }
            )
        )
    table = pd.concat(parts, ignore_index=True)
    ranked = table.groupby("substance")["river_km_per_kg_d"].rank(ascending=False, method="min")
    return table.assign(rank=ranked.astype("Int64"))


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
