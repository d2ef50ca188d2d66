"""Is a sheet fit to be printed? All faults at once, each with its remedy."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import resources

from renvand.errors import Fault, FileError, near
from renvand.publish.model import Chart, Phrase, Ref, SheetModel, Table, strings, walk
from renvand.text.words import catalogue, placeholders

KEY_FIGURES = 4
LARGEST_TABLE = 40  # rows: more belongs into the CSV beside the sheet
EMPTY = "□"
LARGEST_CHART = 60  # items
# A number and its unit stay on one line.
_LOOSE_UNIT = re.compile(r"(?<=\d) (?=(?:°C|%|[kmµ]?[glm][²³]?|kWh|h|min|pH|bar|t)(?![A-Za-zÀ-ɏ]))")


@cache
def characters() -> frozenset[str]:
    """Name every character that the shipped fonts can draw."""
    path = resources.files("renvand.publish") / "assets" / "fonts" / "characters.txt"
    return frozenset(path.read_text(encoding="utf-8"))


def clean(text: str) -> str:
    """Take out what no printed page can show: control and direction characters.

    Tabs and line breaks become a space; what is left is in Unicode form C.
    """
    composed = unicodedata.normalize("NFC", text)
    spaced = "".join(" " if c in "\t\r\n\u2028\u2029" else c for c in composed)
    shown = "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    return _LOOSE_UNIT.sub("\u00a0", shown)


def missing_glyphs(text: str) -> str:
    """Give the characters of a text that the shipped fonts lack, each once."""
    return "".join(dict.fromkeys(c for c in clean(text) if c not in characters()))


def drawable(text: str) -> str:
    """Write a stranger's text as far as the shipped fonts go; what they lack becomes an empty box.

    For answers that nobody can be asked to write anew.
    """
    lacking = missing_glyphs(text)
    return "".join(EMPTY if c in lacking else c for c in clean(text))


def faults(model: SheetModel) -> list[Fault]:
    """List what keeps a sheet from being printed.

    Parameters
    ----------
    model : SheetModel
        The sheet.

    Returns
    -------
    list of Fault
        Empty when the sheet is sound.
    """
    where = f"sheet '{model.id}'"
    found = [*_fact_faults(model, where), *_word_faults(model, where), *_form_faults(model, where)]
    return sorted(set(found))


def require(model: SheetModel) -> None:
    """Stop with every fault of a sheet.

    Raises
    ------
    FileError
        When :func:`faults` finds any.
    """
    found = faults(model)
    if found:
        raise FileError(found)


def _fact_faults(model: SheetModel, where: str) -> Iterator[Fault]:
    ids = Counter(f.id for f in model.facts)
    for name, times in ids.items():
        if times > 1:
            yield Fault(where=where, what=f"fact '{name}' stands {times} times.", do="Keep one.")
    for fact in model.facts:
        ends = [v for v in (fact.value, fact.low, fact.high) if v is not None]
        if not all(math.isfinite(v) for v in ends):
            what = f"fact '{fact.id}' is not a number."
            yield Fault(where=where, what=what, do="Leave a gap with its reason.")
    for name in _named_facts(model):
        if name not in ids:
            what = f"no fact '{name}'."
            yield Fault(where=where, what=what, do=near(name, ids))


def _named_facts(model: SheetModel) -> Iterator[str]:
    for part in walk(model):
        if isinstance(part, Ref):
            yield part.fact
        elif isinstance(part, Chart):
            for item in part.items:
                yield from (name for name in (item.fact, item.other) if name)
            yield from (link.fact for link in part.links)
            yield from (level.fact for level in part.levels)


def _word_faults(model: SheetModel, where: str) -> Iterator[Fault]:
    for part in walk(model):
        if not isinstance(part, Phrase):
            continue
        if part.key not in catalogue():
            what = f"no words '{part.key}'."
            yield Fault(where=where, what=what, do=near(part.key, catalogue()))
        elif placeholders(catalogue()[part.key]["en"]) ^ part.values.keys():
            wanted = ", ".join(sorted(placeholders(catalogue()[part.key]["en"]))) or "nothing"
            what = f"'{part.key}' is given {', '.join(sorted(part.values)) or 'nothing'}."
            yield Fault(where=where, what=what, do=f"It takes {wanted}.")
    for text in dict.fromkeys(strings(model)):
        lacking = missing_glyphs(text)
        if lacking:
            codes = ", ".join(f"{c} (U+{ord(c):04X})" for c in lacking[:5])
            what = f"the shipped fonts lack {codes} in '{clean(text)[:40]}'."
            yield Fault(where=where, what=what, do="Write it with characters of GB 2312 or Latin.")


def _form_faults(model: SheetModel, where: str) -> Iterator[Fault]:
    if len(model.key_figures) > KEY_FIGURES:
        what = f"has {len(model.key_figures)} key figures."
        yield Fault(where=where, what=what, do=f"Keep the {KEY_FIGURES} that matter most.")
    if model.url and not model.url.startswith(("https://", "http://")):
        what = f"'{clean(model.url)[:60]}' is not the address of a web page."
        yield Fault(where=f"{where}, url", what=what, do="Write https://…")
    for part in walk(model):
        if isinstance(part, Table):
            yield from _table_faults(part, where)
        elif isinstance(part, Chart):
            if len(part.items) > LARGEST_CHART:
                what = f"a {part.kind} chart has {len(part.items)} items."
                yield Fault(where=where, what=what, do=f"Show at most {LARGEST_CHART}.")
            known = {item.id for item in part.items}
            for end in {e for link in part.links for e in (link.source, link.target)} - known:
                what = f"a {part.kind} chart has a flow to '{end}'."
                yield Fault(where=where, what=what, do=near(end, known))


def _table_faults(table: Table, where: str) -> Iterator[Fault]:
    if len(table.rows) > LARGEST_TABLE:
        what = f"a table has {len(table.rows)} rows."
        yield Fault(
            where=where, what=what, do=f"Show at most {LARGEST_TABLE}; give the rest as CSV."
        )
    for row in table.rows:
        if len(row) != len(table.columns):
            what = f"a row has {len(row)} cells under {len(table.columns)} heads."
            yield Fault(where=where, what=what, do="Fill it with gaps.")
