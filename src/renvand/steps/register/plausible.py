"""Slips of a power of ten: found and proposed, never applied."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from renvand.errors import Fault
from renvand.knowledge import table
from renvand.steps.case import records

if TYPE_CHECKING:
    import pandas as pd

FAR = 1.5  # decades from the median of the outlet's other samples; noise stays well below one
NEAR_POWER = 0.5  # decades between the deviation and the power of ten proposed
MOSTLY = 0.5  # of the sites; below, the tables know nothing of the region
FEWEST = 3  # samples of an outlet and substance to compare with


def slips(observations: pd.DataFrame) -> Iterator[Fault]:
    """Find concentrations and flows that are a power of ten off the outlet's other samples.

    Parameters
    ----------
    observations : DataFrame
        As :func:`renvand.steps.register.tidy.tidy` gives them.

    Yields
    ------
    Fault
        Place, value, and the proposed correction with its evidence.
    """
    for column, unit in (("concentration_mg_l", "mg/l"), ("flow_m3_d", "m³/d")):
        known = observations[observations[column] > 0]
        alike = known.groupby(["outlet", "substance"])[column]
        decades = (known[column] / alike.transform("median")).map(math.log10)
        power = decades.round()
        is_slip = (decades.abs() >= FAR) & ((decades - power).abs() <= NEAR_POWER)
        suspects = known[is_slip & (alike.transform("size") >= FEWEST)]
        for row, k in zip(records(suspects), power[suspects.index].astype(int), strict=True):
            yield _slip(row, column, unit=unit, power=k)


def strangers(sites: pd.DataFrame) -> Iterator[Fault]:
    """Find sites of another region: their district is not in the tables while most others' is.

    Parameters
    ----------
    sites : DataFrame
        With ``division``, ``name_zh`` and ``origin``.
    """
    known = sites["division"].isin(set(table("divisions")["id"]))
    if known.mean() < MOSTLY:
        return
    for row in records(sites[~known]):
        yield Fault(
            where=f"{row['origin']}, division",
            what=f"'{row['division']}' of {row['name_zh']} is no district of the region.",
            do="Take the row out of the list if it belongs elsewhere.",
        )


def _slip(row: dict[str, Any], column: str, *, unit: str, power: int) -> Fault:
    value = row[column]
    return Fault(
        where=f"{row['origin']}, {column}",
        what=f"{value:g} {unit} ({row['substance']} at {row['outlet']}) is about 10^{power} times "
        "what the other samples there say.",
        do=f"Perhaps {value / 10.0**power:g} is meant; it counts as written until you say so.",
    )
