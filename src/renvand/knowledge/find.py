"""Find the row that a text means: substances, divisions, sectors, limits, equivalents."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

from renvand.knowledge.read import table

_BRACKETED = re.compile(r"(.*?)\((.*)\)")


def plain(text: str) -> str:
    """Take width, outer space and quotes off a name, nothing else."""
    return unicodedata.normalize("NFKC", text).strip().strip("'\"“”")


def fold(text: str) -> str:
    """Write a name in the one form in which names are compared."""
    return re.sub(r"[\s\-_.·]", "", plain(text)).casefold()


def _index(names: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Map each name to its key; a name of two keys means neither."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, key in names:
        found[name].add(key)
    return {name: keys.pop() for name, keys in found.items() if name and len(keys) == 1}


@cache
def _substances() -> tuple[Mapping[str, str], Mapping[str, str]]:
    rows = table("substances").fillna({"aliases": ""})
    named = [
        (name, row.id)
        for row in rows.itertuples()
        for name in (row.id, row.name_en, row.name_da, row.name_zh, *row.aliases.split("|"))
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
