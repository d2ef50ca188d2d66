"""What commands share when they print: tables for people, JSON for programs."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def print_json(value: Any) -> None:
    """Print a result as JSON; what is not known is null."""
    # NaN is no JSON; what is not known is null.
    text = json.dumps(_plain(value), ensure_ascii=False, indent=1, allow_nan=False)
    sys.stdout.write(text + "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if hasattr(value, "item"):
        value = value.item()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    known = not isinstance(value, float) or abs(value) < float("inf")
    return value if known else None


def table(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> Any:
    """Lay rows out as a table."""
    from rich import box
    from rich.table import Column, Table

    made = Table(*(Column(c, overflow="fold") for c in columns), box=box.SIMPLE_HEAD)
    for row in rows:
        made.add_row(*(_cell(row.get(c)) for c in columns))
    return made


def _cell(value: Any) -> str:
    if value is None or value != value:
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
