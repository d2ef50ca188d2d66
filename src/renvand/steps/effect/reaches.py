"""Concentrations and classes of every reach, today and after, and the profile of a river."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from renvand.river import WORSE, worst_class
from renvand.steps.case import CaseData, records
from renvand.steps.effect.chances import Bands, Range, background, bands, draws
from renvand.steps.effect.oxygen import chain_bands, chained
from renvand.steps.effect.water import Water, limits

if TYPE_CHECKING:
    import pandas as pd

ENDS = ("", "_low", "_high")
VALUES = tuple(f"{when}{end}_mg_l" for when in ("before", "after") for end in ENDS)
PROFILE = ("start", "distance_km", "reach", "flow", "substance", *VALUES, "is_mixed")


def before_after(
    case: CaseData,
    waters: Mapping[str, Water],
    *,
    loads: pd.DataFrame,
    removed: pd.DataFrame,
    substances: tuple[str, ...],
) -> pd.DataFrame:
    """Every reach, substance and flow: today, after, the change, each with its 95 % range.

    Returns
    -------
    DataFrame
        ``reach``, ``flow``, ``substance``; ``before_mg_l``, ``after_mg_l``, ``change_mg_l`` (of
        oxygen, more is better; of all else, less), each with ``_low`` and ``_high``;
        ``is_mixed``: where False, the figures are means of the cross-section and a bank sees more.
        Oxygen and what is tied to it are added where ``background.csv`` allows.
    """
    import pandas as pd

    drawn = draws(case, removed)
    parts: list[pd.DataFrame] = []
    for water in waters.values():
        chain = chain_bands(case, water, loads=loads, removed=removed, drawn=drawn)
        for substance in dict.fromkeys((*substances, *chained(case))):
            got = chain.get(substance) or bands(
                case, water, loads=loads, removed=removed, substance=substance, drawn=drawn
            )
            is_known = substance in chain or bool(background(case, substance))
            parts.append(_rows(water, substance, got, is_known=is_known))
    return pd.concat(parts, ignore_index=True)


def _rows(water: Water, substance: str, got: Bands, *, is_known: bool) -> pd.DataFrame:
    import pandas as pd

    columns: dict[str, object] = {
        "reach": [str(name) for name in water.net.ids],
        "flow": water.name,
        "substance": substance,
    }
    for when, values in (("before", got.before), ("after", got.after)):
        for end, name in zip(ENDS, ("best", "low", "high"), strict=True):
            columns[f"{when}{end}_mg_l"] = getattr(values, name) if is_known else np.nan
    less: Range = got.less
    columns["change_mg_l"] = 0.0 - less.best
    columns["change_low_mg_l"], columns["change_high_mg_l"] = 0.0 - less.high, 0.0 - less.low
    columns["is_mixed"] = water.is_mixed
    return pd.DataFrame(columns)


def classes(
    case: CaseData, table: pd.DataFrame, *, lakes: frozenset[str] = frozenset()
) -> pd.DataFrame:
    """Class of each reach before and after, and the substance that decides it.

    Parameters
    ----------
    case : CaseData
        ``[standards]`` names the limits and their classes.
    table : DataFrame
        Of :func:`before_after`.
    lakes : frozenset of str
        Reaches that are judged by the limits of lakes.

    Returns
    -------
    DataFrame
        ``reach``, ``flow``, ``class_before``, ``decides_before``, ``class_after``,
        ``decides_after``, ``is_mixed``.
    """
    import pandas as pd

    parts: list[pd.DataFrame] = []
    for flow, all_rows in table.groupby("flow", sort=False):
        order = list(all_rows["reach"].unique())
        part = pd.DataFrame({"reach": order, "flow": flow}).set_index("reach", drop=False)
        for is_lake in (False, True):
            rows = all_rows[all_rows["reach"].isin(lakes) == is_lake]
            for when in ("before", "after"):
                for column, values in _judged(case, rows, when, is_lake=is_lake).items():
                    part.loc[list(values), column] = list(values.values())
        first = all_rows.drop_duplicates("reach").set_index("reach")
        parts.append(part.assign(is_mixed=first["is_mixed"].astype(bool)))
    return pd.concat(parts, ignore_index=True)


def _judged(
    case: CaseData, rows: pd.DataFrame, when: str, *, is_lake: bool
) -> dict[str, dict[str, str]]:
    """Give class and deciding substance by reach."""
    wide = rows.pivot(index="reach", columns="substance", values=f"{when}_mg_l")
    values = {str(s): wide[s].to_numpy(dtype=np.float64) for s in wide.columns}
    bounds, known = limits(case, is_lake=is_lake), (*case.standards.classes, WORSE)
    if wide.empty or not set(values) & set(bounds):
        return {}
    worst, decides = worst_class(values, limits=bounds)
    names = ["" if np.isnan(w) else known[int(w)] for w in worst]
    return {
        f"class_{when}": dict(zip(wide.index, names, strict=True)),
        f"decides_{when}": dict(zip(wide.index, decides, strict=True)),
    }


def profile(water: Water, table: pd.DataFrame, *, reach: str, substance: str) -> pd.DataFrame:
    """Follow the water from a reach to where it leaves: distance, before, after, ranges.

    Parameters
    ----------
    water : Water
        At the flow of the table.
    table : DataFrame
        Of :func:`before_after`.
    reach : str
        Where to start.
    substance : str
        Which one.
    """
    import pandas as pd

    own = table[(table["flow"] == water.name) & (table["substance"] == substance)]
    rows = {str(row["reach"]): row for row in records(own)}
    at, distance = water.net.place(reach), 0.0
    made: list[dict[str, object]] = []
    while at >= 0:
        row = rows[str(water.net.ids[at])]
        kept = {k: row[k] for k in PROFILE[2:]}
        made.append({"start": reach, "distance_km": distance, **kept})
        distance += float(water.length_km[at])
        at = int(water.net.down[at])
    return pd.DataFrame(made, columns=list(PROFILE))
