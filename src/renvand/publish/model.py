"""The data sheet before it has a language or a format: facts, words by key, tables, charts.

A number stands in ``facts`` once; everything else points to it. A renderer never computes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Literal

from renvand.trace import Basis, Confidence

VERSION = 2

Kind = Literal["sector", "plant", "region"]
Status = Literal["draft", "approved"]
ChartKind = Literal["bar", "sankey", "curve", "profile", "map", "process", "course"]


@dataclass(frozen=True, kw_only=True)
class Label:
    """Words that came with the data, one per language."""

    en: str
    da: str
    zh: str


def spoken(words: Mapping[str, object]) -> Label:
    """Take words by language as a case wrote them; English where it does not speak one."""
    return Label(**{k: str(words.get(k) or words["en"]) for k in ("en", "da", "zh")})


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """A sentence of the catalogue; its places are filled when the language is known."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict[str, "Value"])


@dataclass(frozen=True, kw_only=True)
class Ref:
    """A place where a fact is written."""

    fact: str
    digits: int = 3
    places: int | None = None  # digits behind the point instead, for columns
    form: Literal["number", "quantity", "span"] = "quantity"


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A number that is not there, and why: withheld, not measured."""

    reason: Phrase
    is_withheld: bool = True


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day of the calendar, written as the language writes it."""

    on: dt.date


@dataclass(frozen=True, kw_only=True)
class Unit:
    """The name of a unit inside a sentence."""

    unit: str


Text = Label | Phrase | str  # a plain str reads the same in every language: a name, a code
Value = Label | Phrase | Ref | Gap | Day | Unit | str
Cell = Label | Phrase | Ref | Gap | str


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One number with everything a reader may ask about it; ``id`` is what ``why`` takes."""

    id: str
    value: float
    unit: str
    basis: Basis
    confidence: Confidence
    is_constructed: bool = False
    low: float | None = None
    high: float | None = None
    method: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Column:
    """The head of a column; numbers stand right, words left."""

    title: Text
    unit: str = ""
    is_number: bool = False
    weight: float = 1.0  # share of the width; 0: as wide as its words


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table; every row as wide as the head."""

    caption: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: Text | None = None


@dataclass(frozen=True, kw_only=True)
class Item:
    """One bar, node, step, reach or place of a chart."""

    id: str
    label: Text
    fact: str = ""  # height of a bar, width of a step, 'before'
    other: str = ""  # height of a step, 'after'
    group: str = ""  # 'company', 'supply', 'loss', 'good', 'poor': decides the tone
    at: tuple[float, float] | None = None  # longitude and latitude; or from and to [km]
    text: Text = ""  # what is said of it where there is no number: the class of a reach


@dataclass(frozen=True, kw_only=True)
class Link:
    """One flow of a Sankey diagram."""

    source: str
    target: str
    fact: str
    group: str = ""


@dataclass(frozen=True, kw_only=True)
class Level:
    """A line or a band across a chart: a limit, good practice."""

    label: Text
    fact: str
    is_limit: bool = False


@dataclass(frozen=True, kw_only=True)
class Chart:
    """What a chart shows; :mod:`renvand.publish.charts` says how."""

    kind: ChartKind
    caption: Text
    unit: str
    items: tuple[Item, ...]
    links: tuple[Link, ...] = ()
    levels: tuple[Level, ...] = ()
    axis: Text = ""
    other_axis: Text = ""
    note: Text | None = None


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Numbered advice."""

    items: tuple[Text, ...]


@dataclass(frozen=True, kw_only=True)
class Technique:
    """One technique under the headings of a BREF."""

    title: Text
    rows: tuple[tuple[Text, Text], ...]


Block = Phrase | Label | Table | Chart | Listing | Technique | Gap


@dataclass(frozen=True, kw_only=True)
class Section:
    """A numbered part of the sheet."""

    id: str
    title: Text
    blocks: tuple[Block, ...]


@dataclass(frozen=True, kw_only=True)
class KeyFigure:
    """One of the four numbers under the title."""

    label: Text
    value: Ref | Gap | tuple[Ref, ...]  # several: one per company, where no statistic may be made
    note: Text


@dataclass(frozen=True, kw_only=True)
class Source:
    """One line of the bibliography."""

    key: str
    title: str
    year: int
    author: str = ""
    publisher: str = ""
    url: str = ""
    licence: str = ""


@dataclass(frozen=True, kw_only=True)
class SheetModel:
    """A data sheet."""

    version: int = VERSION
    id: str
    kind: Kind
    series: Text
    number: int
    edition: str
    issued_on: dt.date
    status: Status
    title: Text
    subtitle: Text
    codes: tuple[Text, ...]
    lead: Text
    key_figures: tuple[KeyFigure, ...]
    sections: tuple[Section, ...]
    facts: tuple[Fact, ...]
    sources: tuple[Source, ...]
    method: tuple[Text, ...]
    notice: Text | None = None  # what is constructed, shown on every page
    contact: str = ""
    url: str = ""
    licence: str = ""
    logo: str = ""  # PNG as base64

    def fact(self, fact_id: str) -> Fact:
        """Give a fact by its id."""
        return next(f for f in self.facts if f.id == fact_id)

    def section(self, section_id: str) -> Section | None:
        """Give a section by its id, or None."""
        return next((s for s in self.sections if s.id == section_id), None)


def walk(part: Any) -> Iterator[Any]:
    """Yield every dataclass inside a part of the model, the part itself first."""
    if is_dataclass(part) and not isinstance(part, type):
        yield part
        for child in fields(part):
            yield from walk(getattr(part, child.name))
    elif isinstance(part, tuple | list):
        for child in part:
            yield from walk(child)
    elif isinstance(part, Mapping):
        for child in part.values():
            yield from walk(child)


def strings(part: Any) -> Iterator[str]:
    """Yield every string that came with the data, to look for what no document can show."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, Label):
        yield from (part.en, part.da, part.zh)
    elif is_dataclass(part) and not isinstance(part, type):
        for child in fields(part):
            yield from strings(getattr(part, child.name))
    elif isinstance(part, tuple | list):
        for child in part:
            yield from strings(child)
    elif isinstance(part, Mapping):
        for child in part.values():
            yield from strings(child)
