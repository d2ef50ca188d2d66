"""Submissions as form servers export them: the CSV files of ODK Central, the workbook of Kobo."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from renvand import knowledge
from renvand.errors import Fault, FileError
from renvand.knowledge.schema import Schema
from renvand.partnership.exchange import review_form
from renvand.partnership.inbox import check_workbook
from renvand.partnership.workbook import opened

NEW = "new"  # choice of a unit or stream that was not drawn; its name is asked for next
PATH = re.compile(r"[/-]")  # between the groups that Kobo and ODK put before a question
PAGE = "review_sector"  # the question that every submission answers
Cells = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Answers:
    """One filled-in group of a form: the page, or one row of a table."""

    file: str
    table: str
    cells: Cells


def is_export(path: Path) -> bool:
    """Say whether a workbook is what a form server exports; else it is a template filled in."""
    if check_workbook(path, name=path.name, allow_macros=False):
        return False
    heads = (row[0] for row in _sheets(path).values() if row)
    return any(_question(head) == PAGE for row in heads for head in row)


def read_export(path: Path) -> Iterator[Answers]:
    """Read one exported file, with or without the names of groups before the questions.

    Parameters
    ----------
    path : path
        A .csv: of ODK Central one for the page and one for each table; or a .xlsx of Kobo with
        a sheet for each. Export values and names, not labels: labels are words of one language.

    Raises
    ------
    FileError
        When the file cannot be read, or answers none of the survey's questions.
    """
    sheets = _sheets(path) if path.suffix.lower() == ".xlsx" else {"": _lines(path)}
    found = False
    for rows in sheets.values():
        heads = [_question(head) for head in rows[0]] if rows else []
        for table, schema in review_form().items():
            named = _columns(heads, table, schema)
            found = found or bool(named)
            for row in rows[1:] if named else []:
                cells = {column: row[n].strip() for column, n in named.items() if n < len(row)}
                yield from answered(path.name, table, cells, schema)
    if not found:
        what = "answers no question of the survey."
        do = "Export it with values and names, not labels, and with its repeats."
        raise FileError(Fault(where=path.name, what=what, do=do))


def answered(file: str, table: str, cells: Cells, schema: Schema) -> Iterator[Answers]:
    """Give a group with its answers, a new unit or stream by its own name; nothing where empty."""
    own = {
        column: cells.get(f"{column}_{NEW}", "") if cells.get(column) == NEW else cells[column]
        for column in schema.columns
        if column in cells
    }
    if any(text for column, text in own.items() if column != "basis"):  # that has a default
        yield Answers(file=file, table=table, cells=own)


def _question(head: str) -> str:
    return PATH.split(head.strip())[-1]


def _columns(heads: Sequence[str], table: str, schema: Schema) -> Mapping[str, int]:
    """Find the columns of a table, and the names of what was not drawn, among the questions."""
    asked = {f"{table}_{column}{end}": f"{column}{end}" for column in schema.columns
             for end in ("", f"_{NEW}")}  # fmt: skip
    return {asked[head]: n for n, head in enumerate(heads) if head in asked}


def _sheets(path: Path) -> dict[str, list[list[str]]]:
    unsafe = check_workbook(path, name=path.name, allow_macros=False)
    if unsafe:
        raise FileError(unsafe)
    return {
        name: [[cell.text for cell in row] for row in rows] for name, rows in opened(path).items()
    }


def _lines(path: Path) -> list[list[str]]:
    """Read a CSV with commas, as ODK writes it, or semicolons, as Kobo does."""
    text = knowledge.read_text(path, name=path.name)
    first = text.partition("\n")[0]
    mark = ";" if first.count(";") > first.count(",") else ","
    try:
        return [row for row in csv.reader(io.StringIO(text), delimiter=mark, strict=True) if row]
    except csv.Error as error:
        do = "Export it anew from the form server."
        raise FileError(Fault(where=path.name, what=f"is not CSV: {error}.", do=do)) from error
