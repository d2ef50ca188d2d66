"""A review report before it has a language or a format, and the view its parts are made from."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from renvand.knowledge import SHIPPED
from renvand.publish.build.evidence import headed, label
from renvand.publish.build.facts import FactBook
from renvand.publish.model import Fact, KeyFigure, Label, Phrase, Ref, Section, Source, Text
from renvand.steps.case import CaseData, records
from renvand.steps.outcome import Outcome
from renvand.steps.review.network import is_outside
from renvand.trace import Figure

Row = dict[str, Any]
UNKNOWN = "–"


@dataclass(frozen=True, kw_only=True)
class Report:
    """The report of one company."""

    id: str
    title: Text
    subtitle: Text
    visited: Text
    seal: Text  # on every page: confidential for whom, or released when
    is_confidential: bool
    issued_on: dt.date
    notice: Text | None
    key_figures: tuple[KeyFigure, ...]
    sections: tuple[Section, ...]
    facts: tuple[Fact, ...]
    figures: tuple[Figure, ...]  # that the report made of others
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class View:
    """One company's part of what the review step found."""

    case: CaseData
    outcome: Outcome
    id: str
    _names: dict[str, int] = field(default_factory=dict[str, int], compare=False)

    @cached_property
    def book(self) -> FactBook:
        """Give the figures of the review, and those the report makes."""
        return FactBook({"review": self.outcome})

    @property
    def settings(self) -> Mapping[str, Any]:
        """Give the page of the review."""
        return self.case.reviews[self.id].settings

    @property
    def currency(self) -> str:
        """Give the currency of the case."""
        return self.case.currency

    def rows(self, name: str, **wanted: Any) -> list[Row]:
        """Give the rows of a table of this company, all or those with some values."""
        return [
            row
            for row in records(self.outcome.tables[name])
            if row["review"] == self.id and all(row.get(k) == v for k, v in wanted.items())
        ]

    @cached_property
    def units(self) -> dict[str, Row]:
        """Give the process units by id."""
        return {r["id"]: r for r in records(self.case.reviews[self.id].tables["units"])}

    @cached_property
    def streams(self) -> dict[str, Row]:
        """Give the drawn streams by id."""
        return {r["id"]: r for r in records(self.case.reviews[self.id].tables["streams"])}

    @cached_property
    def company(self) -> Text:
        """Name the company: as the register does, else by its id."""
        rows = records(self.case.tables["enterprises"]) if "enterprises" in self.case.tables else []
        found = [r for r in rows if r["id"] == self.settings["enterprise"]]
        if not found or not found[0].get("name_en"):
            return str(self.settings["enterprise"])
        return label(found[0])

    def place(self, name: str) -> Text:
        """Name a unit of the site, or what lies outside it."""
        if name in self.units:
            return label(self.units[name], "label")
        return Phrase(key=f"review.place_{name}") if is_outside(name) else name

    def figure(
        self,
        name: str,
        value: float,
        unit: str,
        *,
        made_of: Iterable[str],
        span: tuple[float, float] | None = None,
    ) -> str:
        """Make a figure of the report from others, with its range if given; give its id."""
        return self.book.make(
            Figure(
                id=f"report.{self.id}.{name}",
                value=value,
                unit=unit,
                method="from the figures of the review",
                made_of=tuple(dict.fromkeys(made_of)),
                low=span[0] if span else None,
                high=span[1] if span else None,
            )
        )

    def ref(self, name: str, *, digits: int = 3, form: str = "number") -> Ref | str:
        """Point at a figure of the review, or write a dash where it is not known."""
        if not self.book.has(name):
            return UNKNOWN
        fact = self.book.fact(name)
        if form == "span" and fact.low == fact.high:
            return ""  # known exactly, or without a range
        return Ref(fact=self.book.take(name), digits=digits, form=form)  # pyright: ignore[reportArgumentType]


def left_out(rows: Sequence[object], most: int) -> Phrase | None:
    """Say how many rows of a table do not stand on paper, where there are more than `most`."""
    more = len(rows) - most
    return Phrase(key="review.left_out", values={"n": str(more)}) if more > 0 else None


def known(value: Any) -> bool:
    """Whether a number is there."""
    return value is not None and math.isfinite(float(value))


def named(name: str, rows: str, stem: str = "name") -> Label | str:
    """Name an id of a knowledge table in three languages, with a capital letter."""
    found = SHIPPED.by_id(rows).get(name)
    return headed(label(found, stem)) if found else name
