"""Find the row that a text means: substances, divisions, sectors, limits, equivalents."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from renvand.knowledge.read import table

_BRACKETED = re.compile(r"(.*?)\((.*)\)")


def plain(text: str) -> str:
    """Take width, outer space and quotes off a name, nothing else."""
    return unicodedata.normalize("NFKC", text).strip().strip("'\"“”")


def fold(text: str) -> str:
    """Write a name in the one form in which names are compared; folding again changes nothing."""
    bare = re.sub(r"[\s\-_.·'\"“”]", "", unicodedata.normalize("NFKC", text)).casefold()
    return bare if bare == text else fold(bare)


def _index(names: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Map each name to its key; a name of two keys means neither."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, key in names:
        found[name].add(key)
    return {name: keys.pop() for name, keys in found.items() if name and len(keys) == 1}


def rows_of(name: str) -> list[dict[str, Any]]:
    """Give a shipped table as plain rows."""
    return [{str(k): v for k, v in row.items()} for row in table(name).to_dict("records")]


def _list(cell: str | None) -> list[str]:
    return cell.split("|") if cell else []


@cache
def _substances() -> tuple[Mapping[str, str], Mapping[str, str]]:
    named = [
        (name, row["id"])
        for row in rows_of("substances")
        for name in (
            *(row[column] for column in ("id", "name_en", "name_da", "name_zh")),
            *_list(row["aliases"]),
        )
    ]
    exact = _index((plain(name), key) for name, key in named)
    return exact, _index((fold(name), key) for name, key in named)


@cache
def substance_id(text: str) -> str | None:
    """Say which substance a register means.

    Parameters
    ----------
    text : str
        A name as written: '化学需氧量', 'CODcr', 'Cr（VI）', 'Lead compounds'.

    Returns
    -------
    str or None
        The id in the table of substances; None when the name is unknown or means two things.
        The part in brackets counts only when the rest says nothing: '生化需氧量（BOD5）'.
    """
    exact, folded = _substances()
    name = plain(text)
    found = exact.get(name) or folded.get(fold(name))
    bracketed = _BRACKETED.fullmatch(name)
    if found or not bracketed:
        return found
    outside, inside = bracketed.groups()
    return folded.get(fold(outside)) or folded.get(fold(inside))


@cache
def equivalent_kg(substance: str) -> float | None:
    """Say how many kilograms make one pollutant equivalent of the tax; None when not taxed.

    Parameters
    ----------
    substance : str
        Id in the table of substances.

    Returns
    -------
    float or None
        Equivalent; pH, colour and bacteria are taxed by another measure and give None. [kg]
    """
    for row in rows_of("equivalents"):
        if row["substance"] == substance and row["unit"] == "kg":
            return float(row["equivalent"])
    return None


@cache
def sector_of(code: str) -> str | None:
    """Say which of our sectors an industry code belongs to.

    Parameters
    ----------
    code : str
        GB/T 4754 code of two to four digits, with or without the letter of its section.

    Returns
    -------
    str or None
        Sector; 'other' for a code of another industry, None for what is not a code.
    """
    digits = re.fullmatch(r"[A-T]?(\d{2,4})", plain(code).upper())
    if not digits:
        return None
    known = {row["code"]: row["sector"] for row in rows_of("sectors")}
    for length in (4, 3, 2):
        if digits[1][:length] in known:
            return known[digits[1][:length]]
    return "other"


@cache
def _places() -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]]]:
    """Names and codes of divisions that stand for themselves, and stems that only begin a text."""
    names: dict[str, frozenset[str]] = {}
    stems: dict[str, frozenset[str]] = {}
    for row in rows_of("divisions"):
        within = frozenset(_list(row["within"]))
        for name in (row["adcode"], row["name_zh"], row["name_en"], *_list(row["aliases"])):
            if name:
                names[fold(name)] = within
        if row["kind"] != "zone" and len(row["name_zh"]) > 2:
            stems[row["name_zh"][:2]] = within
    return names, stems


@cache
def divisions_of(text: str) -> tuple[str, ...]:
    """List the divisions of today that a name or an address may mean.

    Parameters
    ----------
    text : str
        A name, a former name, a zone, a code or an address: '璧山县', '500227', '重庆市大足龙水镇'.

    Returns
    -------
    tuple of str
        Codes, in order; several for a zone that spans districts, none when nothing is known.
    """
    names, stems = _places()
    name = fold(text)
    if name in names:
        return tuple(sorted(names[name]))
    local = re.sub("^(中国)?重庆市?(市辖区|县)?", "", name)
    if local in names or local[:2] in stems:
        return tuple(sorted(names.get(local) or _first(local, names) or stems[local[:2]]))
    return tuple(sorted(_first(local, names)))


def _first(text: str, names: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Give the places of the first name in an address, narrowed by those that follow."""
    found = sorted(
        (text.index(name), -len(name), name)
        for name in names
        if (len(name) > 2 or name.endswith("县")) and not name.isascii() and name in text
    )
    places: frozenset[str] = frozenset()
    for _, _, name in found:
        places = (places & names[name]) or places or names[name]
    return places


def division(text: str) -> str | None:
    """Give the code of the one division a text means; None when none or several."""
    codes = divisions_of(text)
    return codes[0] if len(codes) == 1 else None
