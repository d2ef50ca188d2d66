"""A process model as tables: matrix, rates, parameters and sources, in Markdown or Excel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from renvand.process.expression import Term
from renvand.process.model import Model

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Form = Literal["md", "tex", "xlsx"]
FORMS: tuple[Form, ...] = ("md", "tex", "xlsx")
Cell = str | float | Term
MATRIX = "Matrix, closed"
WIDEST = 60  # characters of a column in Excel
EMPTY_ZERO = "0.####;-0.####;"  # how Excel shows the matrix
_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2}


@dataclass(frozen=True, kw_only=True)
class Table:
    """A heading, a row of column names, and rows of text, numbers or formulas."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def tables(model: Model) -> tuple[Table, ...]:
    """Give a model as tables, from its components to its sources."""
    page = model.page
    components = Table(
        title="Components",
        head=("name", "unit", *page.conserves, "meaning"),
        rows=tuple(
            (c.name, c.unit, *map(float, model.composition[:, j]), c.meaning)
            for j, c in enumerate(page.components)
        ),
    )
    matrix = Table(
        title=MATRIX,
        head=("process", *model.components),
        rows=tuple(
            (p.name, *map(float, row))
            for p, row in zip(page.processes, model.stoichiometry, strict=True)
        ),
    )
    rates = Table(
        title="Rates",
        head=("process", "rate"),
        rows=tuple((p.name, p.rate) for p in page.processes),
    )
    parameters = Table(
        title=f"Parameters at {model.temperature:g} °C",
        head=("name", "value", "unit", "theta", "source", "meaning"),
        rows=tuple(
            (p.name, model.values[p.name], p.unit, p.theta, _source(model, p.name), p.meaning)
            for p in page.parameters
        ),
    )
    made = (components, matrix, rates, parameters, *_more(model))
    return tuple(table for table in made if table.rows)


def _more(model: Model) -> Iterator[Table]:
    page = model.page
    yield Table(
        title="Observables",
        head=("name", "unit", "formula", "meaning"),
        rows=tuple((o.name, o.unit, o.formula, o.meaning) for o in page.observables),
    )
    yield Table(
        title="Gases",
        head=("name", "speed", "saturation", "meaning"),
        rows=tuple((g.name, g.speed, g.saturation, g.meaning) for g in page.gases),
    )
    cited = dict.fromkeys([page.source, *(_source(model, p.name) for p in page.parameters)])
    entries = [(key, page.sources[key]) for key in cited if key in page.sources]
    yield Table(
        title="Sources",
        head=("source", "author", "year", "title", "publisher"),
        rows=tuple(
            (key, *(str(entry.get(k, "")) for k in ("author", "year", "title", "publisher")))
            for key, entry in entries
        ),
    )


def _source(model: Model, name: str) -> str:
    chosen = model.page.sets.get(model.set_name)
    if name in model.given:
        return "given"
    if chosen is not None and name in chosen.values:
        return chosen.source
    return next(p.source for p in model.page.parameters if p.name == name)


def remarks(model: Model) -> tuple[str, ...]:
    """Say what a reader must know of the numbers, one sentence each."""
    page, chosen = model.page, model.page.sets.get(model.set_name)
    said = [f"Every process conserves {', '.join(page.conserves)}."]
    if chosen is not None:
        confidence = "" if chosen.confidence == "high" else f" Confidence: {chosen.confidence}."
        said.append(f"Parameter set '{chosen.name}': {chosen.title}.{confidence}")
    return (*said, page.note) if page.note else tuple(said)


def as_data(model: Model) -> dict[str, Any]:
    """Give a model as what JSON can hold: each table as a list of rows by column."""
    page = model.page
    return {
        "name": page.name,
        "title": page.title,
        "set": model.set_name,
        "temperature": model.temperature,
        "remarks": list(remarks(model)),
        "tables": {
            table.title: [
                {
                    column: formula(cell) if isinstance(cell, Term) else cell
                    for column, cell in zip(table.head, row, strict=True)
                }
                for row in table.rows
            ]
            for table in tables(model)
        },
    }


def formula(term: Term, *, above: int = 0) -> str:
    """Write a formula back as on the page, with as few brackets as it needs."""
    if term.op == "number":
        return f"{term.number:.15g}"
    if term.op == "symbol":
        return term.name
    if term.op in _STRENGTH:
        strength = _STRENGTH[term.op]
        left, right = term.parts
        if term.op == "-" and left == Term("number"):
            text = f"-{formula(right, above=2)}"
        else:
            after = strength + (term.op in "-/")
            text = f"{formula(left, above=strength)} {term.op} {formula(right, above=after)}"
        return f"({text})" if strength < above else text
    return f"{term.op}({', '.join(formula(part) for part in term.parts)})"


def markdown(model: Model) -> str:
    """Write a model as Markdown."""
    parts = [f"# {model.page.title}", *remarks(model)]
    for table in tables(model):
        lines = ["| " + " | ".join(table.head) + " |", "|" + " --- |" * len(table.head)]
        lines += ["| " + " | ".join(_cell(x) for x in row) + " |" for row in table.rows]
        parts.append(f"## {table.title}\n\n" + "\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _cell(value: Cell) -> str:
    if isinstance(value, Term):
        return f"`{formula(value)}`"
    if isinstance(value, str):
        return value.replace("|", "/").replace("_", "\\_").replace("<", "&lt;")
    return "" if value == 0 else f"{value:.6g}"


def workbook(model: Model, path: Path) -> None:
    """Write a model as an Excel workbook, one sheet a table, numbers as numbers."""
    from openpyxl import Workbook

    book = Workbook()
    first = book.active
    about = Table(
        title="About",
        head=("page", model.page.title),
        rows=tuple(("", sentence) for sentence in remarks(model)),
    )
    for table in (about, *tables(model)):
        _sheet(book.create_sheet(table.title[:31]), table)
    if first is not None:
        book.remove(first)
    book.save(path)


def _sheet(sheet: Worksheet, table: Table) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    for row in (table.head, *table.rows):
        sheet.append([formula(x) if isinstance(x, Term) else x for x in row])
    for cell in [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]:
        cell.data_type = "s"  # or Excel would take a text that begins with '=' for a formula
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for i, column in enumerate(sheet.iter_cols(values_only=True)):
        widest = max(
            len(f"{value:.6g}" if isinstance(value, float) else str(value)) for value in column
        )
        sheet.column_dimensions[get_column_letter(i + 1)].width = min(widest, WIDEST) + 2
    for row in sheet.iter_rows(min_row=2, min_col=2) if table.title == MATRIX else ():
        for cell in row:
            cell.number_format = EMPTY_ZERO
    sheet.freeze_panes = "B2"
