"""Figures of the register, each with the observations it was made of."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from renvand.steps.case import records
from renvand.trace import Figure, Origin

if TYPE_CHECKING:
    import pandas as pd

_TIMES = "times mean flow times days of discharge in the year"
METHODS = {
    "given": "as the source gives it",
    "detected": f"mean concentration {_TIMES}",
    "regression": f"mean concentration {_TIMES}; samples below their reporting limit are filled "
    "in by regression on order statistics",
    "substitution": f"mean concentration {_TIMES}; a sample below its reporting limit counts half "
    "of it",
}
MOST = 2_000  # sites with figures of their own; beyond, only the best ranked have them


def figures(
    observations: pd.DataFrame,
    loads: pd.DataFrame,
    *,
    ranking: pd.DataFrame,
    standards: Mapping[str, Origin],
) -> Iterator[Figure]:
    """Make the figures of every ranked site: loads, their sum, the place.

    Parameters
    ----------
    observations, loads, ranking : DataFrame
        As the register step gives them.
    standards : mapping of str to Origin
        Row of the water standard that each substance is measured against.
    """
    chosen = set(ranking["id"].head(MOST))
    seen: dict[tuple[str, str, int], list[dict[str, Any]]] = defaultdict(list)
    for observation in records(observations):
        key = observation["outlet"], observation["substance"], observation["year"]
        seen[key].append(observation)
    parts: dict[str, list[str | Origin]] = defaultdict(list)
    for row in records(loads[loads["site"].isin(chosen)]):
        if math.isnan(row["load_kg_a"]):
            continue
        figure = _load(row, seen[row["outlet"], row["substance"], row["year"]])
        if not math.isnan(row["equal_standard_m3_a"]):
            parts[row["site"]] += [figure.id, standards[row["substance"]]]
        yield figure
    sums = loads.groupby("site")["equal_standard_m3_a"].sum()
    for place in records(ranking[ranking["id"].isin(chosen)]):
        yield from _place(place, sums, parts[place["id"]])


def _load(row: dict[str, Any], rows: list[dict[str, Any]]) -> Figure:
    return Figure(
        id=f"register.{row['outlet']}.load.{row['substance']}",
        value=row["load_kg_a"],
        unit="kg/a",
        low=row["load_low_kg_a"],
        high=row["load_high_kg_a"],
        method=METHODS[row["method"]],
        made_of=tuple(map(_origin, rows)),
    )


def _origin(row: dict[str, Any]) -> Origin:
    file, line = row["origin"].rsplit(", line ", 1)
    is_given = row["load_kg_a"] is not None and not math.isnan(row["load_kg_a"])
    value = (
        f"{row['load_kg_a']:g} kg/a"
        if is_given
        else f"{'<' if row['is_censored'] else ''}{row['concentration_mg_l']:g} mg/l"
    )
    return Origin(
        file=file,
        row=f"line {line}",
        column="load_kg_a" if is_given else "concentration_mg_l",
        value=value,
        basis=row["basis"],
        source=row["source"],
        locator=row["locator"],
    )


def _place(place: dict[str, Any], sums: pd.Series, parts: list[str | Origin]) -> Iterator[Figure]:
    site = place["id"]
    total = f"register.{site}.equal_standard_load"
    yield Figure(
        id=total,
        value=float(sums[site]),
        unit="m3/a",
        method="water needed to dilute each load to the water standard, summed over substances",
        made_of=tuple(dict.fromkeys(parts)),
    )
    yield Figure(
        id=f"register.{site}.probability_first",
        value=float(place["probability_first"]),
        unit="1",
        method="share of random draws of weights and loads in which the site is among the first",
        made_of=(total,),
    )
