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


def slips(observations: pd.DataFrame) -> tuple[pd.Series, list[Fault]]:
    """Find concentrations and flows that are a power of ten off the outlet's other samples.

    Parameters
    ----------
    observations : DataFrame
        As :func:`renvand.steps.register.tidy.tidy` gives them.

    Returns
    -------
    Series
        True for each suspect row: it is left out of loads until a person has looked.
    list of Fault
        Place, value, and the proposed correction with its evidence.
    """
    import pandas as pd

    is_suspect = pd.Series(data=False, index=observations.index)
    faults: list[Fault] = []
    for column, unit in (("concentration_mg_l", "mg/l"), ("flow_m3_d", "m³/d")):
        known = observations[observations[column] > 0]
        alike = known.groupby(["outlet", "substance"])[column]
        decades = (known[column] / alike.transform("median")).map(math.log10)
        power = decades.round()
        is_slip = (decades.abs() >= FAR) & ((decades - power).abs() <= NEAR_POWER)
        suspects = known[is_slip & (alike.transform("size") >= FEWEST)]
        is_suspect[suspects.index] = True
        for row, k in zip(records(suspects), power[suspects.index].astype(int), strict=True):
            faults.append(_slip(row, column, unit=unit, power=k))
    return is_suspect, faults


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
        do=f"Perhaps {value / 10.0**power:g} is meant; it is left out until you say so.",
    )
