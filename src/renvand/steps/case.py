"""A case as the steps see it: plain settings and frames, whatever door they came through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class ReviewData:
    """The review of one company: ``review.toml`` and the tables beside it."""

    settings: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]  # units, streams, meters, samples, demands, …


@dataclass(frozen=True, kw_only=True)
class PlantFolder:
    """What is known of one public plant beyond its row in ``plants.csv``."""

    drawing: Mapping[str, Any] | None  # plant.toml
    tables: Mapping[str, pd.DataFrame]  # operation, influent


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


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows of a table as dictionaries by column name."""
    return cast("list[dict[str, Any]]", table.to_dict("records"))
