"""Figures that know where they come from: the ledger behind ``renvand why``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, get_args

from renvand.errors import OurFault

Basis = Literal["measured", "invoiced", "published", "calculated", "estimated", "constructed"]
Confidence = Literal["high", "medium", "low"]
BASES: tuple[Basis, ...] = get_args(Basis)
CONFIDENCES: tuple[Confidence, ...] = get_args(Confidence)  # best first


@dataclass(frozen=True, kw_only=True)
class Origin:
    """The end of a chain: one cell that somebody measured, published or constructed."""

    file: str  # within the case, 'reviews/x/meters.csv'; shipped, 'knowledge/limits.csv'; else ''
    row: str  # the key of the row, or the line
    column: str = ""
    value: str = ""  # as written
    basis: Basis = "published"
    source: str = ""  # key in sources.toml
    locator: str = ""  # page, table
    confidence: Confidence = "medium"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number that reaches a reader, with unit, range and what it was made of."""

    id: str  # 'review.dyehouse-a.specific_water'
    value: float
    unit: str
    method: str  # one plain sentence: how it was made
    made_of: tuple[str | Origin, ...]  # ids of other figures, and origins
    low: float | None = None  # 95 % interval, or the published range
    high: float | None = None
    basis: Basis = "calculated"


@dataclass
class Ledger:
    """All figures of a run by id, and the way from each back to its origins."""

    figures: dict[str, Figure] = field(default_factory=dict[str, Figure])

    def add(self, figures: Iterable[Figure]) -> None:
        """Take figures in; the same id twice with another content is our fault."""
        for figure in figures:
            if self.figures.get(figure.id, figure) != figure:
                raise OurFault(f"figure '{figure.id}' was made twice, differently")
            if not figure.made_of:
                raise OurFault(f"figure '{figure.id}' does not say what it was made of")
            self.figures[figure.id] = figure

    def origins(self, figure_id: str) -> Iterator[Origin]:
        """Yield every origin behind a figure once, nearest first."""
        seen: set[str | Origin] = set()
        queue: list[str | Origin] = [figure_id]
        while queue:
            item = queue.pop(0)
            if item in seen:
                continue
            seen.add(item)
            if isinstance(item, Origin):
                yield item
            else:
                queue.extend(self.figures[item].made_of)

    def confidence(self, figure_id: str) -> Confidence:
        """Give the lowest confidence of all origins: a chain is as good as its weakest link."""
        worst = max(CONFIDENCES.index(o.confidence) for o in self.origins(figure_id))
        return CONFIDENCES[worst]

    def is_constructed(self, figure_id: str) -> bool:
        """Say whether any origin was constructed rather than observed or published."""
        return any(o.basis == "constructed" for o in self.origins(figure_id))
