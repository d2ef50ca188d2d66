"""A process model as tables: matrix, rates and parameters in Markdown, LaTeX or Excel."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from renvand.process.expression import Term
from renvand.process.model import Model

Form = Literal["md", "tex", "xlsx"]
FORMS: tuple[Form, ...] = ("md", "tex", "xlsx")
_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2}


@dataclass(frozen=True, kw_only=True)
class Table:
    """A heading, a row of column names, and rows of text or numbers."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str | float, ...], ...]


def tables(model: Model) -> tuple[Table, ...]:
    """Give a model as four tables: components, matrix, rates, parameters."""
    page = model.page
    quantities = page.conserves
    components = Table(
        title="Components",
        head=("name", "unit", *quantities, "meaning"),
        rows=tuple(
            (c.name, c.unit, *(float(x) for x in model.composition[:, j]), c.meaning)
            for j, c in enumerate(page.components)
        ),
    )
    matrix = Table(
        title="Matrix, closed",
        head=("process", *model.components),
        rows=tuple(
            (p.name, *(float(x) for x in row))
            for p, row in zip(page.processes, model.stoichiometry, strict=True)
        ),
    )
    rates = Table(
        title="Rates",
        head=("process", "rate"),
        rows=tuple((p.name, formula(p.rate)) for p in page.processes),
    )
    parameters = Table(
        title=f"Parameters at {model.temperature:g} °C",
        head=("name", "value", "unit", "theta", "source", "meaning"),
        rows=tuple(
            (p.name, model.values[p.name], p.unit, p.theta, _source(model, p.name), p.meaning)
            for p in page.parameters
        ),
    )
    return components, matrix, rates, parameters


def _source(model: Model, name: str) -> str:
    chosen = model.page.sets.get(model.set_name)
    if chosen is not None and name in chosen.values:
        return chosen.source
    return next(p.source for p in model.page.parameters if p.name == name)


def formula(term: Term, *, above: int = 0) -> str:
    """Write a formula back as on the page, with as few brackets as it needs."""
    if term.op == "number":
        return f"{term.number:g}"
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
    parts = [f"# {model.page.title}\n\nSource: {model.page.source}"]
    for table in tables(model):
        lines = ["| " + " | ".join(table.head) + " |", "|" + " --- |" * len(table.head)]
        lines += ["| " + " | ".join(_cell(x) for x in row) + " |" for row in table.rows]
        parts.append(f"## {table.title}\n\n" + "\n".join(lines))
    return "\n\n".join(parts) + "\n"


def latex(model: Model) -> str:
    """Write a model as LaTeX tables (package booktabs)."""
    parts = [f"% {model.page.title}; source: {model.page.source}"]
    for table in tables(model):
        rows = [" & ".join(_escaped(_cell(x)) for x in row) + r" \\" for row in table.rows]
        head = " & ".join(map(_escaped, table.head)) + r" \\"
        columns = "l" * len(table.head)
        lines = [
            r"\begin{table}", rf"\caption{{{_escaped(table.title)}}}",
            rf"\begin{{tabular}}{{{columns}}}", r"\toprule", head, r"\midrule", *rows,
            r"\bottomrule", r"\end{tabular}", r"\end{table}",
        ]  # fmt: skip
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def workbook(model: Model, path: Path) -> None:
    """Write a model as an Excel workbook, one sheet a table."""
    from openpyxl import Workbook

    book = Workbook()
    first = book.active
    for table in tables(model):
        sheet = book.create_sheet(table.title[:31])
        sheet.append(table.head)
        for row in table.rows:
            # a text that begins with '=' would be a formula to Excel
            sheet.append([f"'{x}" if isinstance(x, str) and x.startswith("=") else x for x in row])
        sheet.freeze_panes = "B2"
    if first is not None:
        book.remove(first)
    book.save(path)


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        return value.replace("|", "/")
    return "" if value == 0 else f"{value:.6g}"


def _escaped(text: str) -> str:
    marks = {c: f"\\{c}" for c in "&%$#_{}"} | {"\\": r"\textbackslash{}", "°": r"\textdegree{}"}
    return "".join(marks.get(c, c) for c in text)
