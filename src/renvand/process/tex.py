"""A process model as LaTeX tables, its symbols and rates as mathematics."""

from __future__ import annotations

import re

from renvand.process.export import MATRIX, Cell, Table, remarks, tables
from renvand.process.expression import Term
from renvand.process.model import Model

GREEK = ("alpha", "beta", "eta", "gamma", "mu", "nu", "rho", "theta")
WIDE = {  # columns that wrap
    "meaning": r"p{0.3\linewidth}",
    "formula": r"p{0.45\linewidth}",
    "author": r"p{0.2\linewidth}",
    "title": r"p{0.3\linewidth}",
    "publisher": r"p{0.2\linewidth}",
}
_MARKS = {c: f"\\{c}" for c in "&%$#_{}"} | {
    "\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    "°": r"\ensuremath{^\circ}", "→": r"\ensuremath{\to}", "×": r"\ensuremath{\times}",
    "<": r"\ensuremath{<}", ">": r"\ensuremath{>}",
}  # fmt: skip
_STRENGTH = {"+": 1, "-": 1, "*": 2}


def latex(model: Model) -> str:
    """Write a model as LaTeX tables to be taken into a document.

    They need the packages amsmath, booktabs, graphicx and longtable. The matrix and the rates
    shrink to the width of a line, the others run over pages.
    """
    parts = [f"% {_one_line(model.page.title)}; needs amsmath, booktabs, graphicx, longtable"]
    parts += [escaped(sentence) for sentence in remarks(model)]
    parts += [_shrunk(t) if t.title in (MATRIX, "Rates") else _long(t) for t in tables(model)]
    return "\n\n".join(parts) + "\n"


def _shrunk(table: Table) -> str:
    symbols = table.head[1:] if table.title == MATRIX else ()
    head = " & ".join(math(x) if x in symbols else escaped(x) for x in table.head) + r" \\"
    lines = [
        r"\begin{table}[htbp]", rf"\caption{{{escaped(table.title)}}}", r"\centering",
        r"\resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{%",
        rf"\begin{{tabular}}{{{_columns(table)}}}", r"\toprule", head, r"\midrule",
        *_rows(table), r"\bottomrule", r"\end{tabular}}", r"\end{table}",
    ]  # fmt: skip
    return "\n".join(lines)


def _long(table: Table) -> str:
    head = " & ".join(map(escaped, table.head)) + r" \\"
    lines = [
        rf"\begin{{longtable}}{{{_columns(table)}}}",
        rf"\caption{{{escaped(table.title)}}} \\", r"\toprule", head, r"\midrule", r"\endfirsthead",
        r"\toprule", head, r"\midrule", r"\endhead", *_rows(table), r"\bottomrule",
        r"\end{longtable}",
    ]  # fmt: skip
    return "\n".join(lines)


def _columns(table: Table) -> str:
    """Numbers to the right, short texts to the left, what may be long in lines of its own."""
    kinds: list[str] = []
    for i, name in enumerate(table.head):
        is_number = all(isinstance(row[i], float) for row in table.rows)
        kinds.append("r" if is_number else WIDE.get(name, "l"))
    return "".join(kinds)


def _rows(table: Table) -> list[str]:
    is_named = table.title not in ("Sources", "Rates", MATRIX)
    end = r" \\[3pt]" if table.title == "Rates" else r" \\"
    return [
        " & ".join(
            _cell(x, is_symbol=is_named and i == 0, is_rate=table.title == "Rates")
            for i, x in enumerate(row)
        )
        + end
        for row in table.rows
    ]


def _cell(value: Cell, *, is_symbol: bool, is_rate: bool) -> str:
    if isinstance(value, Term):
        return f"$\\displaystyle {_term(value)}$" if is_rate else f"${_term(value)}$"
    if isinstance(value, str):
        return math(value) if is_symbol else escaped(value)
    return "" if value == 0 else f"${_number(value)}$"


def _number(value: float) -> str:
    text = f"{value:.6g}"
    mantissa, e, power = text.partition("e")
    return rf"{mantissa} \times 10^{{{int(power)}}}" if e else text


def math(name: str) -> str:
    """Set a symbol: what follows the first underscore becomes its index."""
    return f"${_symbol(name)}$"


def _symbol(name: str) -> str:
    first, _, index = name.partition("_")
    base = f"\\{first}" if first in GREEK else first
    base = base if len(first) == 1 or first in GREEK else rf"\mathrm{{{first}}}"
    inner = index.replace("_", ",")
    return rf"{base}_{{\mathrm{{{inner}}}}}" if index else base


def _term(term: Term, *, above: int = 0) -> str:
    if term.op == "number":
        return _number(term.number)
    if term.op == "symbol":
        return _symbol(term.name)
    a, b = term.parts
    if term.op == "/" and a.op == "*":  # x y / z reads better as x times y over z
        return _term(Term("*", (a.parts[0], Term("/", (a.parts[1], b)))), above=above)
    if term.op == "/":
        return rf"\frac{{{_term(a)}}}{{{_term(b)}}}"
    if term.op in ("sat", "inh"):
        above_line = _term(a if term.op == "sat" else b)
        return rf"\frac{{{above_line}}}{{{_term(b, above=1)} + {_term(a, above=1)}}}"
    strength = _STRENGTH[term.op]
    if term.op == "-" and a == Term("number"):
        text = f"-{_term(b, above=2)}"
    else:
        sign = r" \, " if term.op == "*" else f" {term.op} "
        after = strength + (term.op == "-")
        text = f"{_term(a, above=strength)}{sign}{_term(b, above=after)}"
    return rf"\left({text}\right)" if strength < above else text


def escaped(text: str) -> str:
    """Write a text so that LaTeX prints it as it stands."""
    return "".join(_MARKS.get(c, c) for c in _one_line(text))


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)
