"""Write a page's part of a linearly implicit step as the text of kernels.

``factor`` makes the LU factors of ``(1 + hg*kla) I - hg J`` for eight tanks at once, J being the
page's own Jacobian; ``substitute`` solves with them. Which cells are other than zero is known from
the page, so both are plain assignments: no loop over cells, no pivot. Rows are eliminated in the
order that fills least (Markowitz).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from renvand.process.expression import Term, slope_lines, write
from renvand.process.model import partials
from renvand.process.names import LANES, KernelNames, function_text, head_lines, load_lines
from renvand.process.page import Page

Cell = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """Where a factored matrix has cells, and in which order rows are eliminated."""

    order: tuple[int, ...]
    cells: frozenset[Cell]  # row, column; those that fill in are among them

    @property
    def slots(self) -> dict[Cell, int]:
        """Where each cell stands in the array of factors."""
        return {cell: n for n, cell in enumerate(sorted(self.cells))}

    def after(self, row: int) -> tuple[int, ...]:
        """Rows eliminated later than a row."""
        return self.order[self.order.index(row) + 1 :]

    def before(self, row: int) -> tuple[int, ...]:
        """Rows eliminated earlier than a row."""
        return self.order[: self.order.index(row)]


def pattern(cells: frozenset[Cell]) -> Pattern:
    """Choose the order of elimination and add what fills in.

    Parameters
    ----------
    cells : frozenset of (row, column)
        Where a matrix is not zero; the diagonal is added.

    References
    ----------
    markowitz1957
    """
    rows = sorted({i for cell in cells for i in cell})
    full = set(cells) | {(i, i) for i in rows}
    left, order = list(rows), list[int]()
    while left:

        def fill(row: int) -> int:
            across = sum((row, j) in full for j in left) - 1  # noqa: B023
            down = sum((i, row) in full for i in left) - 1  # noqa: B023
            return across * down

        row = min(left, key=fill)
        left.remove(row)
        order.append(row)
        full |= {(i, j) for i in left if (i, row) in full for j in left if (row, j) in full}
    return Pattern(order=tuple(order), cells=frozenset(full))


def factor_text(page: Page, names: KernelNames, *, prefix: str = "") -> tuple[str, int]:
    """Write ``factor`` and ``substitute`` of a page.

    Returns
    -------
    str, int
        The text, and how many factors each tank has. ``factor(y, L, o, s, p, h, oh, kla, tank, hg,
        lo)`` fills ``L[lo + 8*slot + lane]``; ``substitute(L, b, o, lo)`` replaces the rows of
        ``b`` that begin at ``o`` by the solution.
    """
    slopes: dict[Term, str] = {}
    symbols = names.symbols(page)
    made: dict[Cell, list[str]] = {}
    lines: list[str] = []
    for n, (i, j, term) in enumerate(partials(page)):
        lines.append(f"d{n} = {write(term, symbols, slopes=slopes)}")
        for (process, row), text in names.weights.items():
            if process == i:
                made.setdefault((row, j), []).append(f"{text}d{n}")
    lines = slope_lines(slopes, symbols) + lines
    found = pattern(frozenset(made))
    lines += _matrix(page, made, found) + _elimination(found, set(made))
    lines += [f"L[lo + {LANES * n} + k] = {_name(cell)}" for cell, n in found.slots.items()]
    head = head_lines(f"{prefix}factor(y, L, o, s, p, h, oh, kla, gas, tank, hg, lo)", page, names)
    factor = function_text(head + names.coefficient_lines, load_lines(page, names) + lines)
    return f"{factor}\n\n{_substitute(found, prefix)}", len(found.cells)


def _name(cell: Cell) -> str:
    return f"m_{cell[0]}_{cell[1]}"


def _matrix(page: Page, made: Mapping[Cell, list[str]], found: Pattern) -> list[str]:
    """The matrix itself: one less hg times the Jacobian, and what aeration takes out."""
    aerated = {j: "kla[tank + k]" for j, n in enumerate(page.component_names) if n == page.oxygen}
    for g, one in enumerate(page.gases):
        aerated[page.component_names.index(one.name)] = f"gas[{2 * g}] * kla[tank + k]"
    lines: list[str] = []
    for cell in sorted(made.keys() | {(i, i) for i in found.order}):
        row, column = cell
        slope = " ".join(made.get(cell, [])).removeprefix("+ ")
        aeration = aerated.get(row, "") if row == column else ""
        whole = f"({slope})" if slope else ""
        if row != column:
            lines.append(f"{_name(cell)} = -hg * {whole}")
            continue
        parts = " - ".join(part for part in (aeration or "0.0", whole) if part)
        lines.append(f"{_name(cell)} = 1.0 + hg * ({parts})")
    return lines


def _elimination(found: Pattern, have: set[Cell]) -> list[str]:
    """Eliminate; a pivot is kept as its inverse."""
    have |= {(i, i) for i in found.order}
    lines: list[str] = []
    for row in found.order:
        lines.append(f"{_name((row, row))} = 1.0 / {_name((row, row))}")
        for i in found.after(row):
            if (i, row) not in found.cells:
                continue
            lines.append(f"{_name((i, row))} = {_name((i, row))} * {_name((row, row))}")
            for j in found.after(row):
                if (row, j) in found.cells:
                    less = f"{_name((i, row))} * {_name((row, j))}"
                    old = f"{_name((i, j))} " if (i, j) in have else ""
                    lines.append(f"{_name((i, j))} = {old}- {less}")
                    have.add((i, j))
    return lines


def _substitute(found: Pattern, prefix: str) -> str:
    slots = found.slots

    def taken(row: int, columns: tuple[int, ...]) -> str:
        return "".join(
            f" - L[lo + {LANES * slots[row, j]} + k] * b_{j}"
            for j in columns
            if (row, j) in found.cells
        )

    lines = [f"b_{i} = b[o + {LANES * i} + k]" for i in found.order]
    for row in found.order:
        if less := taken(row, found.before(row)):
            lines.append(f"b_{row} = b_{row}{less}")
    for row in reversed(found.order):
        whole = f"(b_{row}{taken(row, found.after(row))})"
        lines.append(f"b_{row} = {whole} * L[lo + {LANES * slots[row, row]} + k]")
    lines += [f"b[o + {LANES * i} + k] = b_{i}" for i in found.order]
    head = [f"def {prefix}substitute(L, b, o, lo):", "    o &= PLACE", "    lo &= PLACE"]
    return function_text(head, lines)
