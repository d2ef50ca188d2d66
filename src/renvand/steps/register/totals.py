"""Misprints that a table betrays by its own totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from renvand.errors import Fault
from renvand.steps.register.lists import Row
from renvand.steps.register.values import understand

SLACK = 2e-3  # of the total: printed figures are rounded one by one
FARTHEST = 1  # signs that a misprint drops, doubles, changes or swaps


@dataclass(frozen=True, kw_only=True)
class Misprint:
    """One cell that, read otherwise, makes the sum come out."""

    cell: str
    written: float
    proposed: float


def misprints(cells: Mapping[str, float], total: float) -> Iterator[Misprint]:
    """Find the cells that explain why a sum does not come out.

    A cell explains it when the value that would close the sum is spelt almost as what is
    written: 700 323 for 70 033.

    Parameters
    ----------
    cells : mapping
        The parts as written, by their names.
    total : float
        What the table says they sum to.

    Yields
    ------
    Misprint
        None when the sum comes out; several when it cannot be told which cell it is.
    """
    from rapidfuzz.distance import OSA

    excess = sum(cells.values()) - total
    if abs(excess) <= SLACK * abs(total):
        return
    for name, written in cells.items():
        proposed = written - excess
        if proposed <= 0:
            continue
        digits = len(f"{written:.12g}".replace(".", "").rstrip("0"))
        spelt = f"{proposed:.{max(digits - 1, 1)}g}"
        for candidate in dict.fromkeys((f"{proposed:.12g}", f"{float(spelt):.12g}")):
            is_closed = abs(float(candidate) - proposed) <= SLACK * abs(total)
            if is_closed and OSA.distance(f"{written:.12g}", candidate) <= FARTHEST:
                yield Misprint(cell=name, written=written, proposed=float(candidate))
                break


def against_footer(rows: Sequence[Row], footer: Row) -> Iterator[Fault]:
    """Hold the yearly loads of a list against the sum in its own footer.

    Parameters
    ----------
    rows : sequence of Row
        The rows of the list, without the footer.
    footer : Row
        The row of sums.
    """
    total = _number(footer)
    cells = {row.where: value for row in rows if (value := _number(row)) is not None}
    if total is None or not cells or abs(sum(cells.values()) - total) <= SLACK * abs(total):
        return
    found = list(misprints(cells, total))
    told = " or ".join(f"{slip.proposed:g} for {slip.written:g} in {slip.cell}" for slip in found)
    yield Fault(
        where=f"{footer.where}, load_kg_a",
        what=f"the loads above sum to {sum(cells.values()):g}, not to {total:g}.",
        do=f"Perhaps {told} is meant; all count as written." if found else "Ask the sender.",
    )


def _number(row: Row) -> float | None:
    try:
        reading = understand(row.cells.get("load_kg_a", ""))
    except ValueError:
        return None
    return None if reading is None else reading.value
