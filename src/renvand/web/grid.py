"""A table as people type it: cells in, faults by cell out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from renvand.knowledge.schema import Schema, Value, judge
from renvand.text import unit_name

EMPTY_ROWS = 3  # offered below the last
MOST_ROWS = 2000  # of one table
_CELL = re.compile(r"c-(\d{1,5})-([a-z0-9_]{1,64})")
_COMMA = re.compile(r"-?\d+,\d+")

Rows = list[dict[str, str]]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Judged rows with what is wrong, by row and column."""

    schema: Schema
    texts: Sequence[Mapping[str, str]]
    values: Sequence[Mapping[str, Value]]
    faults: Mapping[tuple[int, str], str]


def posted(form: Mapping[str, Any], schema: Schema, *, language: str) -> Rows:
    """Gather the rows of a form; empty ones are left out.

    A Danish reader's comma is a point: the page writes numbers the same way.
    """
    found: dict[int, dict[str, str]] = {}
    for name, value in form.items():
        cell = _CELL.fullmatch(name)
        if cell and cell[2] in schema.columns:
            text = str(value).strip()
            if schema.columns[cell[2]].kind == "number":
                text = pointed(text, language)
            found.setdefault(int(cell[1]), {})[cell[2]] = text
    rows = [row for _, row in sorted(found.items()) if any(row.values())]
    return rows[:MOST_ROWS]


def pointed(text: str, language: str) -> str:
    """Read a Danish reader's comma as a point."""
    return text.replace(",", ".") if language == "da" and _COMMA.fullmatch(text) else text


def judged(rows: Rows, schema: Schema, *, known: Mapping[str, Container[str]]) -> Grid:
    """Judge rows by the rules that files are judged by.

    Parameters
    ----------
    rows : list of dict
        Text by column.
    schema : Schema
        Of the table.
    known : mapping
        Keys that references may name.
    """
    faults: dict[tuple[int, str], str] = {}
    values: list[dict[str, Value]] = []
    for at, row in enumerate(rows):
        held: dict[str, Value] = {}
        for name, column in schema.columns.items():
            held[name], what, do = judge(row.get(name, ""), column, known=known)
            if what:
                faults[at, name] = f"{what} {do}"
        values.append(held)
    keys = [tuple(row[k] for k in schema.key) for row in values]
    often = {key for key, count in Counter(keys).items() if count > 1 and None not in key}
    for at, key in enumerate(keys):
        if schema.key and key in often:
            faults.setdefault((at, schema.key[-1]), "stands twice. Keep one of the two.")
    return Grid(schema=schema, texts=rows, values=values, faults=faults)


def sound(grid: Grid) -> Grid:
    """Keep the rows that have no fault."""
    wrong = {at for at, _ in grid.faults}
    kept = [at for at in range(len(grid.values)) if at not in wrong]
    return Grid(
        schema=grid.schema,
        texts=[grid.texts[at] for at in kept],
        values=[grid.values[at] for at in kept],
        faults={},
    )


def layout(
    grid: Grid,
    *,
    language: str,
    lists: Mapping[str, Iterable[str]],
    hints: Mapping[str, Mapping[str, str]] | None = None,
    spare: int = EMPTY_ROWS,
) -> dict[str, Any]:
    """Give what ``grid.html`` shows.

    Parameters
    ----------
    grid : Grid
        The table.
    language : str
        Of headings.
    lists : mapping
        Words offered for columns that name other rows, by table.
    hints : mapping, optional
        Words for the rows of other tables, by table and key.
    spare : int
        Empty rows below.
    """
    named = hints or {}
    columns: list[dict[str, Any]] = [
        {
            "name": name,
            "title": column.help.get(language, name).rstrip(".。"),
            "unit": unit_name(column.unit, language) if column.unit else "",
            "kind": column.kind,
            "choices": column.choices,
            "list": column.refers_to if column.refers_to in lists else "",
            "is_required": column.is_required,
        }
        for name, column in grid.schema.columns.items()
    ]
    rows = [
        {
            "at": at,
            "cells": [
                {
                    **column,
                    "text": _written(text.get(column["name"], ""), column, language),
                    "fault": grid.faults.get((at, column["name"]), ""),
                    "hint": named.get(column["list"], {}).get(text.get(column["name"], ""), ""),
                }
                for column in columns
            ],
        }
        for at, text in enumerate([*grid.texts, *({} for _ in range(spare))])
    ]
    used = {column["list"] for column in columns} - {""}
    return {
        "columns": columns,
        "rows": rows,
        "lists": {
            name: [(key, named.get(name, {}).get(key, "")) for key in sorted(lists[name])]
            for name in sorted(used)
        },
        "faults": len(grid.faults),
    }


def _written(text: str, column: Mapping[str, Any], language: str) -> str:
    is_danish = language == "da" and column["kind"] == "number"
    return text.replace(".", ",") if is_danish else text
