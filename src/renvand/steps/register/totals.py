"""Misprints that a table betrays by its own totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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
