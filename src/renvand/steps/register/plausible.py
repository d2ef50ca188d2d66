"""Slips of a power of ten: found, set aside and proposed, never applied unasked."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from renvand.errors import Fault
from renvand.knowledge import Knowledge
from renvand.steps.case import records
from renvand.steps.register.decisions import AS_WRITTEN, PROPOSED, Decisions
from renvand.steps.register.records import Change

if TYPE_CHECKING:
    import pandas as pd

FAR = 1.5  # decades from the median of the outlet's other samples; noise stays well below one
NEAR_POWER = 0.5  # decades between the deviation and the power of ten proposed
MOSTLY = 0.5  # of the sites; below, the tables know nothing of the region
BEYOND = 100.0  # times a limit; in no list seen was so much true, and it decides a ranking
FEWEST = 3  # samples of an outlet and substance to compare with
G_PER_KG = 1000.0
NAMED = 5  # names told in one finding
_ADD_CODE = "Add its code to enterprises.csv."
# What a name says of a sector, where no list gives its code: proposed, never taken.
_TRADES = {
    "印染": "textile-dyeing",
    "染整": "textile-dyeing",
    "电镀": "surface-treatment",
    "镀锌": "surface-treatment",
    "表面处理": "surface-treatment",
    "阳极氧化": "surface-treatment",
    "机械": "metalworking",
    "紧固件": "metalworking",
    "齿轮": "metalworking",
}


def judged(
    observations: pd.DataFrame, decisions: Decisions
) -> tuple[pd.DataFrame, list[Fault], list[Change]]:
    """Find concentrations and flows that are a power of ten off the outlet's other samples.

    Nobody's place in a ranking may follow from a slip of the pen, and no slip is mended unasked:
    what is suspected is set aside until a person has decided.

    Parameters
    ----------
    observations : DataFrame
        As :func:`renvand.steps.register.tidy.tidy` gives them.
    decisions : Decisions
        Values decided to stand as written, or as proposed, are not asked for again.

    Returns
    -------
    tuple
        The observations with ``suspect`` (the name of the column in doubt, or '') and
        ``is_suspect``, the findings with their proposals, and the changes that were decided.
    """
    made = observations.assign(suspect="")
    findings: list[Fault] = []
    changes: list[Change] = []
    for column, unit in (("concentration_mg_l", "mg/l"), ("flow_m3_d", "m³/d")):
        for at, power in _suspects(observations, column).items():
            row = observations.loc[at].to_dict()
            place, written = f"{row['origin']}, {column}", f"{row[column]:g}"
            proposed = row[column] / 10.0**power
            verdict = decisions.verdict(place, written)
            if verdict == PROPOSED:
                made.loc[at, column] = proposed
                new = f"{proposed:g}"
                changes.append(
                    Change(where=row["origin"], column=column, rule="decided", old=written, new=new)
                )
            elif verdict != AS_WRITTEN:
                made.loc[at, "suspect"] = column
                findings.append(_slip(row, place, value=f"{written} {unit}", power=power))
    made["is_suspect"] = made["suspect"] != ""
    return made, [*findings, *_disagreeing(made)], changes


def _suspects(observations: pd.DataFrame, column: str) -> dict[Any, int]:
    """Give the power of ten by which each suspected value is off, by its index."""
    known = observations[observations[column] > 0]
    alike = known.groupby(["outlet", "substance"])[column]
    decades = (known[column] / alike.transform("median")).map(math.log10)
    power = decades.round()
    is_slip = (decades.abs() >= FAR) & ((decades - power).abs() <= NEAR_POWER)
    found = power[is_slip & (alike.transform("size") >= FEWEST)]
    return {at: round(k) for at, k in found.items()}


def _slip(row: dict[str, Any], place: str, *, value: str, power: int) -> Fault:
    proposed = float(value.split()[0]) / 10.0**power
    return Fault(
        where=place,
        what=f"{value} ({row['substance']} at {row['outlet']}) is about 10^{power} times "
        "what the other samples there say; it is set aside.",
        do=f"Perhaps {proposed:g} is meant. Decide in inbox/decisions.csv: "
        f"'{AS_WRITTEN}' or '{PROPOSED}'.",
    )


def _disagreeing(observations: pd.DataFrame) -> Iterator[Fault]:
    """Find yearly loads that are a power of ten off their own concentration times flow."""
    needed = ["load_kg_a", "concentration_mg_l", "flow_m3_d", "days"]
    known = observations.dropna(subset=needed)
    known = known[(known[needed].astype("float64") > 0).all(axis=1)]
    made = known["concentration_mg_l"] * known["flow_m3_d"] * known["days"] / G_PER_KG
    ratio = (known["load_kg_a"] / made).astype("float64")
    for row, by in zip(records(known), ratio, strict=True):
        power = round(math.log10(by))
        if abs(math.log10(by)) >= FAR and abs(math.log10(by) - power) <= NEAR_POWER:
            yield Fault(
                where=f"{row['origin']}, load_kg_a",
                what=f"{row['load_kg_a']:g} kg/a is about 10^{power} times concentration × flow "
                "× days of the same row.",
                do=f"Perhaps {row['load_kg_a'] / 10.0**power:g} is meant; it counts as written.",
            )


def beyond(loads: pd.DataFrame) -> Iterator[Fault]:
    """Find results far beyond their limit that no other samples can confirm or refute.

    Parameters
    ----------
    loads : DataFrame
        With ``outlet, substance, samples, concentration_mg_l, limit_mg_l, exceedance``.
    """
    far = loads[(loads["exceedance"] >= BEYOND) & (loads["samples"] < FEWEST)]
    for row in records(far):
        yield Fault(
            where=f"outlet {row['outlet']}, {row['substance']}",
            what=f"{row['concentration_mg_l']:,.0f} mg/l is {row['exceedance']:.0f} times "
            f"the limit of {row['limit_mg_l']:g} mg/l, by {row['samples']} samples.",
            do="Look for a slip of the unit; it counts as written.",
        )


def strangers(sites: pd.DataFrame, knowledge: Knowledge) -> Iterator[Fault]:
    """Find sites of another region: their district is not in the tables while most others' is.

    Parameters
    ----------
    sites : DataFrame
        With ``division``, ``name_zh`` and ``origin``.
    knowledge : Knowledge
        Of the case, with the districts of its region.
    """
    known = sites["division"].isin(set(knowledge.table("divisions")["id"]))
    if known.mean() < MOSTLY:
        return
    for row in records(sites[~known]):
        yield Fault(
            where=f"{row['origin']}, division",
            what=f"'{row['division']}' of {row['name_zh']} is no district of the region.",
            do="Take the row out of the list if it belongs elsewhere.",
        )


def sectorless(sites: pd.DataFrame) -> Iterator[Fault]:
    """Find sites whose sector is not known; where the name speaks for one, say so.

    Parameters
    ----------
    sites : DataFrame
        With ``sector, sector_code, name_zh`` and ``origin``.
    """
    lost = sites[sites["sector"] == ""]
    silent: list[str] = []
    for row in records(lost[lost["sector_code"] == ""]):
        spoken = {sector for word, sector in _TRADES.items() if word in row["name_zh"]}
        if len(spoken) != 1:
            silent.append(str(row["name_zh"] or row["id"]))
            continue
        yield Fault(
            where=f"{row['origin']}, sector_code",
            what=f"no list gives the sector of {row['name_zh']}; it counts in none.",
            do=f"The name speaks for {spoken.pop()}. {_ADD_CODE}",
        )
    if silent:
        what = f"no list gives the sector of {_named(silent)}."
        yield Fault(where="sector_code", what=what, do=f"They count in none. {_ADD_CODE}")
    written = lost.loc[lost["sector_code"] != "", "sector_code"].value_counts()
    if len(written):
        what = f"{_named(list(map(str, written.index)))}: in none of our sectors."
        do = f"The {written.sum()} sites count in none; write a code of sectors.csv if they should."
        yield Fault(where="sector_code", what=what, do=do)


def _named(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
