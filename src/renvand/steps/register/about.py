"""What a list seems to be about, how sure that is, and what speaks against it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from renvand.errors import Fault
from renvand.steps.register.values import folded

_PLANT_HEAD = re.compile(
    r"(?<!受纳)污水(处理)?厂|(?<!废水)处理(能力|规模|水量|工艺)|进水|wwtp|influent|pop(ulation)?.?served"
    r"|(design|treatment).?(cap|proc)|^capacity|discharge.?class|infrastructure.?type",
    re.I,
)
_PLANT_NAME = re.compile(
    r"污水|净水厂|水质净化|再生水|wwt[pf]|(?<![a-z])stp(?![a-z])|sewage|sewer|wpcp|lagoon"
    r"|(waste)?water treatment|renseanlæg",
    re.I,
)
HEADS, NAMES = 2, 0.5  # headers, share of names, from which a list is taken for one of plants
ONLY_A_NUMBER = 0.5  # of the certainty, where a number of the register alone says who
DOUBTED = 0.3  # of the certainty, where something speaks against the list
UNNAMED = 0.5  # certainty of the best naming column below which nobody is named
_NAMED = ("name_zh", "uscc", "permit")
_WHO = (*_NAMED, "number")
_TOLD_BY: Mapping[str, Sequence[Sequence[str]]] = {
    "enterprises": (_WHO,),
    "outlets": (("outlet",),),
    "permit_limits": (("substance",), ("limit_mg_l",)),
    "observations": (("substance",), ("concentration_mg_l", "load_kg_a")),
}  # what a list of each kind must have beside who it is about: one of each group


def certainty(kind: str, ours: Mapping[str, float]) -> float:
    """Say how sure it is that a list is of a kind.

    Parameters
    ----------
    kind : str
        enterprises, outlets, permit_limits or observations.
    ours : mapping of str to float
        Our columns that were found, with the certainty of each.

    Returns
    -------
    float
        0 to 1: that of the least sure among the columns that make it such a list.
    """
    number = ours.get("number", 0.0) * (ONLY_A_NUMBER if kind == "enterprises" else 1.0)
    who = max(number, *(ours.get(name, 0.0) for name in _NAMED))
    told = (max(ours.get(name, 0.0) for name in group) for group in _TOLD_BY[kind])
    return round(min(who, *told), 2)


def doubts(
    file: str, header: Sequence[str], *, ours: Mapping[str, float], names: Sequence[str]
) -> Iterator[Fault]:
    """Say what speaks against taking a list in as one of the register's.

    Parameters
    ----------
    file : str
        Its name, for the message.
    header : sequence of str
        All its headers.
    ours : mapping
        Our columns that were found.
    names : sequence of str
        Cells of the column that names the sites, as far as looked at.
    """
    if max(ours.get(name, 0.0) for name in _WHO) < UNNAMED:
        what = "has no column that surely names a company or a site, so it cannot be linked."
        do = "Ask for names or registry numbers, or name the column in inbox/mapping.toml."
        yield Fault(where=file, what=what, do=do)
    heads = [name for name in dict.fromkeys(header) if _PLANT_HEAD.search(folded(name))]
    share = sum(bool(_PLANT_NAME.search(name)) for name in names) / max(len(names), 1)
    if len(heads) >= HEADS or share >= NAMES:
        told = [f"headers such as '{heads[0]}' and '{heads[1]}'"] if len(heads) >= HEADS else []
        told += [f"{share:.0%} of its names"] if share >= NAMES else []
        what = f"looks like a list of public treatment plants by {' and '.join(told)}."
        do = "Plants belong into plants.csv. If these are companies, say --kind enterprises."
        yield Fault(where=file, what=what, do=do)
