"""Why a plant stands where it stands: keys of sentences and their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from renvand.steps.plants.choose import Choice

if TYPE_CHECKING:
    import pandas as pd

FOR, AGAINST = 3, 2  # reasons told of each plant


def reasons(choice: Choice, *, kpis: pd.DataFrame, plants: pd.DataFrame) -> pd.DataFrame:
    """List what speaks for and against each candidate.

    Parameters
    ----------
    choice : Choice
        Of :func:`choose.shortlist`.
    kpis : DataFrame
        Key figures of the candidates; the numbers the sentences show.
    plants : DataFrame
        Index ``id``.

    Returns
    -------
    DataFrame
        ``plant``, ``order``, ``key`` in text/words ('plants.gap.for'), ``value``, ``unit``,
        ``weight`` of the argument. What is not known stands as 'plants.<indicator>.unknown'.
    """
    import pandas as pd

    contribution = choice.ranking.contribution
    middle = contribution.mean(axis=0)
    rows: list[tuple[str, int, str, float, str, float]] = []
    shown = _shown(choice, kpis=kpis, plants=plants)
    for i, plant in enumerate(choice.ranking.alternatives):
        lead = contribution[i] - middle
        order = np.argsort(-lead, kind="stable")
        strong = [j for j in order if lead[j] > 0 and _is_known(choice, i, j)][:FOR]
        weak = [j for j in order[::-1] if lead[j] < 0 and _is_known(choice, i, j)][:AGAINST]
        for place, (j, side) in enumerate(
            [*((j, "for") for j in strong), *((j, "against") for j in weak)], start=1
        ):
            name = choice.ranking.criteria[j]
            value, unit = shown[name]
            rows.append((plant, place, f"plants.{name}.{side}", float(value[plant]), unit, lead[j]))
    return pd.DataFrame(rows, columns=["plant", "order", "key", "value", "unit", "weight"])


def _is_known(choice: Choice, i: int, j: int) -> bool:
    return bool(choice.values.notna().iloc[i, j])


def _shown(
    choice: Choice, *, kpis: pd.DataFrame, plants: pd.DataFrame
) -> dict[str, tuple[pd.Series, str]]:
    """Give for each indicator the number a person understands, with its unit."""
    percent = 100.0
    values = choice.values
    return {
        "gap": (percent * values["gap"], "%"),
        "save": (values["gap"] * kpis["energy_kwh_a"] / 1e3, "MWh/a"),
        "nitrogen": (kpis["tn_out"], "mg/l"),
        "carbon": (kpis["bod_tn"], "g/g"),
        "phosphorus": (kpis["bod_tp"], "g/g"),
        "load": (percent * kpis["load"], "%"),
        "size": (kpis["flow_m3_d"], "m3/d"),
        "process": (values["process"], "1"),
        "lines": (plants["lines"].astype("float64"), "1"),
        "winter": (kpis["coldest_c"], "°C"),
        "quality": (percent * values["quality"], "%"),
        "river": (kpis["river_low_m3_s"], "m3/s"),
        "transfer": (percent * values["transfer"], "%"),
    }
