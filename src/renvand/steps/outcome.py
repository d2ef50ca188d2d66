"""What a step of the programme gives: tables, traced figures, findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from renvand.errors import Fault
from renvand.trace import Figure

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The result of one step."""

    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict[str, "pd.DataFrame"])
    figures: tuple[Figure, ...] = ()
    findings: tuple[Fault, ...] = ()  # what a person should look at; the step went on without it
    extras: Mapping[str, Any] = field(default_factory=dict[str, Any])  # JSON: maps, Sankey edges

    def __repr__(self) -> str:
        tables = ", ".join(f"{name} ({len(table)} rows)" for name, table in self.tables.items())
        counts = f"{len(self.figures)} figures; {len(self.findings)} findings"
        return f"<Outcome: tables {tables}; {counts}>"
