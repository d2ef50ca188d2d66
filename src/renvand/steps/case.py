"""A case as the steps see it: plain settings and frames, whatever door they came through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from renvand.knowledge import SHIPPED, Knowledge, laid_over
from renvand.text import LANGUAGES

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Standards:
    """``[standards]`` of a case: keys of the table of limits; what is not said is not judged."""

    water: str = ""  # quality of rivers and lakes
    classes: Sequence[str] = ()  # its classes, best first
    good: Sequence[str] = ()  # classes that are called good, and fair; all others are poor
    fair: Sequence[str] = ()
    plants: str = ""  # effluent of public plants
    unknown_plant: str = ""  # grade taken for a plant whose own is not known


@dataclass(frozen=True, kw_only=True)
class ReviewData:
    """The review of one company: ``review.toml`` and the tables beside it."""

    settings: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]  # units, streams, meters, samples, demands, …

    def __repr__(self) -> str:
        return f"<ReviewData of '{self.settings.get('enterprise', '')}': {_filled(self.tables)}>"


@dataclass(frozen=True, kw_only=True)
class PlantFolder:
    """What is known of one public plant beyond its row in ``plants.csv``."""

    drawing: Mapping[str, Any] | None  # plant.toml
    tables: Mapping[str, pd.DataFrame]  # operation, influent

    def __repr__(self) -> str:
        name = "no drawing" if self.drawing is None else f"drawing '{self.drawing.get('name', '')}'"
        return f"<PlantFolder: {name}; {_filled(self.tables)}>"


@dataclass(frozen=True, kw_only=True)
class CaseData:
    """A partnership's folder, read and checked."""

    folder: Path
    settings: Mapping[str, Any]  # case.toml
    sources: Mapping[str, Mapping[str, Any]]  # sources.toml over the shipped bibliography
    tables: Mapping[str, pd.DataFrame]  # enterprises, outlets, observations, reaches, …
    reviews: Mapping[str, ReviewData] = field(default_factory=dict[str, ReviewData])
    plant_folders: Mapping[str, PlantFolder] = field(default_factory=dict[str, PlantFolder])
    seminars: tuple[Mapping[str, Any], ...] = ()
    inbox: Mapping[str, Any] = field(default_factory=dict[str, Any])  # inbox/mapping.toml

    def __repr__(self) -> str:
        folders = f"{len(self.reviews)} reviews, {len(self.plant_folders)} plants"
        return f"<CaseData of '{self.folder.name}': {folders}; {_filled(self.tables)}>"

    @cached_property
    def knowledge(self) -> Knowledge:
        """Tables of knowledge: the shipped ones with the case's own rows laid over."""
        own = {name: self.tables[name] for name in laid_over() if name in self.tables}
        told: Mapping[str, Any] = self.settings.get("knowledge", {})
        return Knowledge(
            own={name: frame for name, frame in own.items() if not frame.empty},
            replaced=frozenset(told.get("replaces", ())),
            country=str(self.settings.get("case", {}).get("country", "")),
            currency=self.currency,
            **({"sources": self.sources} if self.sources else {}),
        )

    def table(self, name: str) -> pd.DataFrame:
        """Give a table of knowledge as this case sees it: 'limits', 'prices', …"""
        return self.knowledge.table(name)

    @property
    def currency(self) -> str:
        """Money of all its tables, as ISO 4217 writes it."""
        return str(self.settings.get("case", {}).get("currency", SHIPPED.currency))

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages of its documents; all where it names none."""
        told = self.settings.get("case", {}).get("languages") or LANGUAGES
        return tuple(name for name in told if name in LANGUAGES)

    @property
    def standards(self) -> Standards:
        """Which limits are meant where a table says only a class."""
        return Standards(**self.settings.get("standards", {}))


def _filled(tables: Mapping[str, pd.DataFrame]) -> str:
    rows = [f"{name} ({len(table)})" for name, table in tables.items() if len(table)]
    return f"rows of {', '.join(rows)}" if rows else "no rows"


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows of a table as dictionaries by column name."""
    return cast("list[dict[str, Any]]", table.to_dict("records"))
