"""Find the row that a text means: substances, divisions, sectors, limits, equivalents."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

from renvand.knowledge.layers import SHIPPED, Knowledge

LONGEST_CODE = 8  # signs of an industry code: NAICS has six, national extensions more
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
    return SHIPPED.rows(name)


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


@lru_cache(maxsize=2**10)
def equivalent_kg(substance: str, *, knowledge: Knowledge = SHIPPED) -> float | None:
    """Say how many kilograms make one pollutant equivalent of the tax; None when not taxed.

    Parameters
    ----------
    substance : str
        Id in the table of substances.
    knowledge : Knowledge
        Of the case; by default the shipped tables.

    Returns
    -------
    float or None
        Equivalent; pH, colour and bacteria are taxed by another measure and give None. [kg]
    """
    for row in knowledge.rows("equivalents"):
        if row["substance"] == substance and row["unit"] == "kg":
            return float(row["equivalent"])
    return None


@lru_cache(maxsize=2**14)
def sector_of(code: str, *, knowledge: Knowledge = SHIPPED) -> str | None:
    """Say which of our sectors an industry code belongs to.

    Parameters
    ----------
    code : str
        Code as the table of sectors has them, of two signs or more, with or without the letter
        of its section: GB/T 4754 in the shipped table ('3360', 'C3360').
    knowledge : Knowledge
        Of the case, which may bring codes of its own country ('13.30'); by default the shipped.

    Returns
    -------
    str or None
        Sector of the code or of the nearest one above it; 'other' for a code of another
        industry, None for what is not a code.
    """
    known, shape = knowledge.once("codes of sectors", lambda: _codes(knowledge))
    written = re.fullmatch(shape, plain(code).upper())
    if not written:
        return None
    for length in range(len(written[1]), 1, -1):
        if written[1][:length] in known:
            return known[written[1][:length]]
    return "other"


def _codes(knowledge: Knowledge) -> tuple[Mapping[str, str], str]:
    """Map each code to its sector, and say how such codes are written."""
    known = {row["code"]: row["sector"] for row in knowledge.rows("sectors")}
    longest = max(map(len, known), default=2)
    if "sectors" in knowledge.replaced:  # all codes are of one system: longer ones are below them
        longest = max(longest, LONGEST_CODE)
    signs = r"[\d.]" if any("." in code for code in known) else r"\d"
    return known, rf"[A-U]?(\d{signs}{{1,{longest - 1}}})"


Places = Mapping[str, frozenset[str]]


def _places(knowledge: Knowledge) -> tuple[Places, Places, str]:
    """Names and codes of divisions that stand for themselves, stems that only begin a text, and
    the name of the whole region, which may stand before them.
    """
    names: dict[str, frozenset[str]] = {}
    stems: dict[str, frozenset[str]] = {}
    wholes: list[str] = []
    for row in knowledge.rows("divisions"):
        within, called = frozenset(_list(row["within"])), (row["name_zh"], row["name_en"])
        for name in (row["code"], *called, *_list(row["aliases"])):
            if name:
                names[fold(name)] = within
        if row["name_zh"] and row["kind"] != "zone" and len(row["name_zh"]) > 2:
            stems[row["name_zh"][:2]] = within
        if row["kind"] == "municipality":
            wholes += [fold(n) for n in (*called, *_list(row["aliases"])) if n]
    whole = "|".join(map(re.escape, sorted(wholes, key=len, reverse=True)))
    return names, stems, rf"^(中国)?({whole})(市辖区|县)?" if wholes else r"^中国"


def divisions_of(text: str, *, knowledge: Knowledge = SHIPPED) -> tuple[str, ...]:
    """List the divisions of today that a name or an address may mean.

    Parameters
    ----------
    text : str
        A name, a former name, a zone, a code or an address: '璧山县', '500227', '重庆市大足龙水镇'.
    knowledge : Knowledge
        Of the case; by default the shipped tables.

    Returns
    -------
    tuple of str
        Codes, in order; several for a zone that spans districts, none when nothing is known.
    """
    return _divisions(text, knowledge)


@lru_cache(maxsize=2**16)
def _divisions(text: str, knowledge: Knowledge) -> tuple[str, ...]:
    names, stems, whole = knowledge.once("places", lambda: _places(knowledge))
    name = fold(text)
    if name in names:
        return tuple(sorted(names[name]))
    local = re.sub(whole, "", name)
    if local in names or local[:2] in stems:
        return tuple(sorted(names.get(local) or _first(local, names) or stems[local[:2]]))
    words = {fold(word) for word in re.split(r"[\s,;/()-]+", text) if len(word) > 2}
    named = [names[word] for word in sorted(words & set(names)) if not word.isdigit()]
    found = _first(local, names) or (frozenset[str]().union(*named))
    return tuple(sorted(found))


def _first(text: str, names: Places) -> frozenset[str]:
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


def division(text: str, *, knowledge: Knowledge = SHIPPED) -> str | None:
    """Give the code of the one division a text means; None when none or several."""
    codes = _divisions(text, knowledge)
    return codes[0] if len(codes) == 1 else None
