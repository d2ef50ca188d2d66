"""Workbooks that come back filled in: the same rules, the faults by sheet and cell."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from renvand import knowledge
from renvand.errors import Fault, FileError, near
from renvand.knowledge.find import substance_id
from renvand.knowledge.read import DAMAGED, open_workbook
from renvand.knowledge.schema import Schema, Value, judge
from renvand.partnership.choices import chosen
from renvand.partnership.inbox import check_workbook
from renvand.partnership.rules import RULES, Written

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 100_000  # of a sheet; larger tables come as CSV
MOST_COLUMNS = 200
ASIDE = "_"  # begins the names of sheets that are not tables: lists to choose from, remarks
ROWS_TO_SEARCH = 5  # for the row of column names; people put titles above it
_XML_HEAD = 1024  # bytes: a document type stands before the first element


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell as written, or what is wrong with it before it is judged."""

    text: str
    what: str = ""
    do: str = ""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A sheet with its columns found."""

    name: str
    letters: Mapping[str, str]  # column: 'C'
    rows: Sequence[tuple[int, Mapping[str, Cell]]]

    def written(self) -> Written:
        """Give the cells as text, for rules between rows."""
        return Written(
            name=self.name,
            lines=tuple(line for line, _ in self.rows),
            rows=tuple({c: cell.text for c, cell in row.items()} for _, row in self.rows),
            letters=self.letters,
        )


def read_workbook(
    path: Path, schemas: Mapping[str, Schema], *, known: Mapping[str, Container[str]]
) -> dict[str, pd.DataFrame]:
    """Read a workbook back.

    Parameters
    ----------
    path : path
        The .xlsx file.
    schemas : mapping of str to Schema
        What its sheets may hold; a sheet may be left out.
    known : mapping of str to container of str
        Keys of tables outside the workbook; see :func:`renvand.knowledge.judge`.

    Returns
    -------
    dict of str to DataFrame
        The sheets that are there, typed.

    Raises
    ------
    FileError
        With every fault, by sheet and cell: 'streams!C7: …'. Macros, formulas, document types
        and workbooks that unpack to a multiple of their size are refused.
    """
    unsafe = check_workbook(path, name=path.name, allow_macros=False)
    if unsafe:
        raise FileError(unsafe)
    faults: list[Fault] = []
    sheets = list(_sheets(path, schemas, faults))
    within = {s.name: s.written().keys("id") for s in sheets if "id" in s.letters}
    keys = {**known, **_together(known, within)}
    frames: dict[str, pd.DataFrame] = {}
    for sheet in sheets:
        rows = list(_judged(sheet, schemas[sheet.name], known=keys, faults=faults))
        for rule in RULES.get(sheet.name, ()):
            faults.extend(rule(sheet.written()))
        lines = [line for line, _ in sheet.rows]
        frames[sheet.name] = knowledge.frame(rows, schemas[sheet.name], lines=lines)
    if faults:
        raise FileError(faults)
    return frames


def _together(
    known: Mapping[str, Container[str]], within: Mapping[str, frozenset[str]]
) -> dict[str, Any]:
    from renvand.partnership.folder import either

    merged: dict[str, Any] = {}
    for name, keys in within.items():
        outside: Any = known.get(name, ())
        merged[name] = keys | frozenset(outside)
    return {**merged, **either(merged)}


def opened(path: Path) -> dict[str, list[list[Cell]]]:
    """Take the cells out of a workbook, sheet by sheet; only here does foreign code read it."""
    try:
        unsafe = _doctype(path)
        if unsafe:
            what = f"declares a document type in {unsafe}."
            raise FileError(Fault(where=path.name, what=what, do="Save it anew in Excel."))
        book = open_workbook(path, read_only=True)
        try:
            return {
                sheet.title: [
                    [_cell(cell) for cell in row]
                    for row in sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS)
                ]
                for sheet in book.worksheets
            }
        finally:
            book.close()
    except DAMAGED as error:
        do = "Save it anew in Excel, or take a new template."
        raise FileError(Fault(where=path.name, what="is damaged.", do=do)) from error


def _doctype(path: Path) -> str:
    """Name a part that declares a document type: entities could unfold without end."""
    with zipfile.ZipFile(path) as book:
        for part in book.infolist():
            if part.filename.endswith((".xml", ".rels")):
                with book.open(part) as file:
                    if b"<!DOCTYPE" in file.read(_XML_HEAD).upper():
                        return part.filename
    return ""


def _sheets(path: Path, schemas: Mapping[str, Schema], faults: list[Fault]) -> Iterator[Sheet]:
    for name, rows in opened(path).items():
        if name.startswith(ASIDE):
            continue
        if name not in schemas:
            faults.append(Fault(where=name, what="is no known sheet.", do=near(name, schemas)))
            continue
        found = _sheet(name, rows, schema=schemas[name], faults=faults)
        if found:
            yield found


def _sheet(
    name: str, rows: list[list[Cell]], *, schema: Schema, faults: list[Fault]
) -> Sheet | None:
    from openpyxl.utils import get_column_letter

    if len(rows) > MOST_ROWS:
        what = f"has more than {MOST_ROWS} rows."
        faults.append(Fault(where=name, what=what, do="Give large tables as CSV."))
    heads = (n for n, row in enumerate(rows[:ROWS_TO_SEARCH], 1) if _is_header(row, schema))
    header = next(heads, 0)
    if not header:
        do = "Take the sheet from a template."
        faults.append(Fault(where=name, what="lacks the row of column names.", do=do))
        return None
    names = [cell.text for cell in rows[header - 1]]
    faults.extend(_header_faults(names, schema, f"{name}!{{}}{header}", where=name))
    return Sheet(
        name=name,
        letters={word: get_column_letter(n) for n, word in enumerate(names, 1) if word},
        rows=[
            (line, {n: c for n, c in zip(names, row, strict=False) if n})
            for line, row in enumerate(rows[header:], header + 1)
            if any(cell.text or cell.what for cell in row)
        ],
    )


def _is_header(row: Sequence[Cell], schema: Schema) -> bool:
    return any(cell.text in schema.columns for cell in row)


def _header_faults(names: list[str], schema: Schema, at: str, *, where: str) -> Iterator[Fault]:
    from openpyxl.utils import get_column_letter

    for number, column in enumerate(names, 1):
        place = at.format(get_column_letter(number))
        if column and column not in schema.columns:
            what = f"column '{column}' is not known."
            yield Fault(where=place, what=what, do=near(column, schema.columns))
        elif column and column in names[: number - 1]:
            yield Fault(where=place, what=f"column '{column}' stands twice.", do="Keep one.")
    for column, rule in schema.columns.items():
        if rule.is_required and column not in names:
            yield Fault(where=where, what=f"lacks column '{column}'.", do="Add it.")


def _cell(cell: Any) -> Cell:
    value = cell.value
    if cell.data_type == "f":
        return Cell(text="", what="holds a formula.", do="Paste its value.")
    if cell.data_type == "e":
        return Cell(text="", what=f"holds the error {value}.", do="Give the value.")
    if value is None:
        return Cell(text="")
    if isinstance(value, bool):
        return Cell(text=str(value).lower())
    if isinstance(value, float):
        return Cell(text=repr(value).removesuffix(".0"))
    if isinstance(value, dt.datetime):
        is_day = value.time() == dt.time()
        return Cell(text=value.date().isoformat() if is_day else value.isoformat())
    return Cell(text=str(value).strip())


def _judged(
    sheet: Sheet, schema: Schema, *, known: Mapping[str, Container[str]], faults: list[Fault]
) -> Iterator[dict[str, Value]]:
    seen: dict[tuple[Value, ...], int] = {}
    for line, cells in sheet.rows:
        row: dict[str, Value] = dict.fromkeys(schema.columns)
        for column, cell in cells.items():
            if column not in schema.columns:
                continue
            what, do = cell.what, cell.do
            if not what:
                rule = schema.columns[column]
                text = chosen(cell.text, rule.choices) if rule.choices else cell.text
                row[column], what, do = judge(text, rule, known=known)
                if what and rule.refers_to == "substances":
                    do = f"Did you mean '{code}'?" if (code := substance_id(text)) else do
            if what:
                where = f"{sheet.name}!{sheet.letters[column]}{line}"
                faults.append(Fault(where=where, what=what, do=do))
        key = tuple(row[column] for column in schema.key)
        if key and None not in key and key in seen:
            what = f"repeats {', '.join(map(str, key))} of row {seen[key]}."
            faults.append(Fault(where=f"{sheet.name}!A{line}", what=what, do="Keep one."))
        seen.setdefault(key, line)
        yield row
