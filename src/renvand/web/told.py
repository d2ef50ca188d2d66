"""Faults and findings in the language of the page.

The steps tell them in English. ``told.csv`` holds their sentences in three languages; what stands
in braces is taken over as it is. A sentence that is not there stays English, and is marked so.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from renvand.errors import Fault

_PART = re.compile(r"\{(\w)\}")
_END = re.compile(r"(?<=[.?]) (?=[A-Z'0-9])")  # between two sentences
_PLACES = {
    "da": ((re.compile(r"\bline (\d+)"), r"linje \1"), (re.compile(r"\bcolumn '"), "kolonne '")),
    "zh": ((re.compile(r"\bline (\d+)"), r"第\1行"), (re.compile(r"\bcolumn '"), "列 '")),
}


@dataclass(frozen=True, kw_only=True)
class Told:
    """A fault as a page shows it; ``lang`` is that of its words."""

    where: str
    what: str
    do: str
    lang: str


@cache
def sentences() -> tuple[tuple[re.Pattern[str], Mapping[str, str]], ...]:
    """Read what is known: the pattern of each English sentence, and all its languages."""
    text = (resources.files("renvand.web") / "told.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return tuple((_pattern(row["en"]), row) for row in rows)


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = _PART.split(sentence)
    return re.compile(
        "".join(f"(?P<{p}>.+?)" if n % 2 else re.escape(p) for n, p in enumerate(parts)), re.DOTALL
    )


def said(text: str, language: str) -> tuple[str, bool]:
    """Say one or more sentences, and whether all of them were known.

    Parameters
    ----------
    text : str
        English.
    language : str
        Of the page.
    """
    if language == "en" or not text:
        return text, True
    whole = _said(text, language)
    if whole is not None:
        return whole, True
    parts = [(part, _said(part, language)) for part in _END.split(text)]
    space = "" if language == "zh" else " "
    return space.join(known or part for part, known in parts), all(k for _, k in parts)


def _said(sentence: str, language: str) -> str | None:
    for pattern, row in sentences():
        if found := pattern.fullmatch(sentence):
            return row[language].format_map(found.groupdict())
    return None


def in_words(faults: Iterable[Fault | Mapping[str, Any]], language: str) -> list[Told]:
    """Tell faults, or findings that a run has kept, in the language of a page."""
    from renvand.web.languages import HTML

    return [_told(fault, language, spoken=HTML[language]) for fault in faults]


def _told(fault: Fault | Mapping[str, Any], language: str, *, spoken: str) -> Told:
    held = vars(fault) if isinstance(fault, Fault) else fault
    what, is_known = said(str(held["what"]), language)
    do, is_known_too = said(str(held["do"]), language)
    where = str(held["where"])
    for pattern, words in _PLACES.get(language, ()):
        where = pattern.sub(words, where)
    return Told(where=where, what=what, do=do, lang=spoken if is_known and is_known_too else "en")
