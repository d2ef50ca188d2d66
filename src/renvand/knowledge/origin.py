"""Where a number of a shipped table comes from, for the ledger behind ``renvand why``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from renvand.knowledge.read import shipped_schema, sources
from renvand.trace import Basis, Origin

_BASES: Mapping[str, Basis] = {"derived": "calculated", "planning": "estimated"}


def origin(name: str, row: Mapping[str, Any], *, column: str) -> Origin:
    """Say where one cell of a shipped table comes from.

    Parameters
    ----------
    name : str
        The table: 'limits'.
    row : mapping
        The row, as a dict or a pandas Series.
    column : str
        The cell's column; a column ``capex_…`` has its own source.

    Returns
    -------
    Origin
        With the row's key, value, source, locator and confidence.
    """
    part = "capex_" if column.startswith("capex_") and "capex_source" in row else ""
    source = str(row[f"{part}source"])
    return Origin(
        file=f"knowledge/{name}.csv",
        row=",".join(str(row[key]) for key in shipped_schema(name).key),
        column=column,
        value=str(row[column]),
        basis=_BASES.get(sources()[source]["kind"], "published"),
        source=source,
        locator="" if part else str(row["locator"] or ""),
        confidence=row[f"{part}confidence"],
    )
