"""A sheet in one language: texts filled, numbers written, marks set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from renvand.publish.check import clean
from renvand.publish.model import (
    Cell,
    Chart,
    Day,
    Fact,
    Gap,
    Label,
    Phrase,
    Ref,
    Table,
    Unit,
    Value,
    walk,
)
from renvand.text import Words, day, number, span, spoken, unit_name, with_unit

CONSTRUCTED = "†"
NOT_VERIFIED = "‡"
LARGE = 10_000  # from here a sentence says 'million' or 万 where the language does


@dataclass(frozen=True, kw_only=True)
class Written:
    """A cell as it is printed."""

    text: str
    why: str = ""  # id of the figure, for ``renvand why``
    mark: str = ""  # † constructed, ‡ not verified
    is_gap: bool = False


class Voice:
    """Speaks one language about one set of facts."""

    def __init__(self, language: str, facts: Mapping[str, Fact]) -> None:
        self.language = language
        self.words = Words(language)
        self.facts = facts

    def text(self, text: Value) -> str:
        """Write a text, a number, a day or a gap as plain characters."""
        if isinstance(text, str):
            return clean(text)
        if isinstance(text, Label):
            return clean(getattr(text, self.language) or text.en)
        if isinstance(text, Phrase):
            return self.words(text.key, **{k: self.text(v) for k, v in text.values.items()})
        if isinstance(text, Day):
            return day(text.on, self.language)
        if isinstance(text, Unit):
            return self.unit(text.unit)
        if isinstance(text, Gap):
            return self.gap(text)
        return self.amount(text)

    def amount(self, ref: Ref) -> str:
        """Write a fact in the form its place asks for, without mark."""
        fact = self.facts[ref.fact]
        if ref.form == "span":
            return self.span(fact)
        if ref.form == "number":
            return self.number(fact.value, digits=ref.digits, places=ref.places)
        return with_unit(self.written(fact.value, ref=ref), fact.unit, self.language)

    def written(self, value: float, *, ref: Ref) -> str:
        """Write a number as a sentence does: large ones in millions, or in 万 and 亿."""
        if ref.places is None and abs(value) >= LARGE:
            return spoken(value, self.language, digits=ref.digits)
        return self.number(value, digits=ref.digits, places=ref.places)

    def gap(self, gap: Gap) -> str:
        """Write the word that stands where a number is not."""
        return self.words("sheet.gap" if gap.is_withheld else "sheet.gap_unknown")

    def number(self, value: float, *, digits: int = 3, places: int | None = None) -> str:
        """Write a number; counts and whole values lose their empty decimals."""
        if places is not None and 0 < value < 0.5 * 10.0**-places:
            return f"<{number(10.0**-places, self.language, places=places)}"
        whole = int(value) if float(value).is_integer() and abs(value) < 1e15 else value
        return number(whole, self.language, digits=digits, is_rough=True, places=places)

    def percent(self, value: float) -> str:
        """Write a share that already counts in hundredths, to whole per cents."""
        return with_unit(self.number(value, places=0), "%", self.language)

    def span(self, fact: Fact) -> str:
        """Write the range of a fact, or nothing when it has none."""
        if fact.low is None or fact.high is None:
            return ""
        is_large = fact.high >= 10_000  # whole units are kept below
        digits = 3 if is_large else 2
        return span(fact.low, fact.high, self.language, digits=digits, is_rough=is_large)

    def unit(self, unit: str) -> str:
        """Write a unit."""
        return unit_name(unit, self.language) if unit not in ("", "1") else ""

    def cell(self, cell: Cell, *, hidden: str = "") -> Written:
        """Write a cell with its mark; marks in ``hidden`` already stand in the caption."""
        if isinstance(cell, Gap):
            return Written(text=self.gap(cell), is_gap=True)
        if isinstance(cell, Ref):
            mark = "".join(m for m in self.marks(self.facts[cell.fact]) if m not in hidden)
            return Written(text=self.amount(cell), why=cell.fact, mark=mark)
        return Written(text=self.text(cell))

    def marks(self, fact: Fact) -> str:
        """Give the marks of a fact."""
        constructed = fact.is_constructed or fact.basis == "constructed"
        return CONSTRUCTED * constructed + NOT_VERIFIED * (fact.confidence == "low")

    def common_marks(self, block: Table | Chart) -> str:
        """Give the marks that all numbers of a block share: they move into its caption."""
        marked = [set(self.marks(fact)) for fact in self._facts_of(block)]
        shared = set[str].intersection(*marked) if marked else set[str]()
        return "".join(m for m in (CONSTRUCTED, NOT_VERIFIED) if m in shared)

    def chart_marks(self, chart: Chart) -> str:
        """Give every mark that some number of a chart has: bars carry none of their own."""
        found = "".join(self.marks(fact) for fact in self._facts_of(chart))
        return "".join(m for m in (CONSTRUCTED, NOT_VERIFIED) if m in found)

    def _facts_of(self, block: Table | Chart) -> Iterable[Fact]:
        names = [part.fact for part in walk(block) if isinstance(part, Ref)]
        if isinstance(block, Chart):
            names += [n for i in block.items for n in (i.fact, i.other) if n]
            names += [link.fact for link in block.links] + [level.fact for level in block.levels]
        return [self.facts[name] for name in names]
